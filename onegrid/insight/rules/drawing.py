"""A small map as plain lines: areas and circles on a sheet, without a map library."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

WIDE, HIGH, EDGE = 1600, 800, 76
Box = tuple[float, float, float, float]
Place = tuple[float, float]


@dataclass(frozen=True)
class Sheet:
    """From WGS-84 to places on a sheet of WIDE × HIGH, north up, nothing stretched."""

    west: float
    north: float
    scale: float
    narrow: float
    left: float
    top: float

    @classmethod
    def around(cls, box: Box) -> Sheet:
        """For west, south, east, north."""
        west, south, east, north = box
        narrow = math.cos(math.radians((south + north) / 2))
        width, height = max((east - west) * narrow, 1e-6), max(north - south, 1e-6)
        scale = min((WIDE - 2 * EDGE) / width, (HIGH - 2 * EDGE) / height)
        return cls(west, north, scale, narrow, (WIDE - width * scale) / 2, (HIGH - height * scale) / 2)

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        x = self.left + (lon - self.west) * self.narrow * self.scale
        return round(x, 1), round(self.top + (self.north - lat) * self.scale, 1)

    @property
    def box(self) -> Box:
        """West, south, east, north of the whole sheet."""
        wide, high = WIDE / (self.narrow * self.scale), HIGH / self.scale
        west, north = self.west - self.left / (self.narrow * self.scale), self.north + self.top / self.scale
        return west, north - high, west + wide, north

    def inside(self, x: float, y: float) -> tuple[float, float]:
        """The nearest place that is not beyond the area's own edges."""
        return min(max(x, self.left), WIDE - self.left), min(max(y, self.top), HIGH - self.top)

    def path(self, geometry: Mapping[str, Any]) -> str:
        """The rings of a polygon, or of several, as the path of a drawing."""
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        return "".join(self.ring(ring) for polygon in polygons for ring in polygon)

    def ring(self, pairs: Iterable[Sequence[float]]) -> str:
        return "M" + "L".join("{} {}".format(*self.place(pair[0], pair[1])) for pair in pairs) + "Z"


# Where a name may stand instead of its own place, nearest first: not so far that it would name the land beside.
STEPS = sorted(product((0, -36, 36), (0, -40, 40, -80, 80, -120, 120)), key=lambda step: math.hypot(*step))
Circle = tuple[float, float, float]


def apart(names: Sequence[tuple[float, float, float]], circles: Sequence[Circle], high: float) -> list[Place | None]:
    """For names x, y, breadth: a place on the sheet as near as may be, on no circle and no other name, or None."""
    found, taken = [], list[Box]()
    for x, y, wide in names:
        places = ((x + right, y + down) for right, down in STEPS)
        boxes = {(east - wide / 2, south - high / 2, east + wide / 2, south + high / 2): (east, south)
                 for east, south in places}  # fmt: skip
        box = next((one for one in boxes if is_free(one, circles, taken)), None)
        taken += [box] if box else []
        found.append(boxes[box] if box else None)
    return found


def is_free(box: Box, circles: Sequence[Circle], taken: Sequence[Box]) -> bool:
    inside = box[0] >= 0 and box[1] >= 0 and box[2] <= WIDE and box[3] <= HIGH
    return inside and not any(covers(one, box) for one in circles) and not any(meet(one, box) for one in taken)


def covers(circle: Circle, box: Box) -> bool:
    x, y, radius = circle
    near = min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3])
    return math.hypot(x - near[0], y - near[1]) < radius


def meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def line_through(values: Sequence[float], most: float, *, wide: float, high: float, steps: int) -> str:
    """Points of a line over equal steps, as a drawing wants them; the highest value touches the top."""
    return " ".join(
        f"{number * wide / steps:.1f},{high - value * high / max(most, 1):.1f}" for number, value in enumerate(values)
    )
