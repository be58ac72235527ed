"""The lines between areas, each once: two neighbours share one line, and it knows both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

DECIMALS = 5
SCALE = 10**DECIMALS
# Counted from here no degree is negative.
CORNER = np.array([180, 90])
# In degrees, about ten metres: areas that lie so near and do not quite touch are neighbours all the same.
NEAR = 0.0001
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Line:
    """A line of an area; `other`: the neighbour that has the very same one, `beside`: who lies on its other side."""

    code: str
    other: str
    beside: str
    drawn: Any


def mesh(shapes: Mapping[str, Any]) -> list[Line]:
    """The lines of these areas, which are to share their edges point for point; rounded to DECIMALS."""
    codes, outlines = sorted(shapes), np.array([shapes[code] for code in sorted(shapes)], dtype=object)
    begin, end, one, other = segments(outlines)
    if not len(begin):
        return []
    beside = np.where(one == other, neighbours(outlines, begin, end, one, other), other)
    order = np.lexsort((beside, other, one))
    begin, end, one, other, beside = (column[order] for column in (begin, end, one, other, beside))
    first = begins(one, other, beside)
    group = np.cumsum(first) - 1
    straight: Any = shapely.linestrings(np.stack([degrees(begin), degrees(end)], axis=1))
    merged: Any = shapely.line_merge(shapely.multilinestrings(straight, indices=group))
    names = [*codes, ""]
    return [
        Line(names[a], names[b] if a != b else "", names[c], line)
        for a, b, c, line in zip(one[first], other[first], beside[first], merged, strict=True)
    ]


def segments(outlines: Any) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Each straight piece once: its two ends, and the places of the one or two outlines that have it."""
    parts, of = shapely.get_parts(outlines, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    pairs, ring = shapely.get_coordinates(rings, return_index=True)
    at = np.round((pairs + CORNER) * SCALE).astype(np.int64)
    spot = at[:, 0] << 32 | at[:, 1]
    kept = (ring[1:] == ring[:-1]) & (spot[1:] != spot[:-1])
    low, high = np.minimum(spot[:-1], spot[1:])[kept], np.maximum(spot[:-1], spot[1:])[kept]
    owner = of[part[ring[:-1][kept]]].astype(np.int64)
    order = np.lexsort((owner, high, low))
    low, high, owner = low[order], high[order], owner[order]
    first = np.flatnonzero(begins(low, high))
    last = np.append(first, len(low))[1:] - 1
    return low[first], high[first], owner[first], owner[last]


def begins(*columns: Numbers) -> NDArray[np.bool_]:
    """Of sorted rows: where one differs from the row before it."""
    differs = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return np.concatenate([[True], differs])[: len(columns[0])]


def degrees(spots: Numbers) -> Any:
    return (np.stack([spots >> 32, spots & 0xFFFFFFFF], axis=1) - CORNER * SCALE) / SCALE


def neighbours(outlines: Any, begin: Numbers, end: Numbers, one: Numbers, other: Numbers) -> Numbers:
    """For each piece that only one outline has, the place of another one that lies near; -1: the land ends there."""
    found = np.full(len(one), -1, dtype=np.int64)
    alone = np.flatnonzero(one == other)
    middles = shapely.points((degrees(begin[alone]) + degrees(end[alone])) / 2)
    which, near = shapely.STRtree(outlines).query(middles, predicate="dwithin", distance=NEAR)
    foreign = near != one[alone][which]
    found[alone[which[foreign]]] = near[foreign]
    return found
