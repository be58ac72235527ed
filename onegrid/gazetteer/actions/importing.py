"""A file of names or of things, row by row: what may be written, and for every other row its line and the reason."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy
import shapely
from django.utils.translation import gettext as _
from shapely.geometry import mapping, shape

from onegrid.gazetteer.actions.layers import ThingRow, thing_fault
from onegrid.gazetteer.actions.names import NameRow, name_fault
from onegrid.gazetteer.adapters.files import Row
from onegrid.gazetteer.rules.numbers import words
from onegrid.kit import systems, text
from onegrid.kit.progress import Tell, silent
from onegrid.org import queries as org

Made = TypeVar("Made", NameRow, ThingRow)
ALIAS_MARKS = "|;、；"
LONGEST_NAME, LONGEST_REF = 60, 60
# Rows between two looks at how far it has come.
EVERY = 200
# What a broken geometry leads its reader to.
NO_GEOMETRY = (
    ValueError, OverflowError, TypeError, AttributeError, IndexError, RecursionError, shapely.errors.ShapelyError,
)  # fmt: skip


class Bad(ValueError):
    """Why a row cannot be taken, in the reader's language."""


@dataclass(frozen=True)
class Fault:
    """A row that was not taken: its line, why, and its code as far as it has one."""

    line: int
    why: str
    ref: str = ""


@dataclass
class Reading(Generic[Made]):
    """What a file holds: rows that may be written with their lines, faults of the others, columns that are not kept."""

    rows: list[Made] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def read_things(
    rows: Sequence[Row], *, fields: Sequence[Mapping[str, str]], system: str, tell: Tell = silent
) -> Reading[ThingRow]:
    """Things of a layer; only its fields are kept, by key or by Chinese name."""
    named = {spelled: one["key"] for one in fields for spelled in (one["key"], one["zh"]) if spelled}

    def made(row: Row) -> ThingRow:
        known = cells_of(row)
        lon, lat, outline = placed(row, known, system)
        kept = {named[name]: value for name, value in row.cells.items() if name in named}
        thing = ThingRow(ref_of(known), lon, lat, name_of(known, "name_zh"), name_of(known, "name_en"), outline, kept)
        return checked(thing, thing_fault(thing))

    reading = read(rows, made, tell)
    reading.ignored = ignored(rows, {*named, *columns()})
    return reading


def read_names(rows: Sequence[Row], *, system: str, tell: Tell = silent) -> Reading[NameRow]:
    """Named places."""

    def made(row: Row) -> NameRow:
        known = cells_of(row)
        if not known.get("name_zh"):
            raise Bad(_("no name"))
        lon, lat, outline = placed(row, known, system)
        aliases = tuple(one.strip() for one in split(known.get("aliases", "")) if one.strip())
        name = NameRow(
            ref_of(known), kind_of(known.get("kind", "")), name_of(known, "name_zh"), lon, lat,
            name_of(known, "name_en"), aliases, "", outline,
        )  # fmt: skip
        return checked(name, name_fault(name))

    reading = read(rows, made, tell)
    reading.ignored = ignored(rows, set(columns()))
    return reading


def ignored(rows: Sequence[Row], known: set[str]) -> list[str]:
    """Columns of the first rows that are not kept."""
    return sorted({text.UNKEPT.sub("", name) for row in rows[:100] for name in row.cells if name not in known})


def read(rows: Sequence[Row], made: Callable[[Row], Made], tell: Tell = silent) -> Reading[Made]:
    """Every row by itself; a code that comes twice is a fault of the later one."""
    reading: Reading[Made] = Reading()
    first: dict[str, int] = {}
    for n, row in enumerate(rows):
        if n % EVERY == 0:
            tell("rows", n, len(rows))
        try:
            if any(text.UNKEPT.search(word) for cell in row.cells.items() for word in cell):
                raise Bad(_("characters that are no letters; save the file anew"))
            one = made(row)
            if one.ref in first:
                raise Bad(_("the code stands in line %(line)s already") % {"line": first[one.ref]})
        except Bad as bad:
            reading.faults.append(Fault(row.line, str(bad), code_of(row)))
            continue
        first[one.ref] = row.line
        reading.rows.append(one)
        reading.lines.append(row.line)
    return reading


def checked(one: Made, why: str) -> Made:
    if why:
        raise Bad(why)
    return one


def columns() -> dict[str, str]:
    """Every spelling of a column that this room knows, with its name here."""
    known: Any = words()["columns"]
    return {spelled: name for name, spellings in known.items() for spelled in spellings}


def cells_of(row: Row) -> dict[str, str]:
    """The cells of known columns by their name here."""
    known = columns()
    return {known[name]: value for name, value in row.cells.items() if name in known and value}


def code_of(row: Row) -> str:
    """The code of a bad row for its reader, without what no column takes."""
    return text.UNKEPT.sub("", cells_of(row).get("ref", ""))[:LONGEST_REF]


def ref_of(known: Mapping[str, str]) -> str:
    ref = known.get("ref", "")
    if not ref or len(ref) > LONGEST_REF:
        raise Bad(_("no code, or one of more than %(most)s characters") % {"most": LONGEST_REF})
    return ref


def name_of(known: Mapping[str, str], column: str) -> str:
    name = known.get(column, "")
    if len(name) > LONGEST_NAME:
        raise Bad(_("a name of more than %(most)s characters") % {"most": LONGEST_NAME})
    return name


def kind_of(value: str) -> str:
    known: Any = words()["kinds"]
    for kind, spellings in known.items():
        if value in spellings:
            return str(kind)
    raise Bad(_("unknown kind “%(kind)s”") % {"kind": value})


def split(words: str) -> list[str]:
    for mark in ALIAS_MARKS[1:]:
        words = words.replace(mark, ALIAS_MARKS[0])
    return words.split(ALIAS_MARKS[0])


def placed(row: Row, known: Mapping[str, str], system: str) -> tuple[float, float, dict[str, Any] | None]:
    """Longitude, latitude and, for a line or polygon, the geometry, turned into WGS-84; inside the county."""
    drawn = drawn_of(row, known)
    drawn = systems.to_wgs(drawn, system)
    at = drawn if drawn.geom_type == "Point" else drawn.representative_point()
    lon, lat = round(float(at.x), 7), round(float(at.y), 7)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Bad(_("no place on Earth"))
    found = org.territory().locate(lon, lat)
    if org.territory_reaches() and not (found.code or found.special):
        raise Bad(_("in no grid of the county: longitude and latitude exchanged, or another coordinate system?"))
    return lon, lat, None if drawn.geom_type == "Point" else dict(mapping(shapely.set_precision(drawn, 1e-7)))


def drawn_of(row: Row, known: Mapping[str, str]) -> Any:
    try:
        if row.geometry is not None:
            # A coordinate that is no number is refused below, without a warning.
            with numpy.errstate(invalid="ignore"):
                drawn = shape(row.geometry)
        else:
            drawn = shapely.Point(float(known["lon"]), float(known["lat"]))
        if drawn.is_empty or not on_paper(drawn):
            raise Bad(_("no place on Earth"))
    except KeyError as error:
        raise Bad(_("no longitude and latitude")) from error
    except Bad:
        raise
    except NO_GEOMETRY as error:
        raise Bad(_("longitude and latitude are no numbers, or the geometry is broken")) from error
    return drawn if drawn.is_valid else shapely.make_valid(drawn)


def on_paper(drawn: Any) -> bool:
    """Whether every coordinate is a number that could be a degree before it is turned; NaN is none."""
    return bool((abs(shapely.get_coordinates(drawn)) < 1000).all())
