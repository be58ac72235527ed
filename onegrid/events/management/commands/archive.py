"""The archive: put away what is due, compare every file with its sum, or write one file out."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from onegrid.events import actions, queries
from onegrid.kit import codes


class Command(BaseCommand):
    help = "Archive what is due; --check compares every archived matter with its sum; --file writes one of them out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", nargs="?", default="")
        parser.add_argument("--check", action="store_true", help="exit with 1 if anything was changed since")
        parser.add_argument("--file", type=Path, help="where the file of this number goes; sha256sum gives its sum")

    def handle(self, *args: Any, **options: Any) -> None:
        number = codes.tidy_number(options["number"]) or "" if options["number"] else ""
        if options["number"] and not number:
            raise CommandError(f"{options['number']} is no number of this county")
        if options["file"]:
            self.write(number, options["file"])
        elif options["check"]:
            self.compare(number)
        else:
            self.stdout.write(f"{actions.archive_due()} archived")

    def compare(self, number: str) -> None:
        """Name every matter that is not as it was filed."""
        count, wrong = 0, 0
        for event in queries.archived(number):
            count += 1
            found = queries.faults(event)
            wrong += bool(found)
            if found:
                self.stdout.write(f"{event.number}: changed since it was archived: {', '.join(found)}")
        self.stdout.write(f"{count} checked, {wrong} changed")
        if wrong or (number and not count):
            raise SystemExit(1)

    def write(self, number: str, target: Path) -> None:
        event = next(queries.archived(number), None) if number else None
        if event is None:
            raise CommandError("name one matter that lies in the archive")
        target.write_bytes(queries.file_of(event))
        step = queries.filing(event)
        self.stdout.write(f"{step.facts['sha256'] if step else ''}  {target}")
