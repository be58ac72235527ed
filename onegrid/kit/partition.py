"""Grids as one seamless net: split, merge and reshape outlines so that what neighbours share stays shared.

Pure; degrees WGS-84. A vertex that two grids share is the same pair of numbers in both, so a moved one moves in every
grid that has it and neither gap nor overlap can come in between. Nothing is rounded but what a person draws.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

Spot = tuple[float, float]
Ring = list[Spot]
Outline = Polygon | MultiPolygon
Net = Mapping[str, Outline]

DIGITS = 7
# About a centimetre: what lies closer is the same vertex, or lies on the edge.
STEP = 1e-7
# About ten square metres, and about twenty centimetres on average: less is a sliver and no grid.
SMALLEST, THINNEST = 1e-9, 2e-6
# How far a vertex may lie from the edge into which it is put, about fifty metres.
REACH = 5e-4


class Unfit(ValueError):
    """It cannot be done so; `code` says why: line, misses, several, ends, hole, sliver, border, nothing, taken,
    tangled, apart, overlap, needed, drawing; of an outline that is carved out: elsewhere, whole, pieces (of `grid`),
    scattered."""

    def __init__(self, code: str, grid: str = "") -> None:
        super().__init__(code)
        self.code, self.grid = code, grid


def split(net: Net, key: str, line: Sequence[Spot], names: tuple[str, str]) -> dict[str, Outline]:
    """Cut the outline of `key` in two by a line that begins and ends outside of it, or on its edge.

    Returns the two pieces by their names, the first to the left of the line, and every neighbour that got a vertex.
    """
    path = inside_path(net[key], line)
    ends = (path[0], path[-1])
    changed = dict(pinned(net, ends, STEP))
    outline = changed.get(key, net[key])
    rest = [part for part in parts(outline) if not on_ring(part.exterior, ends)]
    whole = next((part for part in parts(outline) if on_ring(part.exterior, ends)), None)
    if whole is None:
        raise Unfit("hole")
    one, two = cut(whole, path)
    larger = 0 if one.area >= two.area else 1
    pieces = [[one], [two]]
    pieces[larger] += rest
    made = [joined_parts(piece) for piece in pieces]
    same_ground([outline], made)
    changed.pop(key, None)
    return {**changed, names[0]: made[0], names[1]: made[1]}


def merge(net: Net, keys: Sequence[str], name: str) -> dict[str, Outline]:
    """Make one outline of several that touch along an edge."""
    if len(set(keys)) < 2:
        raise Unfit("apart")
    noded = with_shared_vertices(net, keys)
    former = [noded.get(key, net[key]) for key in keys]
    whole = shapely.union_all(former)
    if not isinstance(whole, (Polygon, MultiPolygon)):
        raise Unfit("apart")
    if len(parts(whole)) > sum(len(parts(one)) for one in former) - (len(former) - 1):
        raise Unfit("apart")
    same_ground(former, [whole])
    return {**{key: one for key, one in noded.items() if key not in keys}, name: whole}


def move(net: Net, moves: Mapping[Spot, Spot]) -> dict[str, Outline]:
    """Move shared vertices, each in every grid that has it; two at once move the edge between them."""
    work, touched = dict(net), dict[str, Outline]()
    for at in moves:
        touched |= work_on(work, pinned(work, [nearest_vertex(work, at)], STEP))
    keys = sorted({key for at in moves for key in having(work, at)})
    touched |= work_on(work, with_shared_vertices(work, keys))
    keys = sorted({key for at in moves for key in having(work, at)})
    former = [work[key] for key in keys]
    ground = shapely.union_all(former)
    if not all(ground.contains(Point(at)) for at in moves):
        raise Unfit("border")
    turned = {key: replaced(work[key], moves) for key in keys}
    same_ground(former, list(turned.values()))
    return {**touched, **turned}


def insert(net: Net, near: Spot) -> tuple[Spot, dict[str, Outline]]:
    """Put a vertex into the edge next to this point, in every grid that has the edge; returns where it lies."""
    key = min(net, key=lambda one: float(shapely.distance(net[one].boundary, Point(near))), default=None)
    if key is None or shapely.distance(net[key].boundary, Point(near)) > REACH:
        raise Unfit("nothing")
    edge = net[key].boundary
    found = edge.interpolate(edge.project(Point(near))) if isinstance(edge, LineString) else nearest_on(edge, near)
    spot = (found.x, found.y)
    if any(apart(spot, one) <= STEP for one in vertices(net[key])):
        raise Unfit("taken")
    return spot, pinned(net, [spot], STEP)


def remove(net: Net, at: Spot) -> dict[str, Outline]:
    """Take a vertex out of every grid that has it: only where exactly one edge runs through it."""
    spot = nearest_vertex(net, at)
    keys = having(net, spot)
    noded = with_shared_vertices(net, keys)
    work = {**net, **noded}
    keys = having(work, spot)
    beside = {frozenset(neighbours) for key in keys for neighbours in around(work[key], spot)}
    if len(keys) < 2 or len(beside) != 1:
        raise Unfit("needed")
    turned = {key: without(work[key], spot) for key in keys}
    same_ground([work[key] for key in keys], list(turned.values()))
    return {**noded, **turned}


def drawn(ring: Sequence[Spot]) -> Polygon:
    """The outline that a person drew, rounded; raises Unfit where it crosses itself or is too small."""
    rounded = list(dict.fromkeys(rounded_spot(spot) for spot in ring))
    if len(rounded) < 3:
        raise Unfit("drawing")
    outline = Polygon(rounded)
    if not outline.is_valid:
        raise Unfit("drawing")
    if is_sliver(outline):
        raise Unfit("sliver")
    return outline


def neighbours(net: Net, keys: Iterable[str]) -> list[str]:
    """The grids that touch one of these, without them."""
    names = list(net)
    tree = shapely.STRtree([net[name] for name in names])
    own = [key for key in keys if key in net]
    _which, found = tree.query(shapely.buffer([net[key] for key in own], STEP), predicate="intersects")
    return sorted({names[row] for row in found} - set(own))


def inside_path(outline: Outline, line: Sequence[Spot]) -> Ring:
    """The part of the line that lies in the outline, in the direction of the line; exactly one piece, edge to edge."""
    drawn_line = LineString([rounded_spot(spot) for spot in line]) if len(set(line)) > 1 else LineString()
    if drawn_line.is_empty or not drawn_line.is_simple:
        raise Unfit("line")
    pieces = [one for one in lines(shapely.intersection(drawn_line, outline)) if one.length > STEP]
    if not pieces:
        raise Unfit("misses")
    # A piece may come in parts that touch: the crossing of a vertex of the line is no end.
    whole = lines(shapely.line_merge(shapely.MultiLineString(pieces)))
    if len(whole) > 1:
        raise Unfit("several")
    path = [(x, y) for x, y in whole[0].coords]
    edge = outline.boundary
    if any(shapely.distance(edge, Point(end)) > STEP for end in (path[0], path[-1])):
        raise Unfit("ends")
    forward = drawn_line.project(Point(path[0])) < drawn_line.project(Point(path[-1]))
    return path if forward else path[::-1]


def cut(part: Polygon, path: Ring) -> tuple[Polygon, Polygon]:
    """Two polygons out of one, left and right of the path; holes go where they lie."""
    ring = counterclockwise(part.exterior)
    start, end = place_of(ring, path[0]), place_of(ring, path[-1])
    if start == end:
        raise Unfit("line")
    between = [rounded_spot(spot) for spot in path[1:-1]]
    between = [spot for spot in between if min(apart(spot, ring[start]), apart(spot, ring[end])) > STEP]
    sides = ([*walk(ring, end, start), *between], [*walk(ring, start, end), *reversed(between)])
    if min(len(side) for side in sides) < 3:
        # Along an edge: nothing lies between.
        raise Unfit("sliver")
    left, right = (Polygon(side) for side in sides)
    if not left.is_valid or not right.is_valid:
        raise Unfit("tangled")
    holes = rings_of(part)[1:]
    return with_holes(left, holes), with_holes(right, holes)


def with_holes(shell: Polygon, holes: list[Ring]) -> Polygon:
    return Polygon(shell.exterior, [hole for hole in holes if shell.contains(Polygon(hole).representative_point())])


def walk(ring: Ring, start: int, end: int) -> Ring:
    """The vertices from one place of the ring to another, both included."""
    return ring[start : end + 1] if start <= end else [*ring[start:], *ring[: end + 1]]


def pinned(net: Net, spots: Iterable[Spot], reach: float) -> dict[str, Outline]:
    """The grids that got one of these points as a new vertex, because it lies on an edge of theirs."""
    changed: dict[str, Outline] = {}
    for spot in spots:
        box = shapely.box(spot[0] - reach, spot[1] - reach, spot[0] + reach, spot[1] + reach)
        for key, known in net.items():
            outline = changed.get(key, known)
            if not shapely.intersects(outline, box) or shapely.distance(outline.boundary, Point(spot)) > reach:
                continue
            if all(apart(spot, one) > reach for one in vertices(outline)):
                changed[key] = with_vertex(outline, spot)
    return changed


def with_shared_vertices(net: Net, keys: Sequence[str]) -> dict[str, Outline]:
    """These grids and what touches them, with every vertex of the one that lies on an edge of the other in both."""
    work, changed = dict(net), dict[str, Outline]()
    for key in keys:
        for other in neighbours(work, [key]):
            changed |= work_on(work, lent(work, key, other))
            changed |= work_on(work, lent(work, other, key))
    return changed


def lent(net: Net, key: str, other: str) -> dict[str, Outline]:
    """`key` with the vertices of the other that lie on its edges."""
    theirs = np.array(vertices(net[other]))
    near = theirs[shapely.distance(net[key].boundary, shapely.points(theirs)) <= STEP]
    own = np.array(vertices(net[key]))
    missing = [spot for spot in near if np.hypot(*(own - spot).T).min() > STEP]
    outline = net[key]
    for spot in missing:
        outline = with_vertex(outline, (float(spot[0]), float(spot[1])))
    return {key: outline} if missing else {}


def work_on(work: dict[str, Outline], changed: dict[str, Outline]) -> dict[str, Outline]:
    work.update(changed)
    return changed


def with_vertex(outline: Outline, spot: Spot) -> Outline:
    """The outline with one more vertex, in the edge nearest to it."""
    rings = [ring for part in parts(outline) for ring in rings_of(part)]
    point = Point(spot)
    best = min(
        (float(shapely.distance(LineString([ring[at], ring[at + 1]]), point)), number, at)
        for number, ring in enumerate(rings)
        for at in range(len(ring) - 1)
    )
    rings[best[1]].insert(best[2] + 1, spot)
    return rebuilt(outline, iter(rings))


def replaced(outline: Outline, moves: Mapping[Spot, Spot]) -> Outline:
    """The outline with vertices in their new places; raises Unfit where it would cross itself or two would meet."""
    aims = {at: rounded_spot(to) for at, to in moves.items()}

    def turned(ring: Ring) -> Ring:
        found = [next((to for at, to in aims.items() if apart(at, spot) <= STEP), spot) for spot in ring]
        if len(set(found)) != len(set(ring)):
            raise Unfit("taken")
        return found

    rings = [turned(ring) for part in parts(outline) for ring in rings_of(part)]
    changed = rebuilt(outline, iter(rings))
    if not changed.is_valid:
        raise Unfit("tangled")
    return changed


def without(outline: Outline, spot: Spot) -> Outline:
    rings = []
    for ring in (ring for part in parts(outline) for ring in rings_of(part)):
        left = [one for one in ring[:-1] if apart(one, spot) > STEP]
        if len(left) < 3:
            raise Unfit("needed")
        rings.append([*left, left[0]])
    changed = rebuilt(outline, iter(rings))
    if not changed.is_valid:
        raise Unfit("tangled")
    return changed


def same_ground(before: Sequence[Outline], after: Sequence[Outline]) -> None:
    """Raise Unfit unless the new outlines cover what the old ones covered, each point once, and none is a sliver."""
    if any(not one.is_valid for one in after):
        raise Unfit("tangled")
    if any(is_sliver(part) for one in after for part in parts(one)):
        raise Unfit("sliver")
    covered, ground = shapely.union_all(list(after)), shapely.union_all(list(before))
    if sum(one.area for one in after) - covered.area > SMALLEST * 1e-3:
        raise Unfit("overlap")
    if shapely.symmetric_difference(covered, ground).area > SMALLEST * 1e-3:
        raise Unfit("tangled")


def is_sliver(part: Polygon) -> bool:
    return bool(part.area < SMALLEST or 2 * part.area / part.length < THINNEST)


def having(net: Net, spot: Spot) -> list[str]:
    """The grids of which this point is a vertex."""
    near = [key for key, one in net.items() if shapely.distance(one, Point(spot)) <= STEP]
    return [key for key in near if any(apart(spot, one) <= STEP for one in vertices(net[key]))]


def nearest_vertex(net: Net, at: Spot) -> Spot:
    near = [one for one in net.values() if shapely.distance(one, Point(at)) <= STEP]
    found = [spot for one in near for spot in vertices(one) if apart(at, spot) <= STEP]
    if not found:
        raise Unfit("nothing")
    return min(found, key=lambda spot: apart(at, spot))


def around(outline: Outline, spot: Spot) -> Iterator[tuple[Spot, Spot]]:
    """The vertices before and after this one, for every ring that has it."""
    for ring in (ring for part in parts(outline) for ring in rings_of(part)):
        own = ring[:-1]
        for place, one in enumerate(own):
            if apart(one, spot) <= STEP:
                yield own[place - 1], own[(place + 1) % len(own)]


def nearest_on(edge: BaseGeometry, near: Spot) -> Point:
    line = min(lines(edge), key=lambda one: float(shapely.distance(one, Point(near))))
    return line.interpolate(line.project(Point(near)))


def parts(outline: Outline) -> list[Polygon]:
    return list(outline.geoms) if isinstance(outline, MultiPolygon) else [outline]


def joined_parts(pieces: Sequence[Polygon]) -> Outline:
    return pieces[0] if len(pieces) == 1 else MultiPolygon(list(pieces))


def rings_of(part: Polygon) -> list[Ring]:
    """Closed rings, the outer one first."""
    return [[(x, y) for x, y, *_height in ring.coords] for ring in (part.exterior, *part.interiors)]


def rebuilt(outline: Outline, rings: Iterator[Ring]) -> Outline:
    """The same parts and holes out of other rings, in the same order."""
    made = []
    for part in parts(outline):
        shell, *holes = [next(rings) for _ring in range(1 + len(part.interiors))]
        made.append(Polygon(shell, holes))
    return joined_parts(made)


def vertices(outline: Outline) -> Ring:
    return [spot for part in parts(outline) for ring in rings_of(part) for spot in ring[:-1]]


def on_ring(ring: BaseGeometry, spots: Iterable[Spot]) -> bool:
    return all(shapely.distance(ring, Point(spot)) <= STEP for spot in spots)


def counterclockwise(ring: shapely.LinearRing) -> Ring:
    """The vertices of the ring, each once, with the inside to the left."""
    found = [(x, y) for x, y, *_height in ring.coords][:-1]
    return found if ring.is_ccw else found[::-1]


def place_of(ring: Ring, spot: Spot) -> int:
    return min(range(len(ring)), key=lambda place: apart(ring[place], spot))


def lines(geometry: BaseGeometry) -> list[LineString]:
    return [one for one in shapely.get_parts(geometry) if isinstance(one, LineString)]


def rounded_spot(spot: Spot) -> Spot:
    return (round(float(spot[0]), DIGITS), round(float(spot[1]), DIGITS))


def apart(one: Spot, other: Spot) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))
