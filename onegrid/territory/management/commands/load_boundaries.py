"""`onegrid load_boundaries FILE`: outlines from a map file; without --write nothing changes."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from onegrid.kit import systems
from onegrid.org.roles import Actor
from onegrid.territory import actions
from onegrid.territory.adapters.tables import Unreadable
from onegrid.territory.management.english import EnglishCommand
from onegrid.territory.rules import codes, words
from onegrid.territory.rules.boundaries import NoSystem, Wish

MOST_SHOWN = 100
Control = list[tuple[float, float, float, float]]


class Command(EnglishCommand):
    help = "Load outlines of areas; each bad one is mended or refused by name, and the system is told by what is known."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--system", choices=systems.SYSTEMS, default="", help="else it is told or refused")
        parser.add_argument("--known", type=Path, help="CSV of lon, lat in the file's system and true_lon, true_lat")
        parser.add_argument("--code-field", default="", metavar="FIELD")
        parser.add_argument("--level", choices=sorted({*codes.LEVELS.values(), codes.GRID}), default="")
        parser.add_argument("--write", action="store_true", help="write; without it this is a rehearsal")

    def handle(self, *args: Any, file: Path, write: bool, **options: Any) -> None:
        wish = Wish(options["system"], options["code_field"], options["level"])
        try:
            plan = actions.plan_boundaries(file.read_bytes(), wish, control(options["known"]))
        except (OSError, Unreadable, NoSystem) as error:
            raise CommandError(f"{file.name}: {error}") from error
        self.tell(plan)
        if write:
            placed = actions.write_boundaries(Actor.system(), plan)
            self.stdout.write(f"written: {placed.made} made, {placed.changed} changed, {placed.same} as they were")
        else:
            self.stdout.write("nothing written; --write writes")

    def tell(self, plan: actions.BoundaryPlan) -> None:
        known = "stated" if plan.residual_m is None else f"told: {plan.residual_m:.1f} m left"
        others = ", ".join(f"{system} {metres:.1f} m" for system, metres in sorted(plan.residuals.items()))
        self.stdout.write(f"system: {plan.system} ({known})" + (f"; {others}" if others else ""))
        for row in plan.rows:
            said = "; ".join([*([row.reason] if row.reason else []), *words.faults(row.reading)])
            if said:
                self.stdout.write(f"line {row.line} {row.code} {row.name}: {row.state}: {said}{change(row.reading)}")
        for finding in plan.findings[:MOST_SHOWN]:
            self.stdout.write(f"{words.kind(finding)} {' '.join(finding.codes)}: {words.size(finding)}")
        counts = ", ".join(f"{count} {state}" for state, count in sorted(plan.states.items()))
        self.stdout.write(f"{len(plan.rows)} outlines: {counts}; {len(plan.findings)} faults between grids")


def change(reading: Any) -> str:
    if not reading.repaired:
        return ""
    return f"; area changed by {reading.change_m2:+.1f} m² ({reading.change_percent:+.4f} %)"


def control(path: Path | None) -> Control:
    """Known points, both ways; raises CommandError for a line that has no four numbers."""
    if path is None:
        return []
    found: Control = []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            try:
                lon, lat, true_lon, true_lat = (float(row[name]) for name in ("lon", "lat", "true_lon", "true_lat"))
            except (KeyError, TypeError, ValueError) as error:
                raise CommandError(f"{path.name}: lon, lat, true_lon, true_lat are needed in each line") from error
            found.append((lon, lat, true_lon, true_lat))
    return found
