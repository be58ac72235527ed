"""`onegrid draw_outlines`: the lines of the maps now, not with the next minute of the worker."""

from typing import Any

from django.core.management.base import BaseCommand

from onegrid.insight import actions


class Command(BaseCommand):
    help = "Draw the outlines for the maps anew if an area changed; the worker does the same each minute."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{actions.draw_outlines()} sheets of outlines drawn")
