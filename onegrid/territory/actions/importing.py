"""Areas and their boundaries from files: previewed, then written by org in one piece."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from onegrid.kit import outlines, systems
from onegrid.kit.coverage import Finding
from onegrid.kit.progress import Tell, silent
from onegrid.org import actions as org
from onegrid.org.models import Area
from onegrid.org.roles import Actor
from onegrid.territory import queries
from onegrid.territory.adapters import mapfiles, tables
from onegrid.territory.rules import boundaries, divisions
from onegrid.territory.rules.boundaries import Known, Row, Wish
from onegrid.territory.rules.divisions import BadRow, Division

# Points in the file's system and in WGS-84.
Control = Sequence[tuple[float, float, float, float]]


@dataclass(frozen=True)
class AreaPlan:
    """A table of codes as it would be written."""

    divisions: list[Division]
    bad: list[BadRow]
    known: Collection[str]
    renamed: list[tuple[Division, str]]
    sum: str

    @property
    def new(self) -> int:
        return sum(one.code not in self.known for one in self.divisions)


@dataclass(frozen=True)
class BoundaryPlan:
    """A map file as it would be written: each outline, the system and how it is known, the faults of the whole."""

    rows: list[Row]
    system: str
    residual_m: float | None
    residuals: Mapping[str, float]
    stated: str
    sum: str
    findings: list[Finding] = field(default_factory=list)

    @property
    def states(self) -> dict[str, int]:
        return dict(Counter(row.state for row in self.rows))

    @property
    def written(self) -> list[Row]:
        return [row for row in self.rows if row.written]


def plan_areas(raw: bytes, tell: Tell = silent) -> AreaPlan:
    """Read a table of codes; nothing is written. Raises Unreadable."""
    tell("read", 0, 0)
    lines = tables.read(raw)
    there = dict(Area.objects.values_list("code", "name_zh"))
    tell("compare", 0, len(lines))
    good, bad = divisions.read(lines, there)
    renamed = [(one, there[one.code]) for one in good if one.code in there and there[one.code] != one.name]
    return AreaPlan(good, bad, there.keys(), renamed, hashlib.sha256(raw).hexdigest())


def write_areas(actor: Actor, plan: AreaPlan) -> org.Placed:
    """Write what a plan says; boundaries, phones and English names stay as they are."""
    rows = [
        {"code": one.code, "kind": one.kind, "name_zh": one.name, "parent": one.parent} for one in plan.divisions
    ]  # fmt: skip
    return org.place_areas(actor, rows=rows, source="load_areas", file=plan.sum, refused=len(plan.bad))


def plan_boundaries(raw: bytes, wish: Wish, control: Control = (), tell: Tell = silent) -> BoundaryPlan:
    """Read a map file against what is here; nothing is written. Raises Unreadable and NoSystem.

    `control` are points given in the file's system and in WGS-84, when no known outline tells the system.
    """
    tell("read", 0, 0)
    file = mapfiles.read(raw)
    tell("outlines", 0, len(file.shapes))
    read = boundaries.readings(file.shapes, wish)
    tell("compare", 0, len(read))
    known = known_areas([code for _shape, code, _reading in read])
    told = None if wish.system else told_by(read, known, control)
    system = told.system if told else wish.system
    rows = boundaries.rows(read, known, system, wish.level)
    tell("check", 0, len(rows))
    findings = queries.check_with({row.code: row.reading.outline for row in rows if row.written})
    return BoundaryPlan(
        rows, system, told.residual_m if told else None, told.residuals if told else {}, file.stated,
        hashlib.sha256(raw).hexdigest(), findings,
    )  # fmt: skip


def told_by(read: Any, known: Mapping[str, Known], control: Control) -> systems.Told:
    if not control:
        return boundaries.told(read, known)
    try:
        return systems.by_points([one[:2] for one in control], [one[2:] for one in control])
    except systems.NotClear as error:
        raise boundaries.NoSystem(boundaries.not_clear(error.residuals)) from error


def known_areas(codes: Sequence[str]) -> dict[str, Known]:
    """The areas of these codes and those above them."""
    wanted = {code[:length] for code in codes for length in (2, 4, 6, 9, 12, len(code)) if len(code) >= length}
    rows = Area.objects.filter(code__in=wanted).values_list("code", "name_zh", "kind", "boundary")
    return {code: Known(name, kind, drawn(boundary)) for code, name, kind, boundary in rows}


def drawn(boundary: Mapping[str, Any] | None) -> Any:
    if not boundary:
        return None
    try:
        return shape(dict(boundary))
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None


def write_boundaries(actor: Actor, plan: BoundaryPlan) -> org.Placed:
    """Write the outlines that a plan takes; what it refuses stays as it was."""
    rows = plan.written
    there = Area.objects.in_bulk([row.code for row in rows], field_name="code")
    wanted = [values(row, there.get(row.code)) for row in rows]
    facts = {"source": "load_boundaries", "file": plan.sum, "system": plan.system}
    return org.place_areas(actor, rows=wanted, refused=len(plan.rows) - len(rows), **facts)


def values(row: Row, there: Area | None) -> dict[str, Any]:
    """All fields of one area: a new grid gets its name and village, a known one keeps what it has."""
    lon, lat = middle(row.reading.outline, there)
    return {
        "code": row.code, "kind": row.kind, "name_zh": there.name_zh if there else row.name,
        "parent": there.parent if there else row.code[:12],
        "lon": lon, "lat": lat, "boundary": outlines.as_geojson(row.reading.outline),
    }  # fmt: skip


def middle(outline: Any, there: Area | None) -> tuple[float, float]:
    """The point that stands for an area: the one it has while that lies inside, else a point inside."""
    lon, lat = (there.lon, there.lat) if there is not None else (None, None)
    if lon is not None and lat is not None and shapely.contains_xy(outline, lon, lat):
        return lon, lat
    east, north = outlines.inner_point(outline)
    return float(np.round(east, 6)), float(np.round(north, 6))
