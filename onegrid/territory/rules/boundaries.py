"""Outlines of a map file matched with the areas they are of: what will be written, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import shapely
from django.utils.translation import gettext as _

from onegrid.kit import outlines, systems
from onegrid.kit.coverage import valid
from onegrid.kit.outlines import Fault, Reading
from onegrid.territory.rules import codes

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"
# So many of the outlines tell the system; more would only take longer.
MOST_COMPARED = 50


class Shape(Protocol):
    """A thing on a map, as the adapter reads it."""

    @property
    def line(self) -> int: ...
    @property
    def fields(self) -> Mapping[str, str]: ...
    @property
    def geometry(self) -> Mapping[str, Any] | None: ...


@dataclass(frozen=True)
class Known:
    """An area that is here already; `outline` is None where none is drawn."""

    name: str
    kind: str
    outline: Any = None


@dataclass(frozen=True)
class Row:
    """One outline of the file and what becomes of it."""

    line: int
    code: str
    name: str
    kind: str
    state: str
    reading: Reading
    reason: str = ""

    @property
    def written(self) -> bool:
        return self.state in (NEW, CHANGED)


@dataclass(frozen=True)
class Wish:
    """How a map file is to be read; empty: the file's usual fields, any level, the system by what is known."""

    system: str = ""
    code_field: str = ""
    level: str = ""


class NoSystem(ValueError):
    """The system was not stated and what is known does not tell it; the message says what to do."""


def readings(shapes: Sequence[Shape], wish: Wish) -> list[tuple[Shape, str, Reading]]:
    """Each shape with its code and what can be read of it, in the file's own coordinates."""
    fields = [shape.fields for shape in shapes]
    field = codes.field_of(fields, codes.CODE_FIELDS, wish.code_field)
    coded = [codes.tidy(shape.fields.get(field, "")) for shape in shapes]
    found: dict[int, Reading] = {}
    # A village with one grid has the same outline as it: only equals of one level are told.
    for length in {len(code) for code in coded}:
        places = [place for place, code in enumerate(coded) if len(code) == length]
        same_level = outlines.read_all((str(place), shapes[place].geometry) for place in places)
        found |= {int(place): reading for place, reading in same_level.items()}
    return [(shape, coded[place], found[place]) for place, shape in enumerate(shapes)]


def told(read: Sequence[tuple[Shape, str, Reading]], known: Mapping[str, Known]) -> systems.Told:
    """The system by areas whose outline is known, else by the outline of the area that holds all. Raises NoSystem."""
    drawn = {code: reading.outline for _shape, code, reading in read if reading.outline is not None}
    both = [code for code in drawn if code in known and known[code].outline is not None][:MOST_COMPARED]
    if both:
        given, there = [drawn[code] for code in both], [known[code].outline for code in both]
    else:
        given, there = against_whole(drawn, known)
    try:
        return systems.by_outlines(given, there)
    except systems.NotClear as error:
        raise NoSystem(not_clear(error.residuals)) from error


def against_whole(drawn: Mapping[str, Any], known: Mapping[str, Known]) -> tuple[list[Any], list[Any]]:
    """All outlines together, and the known outline of the smallest area that holds them all."""
    if drawn:
        first, last = min(drawn), max(drawn)
        common = next((n for n in range(min(len(first), len(last)), 1, -1) if first[:n] == last[:n]), 0)
        for length in range(common, 1, -1):
            over = known.get(first[:length])
            if over is not None and over.outline is not None:
                return [shapely.union_all([valid(one) for one in drawn.values()])], [over.outline]
    raise NoSystem(
        _("Nothing that is known lies here, so the coordinate system cannot be told. State it: %(systems)s.")
        % {"systems": ", ".join(systems.SYSTEMS)}
    )


def not_clear(residuals: Mapping[str, float]) -> str:
    said = ", ".join(f"{system} {metres:.0f} m" for system, metres in sorted(residuals.items()))
    return _("The coordinate system is not clear; each leaves so much: %(said)s. State it.") % {"said": said}


def rows(read: Sequence[tuple[Shape, str, Reading]], known: Mapping[str, Known], system: str, level: str) -> list[Row]:
    """What becomes of each shape, in the order of the file."""
    seen: set[str] = set()
    found = []
    for shape, code, reading in read:
        name = shape.fields.get(codes.field_of([shape.fields], codes.NAME_FIELDS), "")
        reason = why_not(code, name, reading, known, level, seen)
        seen.add(code)
        there = known.get(code)
        row = Row(
            shape.line, code, there.name if there else name, there.kind if there else codes.kind(code),
            REFUSED, in_wgs(reading, system), reason,
        )  # fmt: skip
        found.append(row if reason else settled(row, there))
    return found


def why_not(code: str, name: str, reading: Reading, known: Mapping[str, Known], level: str, seen: set[str]) -> str:
    """Why an outline is not taken, or an empty text; faults of the outline itself stand with it."""
    if not code:
        return _("It has no code of 2 to 17 digits.")
    if code in seen:
        return _("The code stands in the file twice.")
    if level and codes.kind(code) != level:
        return _("It is of another level.")
    if code not in known and codes.kind(code) != codes.GRID:
        return _("No such area is here; import the table of codes first.")
    if code not in known and code[:12] not in known:
        return _("Its village is not here; import the table of codes first.")
    if code not in known and not name:
        return _("A new grid needs a name.")
    return _("The outline cannot be used.") if reading.refused else ""


def settled(row: Row, there: Known | None) -> Row:
    state = NEW if there is None or there.outline is None else CHANGED
    if there is not None and there.outline is not None and same(there.outline, row.reading.outline):
        state = SAME
    return Row(row.line, row.code, row.name, row.kind, state, row.reading)


def same(one: Any, other: Any) -> bool:
    """Whether two outlines are the same to the seventh decimal, where files round."""
    at, there = shapely.get_coordinates(one), shapely.get_coordinates(other)
    return at.shape == there.shape and bool(np.abs(at - there).max(initial=0) < 1.5e-7)


def in_wgs(reading: Reading, system: str) -> Reading:
    """The reading with its outline, its drawing and its places in WGS-84."""
    if system in (systems.WGS84, systems.CGCS2000):
        return reading
    faults = tuple(Fault(one.kind, moved(one.at, system)) for one in reading.faults)
    outline = None if reading.outline is None else valid(systems.to_wgs(reading.outline, system))
    drawn = None if reading.drawn is None else systems.to_wgs(reading.drawn, system)
    return Reading(outline, faults, reading.change_m2, reading.change_percent, drawn)


def moved(at: outlines.At | None, system: str) -> outlines.At | None:
    if at is None:
        return None
    there = systems.to_wgs(shapely.Point(at), system)
    return (float(there.x), float(there.y))
