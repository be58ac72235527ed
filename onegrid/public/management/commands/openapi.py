"""`onegrid openapi`: the description of the API, printed or written to openapi.json."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.module_loading import import_string

FILE = "openapi.json"


class Command(BaseCommand):
    help = "Print the description of the API; with --write put it into openapi.json."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true")

    def handle(self, *args: Any, write: bool, **options: Any) -> None:
        # Found by name: the API stands in the roof, which no room imports.
        text = import_string("onegrid.api.described")()
        if write:
            (settings.BASE_DIR / FILE).write_text(text, encoding="utf-8")
        else:
            self.stdout.write(text, ending="")
