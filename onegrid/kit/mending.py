"""Faults between grids mended: each function takes outlines in degrees and returns those that change."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from onegrid.kit.coverage import GAP, NOISE_M2, TOUCH_M, valid
from onegrid.kit.outlines import polygons_of
from onegrid.kit.plane import Plane

Outlines = Mapping[str, Any]
Changed = dict[str, Any]
# Seven decimals of a degree, as outlines are stored: a centimetre.
DECIMALS = 7


def assign(piece: Any, outlines: Outlines, nature: str = GAP) -> Changed:
    """Give a piece to the one of these grids that shares the longest edge with it; the others lose it.

    `nature` says whether the piece is a gap between the grids or belongs to several of them. Give every grid that
    touches a gap; of those that only meet its corner nothing is taken.
    """
    plane = Plane.around([piece, *outlines.values()])
    flat = {code: valid(plane.flat(outline)) for code, outline in outlines.items()}
    part = valid(plane.flat(piece))
    shared = {code: shared_edge(part, outline, nature) for code, outline in flat.items()}
    # The smallest code of equals, so that the same sliver always goes the same way.
    winner = min(shared, key=lambda code: (-round(shared[code], 2), code))
    if shared[winner] == 0:
        return {}
    found: Changed = {}
    for code, outline in flat.items():
        if code == winner:
            outline = shapely.union_all([outline, part, seam(part, code, flat) if nature == GAP else part])
        elif nature != GAP:
            outline = shapely.difference(outline, part)
        found[code] = outline
    return changed(plane, outlines, found)


def seam(piece: Any, code: str, flat: Outlines) -> Any:
    """A thread along the edge that a piece shares with its grid, so that rounding leaves none between them."""
    rest = shapely.union_all([outline for other, outline in flat.items() if other != code])
    near = shapely.intersection(piece.buffer(TOUCH_M), flat[code].buffer(TOUCH_M))
    return shapely.difference(near, rest)


def shared_edge(piece: Any, outline: Any, nature: str) -> float:
    """Metres of the piece's edge along which it hangs together with a grid."""
    edge = shapely.boundary(piece)
    border = shapely.boundary(outline).buffer(TOUCH_M)
    along = shapely.intersection(edge, border) if nature == GAP else shapely.difference(edge, border)
    return float(along.length)


def snap(outlines: Outlines, tolerance_m: float) -> Changed:
    """Bring edges that miss each other by at most so many metres together; wider gaps and overlaps stay.

    Give all grids of a neighbourhood: a neighbour that is left out does not move along.
    """
    codes = sorted(outlines)
    plane = Plane.around(outlines.values())
    flat = np.array([valid(plane.flat(outlines[code])) for code in codes], dtype=object)
    # The published stubs end at shapely 2.1.
    clean = shapely.coverage_clean(  # type: ignore[attr-defined]
        flat, gap_width=tolerance_m, snapping_distance=tolerance_m
    )
    return changed(plane, outlines, dict(zip(codes, clean, strict=True)))


def clip(outline: Any, parent: Any) -> Any:
    """Cut off what lies outside the area that must hold it; an empty polygon when nothing lies inside."""
    plane = Plane.around([outline, parent])
    inside = shapely.intersection(valid(plane.flat(outline)), valid(plane.flat(parent)))
    return degrees(plane, polygons_of(inside))


def move(outline: Any, east_m: float, north_m: float) -> Any:
    """Move a whole outline by so many metres."""
    plane = Plane.around([outline])
    return degrees(plane, shapely.transform(plane.flat(outline), lambda at: at + np.array((east_m, north_m))))


def degrees(plane: Plane, outline: Any) -> Any:
    rounded = shapely.transform(plane.degrees(outline), lambda at: np.round(at, DECIMALS))
    return valid(rounded)


def changed(plane: Plane, before: Outlines, after: Outlines) -> Changed:
    """Keep what moved by more than the rounding of numbers."""
    found: Changed = {}
    for code, outline in after.items():
        outline = degrees(plane, polygons_of(outline))
        moved = shapely.symmetric_difference(plane.flat(outline), valid(plane.flat(before[code])))
        if moved.area > NOISE_M2:
            found[code] = outline
    return found
