"""What a resident learns of the own grid: its name, who works there, whom to call, and how it lies."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from typing import Any

import shapely
from shapely.geometry import shape

from onegrid.gazetteer import queries as gazetteer
from onegrid.gazetteer.queries import Found
from onegrid.org import queries as org
from onegrid.org.queries import Place

WIDE, HIGH = 600, 360
MARGIN = 0.35
NEIGHBOURS = 24


@dataclass(frozen=True)
class Drawn:
    """An outline of the picture, and whether it is the grid that was asked for."""

    path: str
    own: bool


@dataclass(frozen=True)
class Grid:
    """A grid as its residents may know it. `workers` are names: a grid without one is served by its village."""

    code: str
    name: str
    around: list[Place]
    workers: list[str]
    phone: str
    supervision_phone: str
    hours: tuple[tuple[time, time], ...]
    picture: list[Drawn]
    here: tuple[float, float] | None
    under: gazetteer.Under | None

    @property
    def village(self) -> Place | None:
        return next((one for one in self.around if one.kind == "village"), None)


def grid(code: str, point: tuple[float, float]) -> Grid:
    """The grid of this code, seen from a point in or near it."""
    around = org.area_names(code)
    phone, supervision_phone = org.phones(code)
    picture, here, under = drawn(code, point)
    over = [one for one in around[:-1] if one.kind in ("county", "town", "village")]
    return Grid(
        code=code, name=around[-1].name, around=over,
        workers=[one.user.name for one in org.grid_workers(code)], phone=phone, supervision_phone=supervision_phone,
        hours=org.calendar(code).spans, picture=picture, here=here, under=under,
    )  # fmt: skip


def places_of(address: str) -> list[Found]:
    """The places that an address may mean: as one types, else those whose names stand in it."""
    return gazetteer.search(address) or [one.place for one in gazetteer.candidates(address)]


def drawn(
    code: str, point: tuple[float, float]
) -> tuple[list[Drawn], tuple[float, float] | None, gazetteer.Under | None]:
    """The grid and its neighbours as paths of a picture, where the point lies in it, and the base map below.

    Tiles of others are not asked for: their owner would learn where somebody is who looks for the own grid.
    """
    outlines = {one: shape(found) for one, found in org.outlines([code, *beside(code)]).items()}
    if code not in outlines:
        return [], None, None
    place = Frame(outlines[code])
    # The own grid last: its edge lies over those of its neighbours.
    order = [*(one for one in outlines if one != code), code]
    rows = [Drawn(place.path(outlines[one]), own=one == code) for one in order]
    return rows, place.at(shapely.Point(point)), gazetteer.under(place.on, place.box, WIDE, others=False)


def beside(code: str) -> list[str]:
    """The codes of the grids nearest to it by their middles."""
    known = org.areas()
    own = known[code]
    if own.lon is None or own.lat is None:
        return []
    near = sorted(
        (math.hypot((one.lon - own.lon) * math.cos(math.radians(own.lat)), one.lat - own.lat), one.code)
        for one in known.values()
        if one.kind in ("grid", "special") and one.code != code and one.lon is not None and one.lat is not None
    )
    return [found for _away, found in near[:NEIGHBOURS]]


class Frame:
    """Turns longitude and latitude into places of a picture that holds an outline with some room around it."""

    def __init__(self, outline: Any) -> None:
        west, south, east, north = outline.bounds
        self.narrow = math.cos(math.radians((south + north) / 2))
        wide, high = (east - west) * self.narrow * (1 + 2 * MARGIN), (north - south) * (1 + 2 * MARGIN)
        self.scale = min(WIDE / max(wide, 1e-6), HIGH / max(high, 1e-6))
        self.middle = ((west + east) / 2, (south + north) / 2)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the whole picture."""
        wide, high = WIDE / 2 / (self.narrow * self.scale), HIGH / 2 / self.scale
        lon, lat = self.middle
        return lon - wide, lat - high, lon + wide, lat + high

    def pairs(self, ring: Any) -> Iterator[tuple[float, float]]:
        for lon, lat in ring.coords:
            yield self.on(lon, lat)

    def on(self, lon: float, lat: float) -> tuple[float, float]:
        x = WIDE / 2 + (lon - self.middle[0]) * self.narrow * self.scale
        return round(x, 1), round(HIGH / 2 - (lat - self.middle[1]) * self.scale, 1)

    def at(self, point: Any) -> tuple[float, float]:
        return self.on(point.x, point.y)

    def path(self, outline: Any) -> str:
        parts = outline.geoms if hasattr(outline, "geoms") else [outline]
        rings = [ring for part in parts if part.geom_type == "Polygon" for ring in (part.exterior, *part.interiors)]
        return "".join("M" + "L".join(f"{x} {y}" for x, y in self.pairs(ring)) + "Z" for ring in rings)
