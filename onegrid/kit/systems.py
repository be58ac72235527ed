"""Chinese coordinate systems: turned into WGS-84, and told apart by what is known, never by a guess.

WGS-84 and CGCS2000 use ellipsoids that differ by less than 0.2 mm and frames that drift apart by the movement of the
plates: some decimetres in twenty years, below what an outline shows. They are one here. GCJ-02 lies 100 to 700 m off
WGS-84, BD-09 some 700 to 1,300 m.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from onegrid.kit import geo
from onegrid.kit.plane import Plane

WGS84, CGCS2000, GCJ02, BD09 = "wgs84", "cgcs2000", "gcj02", "bd09"
SYSTEMS = (WGS84, CGCS2000, GCJ02, BD09)
# Those that can be told apart.
APART = (WGS84, GCJ02, BD09)

# The right system leaves no more than this, the second best so much more, and so many places must say it.
MOST_RESIDUAL_M = 60.0
CLEAR_TIMES = 3.0
FEWEST_POINTS = 3
# Of the points of outlines so many are compared.
MOST_POINTS = 5000

Pairs = Sequence[tuple[float, float]]
Residuals = dict[str, float]


class NotClear(ValueError):
    """What is known does not tell the system; `residuals` are the metres that each leaves."""

    def __init__(self, residuals: Residuals) -> None:
        super().__init__("the coordinate system is not clear")
        self.residuals = residuals


@dataclass(frozen=True)
class Told:
    """The system that fits, the metres that it leaves, and what the others leave."""

    system: str
    residual_m: float
    residuals: Residuals


def to_wgs(outline: Any, system: str) -> Any:
    """Return a geometry (or an array of them) of this system in WGS-84."""
    if system not in SYSTEMS:
        raise ValueError(f"no such system: {system}")
    turn = TURNS.get(system)
    return outline if turn is None else shapely.transform(outline, lambda at: np.column_stack(turn(at[:, 0], at[:, 1])))


TURNS: dict[str, Callable[[Any, Any], Any]] = {GCJ02: geo.wgs_from_gcj, BD09: geo.wgs_from_bd}


def by_points(given: Pairs, known: Pairs) -> Told:
    """Tell the system of points whose true places (WGS-84, same order) are known. Raises NotClear."""
    points, true = shapely.points(np.asarray(given)), np.asarray(known, dtype=float)
    plane = Plane.at(*true.mean(axis=0))
    there = plane.flat(shapely.points(true))
    residuals = {
        system: float(np.median(shapely.distance(plane.flat(to_wgs(points, system)), there))) for system in APART
    }
    return chosen(residuals, len(given))


def by_outlines(given: Sequence[Any], known: Sequence[Any]) -> Told:
    """Tell the system of outlines that should lie on known ones (WGS-84, same order). Raises NotClear.

    The residual is the median distance of their points from the known edge; generalised edges leave some metres.
    """
    plane = Plane.around(known)
    edges = shapely.boundary(plane.flat(np.array(known, dtype=object)))
    shapely.prepare(edges)
    points, place = shapely.get_coordinates(shapely.boundary(np.array(given, dtype=object)), return_index=True)
    every = max(1, len(points) // MOST_POINTS)
    points, place = points[::every], place[::every]
    residuals = {}
    for system in APART:
        there = plane.flat(to_wgs(shapely.points(points), system))
        residuals[system] = float(np.median(shapely.distance(there, edges[place])))
    return chosen(residuals, len(points))


def chosen(residuals: Residuals, count: int) -> Told:
    best, second = sorted(residuals, key=lambda system: residuals[system])[:2]
    clear = residuals[second] >= CLEAR_TIMES * max(residuals[best], 1.0)
    if count < FEWEST_POINTS or residuals[best] > MOST_RESIDUAL_M or not clear:
        raise NotClear(residuals)
    return Told(best, residuals[best], residuals)
