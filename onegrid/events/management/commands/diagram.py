"""Draw the lives of an event and of a part from their tables: docs/workflows/."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from onegrid.events.rules.diagram import drawn
from onegrid.events.workflow import EVENT, PART

FOLDER = settings.BASE_DIR / "docs" / "workflows"


class Command(BaseCommand):
    help = "Write docs/workflows/*.md from the workflow tables."

    def handle(self, *args: Any, **options: Any) -> None:
        for flow in (EVENT, PART):
            target = FOLDER / f"{flow.name}.md"
            target.write_text(drawn(flow))
            self.stdout.write(str(target.relative_to(settings.BASE_DIR)))
