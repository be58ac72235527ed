"""A new outline cut out of those below it: they lose exactly what it gets, and what neighbours share stays shared.

Pure; degrees WGS-84. Wherever the drawn line meets an edge, both sides get a vertex first; then the outlines are put
together out of whole edges, so that no number is worked out twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import cast

import shapely
from shapely.geometry import LineString, Point, Polygon

from onegrid.kit.partition import (
    SMALLEST,
    STEP,
    Net,
    Outline,
    Spot,
    Unfit,
    apart,
    drawn,
    is_sliver,
    joined_parts,
    nearest_on,
    parts,
    pinned,
    rings_of,
    same_ground,
    vertices,
    with_shared_vertices,
    work_on,
)

# The drawn outline among the grids; no grid is called so.
DRAWN = ""
Faces = dict[str, list[Polygon]]


def carve(net: Net, keys: Iterable[str], ring: Sequence[Spot], name: str) -> tuple[list[str], dict[str, Outline]]:
    """Give `name` what lies in the ring of these grids; what of the ring lies elsewhere is nobody's loss.

    Returns the grids that lose land, and the new outlines: `name`, what is left of those grids, and every neighbour
    that got a vertex. Who is wholly covered is among the losers and has no outline any more.
    """
    outline = drawn(ring)
    below = [key for key in keys if shapely.intersection(net[key], outline).area > STEP * STEP]
    former = [net[key] for key in below]
    if sum(one.area for one in former) - shapely.union_all(former).area > SMALLEST * 1e-3:
        raise Unfit("overlap")
    work, changed = meshed(net, below, outline)
    taken, left = shared_out({key: work[key] for key in below}, work[DRAWN])
    if not taken:
        raise Unfit("elsewhere")
    ground = {key: work[key] for key in taken}
    new, rests = new_land(taken), remainders(ground, left)
    if len(ground) == 1 and not rests:
        raise Unfit("whole")
    same_ground(list(ground.values()), [new, *rests.values()])
    return list(ground), {key: one for key, one in changed.items() if key not in ground} | rests | {name: new}


def meshed(net: Net, below: Sequence[str], outline: Polygon) -> tuple[dict[str, Outline], dict[str, Outline]]:
    """All grids with the drawn outline among them, every meeting of its line and an edge a vertex of both; and which
    grids that changed."""
    work, changed = dict(net), dict[str, Outline]()
    changed |= work_on(work, with_shared_vertices(work, below))
    near = [key for key in work if shapely.distance(work[key], outline) <= STEP]
    work[DRAWN] = settled(outline, [work[key] for key in near])
    changed |= work_on(work, pinned(work, crossings(work[DRAWN], [work[key] for key in near]), STEP))
    changed |= work_on(work, with_shared_vertices(work, [DRAWN]))
    changed.pop(DRAWN, None)
    return work, changed


def settled(outline: Polygon, grids: Sequence[Outline]) -> Polygon:
    """The drawn outline with what lies at a vertex or on an edge lying there exactly."""
    ring = list(dict.fromkeys(settled_spot(spot, grids) for spot in vertices(outline)))
    made = Polygon(ring) if len(ring) > 2 else Polygon()
    if made.is_empty or not made.is_valid:
        raise Unfit("drawing")
    return made


def settled_spot(spot: Spot, grids: Sequence[Outline]) -> Spot:
    near = [one for one in grids if shapely.distance(one.boundary, Point(spot)) <= STEP]
    if found := [at for one in near for at in vertices(one) if apart(at, spot) <= STEP]:
        return min(found, key=lambda at: apart(at, spot))
    if near:
        on = nearest_on(near[0].boundary, spot)
        return on.x, on.y
    return spot


def crossings(outline: Outline, grids: Sequence[Outline]) -> Iterator[Spot]:
    """Where the line of the outline meets an edge; at a vertex that is there, that vertex."""
    for grid in grids:
        met = shapely.get_coordinates(shapely.intersection(outline.boundary, grid.boundary))
        known = [*vertices(grid), *vertices(outline)] if len(met) else []
        for x, y in met:
            spot = (float(x), float(y))
            yield min((at for at in known if apart(at, spot) <= STEP), key=lambda at: apart(at, spot), default=spot)


def shared_out(ground: Mapping[str, Outline], outline: Outline) -> tuple[Faces, Faces]:
    """The pieces of each grid inside of the outline, and those outside."""
    taken, left = Faces(), Faces()
    for face in faces([*ground.values(), outline]):
        point = face.representative_point()
        key = next((key for key, one in ground.items() if shapely.contains(one, point)), None)
        if key is not None:
            (taken if shapely.contains(outline, point) else left).setdefault(key, []).append(face)
    return taken, left


def faces(outlines: Iterable[Outline]) -> list[Polygon]:
    """The smallest pieces between the edges of all of them."""
    rings = [ring for outline in outlines for part in parts(outline) for ring in rings_of(part)]
    edges = {(min(pair), max(pair)) for ring in rings for pair in pairwise(ring)}
    found = shapely.get_parts(shapely.polygonize([LineString(edge) for edge in sorted(edges)]))
    return [face for face in found if isinstance(face, Polygon)]


def new_land(taken: Faces) -> Outline:
    """The land of the new grid: one piece, and of each grid more than a sliver."""
    if any(is_sliver(part) for pieces in taken.values() for part in parts(whole(pieces))):
        raise Unfit("sliver")
    new = whole([piece for pieces in taken.values() for piece in pieces])
    if len(parts(new)) > 1:
        raise Unfit("scattered")
    return new


def remainders(ground: Mapping[str, Outline], left: Faces) -> dict[str, Outline]:
    """What is left of each grid: each of its parts stays in one piece, or is gone."""
    return {key: joined_parts(remainder(key, ground[key], left[key])) for key in ground if key in left}


def remainder(key: str, former: Outline, pieces: Sequence[Polygon]) -> list[Polygon]:
    by_part: dict[int, list[Polygon]] = defaultdict(list)
    for piece in pieces:
        point = piece.representative_point()
        by_part[next(n for n, part in enumerate(parts(former)) if shapely.contains(part, point))].append(piece)
    rests = [whole(found) for found in by_part.values()]
    if any(len(parts(rest)) > 1 for rest in rests):
        raise Unfit("pieces", key)
    return [part for rest in rests for part in parts(rest)]


def whole(pieces: Sequence[Polygon]) -> Outline:
    return cast(Outline, shapely.coverage_union_all(list(pieces)))
