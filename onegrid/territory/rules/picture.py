"""Outlines as a small drawing for pages: paths in a box of a given width, north above. Pure."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import shapely
from shapely.geometry import shape

from onegrid.kit.partition import Outline, Spot, parts, rings_of

WIDTH, HIGHEST, EDGE = 320.0, 320.0, 6.0


@dataclass(frozen=True)
class Shape:
    """One grid: its path, and where its name stands."""

    key: str
    path: str
    x: float
    y: float
    on: bool


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    shapes: list[Shape]


def picture(outlines: Mapping[str, Mapping[str, Any] | None], marked: Iterable[str] = ()) -> Picture | None:
    """The outlines side by side as they lie; those in `marked` are shown as meant. None without any outline."""
    drawn = {key: cast(Outline, shape(dict(outline))) for key, outline in outlines.items() if outline}
    if not drawn:
        return None
    west, south, east, north = shapely.total_bounds(list(drawn.values()))
    narrow = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * narrow, 1e-9), max(north - south, 1e-9)
    scale = min((WIDTH - 2 * EDGE) / wide, (HIGHEST - 2 * EDGE) / high)

    def on_paper(spot: Spot) -> Spot:
        return round(EDGE + (spot[0] - west) * narrow * scale, 1), round(EDGE + (north - spot[1]) * scale, 1)

    chosen = set(marked)
    shapes = [shape_of(key, outline, on_paper, key in chosen) for key, outline in drawn.items()]
    return Picture(math.ceil(wide * scale + 2 * EDGE), math.ceil(high * scale + 2 * EDGE), shapes)


def shape_of(key: str, outline: Outline, on_paper: Any, on: bool) -> Shape:
    rings = [ring for part in parts(outline) for ring in rings_of(part)]
    path = " ".join("M" + "L".join("{:g} {:g}".format(*on_paper(spot)) for spot in ring[:-1]) + "Z" for ring in rings)
    middle = outline.representative_point()
    x, y = on_paper((middle.x, middle.y))
    return Shape(key, path, x, y, on)
