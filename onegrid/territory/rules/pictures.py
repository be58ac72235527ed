"""A small map of one fault, as the paths of an SVG drawn on the server; no tiles, no scripts."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

WIDE, HIGH = 320.0, 200.0
# The least that is shown, and how much around what is marked.
LEAST_M, MARGIN = 30.0, 0.6
# Of more outlines around it nothing could be told at this size.
MOST_AROUND = 80
METRES = 111_000.0


@dataclass(frozen=True)
class Window:
    """The part of the ground that is shown, in degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def box(self) -> Any:
        return shapely.box(self.west, self.south, self.east, self.north)

    def on_paper(self, at: Any) -> Any:
        scale = np.array([WIDE / (self.east - self.west), -HIGH / (self.north - self.south)])
        return (at - np.array([self.west, self.north])) * scale

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        x, y = self.on_paper(np.array([lon, lat]))
        return float(x), float(y)


@dataclass(frozen=True)
class Picture:
    """Paths and points in a frame of WIDE by HIGH; `metres` is the width of the ground that is shown."""

    ground: list[str]
    marked: list[str]
    points: list[tuple[float, float]]
    metres: float
    window: Window

    @property
    def frame(self) -> str:
        return f"0 0 {WIDE:.0f} {HIGH:.0f}"


def picture(marked: Any, around: Iterable[Any], points: Iterable[tuple[float, float]] = ()) -> Picture | None:
    """Draw what is marked among what lies around it (degrees); None when there is nothing to mark."""
    places = list(points)
    if marked is None or marked.is_empty:
        marked = shapely.MultiPoint(places) if places else None
    if marked is None or not np.isfinite(shapely.get_coordinates(marked)).all():
        return None
    window = window_of(marked)
    near = inside(around, window)
    ground = [path for outline in near for path in paths(outline, window)] if len(near) <= MOST_AROUND else []
    spots = [tuple(np.round(window.on_paper(np.array(at)), 1)) for at in places]
    width = (window.east - window.west) * METRES * math.cos(math.radians(window.south))
    return Picture(ground, paths(marked, window), [(float(x), float(y)) for x, y in spots], width, window)


def window_of(marked: Any) -> Window:
    """Around what is marked, as wide as the frame is for its height."""
    west, south, east, north = marked.bounds
    shrink = max(math.cos(math.radians((south + north) / 2)), 0.01)
    high = max((north - south) * (1 + 2 * MARGIN), (east - west) * shrink * (1 + 2 * MARGIN) * HIGH / WIDE)
    high = max(high, LEAST_M / METRES)
    wide = high * WIDE / HIGH / shrink
    middle_east, middle_north = (west + east) / 2, (south + north) / 2
    return Window(middle_east - wide / 2, middle_north - high / 2, middle_east + wide / 2, middle_north + high / 2)


def inside(around: Iterable[Any], window: Window) -> Any:
    """What of the ground is seen at all."""
    outlines = np.array([one for one in around if one is not None], dtype=object)
    return outlines[shapely.STRtree(outlines).query(window.box)] if len(outlines) else outlines


def paths(outline: Any, window: Window) -> list[str]:
    """The parts of an outline inside the window; a broken one is drawn as its lines."""
    if outline is None or outline.geom_type in ("Point", "MultiPoint"):
        return []
    if not outline.is_valid:
        return [path(shapely.get_coordinates(ring), window) for ring in rings(outline)]
    # Half a dot of the drawing is what the eye may miss.
    rough = shapely.simplify(outline, (window.east - window.west) / WIDE / 2)
    seen = shapely.intersection(rough, window.box)
    return [
        " ".join(path(shapely.get_coordinates(ring), window) for ring in rings(part))
        for part in shapely.get_parts(seen)
        if part.geom_type == "Polygon"
    ]


def rings(outline: Any) -> list[Any]:
    return list(shapely.get_rings(shapely.get_parts(outline)))


def path(at: Any, window: Window) -> str:
    on_paper = np.round(window.on_paper(at), 1)
    # A tenth of a dot more or less is nothing to the eye: repeated places are left out.
    keep = np.concatenate([[True], (on_paper[1:] != on_paper[:-1]).any(axis=1)])
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in on_paper[keep]) + "Z"
