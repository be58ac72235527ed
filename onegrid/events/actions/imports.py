"""Reports from a table, through the same action as the web form; each row once, however often it is tried."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from onegrid.events.actions.given import NotGiven
from onegrid.events.actions.reporting import report
from onegrid.events.adapters.sheets import Row, Sheet
from onegrid.events.models import Report
from onegrid.org import actions as org_actions
from onegrid.org import queries as org
from onegrid.org.roles import Actor

BATCH = 50
FIELDS = ("words", "address", "at", "category", "area", "longitude", "latitude", "name", "phone", "note")


@dataclass(frozen=True)
class Mapping:
    """Which column says what; `defaults` for what no column says; `at_format` as of strptime, else ISO."""

    columns: dict[str, str]
    defaults: dict[str, str] = field(default_factory=dict)
    at_format: str = ""

    @classmethod
    def of(cls, given: dict[str, object], columns: Sequence[str]) -> "Mapping":
        """From the map file; raises ValueError that names what is wrong."""
        defaults, at_format = given.pop("defaults", {}), given.pop("at_format", "")
        if not isinstance(defaults, dict):
            raise ValueError(_("defaults: must be an object"))
        for name in (*given, *defaults):
            if name not in FIELDS:
                raise ValueError(_("%(name)s: not one of %(known)s") % {"name": name, "known": ", ".join(FIELDS)})
        chosen = {name: str(column) for name, column in given.items()}
        if missing := [column for column in chosen.values() if column not in columns]:
            raise ValueError(_("the file has no column %(names)s") % {"names": ", ".join(missing)})
        if "words" not in chosen:
            raise ValueError(_("words: name the column that holds what was said"))
        return cls(chosen, {name: str(value) for name, value in defaults.items()}, str(at_format))

    def said(self, row: Row, name: str) -> str:
        column = self.columns.get(name)
        return (row.cells.get(column, "").strip() if column else "") or self.defaults.get(name, "")

    def column(self, name: str) -> str:
        """The column to name in a fault."""
        return self.columns.get(name, name)


@dataclass(frozen=True)
class Fault:
    """Why a row was not received; never the value itself."""

    line: int
    column: str
    reason: str


@dataclass
class Progress:
    """How far an import has come; received + known + refused = rows, when it is done."""

    rows: int
    received: int = 0
    known: int = 0
    refused: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def done(self) -> int:
        return self.received + self.known + self.refused


class Running(RuntimeError):
    """The same file is being imported right now."""


def import_reports(*, actor: Actor, sheet: Sheet, mapping: Mapping, spread: int | None = None) -> Iterator[Progress]:
    """Receive every row that is not there yet, 50 in a transaction; yields after each, raises Running.

    `spread` is a seed: rows without a place get a grid by it, and say so in their note.
    """
    progress = Progress(len(sheet.rows))
    grids = [place.code for place in org.areas().values() if place.kind == "grid"] if spread is not None else []
    with only_one(sheet.hash):
        known = known_lines(sheet.hash)
        progress.known = sum(row.line in known for row in sheet.rows)
        left = (row for row in sheet.rows if row.line not in known)
        while batch := list(islice(left, BATCH)):
            with transaction.atomic():
                for row in batch:
                    receive(actor, sheet, mapping, row, progress, grid_of(grids, spread, row))
            yield progress
        file = sheet.hash[:16]
        org_actions.record(actor, "import", "report", file=file, received=progress.received, refused=progress.refused)
    yield progress


@contextmanager
def only_one(hash: str) -> Iterator[None]:
    """Hold the database's lock of this file; it ends with the connection, so a killed import blocks nobody."""
    number = int.from_bytes(hashlib.sha256(f"import:{hash}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s::bigint)", [number])
        if not cursor.fetchone()[0]:
            raise Running
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s::bigint)", [number])


def known_lines(hash: str) -> set[int]:
    """The lines of this file that were received before."""
    head = client_id(hash, "")
    found = Report.objects.filter(channel="import", client_id__startswith=head).values_list("client_id", flat=True)
    return {int(one.removeprefix(head)) for one in found}


def client_id(hash: str, line: object) -> str:
    return f"import:{hash}:{line}"


def receive(actor: Actor, sheet: Sheet, mapping: Mapping, row: Row, progress: Progress, grid: str) -> None:
    """One row: received, or refused with every fault named."""
    try:
        write(actor, mapping, row, client_id(sheet.hash, row.line), grid)
    except NotGiven as error:
        progress.refused += 1
        progress.faults += [Fault(row.line, mapping.column(name), why) for name, why in error.fields.items()]
        return
    progress.received += 1


def write(actor: Actor, mapping: Mapping, row: Row, client: str, grid: str) -> None:
    if row.fault:
        raise NotGiven({"": _("The row has more cells than the header has columns.")})
    said = {name: mapping.said(row, name) for name in FIELDS}
    placed = said["area"] or said["longitude"]
    chosen = said["area"] or ("" if placed else grid)
    note = said["note"]
    if grid and not placed:
        note = " ".join(part for part in (note, _("The place was drawn by chance, it is not from the source.")) if part)
    report(
        actor=actor,
        words=said["words"],
        lon=number_of(said, "longitude"),
        lat=number_of(said, "latitude"),
        address=said["address"],
        category=said["category"],
        area=chosen,
        contact={name: said[name] for name in ("name", "phone") if said[name]},
        happened_at=moment_of(said["at"], mapping.at_format, chosen),
        channel="import",
        client_id=client,
        note=note,
    )


def number_of(said: dict[str, str], name: str) -> float | None:
    try:
        return float(said[name]) if said[name] else None
    except ValueError:
        raise NotGiven({name: _("This is no number.")}) from None


def moment_of(text: str, at_format: str, area: str) -> datetime | None:
    """A time without a zone is that of the place."""
    if not text:
        return None
    try:
        at = strptime(text, at_format) if at_format else datetime.fromisoformat(text)
    except ValueError:
        raise NotGiven({"at": _("This is no date and time.")}) from None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(org.zone(area or settings.COUNTY)))


def strptime(text: str, at_format: str) -> datetime:
    """Naive when the format has no zone; the caller knows whose wall clock it was."""
    return datetime.strptime(text, at_format)  # noqa: DTZ007


def grid_of(grids: Sequence[str], seed: int | None, row: Row) -> str:
    """The same grid for the same seed and line, on every run."""
    if not grids:
        return ""
    digest = hashlib.sha256(f"{seed}:{row.line}".encode()).digest()
    return grids[int.from_bytes(digest[:8], "big") % len(grids)]
