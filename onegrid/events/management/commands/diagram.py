"""Draw the life of an event from its table: docs/workflows/event.md."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from onegrid.events.rules.diagram import drawn
from onegrid.events.workflow import EVENT

TARGET = settings.BASE_DIR / "docs" / "workflows" / "event.md"


class Command(BaseCommand):
    help = "Write docs/workflows/event.md from the workflow table."

    def handle(self, *args: Any, **options: Any) -> None:
        TARGET.write_text(drawn(EVENT))
        self.stdout.write(str(TARGET.relative_to(settings.BASE_DIR)))
