"""`onegrid load_county DIR`: place the areas, units and people of areas.json, units.json and people.json."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from onegrid.org import actions
from onegrid.org.roles import Actor


class Command(BaseCommand):
    help = "Load a county from a folder; may be run again. Nothing is ever deleted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--demo-password", default="", help="make demo accounts that share this password")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["demo_password"] and settings.MODE == "production":
            raise CommandError("Demo accounts are refused in production.")
        rows = {name: read(options["folder"] / f"{name}.json") for name in ("areas", "units", "people")}
        actions.load_county(Actor.system(), **rows, demo_password=options["demo_password"])
        self.stdout.write(", ".join(f"{len(found)} {name}" for name, found in rows.items()))


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON file; none when the file is not there."""
    if not path.exists():
        return []
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return rows
