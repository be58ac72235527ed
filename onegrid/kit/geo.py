"""In which grid a point lies, how far it is, which cell holds it; and map coordinates turned into WGS-84."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import h3.api.basic_int as h3
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

INSIDE, EDGE, NEAREST, OUTSIDE = "inside", "edge", "nearest", "outside"
RULES = (INSIDE, EDGE, NEAREST, OUTSIDE)
REACH_METRES = 200.0
EARTH_METRES = 6_371_008.8
DEGREE_METRES = math.pi * EARTH_METRES / 180
NOWHERE = -1

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Place:
    """Where a point belongs: the code of its grid, of a special grid over it, and by which rule."""

    code: str | None
    special: str | None
    rule: str


@dataclass(frozen=True)
class Located:
    """Where many points belong; each row holds a place in `codes` and `specials` (-1: none) and in RULES."""

    grids: Sequence[str]
    specials: Sequence[str]
    grid: Places
    special: Places
    rule: Places

    def place(self, row: int) -> Place:
        """Return one row as a Place."""
        grid, special = int(self.grid[row]), int(self.special[row])
        return Place(
            None if grid == NOWHERE else self.grids[grid],
            None if special == NOWHERE else self.specials[special],
            RULES[int(self.rule[row])],
        )


class Territory:
    """The grids of a county; immutable, safe in threads, about 20 MB for 5,000 finely drawn grids."""

    def __init__(self, rows: Iterable[tuple[str, str, Mapping[str, Any] | bytes | None]]) -> None:
        """Take rows of (code, kind, GeoJSON or WKB in WGS-84, or None); kind "special" lies over all others.

        The others should be of one level, such as all grids: they should not overlap.
        """
        drawn = [(code, kind, _valid(geometry)) for code, kind, geometry in sorted(rows, key=_code) if geometry]
        self._grids = _Layer([(code, outline) for code, kind, outline in drawn if kind != "special"])
        self._specials = _Layer([(code, outline) for code, kind, outline in drawn if kind == "special"])

    @property
    def reaches(self) -> bool:
        """Whether there is any grid."""
        return bool(self._grids.codes)

    def locate(self, longitude: float | None, latitude: float | None) -> Place:
        """Return the place of a point; a missing, impossible or far point is outside, never an error.

        A point on the edge of several grids belongs to the smallest code; one within 200 m of a grid to the
        nearest. A special grid needs no nearness: it holds what lies in it.
        """
        if longitude is None or latitude is None:
            return Place(None, None, OUTSIDE)
        return self.locate_many([longitude], [latitude]).place(0)

    def locate_many(self, longitudes: Sequence[float] | Numbers, latitudes: Sequence[float] | Numbers) -> Located:
        """Return the places of many points, by the same rules as `locate`."""
        east, north = np.asarray(longitudes, dtype=float), np.asarray(latitudes, dtype=float)
        possible = (np.abs(east) <= 180) & (np.abs(north) <= 90)
        # Impossible points become the south pole, far from every grid.
        east, north = np.where(possible, east, 0.0), np.where(possible, north, -90.0)
        points = np.asarray(shapely.points(east, north))
        grid, hits = self._grids.hits(points)
        special, _ = self._specials.hits(points)
        rule = np.select([hits == 1, hits > 1], [0, 1], 3)
        lost = np.flatnonzero(hits == 0)
        grid[lost] = self._grids.nearest(east[lost], north[lost])
        rule[lost] = np.where(grid[lost] == NOWHERE, 3, 2)
        return Located(self._grids.codes, self._specials.codes, grid, special, rule)


class _Layer:
    """Outlines in the order of their codes, so that the first hit has the smallest."""

    def __init__(self, rows: Sequence[tuple[str, Any]]) -> None:
        self.codes = tuple(code for code, _ in rows)
        outlines = np.array([outline for _, outline in rows], dtype=object)
        shapely.prepare(outlines)
        self._tree = shapely.STRtree(outlines)
        middle = shapely.total_bounds(outlines)[[1, 3]].mean() if rows else 0.0
        self._scale = np.array([DEGREE_METRES * math.cos(math.radians(middle)), DEGREE_METRES])
        # A county spans less than a degree: on a plane, 200 m are right within 2 m.
        self._plane = shapely.STRtree(shapely.transform(outlines, self._flat))

    def hits(self, points: NDArray[Any]) -> tuple[Places, Places]:
        """Return for each point the first outline that it touches, or -1, and how many it touches."""
        which, outline = self._tree.query(points, predicate="intersects")
        return _first(which, outline, len(points)), np.bincount(which, minlength=len(points))

    def nearest(self, east: Numbers, north: Numbers) -> Places:
        """Return for each point the place of the nearest outline within 200 m, or -1."""
        if not self.codes or not len(east):
            return np.full(len(east), NOWHERE)
        points = np.asarray(shapely.points(self._flat(np.column_stack([east, north]))))
        which, outline = self._plane.query_nearest(points, max_distance=REACH_METRES)
        return _first(which, outline, len(points))

    def _flat(self, pairs: Numbers) -> Numbers:
        flat: Numbers = pairs * self._scale
        return flat


def distance_m(from_longitude: float, from_latitude: float, longitude: float, latitude: float) -> float:
    """Return the metres between two points over a round earth (0.5 % at most from the true figure)."""
    here, there = math.radians(from_latitude), math.radians(latitude)
    rise = math.sin((there - here) / 2) ** 2
    turn = math.sin(math.radians(longitude - from_longitude) / 2) ** 2
    return 2 * EARTH_METRES * math.asin(math.sqrt(min(1.0, rise + math.cos(here) * math.cos(there) * turn)))


def box_around(longitude: float, latitude: float, metres: float) -> tuple[float, float, float, float]:
    """Return west, south, east, north of a box that holds everything within so many metres."""
    high = metres / DEGREE_METRES
    wide = high / max(math.cos(math.radians(latitude)), 0.01)
    return longitude - wide, latitude - high, longitude + wide, latitude + high


def cells(longitude: float, latitude: float) -> tuple[int, int]:
    """Return the H3 cells of a point at resolution 6 (about 6 km) and 8 (about 0.9 km); both fit a bigint."""
    fine = h3.latlng_to_cell(latitude, longitude, 8)
    return h3.latlng_to_cell(latitude, longitude, 6), fine


# Chinese maps shift their coordinates: GCJ-02 by law, BD-09 once more. Method: the published constants of the
# Krasovsky ellipsoid; the way back by repetition, since the shift has no inverse in closed form.
KRASOVSKY_METRES, KRASOVSKY_SQUARE = 6_378_245.0, 0.006_693_421_622_965_943
BAIDU_TURN = math.pi * 3000 / 180


def gcj_from_wgs(longitude: float | Numbers, latitude: float | Numbers) -> tuple[Numbers, Numbers]:
    """Return GCJ-02 longitudes and latitudes; points outside China stay."""
    east, north = np.asarray(longitude, dtype=float), np.asarray(latitude, dtype=float)
    more_east, more_north = _shift(east, north)
    return east + more_east, north + more_north


def wgs_from_gcj(longitude: float | Numbers, latitude: float | Numbers) -> tuple[Numbers, Numbers]:
    """Return WGS-84 longitudes and latitudes of GCJ-02 points, within a centimetre of the way there."""
    east, north = np.asarray(longitude, dtype=float), np.asarray(latitude, dtype=float)
    true_east, true_north = east, north
    for _ in range(5):
        more_east, more_north = _shift(true_east, true_north)
        true_east, true_north = east - more_east, north - more_north
    return true_east, true_north


def bd_from_gcj(longitude: float | Numbers, latitude: float | Numbers) -> tuple[Numbers, Numbers]:
    """Return BD-09 longitudes and latitudes of GCJ-02 points."""
    east, north = np.asarray(longitude, dtype=float), np.asarray(latitude, dtype=float)
    length = np.hypot(east, north) + 0.00002 * np.sin(north * BAIDU_TURN)
    angle = np.arctan2(north, east) + 0.000003 * np.cos(east * BAIDU_TURN)
    return length * np.cos(angle) + 0.0065, length * np.sin(angle) + 0.006


def gcj_from_bd(longitude: float | Numbers, latitude: float | Numbers) -> tuple[Numbers, Numbers]:
    """Return GCJ-02 longitudes and latitudes of BD-09 points, within half a metre of the way there."""
    east, north = np.asarray(longitude, dtype=float) - 0.0065, np.asarray(latitude, dtype=float) - 0.006
    length = np.hypot(east, north) - 0.00002 * np.sin(north * BAIDU_TURN)
    angle = np.arctan2(north, east) - 0.000003 * np.cos(east * BAIDU_TURN)
    return length * np.cos(angle), length * np.sin(angle)


def wgs_from_bd(longitude: float | Numbers, latitude: float | Numbers) -> tuple[Numbers, Numbers]:
    """Return WGS-84 longitudes and latitudes of BD-09 points."""
    return wgs_from_gcj(*gcj_from_bd(longitude, latitude))


def _shift(east: Numbers, north: Numbers) -> tuple[Numbers, Numbers]:
    x, y = east - 105.0, north - 35.0
    common = (20 * np.sin(6 * x * math.pi) + 20 * np.sin(2 * x * math.pi)) * 2 / 3
    root = np.sqrt(np.abs(x))
    up = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common + _waves(y, 20, 40, 160, 320)
    right = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common + _waves(x, 20, 40, 150, 300)
    sine = np.sin(np.radians(north))
    under = 1 - KRASOVSKY_SQUARE * sine * sine
    along = KRASOVSKY_METRES * (1 - KRASOVSKY_SQUARE) / under**1.5
    across = KRASOVSKY_METRES / np.sqrt(under) * np.cos(np.radians(north))
    here = (east > 72.004) & (east < 137.8347) & (north > 0.8293) & (north < 55.8271)
    return np.where(here, np.degrees(right / across), 0.0), np.where(here, np.degrees(up / along), 0.0)


def _waves(at: Numbers, full: int, third: int, twelfth: int, thirtieth: int) -> Numbers:
    waves: Numbers = full * np.sin(at * math.pi) + third * np.sin(at / 3 * math.pi)
    waves = waves + twelfth * np.sin(at / 12 * math.pi) + thirtieth * np.sin(at * math.pi / 30)
    return waves * 2 / 3


def _first(which: Places, outline: Places, count: int) -> Places:
    first = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(first, which, outline)
    touched = np.zeros(count, dtype=bool)
    touched[which] = True
    return np.where(touched, first, NOWHERE)


def _code(row: tuple[str, str, object]) -> str:
    return row[0]


def _valid(geometry: Mapping[str, Any] | bytes) -> Any:
    outline = shapely.from_wkb(geometry) if isinstance(geometry, bytes) else shape(dict(geometry))
    # Boundaries as they are published often cross themselves.
    return outline if outline.is_valid else shapely.make_valid(outline)
