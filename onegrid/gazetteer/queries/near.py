"""Things of layers in a box or near a point: by ranges of longitude and latitude, then by exact distance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import shapely
from django.db.models import Count, F, Model, Q, QuerySet
from shapely.geometry import Point, shape

from onegrid.gazetteer.models import Layer, Named, Thing
from onegrid.kit import geo
from onegrid.org.roles import Actor
from onegrid.org.scope import visible_to

MOST_NEAR, MOST_IN_BOX = 100, 500
FURTHEST_METRES = 20_000.0
Box = tuple[float, float, float, float]
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Near:
    """A thing, and how far it is from the point, in metres."""

    thing: Thing
    metres: float


@dataclass(frozen=True)
class NearName:
    """A named place, and how far it is from the point, in metres."""

    named: Named
    metres: float


@dataclass(frozen=True)
class InBox:
    """Things of a box; `more`: the box holds others that are not among them."""

    things: list[Thing]
    more: bool


def layers(actor: Actor) -> list[Layer]:
    """The layers that this actor may see on a map, by code."""
    return list(visible_to(actor, Layer.objects.filter(hidden=False)).order_by("code"))


def layer(actor: Actor, code: str) -> Layer | None:
    """The layer of this code, hidden or not."""
    return visible_to(actor, Layer.objects.filter(code=code)).first()


def all_layers(actor: Actor) -> list[Layer]:
    """All layers, hidden ones too, each with the number of its things as `count`."""
    return list(visible_to(actor, Layer.objects.annotate(count=Count("things"))).order_by("code"))


def count_of(actor: Actor, layer: Layer) -> int:
    """How many things of a layer there are."""
    return visible_to(actor, Thing.objects.filter(layer=layer)).count()


def near(
    actor: Actor, lon: float, lat: float, metres: float, *, layers: Sequence[str] = (), most: int = MOST_NEAR
) -> list[Near]:
    """Things within so many metres of a WGS-84 point, nearest first, at most `most`; `layers` by code, () is all."""
    metres = min(metres, FURTHEST_METRES)
    rows = nearest(inside(shown(actor, layers), geo.box_around(lon, lat, metres)), lon, lat)[:most]
    found = [Near(thing, metres_to(thing, lon, lat)) for thing in rows]
    return sorted((one for one in found if one.metres <= metres), key=lambda one: (one.metres, one.thing.pk))


def in_box(actor: Actor, box: Box, *, layers: Sequence[str] = (), most: int = MOST_IN_BOX) -> InBox:
    """Things in a box of west, south, east, north (WGS-84)."""
    rows = list(inside(shown(actor, layers), box).order_by()[: most + 1])
    return InBox(rows[:most], len(rows) > most)


def names_near(lon: float, lat: float, metres: float, *, most: int = 20) -> list[NearName]:
    """Named places within so many metres of a WGS-84 point, nearest first."""
    west, south, east, north = geo.box_around(lon, lat, min(metres, FURTHEST_METRES))
    rows = Named.objects.filter(lon__range=(west, east), lat__range=(south, north)).defer("keys", "outline")
    found = [NearName(one, geo.distance_m(lon, lat, one.lon, one.lat)) for one in nearest(rows, lon, lat)[:most]]
    return sorted((one for one in found if one.metres <= metres), key=lambda one: (one.metres, one.named.pk))


def shown(actor: Actor, codes: Sequence[str]) -> QuerySet[Thing]:
    """Things of layers that this actor may see on a map."""
    rows = visible_to(actor, Thing.objects.filter(layer__hidden=False)).select_related("layer")
    return rows.filter(layer__code__in=codes) if codes else rows


def inside(rows: QuerySet[Thing], box: Box) -> QuerySet[Thing]:
    """Points in the box, and shapes whose edges meet it: an index for each."""
    west, south, east, north = box
    points = Q(west__isnull=True, lon__range=(west, east), lat__range=(south, north))
    shapes = Q(west__isnull=False, west__lte=east, east__gte=west, south__lte=north, north__gte=south)
    return rows.filter(points | shapes)


def nearest(rows: QuerySet[Row], lon: float, lat: float) -> QuerySet[Row]:
    """Those whose point is nearest first, on a plane: right within a county."""
    narrow = math.cos(math.radians(lat))
    away = ((F("lon") - lon) * narrow) * ((F("lon") - lon) * narrow) + (F("lat") - lat) * (F("lat") - lat)
    return rows.order_by(away, "pk")


def metres_to(thing: Thing, lon: float, lat: float) -> float:
    """How far a thing is from a point: to its point, else to the nearest place of its shape; 0 inside."""
    if thing.shape is None:
        return geo.distance_m(lon, lat, thing.lon, thing.lat)
    narrow = math.cos(math.radians(lat))
    flat = shapely.transform(shape(thing.shape), lambda pairs: (pairs - [lon, lat]) * [narrow, 1.0])
    return float(flat.distance(Point(0, 0))) * geo.DEGREE_METRES
