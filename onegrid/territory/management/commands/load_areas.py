"""`onegrid load_areas FILE.csv`: the tree of area codes from a table; without --write nothing changes."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from onegrid.org.roles import Actor
from onegrid.territory import actions
from onegrid.territory.adapters.tables import Unreadable
from onegrid.territory.management.english import EnglishCommand


class Command(EnglishCommand):
    help = "Load area codes (12 digits, or trimmed) from CSV; every bad row is named with its line and reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--write", action="store_true", help="write; without it this is a rehearsal")

    def handle(self, *args: Any, file: Path, write: bool, **options: Any) -> None:
        try:
            plan = actions.plan_areas(file.read_bytes())
        except (OSError, Unreadable) as error:
            raise CommandError(f"{file.name}: {error}") from error
        for bad in plan.bad:
            self.stdout.write(f"line {bad.line} {bad.code}: {bad.reason}")
        for one, before in plan.renamed:
            self.stdout.write(f"line {one.line} {one.code}: {before} -> {one.name}")
        self.stdout.write(
            f"{len(plan.divisions)} areas: {plan.new} new, {len(plan.renamed)} renamed; {len(plan.bad)} bad rows"
        )
        if write:
            placed = actions.write_areas(Actor.system(), plan)
            self.stdout.write(f"written: {placed.made} made, {placed.changed} changed, {placed.same} as they were")
        else:
            self.stdout.write("nothing written; --write writes")
