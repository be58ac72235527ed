"""One outline read from GeoJSON: what is wrong with it and where, mended where that is safe, else refused."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon, mapping

from onegrid.kit.plane import Plane

# What can be wrong, by what follows: told only, mended, or refused.
HOLE, DUPLICATE = "hole", "duplicate"
OPEN_RING, REPEATED_POINTS = "open_ring", "repeated_points"
SELF_CROSSING, PARTS_OVERLAP, NO_AREA_PART = "self_crossing", "parts_overlap", "no_area_part"
EMPTY, NOT_A_POLYGON, MALFORMED, IMPOSSIBLE = "empty", "not_a_polygon", "malformed", "impossible"
SWAPPED, TOO_FEW_POINTS, ZERO_AREA, TOO_MUCH_CHANGED = "swapped", "too_few_points", "zero_area", "too_much_changed"
TOLD = (HOLE, DUPLICATE)
MENDED = (OPEN_RING, REPEATED_POINTS, SELF_CROSSING, PARTS_OVERLAP, NO_AREA_PART)
REFUSED = (
    EMPTY, NOT_A_POLYGON, MALFORMED, IMPOSSIBLE, SWAPPED, TOO_FEW_POINTS, ZERO_AREA, TOO_MUCH_CHANGED,
)  # fmt: skip
FAULTS = (*TOLD, *MENDED, *REFUSED)

# A repair that changes more of the area is a guess about what was meant, and is left to people.
SAFE_CHANGE_PERCENT = 1.0
SMALLEST_M2 = 1.0
MOST_CROSSINGS = 20
# West, south, east, north of China with its seas.
CHINA = (73.0, 3.0, 136.0, 54.0)

At = tuple[float, float]
Ring = NDArray[np.float64]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and the longitude and latitude where it lies, if it lies anywhere."""

    kind: str
    at: At | None = None


@dataclass(frozen=True)
class Reading:
    """What came of an outline: a valid polygon or multipolygon, or None with the fault that forbids it."""

    outline: Any
    faults: tuple[Fault, ...] = ()
    change_m2: float = 0.0
    change_percent: float = 0.0
    # What was drawn, for a picture: lines, when no polygon came of it.
    drawn: Any = None

    @property
    def refused(self) -> bool:
        return self.outline is None

    @property
    def repaired(self) -> bool:
        return any(fault.kind in MENDED for fault in self.faults)

    @property
    def geometry(self) -> dict[str, Any] | None:
        """The outline as GeoJSON."""
        return None if self.outline is None else as_geojson(self.outline)


class Unusable(ValueError):
    """No outline can be made of this: the kind of fault and where it lies."""

    def __init__(self, kind: str, at: At | None = None, drawn: Any = None) -> None:
        super().__init__(kind)
        self.fault, self.drawn = Fault(kind, at), drawn


def read(geometry: Mapping[str, Any] | None) -> Reading:
    """Read a GeoJSON Polygon or MultiPolygon (RFC 7946) in degrees; never raises for what was drawn badly."""
    try:
        return mended(parts(geometry))
    except Unusable as unusable:
        return Reading(None, (unusable.fault,), drawn=unusable.drawn)


def read_all(rows: Iterable[tuple[str, Mapping[str, Any] | None]]) -> dict[str, Reading]:
    """Read many outlines by code; one that is drawn like an earlier one carries DUPLICATE."""
    found: dict[str, Reading] = {}
    seen: dict[bytes, str] = {}
    for code, geometry in rows:
        reading = read(geometry)
        if reading.outline is not None:
            form = shapely.to_wkb(shapely.normalize(reading.outline))
            if seen.setdefault(form, code) != code:
                at = inner_point(reading.outline)
                reading = Reading(
                    reading.outline, (*reading.faults, Fault(DUPLICATE, at)), reading.change_m2, reading.change_percent
                )
        found[code] = reading
    return found


def parts(geometry: Mapping[str, Any] | None) -> list[list[Ring]]:
    """Return the rings of each part as numbers; raise Unusable when they are none."""
    if not geometry:
        raise Unusable(EMPTY)
    if not isinstance(geometry, Mapping):
        raise Unusable(MALFORMED)
    kind, given = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        raise Unusable(NOT_A_POLYGON)
    polygons = [given] if kind == "Polygon" else given
    if not isinstance(polygons, list | tuple) or not all(isinstance(rings, list | tuple) for rings in polygons):
        raise Unusable(MALFORMED)
    found = [[ring_of(ring) for ring in rings] for rings in polygons if rings]
    if not found:
        raise Unusable(EMPTY)
    refuse_impossible(np.concatenate([ring for rings in found for ring in rings]))
    return found


def ring_of(given: Any) -> Ring:
    """Return a ring as rows of longitude and latitude; a height is dropped."""
    try:
        ring = np.array([(float(at[0]), float(at[1])) for at in given], dtype=float).reshape(-1, 2)
    except (TypeError, ValueError, OverflowError, IndexError, KeyError) as error:
        raise Unusable(MALFORMED) from error
    return ring


def refuse_impossible(at: Ring) -> None:
    """Refuse numbers that are no degrees, and those that lie in China only when exchanged."""
    if not np.isfinite(at).all():
        raise Unusable(IMPOSSIBLE)
    if len(at) and not in_china(at).any() and in_china(at[:, ::-1]).all():
        raise Unusable(SWAPPED, (float(at[0, 0]), float(at[0, 1])))
    wrong = (np.abs(at[:, 0]) > 180) | (np.abs(at[:, 1]) > 90)
    if wrong.any():
        first = at[np.argmax(wrong)]
        raise Unusable(IMPOSSIBLE, (float(first[0]), float(first[1])))


def in_china(at: Ring) -> NDArray[np.bool_]:
    west, south, east, north = CHINA
    inside: NDArray[np.bool_] = (at[:, 0] > west) & (at[:, 0] < east) & (at[:, 1] > south) & (at[:, 1] < north)
    return inside


def mended(drawn: list[list[Ring]]) -> Reading:
    """Close rings, drop repeated points, mend crossings; refuse what would change too much."""
    faults: list[Fault] = []
    polygons = [polygon(rings, faults) for rings in drawn]
    faults += [Fault(HOLE, point(hole.coords[0])) for part in polygons for hole in part.interiors]
    whole = polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)
    plane = Plane.around([whole])
    if whole.is_valid:
        outline = whole
    else:
        faults += crossings(polygons, whole)
        outline = polygons_of(shapely.make_valid(whole, method="structure", keep_collapsed=False))
    area = float(plane.flat(outline).area)
    if area < SMALLEST_M2:
        raise Unusable(ZERO_AREA, point(whole.bounds[:2]), drawn=whole)
    # As it was drawn: each ring by the trapezoid rule, a loop the other way round counting against it.
    before = sum(signed_area(plane.flat(part)) for part in polygons)
    # Below a square centimetre it is the rounding of numbers.
    change = round(area - before, 4)
    percent = 100 * change / before if before else 100.0
    if abs(percent) > SAFE_CHANGE_PERCENT:
        return Reading(None, (*faults, Fault(TOO_MUCH_CHANGED, inner_point(outline))), change, percent, drawn=whole)
    return Reading(outline, tuple(faults), change, percent, drawn=whole)


def polygon(rings: Sequence[Ring], faults: list[Fault]) -> Polygon:
    """Make one part of its rings, noting what had to be set right."""
    tidy = [tidied(ring, faults) for ring in rings]
    shell = tidy[0]
    if len(shell) < 4:
        raise Unusable(TOO_FEW_POINTS, point(shell[0]) if len(shell) else None)
    thin = [ring for ring in tidy[1:] if len(ring) < 4]
    faults += [Fault(NO_AREA_PART, point(ring[0]) if len(ring) else None) for ring in thin]
    return Polygon(shell, [ring for ring in tidy[1:] if len(ring) >= 4])


def tidied(ring: Ring, faults: list[Fault]) -> Ring:
    """Drop points that repeat the one before, and end where the ring began."""
    repeated = np.concatenate([[False], (ring[1:] == ring[:-1]).all(axis=1)]) if len(ring) else np.zeros(0, bool)
    if repeated.any():
        faults.append(Fault(REPEATED_POINTS, point(ring[np.argmax(repeated)])))
    ring = ring[~repeated]
    if len(ring) > 1 and not (ring[0] == ring[-1]).all():
        faults.append(Fault(OPEN_RING, point(ring[-1])))
        ring = np.vstack([ring, ring[:1]])
    return ring


def crossings(polygons: Sequence[Polygon], whole: Any) -> list[Fault]:
    """Where rings cross or touch themselves or each other, twenty places at most."""
    if all(part.is_valid for part in polygons):
        return [Fault(PARTS_OVERLAP, at) for at in meetings(whole)]
    return [Fault(SELF_CROSSING, at) for part in polygons if not part.is_valid for at in meetings(part)]


def meetings(outline: Any) -> list[At]:
    """Points at which more than two pieces of the boundary end once it is cut at every crossing."""
    lines = shapely.get_parts(shapely.node(shapely.boundary(outline)))
    ends = [point(line.coords[end]) for line in lines for end in (0, -1)]
    at, count = np.unique(np.array(ends), axis=0, return_counts=True)
    found = [point(one) for one in at[count > 2]]
    # A spike goes out and back on the same line and meets nobody.
    return found[:MOST_CROSSINGS] or [point(outline.bounds[:2])]


def signed_area(part: Polygon) -> float:
    rings = [shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors)]
    areas = [abs(trapezoids(ring)) for ring in rings]
    return areas[0] - math.fsum(areas[1:])


def trapezoids(ring: Ring) -> float:
    east, north = ring[:, 0], ring[:, 1]
    return float(np.sum((east[1:] - east[:-1]) * (north[1:] + north[:-1])) / 2)


def polygons_of(outline: Any) -> Any:
    """Keep what has an area of a geometry: a Polygon, a MultiPolygon, or an empty Polygon."""
    if outline.geom_type in ("Polygon", "MultiPolygon"):
        return outline
    kept = [polygons_of(part) for part in getattr(outline, "geoms", ()) if part.geom_type != outline.geom_type]
    singles = [single for part in kept if not part.is_empty for single in getattr(part, "geoms", [part])]
    if not singles:
        return Polygon()
    return singles[0] if len(singles) == 1 else shapely.union_all(singles)


def inner_point(outline: Any) -> At:
    """A point that surely lies inside."""
    return point(outline.point_on_surface().coords[0])


def point(at: Any) -> At:
    return float(at[0]), float(at[1])


def as_geojson(outline: Any, decimals: int = 7) -> dict[str, Any]:
    """Return an outline as GeoJSON with so many decimals; seven are a centimetre."""
    rounded = shapely.transform(outline, lambda at: np.round(at, decimals))
    found = mapping(rounded if rounded.is_valid else outline)
    return {"type": found["type"], "coordinates": lists(found["coordinates"])}


def lists(given: Any) -> Any:
    return [lists(one) for one in given] if isinstance(given, list | tuple) else given
