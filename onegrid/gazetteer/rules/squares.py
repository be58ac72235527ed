"""Tiles of Web Mercator: which of them cover a box, and where their corners lie."""

import math
from collections.abc import Iterator

# Beyond it the projection ends.
NORTHMOST = 85.0511
Box = tuple[float, float, float, float]


def column(lon: float, zoom: int) -> float:
    return (lon + 180) / 360 * (1 << zoom)


def row(lat: float, zoom: int) -> float:
    north = math.radians(max(-NORTHMOST, min(NORTHMOST, lat)))
    return (1 - math.asinh(math.tan(north)) / math.pi) / 2 * (1 << zoom)


def longitude(column: float, zoom: int) -> float:
    return column / (1 << zoom) * 360 - 180


def latitude(row: float, zoom: int) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / (1 << zoom)))))


def zoom_for(box: Box, wide: float, side: int) -> int:
    """The zoom at which tiles of `side` points are drawn at about their own size in a picture `wide` points wide."""
    west, _south, east, _north = box
    return max(0, math.ceil(math.log2(wide / max(east - west, 1e-9) * 360 / side) - 0.5))


def covering(box: Box, zoom: int) -> Iterator[tuple[int, int]]:
    """Columns and rows of the tiles that a box touches."""
    west, south, east, north = box
    last = (1 << zoom) - 1
    for y in range(within(row(north, zoom), last), within(row(south, zoom), last) + 1):
        for x in range(within(column(west, zoom), last), within(column(east, zoom), last) + 1):
            yield x, y


def within(place: float, last: int) -> int:
    return max(0, min(last, math.floor(place)))
