"""Whether grids cover their land without gap and without overlap: every place where they do not, named and measured.

Pure geometry in memory (decision 0027): 5,459 grids with 850,000 vertices take some seconds.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from onegrid.kit.outlines import At, inner_point, polygons_of
from onegrid.kit.plane import Plane

GAP, OVERLAP, OUTSIDE, SLIVER = "gap", "overlap", "outside", "sliver"
DUPLICATE, SHIFT, BROKEN = "duplicate", "shift", "broken"
NO_GRID, NO_OUTLINE = "no_grid", "no_outline"
# The gravest first; findings come in this order.
KINDS = (BROKEN, DUPLICATE, OVERLAP, GAP, OUTSIDE, SHIFT, SLIVER, NO_GRID, NO_OUTLINE)

# Thinner or smaller than this is a sliver: a line drawn twice, not land that somebody forgot.
SLIVER_WIDTH_M = 3.0
SLIVER_M2 = 30.0
# Thinner or smaller than this is the rounding of seven decimals, and nothing at all.
NOISE_WIDTH_M = 0.02
NOISE_M2 = 0.05
# So much of the larger of two outlines in common makes them the same one.
SAME_SHARE = 0.95
# Points look so far for the points of their neighbours; so many must say the same, within this, to speak of a shift.
SHIFT_REACH_M = 10.0
SHIFT_SHARE = 0.6
SHIFT_SPREAD_M = 0.1
TOUCH_M = 0.05
# Who shares less of a gap's edge than this part of the longest share only meets its corner.
NEIGHBOUR_SHARE = 0.1
# The neighbourhood of a change: what lies so near to it is checked with it.
NEAR_M = 30.0

Flat = NDArray[Any]


@dataclass(frozen=True)
class Grid:
    """A grid: its code, its valid outline in degrees (None: not drawn yet), the code of the area that must hold it."""

    code: str
    outline: Any
    parent: str = ""


@dataclass(frozen=True)
class Finding:
    """One fault: whose it is, how large, a point inside it and its outline in degrees."""

    kind: str
    codes: tuple[str, ...]
    area_m2: float = 0.0
    at: At | None = None
    outline: Any = None
    # What a sliver would be if it were wide: gap, overlap or outside.
    of: str = ""
    # Metres east and north by which a shifted grid lies off.
    shift: tuple[float, float] | None = None

    @property
    def nature(self) -> str:
        """Gap, overlap or outside, wide or thin; other kinds are their own."""
        return self.of or self.kind


def check(
    grids: Sequence[Grid],
    parents: Mapping[str, Any] | None = None,
    *,
    served: Sequence[Any] = (),
    within: Any = None,
) -> list[Finding]:
    """Return all faults, the gravest first.

    `parents` holds the outlines (degrees) of areas that the grids must fill, by code; without any, a gap is a hole
    between grids. `served` are outlines of special grids: what they cover is no gap. `within` checks one neighbourhood
    only: give what changed, as it was and as it is.
    """
    parents = parents or {}
    found = [Finding(NO_OUTLINE, (grid.code,)) for grid in grids if grid.outline is None and within is None]
    drawn = [grid for grid in grids if grid.outline is not None]
    if not drawn and not parents:
        return found
    sheet = Sheet(drawn, parents, served, within)
    pieces = [*sheet.overlaps(), *sheet.outsides(), *sheet.gaps()]
    shifts = list(sheet.shifts(pieces))
    pieces = [piece for piece in pieces if not any(explains(shift, piece) for shift in shifts)]
    found += [*sheet.broken(), *sheet.empty_parents(), *grouped(pieces), *shifts]
    return sorted((sheet.told(one) for one in found if sheet.concerns(one)), key=gravity)


def gravity(finding: Finding) -> tuple[int, float, tuple[str, ...]]:
    return KINDS.index(finding.kind), -finding.area_m2, finding.codes


class Sheet:
    """Grids and parents laid on one plane in metres."""

    def __init__(self, grids: Sequence[Grid], parents: Mapping[str, Any], served: Sequence[Any], within: Any) -> None:
        outlines = [*(grid.outline for grid in grids), *parents.values()]
        self.plane = Plane.around(outlines)
        self.region = None if within is None else self.plane.flat(within).buffer(NEAR_M).envelope
        self.grids = [grid for grid in grids if self._near(grid.outline)]
        drawn = np.array([grid.outline for grid in self.grids], dtype=object)
        self.invalid: list[int] = np.flatnonzero(~np.asarray(shapely.is_valid(drawn), dtype=bool)).tolist()
        drawn[self.invalid] = [valid(outline) for outline in drawn[self.invalid]]
        self.flat = self.plane.flat(drawn)
        self.tree = shapely.STRtree(self.flat)
        self.parents = {code: valid(self.plane.flat(outline)) for code, outline in parents.items()}
        self.served = [valid(self.plane.flat(outline)) for outline in served]
        self.whole_check = within is None

    def _near(self, outline: Any) -> bool:
        return self.region is None or bool(shapely.intersects(self.plane.flat(shapely.envelope(outline)), self.region))

    def codes(self, places: Iterable[int]) -> tuple[str, ...]:
        return tuple(sorted({self.grids[place].code for place in places}))

    @cached_property
    def amiss(self) -> NDArray[np.bool_]:
        """Which grids have an edge that is neither free nor the exact edge of one neighbour."""
        edges = shapely.coverage_invalid_edges(self.flat) if len(self.flat) else self.flat
        bad: NDArray[np.bool_] = ~np.asarray(shapely.is_empty(edges), dtype=bool)
        return bad

    @cached_property
    def covered(self) -> Any:
        """All land that some grid covers."""
        sound = shapely.coverage_union_all(self.flat[~self.amiss])
        return shapely.union_all([sound, *self.flat[self.amiss]])

    @cached_property
    def unserved(self) -> list[str]:
        """Parents in which no grid is drawn, the innermost only."""
        served = {grid.parent[:end] for grid in self.grids for end in range(1, len(grid.parent) + 1)}
        empty = [code for code in self.parents if code not in served]
        return [code for code in empty if not any(other != code and other.startswith(code) for other in self.parents)]

    def broken(self) -> Iterator[Finding]:
        for place in self.invalid:
            yield Finding(BROKEN, (self.grids[place].code,), outline=self.flat[place])

    def empty_parents(self) -> Iterator[Finding]:
        if self.whole_check:
            for code in self.unserved:
                yield Finding(NO_GRID, (code,), self.parents[code].area, outline=self.parents[code])

    def overlaps(self) -> Iterator[Finding]:
        """What belongs to two grids at once."""
        places = np.flatnonzero(self.amiss)
        bad = self.flat[places]
        one, other = shapely.STRtree(bad).query(bad, predicate="intersects")
        one, other = one[one < other], other[one < other]
        common = shapely.intersection(bad[one], bad[other])
        larger = np.maximum(shapely.area(bad[one]), shapely.area(bad[other]))
        for i, j, area, outline, most in zip(one, other, shapely.area(common), common, larger, strict=True):
            codes = self.codes((places[i], places[j]))
            if area > SAME_SHARE * most:
                yield Finding(DUPLICATE, codes, float(area), outline=polygons_of(outline))
            elif area > NOISE_M2:
                yield from pieces_of(OVERLAP, codes, outline)

    def outsides(self) -> Iterator[Finding]:
        """What of a grid lies outside the area that must hold it."""
        by_parent: dict[str, list[int]] = defaultdict(list)
        for place, grid in enumerate(self.grids):
            if grid.parent in self.parents:
                by_parent[grid.parent].append(place)
        for code, places in by_parent.items():
            parent = self.parents[code]
            shapely.prepare(parent)
            mine = self.flat[places]
            for place in np.asarray(places)[~shapely.covers(parent, mine)]:
                yield from pieces_of(OUTSIDE, (self.grids[place].code,), shapely.difference(self.flat[place], parent))

    def gaps(self) -> Iterator[Finding]:
        """Land of the parents that no grid covers; without parents, the holes between grids."""
        missing = pieces(self.uncovered())
        near, grid = self.tree.query(missing, predicate="dwithin", distance=TOUCH_M)
        common = shapely.area(shapely.intersection(shapely.buffer(missing[near], TOUCH_M), self.flat[grid]))
        for place, piece in enumerate(missing):
            beside, edge = grid[near == place], common[near == place]
            yield from pieces_of(GAP, self.codes(beside[edge > NEIGHBOUR_SHARE * edge.max(initial=0)]), piece)

    def uncovered(self) -> Any:
        if not self.parents:
            return shapely.difference(filled(self.covered), shapely.union_all([self.covered, *self.served]))
        empty = [self.parents[code] for code in self.unserved]
        land = [outline for code, outline in self.parents.items() if code not in self.unserved]
        if self.region is not None:
            land = [outline.intersection(self.region) for outline in land]
        return shapely.difference(shapely.union_all(land), shapely.union_all([self.covered, *self.served, *empty]))

    def shifts(self, found: Sequence[Finding]) -> Iterator[Finding]:
        """Grids that lie off as a whole: most of their points miss those around them by the same few metres."""
        natures: dict[str, set[str]] = defaultdict(set)
        for piece in found:
            for code in piece.codes:
                natures[code].add(piece.nature)
        for place, grid in enumerate(self.grids):
            if len(natures[grid.code]) > 1 and (off := self.shift_of(place)):
                yield Finding(SHIFT, (grid.code,), self.flat[place].area, outline=self.flat[place], shift=off)

    def shift_of(self, place: int) -> tuple[float, float] | None:
        """Metres east and north by which a grid lies off its surroundings, or None."""
        mine = self.flat[place]
        around = [self.flat[other] for other in self.tree.query(mine.buffer(SHIFT_REACH_M)) if other != place]
        parent = self.parents.get(self.grids[place].parent)
        return offset(mine, [*around, *([] if parent is None else [parent])])

    def concerns(self, finding: Finding) -> bool:
        """Whether a finding touches the neighbourhood that was asked for."""
        return self.region is None or finding.outline is None or bool(finding.outline.intersects(self.region))

    def told(self, finding: Finding) -> Finding:
        """The finding with its point and its outline in degrees."""
        if finding.outline is None:
            return finding
        outline = self.plane.degrees(finding.outline)
        return replace(finding, outline=outline, at=inner_point(largest(outline)))


def valid(outline: Any) -> Any:
    if outline.is_valid:
        return outline
    return polygons_of(shapely.make_valid(outline, method="structure", keep_collapsed=False))


def pieces(outline: Any) -> Flat:
    """The parts of a geometry that are more than the rounding of numbers."""
    parts = np.asarray(shapely.get_parts(polygons_of(outline)), dtype=object)
    kept: Flat = parts[(shapely.area(parts) > NOISE_M2) & (width(parts) > NOISE_WIDTH_M)]
    return kept


def pieces_of(kind: str, codes: tuple[str, ...], outline: Any) -> Iterator[Finding]:
    for part in pieces(outline):
        thin = part.area < SLIVER_M2 or float(width(part)) < SLIVER_WIDTH_M
        yield Finding(SLIVER if thin else kind, codes, part.area, outline=part, of=kind if thin else "")


def width(parts: Any) -> Any:
    """The mean width of long pieces in metres: twice the area over the length of the edge."""
    return 2 * shapely.area(parts) / np.maximum(shapely.length(parts), 1e-9)


def grouped(found: Iterable[Finding]) -> Iterator[Finding]:
    """One finding for all slivers of a kind between the same grids: a line drawn twice makes hundreds of pieces."""
    by: dict[tuple[str, tuple[str, ...]], list[Finding]] = defaultdict(list)
    for one in found:
        if one.kind == SLIVER:
            by[one.of, one.codes].append(one)
        else:
            yield one
    for (of, codes), same in by.items():
        outline = shapely.multipolygons([one.outline for one in same]) if len(same) > 1 else same[0].outline
        yield Finding(SLIVER, codes, sum(one.area_m2 for one in same), outline=outline, of=of)


def offset(mine: Any, around: Sequence[Any]) -> tuple[float, float] | None:
    """The vector by which most points of an outline miss the points around it, or None when they do not agree."""
    points, others = shapely.get_coordinates(mine), shapely.get_coordinates(np.array(around, dtype=object))
    if not len(others):
        return None
    tree = shapely.STRtree(np.asarray(shapely.points(others)))
    near, other = tree.query_nearest(shapely.points(points), max_distance=SHIFT_REACH_M, all_matches=False)
    if not len(near):
        return None
    off = points[near] - others[other]
    middle = np.median(off, axis=0)
    agree = np.hypot(*(off - middle).T) < SHIFT_SPREAD_M
    if agree.sum() < SHIFT_SHARE * len(points) or np.hypot(*middle) < NOISE_WIDTH_M:
        return None
    east, north = off[agree].mean(axis=0)
    return float(east), float(north)


def explains(shift: Finding, piece: Finding) -> bool:
    """Whether a piece is the trace of a shifted grid: it lies along that grid's edge, no wider than the shift."""
    assert shift.shift is not None
    if shift.codes[0] not in piece.codes:
        return False
    reach = 1.5 * float(np.hypot(*shift.shift)) + TOUCH_M
    return bool(shapely.boundary(shift.outline).buffer(reach).covers(piece.outline))


def filled(outline: Any) -> Any:
    """The outline without its holes."""
    return shapely.union_all([shapely.polygons(shapely.get_exterior_ring(part)) for part in shapely.get_parts(outline)])


def largest(outline: Any) -> Any:
    return max(shapely.get_parts(outline), key=shapely.area)
