"""`onegrid import reports FILE --map FILE`: a table of reports, through the same action as the web form."""

import csv
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from onegrid.events.actions import imports
from onegrid.events.adapters import sheets
from onegrid.org.roles import Actor


class Command(BaseCommand):
    help = "Import reports from CSV or Excel; bad rows go to FILE.errors.csv with line, column and reason."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=("reports",))
        parser.add_argument("file", type=Path)
        parser.add_argument("--map", type=Path, required=True, help="JSON: field to column, and defaults")
        parser.add_argument("--resume", action="store_true", help="go on with a file of which a part is here")
        parser.add_argument("--spread", type=int, metavar="SEED", help="draw a grid for rows without a place")
        parser.add_argument("--errors", type=Path, help="where bad rows are named; else FILE.errors.csv")

    def handle(self, *args: Any, file: Path, map: Path, resume: bool, **options: Any) -> None:
        sheet, mapping = self.read(file, map)
        if imports.known_lines(sheet.hash) and not resume:
            raise CommandError(_("A part of this file is here already; go on with --resume."))
        errors = options["errors"] or file.with_name(file.name + ".errors.csv")
        try:
            done = self.receive(sheet, mapping, options["spread"])
        except imports.Running:
            raise CommandError(_("This file is being imported right now.")) from None
        write_faults(errors, done.faults)
        self.stdout.write(summary(done, sheet))
        if done.faults:
            self.stdout.write(_("bad rows are named in %(file)s") % {"file": errors})

    def read(self, file: Path, map: Path) -> tuple[sheets.Sheet, imports.Mapping]:
        try:
            sheet = sheets.read(file)
            return sheet, imports.Mapping.of(json.loads(map.read_text(encoding="utf-8")), sheet.columns)
        except (OSError, ValueError) as error:
            raise CommandError(f"{file.name}: {error}") from error

    def receive(self, sheet: sheets.Sheet, mapping: imports.Mapping, spread: int | None) -> imports.Progress:
        progress = imports.Progress(len(sheet.rows))
        steps = imports.import_reports(actor=Actor.system(), sheet=sheet, mapping=mapping, spread=spread)
        for number, progress in enumerate(steps):
            if number % 5 == 0 or progress.done == progress.rows:
                self.stdout.write(f"{progress.done} / {progress.rows}", ending="\r" if self.stdout.isatty() else "\n")
                self.stdout.flush()
        return progress


def write_faults(path: Path, faults: list[imports.Fault]) -> None:
    """Line, column and reason of each; an import without faults leaves no such file."""
    path.unlink(missing_ok=True)
    if not faults:
        return
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        table = csv.writer(out)
        table.writerow(("line", "column", "reason"))
        table.writerows((fault.line, fault.column, fault.reason) for fault in faults)


def summary(done: imports.Progress, sheet: sheets.Sheet) -> str:
    words = _("%(rows)s rows (%(encoding)s): %(received)s received, %(known)s here before, %(refused)s refused")
    return words % {
        "rows": done.rows,
        "encoding": sheet.encoding,
        "received": done.received,
        "known": done.known,
        "refused": done.refused,
    }
