"""`onegrid coverage`: gaps, overlaps, slivers and what else is wrong between grids; status 1 when there is any."""

import json
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from onegrid.kit.coverage import Finding
from onegrid.territory import queries
from onegrid.territory.management.english import EnglishCommand
from onegrid.territory.rules import words


class Command(EnglishCommand):
    help = "Check that the grids of an area cover it without gap and without overlap."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--area", default="", metavar="CODE", help="county, town or village; else everywhere")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, area: str, json: bool, **options: Any) -> None:
        begun = time.perf_counter()
        found = queries.check_area(area)
        seconds = time.perf_counter() - begun
        if json:
            self.stdout.write(as_json(found))
        else:
            for one in found:
                self.stdout.write(f"{words.kind(one)} {' '.join(one.codes)}: {words.size(one)} {words.place(one.at)}")
            counts = Counter(words.kind(one) for one in found)
            said = ", ".join(f"{count} {kind}" for kind, count in counts.items()) or "no fault"
            self.stdout.write(f"{said} ({seconds:.1f} s)")
        if found:
            sys.exit(1)


def as_json(found: list[Finding]) -> str:
    rows = [
        {"kind": one.kind, "of": one.of, "codes": one.codes, "area_m2": round(one.area_m2, 2), "at": one.at,
         "shift": one.shift}
        for one in found
    ]  # fmt: skip
    return json.dumps(rows, ensure_ascii=False, indent=1)
