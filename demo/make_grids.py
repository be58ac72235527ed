"""Cut land into grids by seed: Voronoi cells whose wiggling edges neighbours share, point for point."""

import hashlib
import itertools
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

# Seven decimals are a centimetre.
DECIMALS = 7
# How far an edge leaves its straight line, as a share of its length.
SWING = 0.03


def cells(land: Any, count: int, seed: int) -> list[Any]:
    """Cut a polygon into so many cells, sorted from the south-west; pieces of land without a cell join the nearest."""
    chance = np.random.default_rng(seed)
    middles = scattered(land, count, chance)
    found = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(middles), extend_to=land, ordered=True))
    shapely.prepare(land)
    inside = shapely.contains_properly(land, found)
    found = found.copy()
    found[~inside] = shapely.intersection(found[~inside], land)
    return [rounded(cell) for cell in found]


def scattered(land: Any, count: int, chance: np.random.Generator) -> NDArray[np.float64]:
    """So many points of the land, moved apart until none is too near to another."""
    west, south, east, north = land.bounds
    shapely.prepare(land)
    at = np.zeros((0, 2))
    while len(at) < count:
        more = chance.random((4 * count + 50, 2)) * [east - west, north - south] + [west, south]
        at = np.vstack([at, more[shapely.contains_xy(land, more[:, 0], more[:, 1])]])
    return evened(land, at[:count])


def evened(land: Any, at: NDArray[np.float64], rounds: int = 3) -> NDArray[np.float64]:
    """Move each point to the middle of its cell, some times (Lloyd 1982): no cell stays a splinter."""
    for _ in range(rounds):
        found = shapely.voronoi_polygons(shapely.multipoints(at), extend_to=land, ordered=True)
        middle = shapely.get_coordinates(shapely.centroid(shapely.get_parts(found)))
        inside = shapely.contains_xy(land, middle[:, 0], middle[:, 1])
        at = np.where(inside[:, None], middle, at)
    return at


def wiggled(outlines: list[Any], points: int, decimals: int = DECIMALS) -> list[Any]:
    """Bend every edge into so many pieces; the same edge is bent alike wherever it occurs."""
    return [wiggle(outline, points, decimals) for outline in outlines]


def wiggle(outline: Any, points: int, decimals: int) -> Any:
    corners = shapely.get_coordinates(outline.exterior)
    bent = [bend(one, other, points) for one, other in itertools.pairwise(corners)]
    ring = np.round(np.vstack([*bent, corners[:1]]), decimals)
    return shapely.polygons(ring[np.concatenate([[True], (ring[1:] != ring[:-1]).any(axis=1)])])


def bend(one: NDArray[np.float64], other: NDArray[np.float64], points: int) -> NDArray[np.float64]:
    """The edge from one corner on, without the other: a sum of waves whose chance is in the edge's own numbers."""
    turned = tuple(other) < tuple(one)
    begin, end = (other, one) if turned else (one, other)
    sum_ = hashlib.blake2b(np.round([*begin, *end], DECIMALS).tobytes(), digest_size=8).digest()
    chance = np.random.default_rng(int.from_bytes(sum_, "big"))
    along = np.linspace(0, 1, points + 1)
    aside = sum(chance.normal() / wave * np.sin(np.pi * wave * along) for wave in range(1, 9)) * SWING / 2
    across = np.array([begin[1] - end[1], end[0] - begin[0]])
    line: NDArray[np.float64] = begin + along[:, None] * (end - begin) + np.asarray(aside)[:, None] * across
    line[0], line[-1] = begin, end
    return line[::-1][:-1] if turned else line[:-1]


def rounded(outline: Any) -> Any:
    return shapely.transform(outline, lambda at: np.round(at, DECIMALS))
