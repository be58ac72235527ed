"""Commands speak English in one piece, whatever the language of the pages: their lines are read by programs too."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation


class EnglishCommand(BaseCommand):
    """A command whose words, also those from the rules, are English."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        with translation.override("en"):
            return super().execute(*args, **options)
