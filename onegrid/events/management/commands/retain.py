"""The time of keeping: erase what is over, or only say what a run would erase."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from onegrid.events import actions, queries
from onegrid.org.roles import Actor


class Command(BaseCommand):
    help = "Erase contacts and matters whose time of keeping is over; --dry-run only tells which, and by which rule."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            self.foretell()
            return
        done = actions.retain()
        self.stdout.write(f"{done.contacts} contacts and {done.events} matters erased")

    def foretell(self) -> None:
        seen = queries.foresight(Actor.system())
        for one in seen.due:
            self.stdout.write(f"{one.kind:8} {one.number} ended {one.closed_at:%Y-%m-%d} rule {one.rule.code}")
        for hold in seen.holds:
            self.stdout.write(f"held     {hold.event.number} until {hold.until}")
        self.stdout.write(f"{seen.contacts} contacts and {seen.events} matters would be erased")
