"""The form that puts a place right, and where a point lies, as plain values."""

from dataclasses import dataclass, field
from math import cos, radians
from typing import Any

from onegrid.events import queries
from onegrid.events.models import Event
from onegrid.events.views import panes
from onegrid.org import queries as org
from onegrid.org.roles import Actor

METRES_PER_DEGREE = 111_320
# How far the map reaches around what is known, in metres, by the digits of the code; around a point the least.
REACH = ((15, 900), (12, 2_500), (9, 6_000), (0, 25_000))
POINT_REACH = 600
# Degrees that a map in the projection of Mercator shows.
EAST_MOST, NORTH_MOST = 180, 85
FIELDS = ("address", "longitude", "latitude", "area", "words")


@dataclass(frozen=True)
class PlaceForm:
    """What the form shows: its key, what is typed, what is wrong, where the map looks, what can be chosen."""

    key: str
    typed: dict[str, str]
    bounds: str
    was: str
    on_map: bool
    areas: list[Any]
    faults: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Lying:
    """Where a point lies, in words; `other`: the centre of that place is not the one that holds the matter."""

    place: str
    same: bool
    centre: str
    code: str
    other: bool
    over: bool


def form(actor: Actor, event: Event, typed: dict[str, str], faults: dict[str, str] | None = None) -> PlaceForm:
    """The form as it stands, or with what was typed; a sealed matter is shown on no map."""
    stands = queries.shown_point(event)
    lon, lat = map(str, stands) if stands else ("", "")
    said = {"address": event.address, "longitude": lon, "latitude": lat, **typed}
    return PlaceForm(
        key=panes.fresh_key(), typed=said, bounds=bounds(event, said), on_map=not event.restricted,
        was=f"{lon},{lat}" if stands else "", areas=areas(actor), faults=faults or {},
    )  # fmt: skip


def areas(actor: Actor) -> list[Any]:
    """Towns and villages of this actor's area: where a matter lies of which no point is known."""
    return [one for one in org.areas().values() if one.kind in ("town", "village") and one.code.startswith(actor.area)]


def bounds(event: Event, said: dict[str, str]) -> str:
    """West, south, east and north of what the map shows: around the point, else around the area."""
    middle = point(said)
    if middle is not None:
        (lon, lat), reach = middle, POINT_REACH
    else:
        inner = next((one for one in reversed(org.area_names(event.area)) if one.lon is not None), None)
        if inner is None or inner.lon is None or inner.lat is None:
            return ""
        lon, lat = inner.lon, inner.lat
        reach = next(metres for digits, metres in REACH if len(inner.code) >= digits)
    north = reach / METRES_PER_DEGREE
    east = north / max(0.1, cos(radians(lat)))
    return f"{lon - east:.5f},{lat - north:.5f},{lon + east:.5f},{lat + north:.5f}"


def point(said: dict[str, str]) -> tuple[float, float] | None:
    """The point that is typed; None where it is no number, not finite, or beyond what a map shows."""
    try:
        lon, lat = float(said["longitude"]), float(said["latitude"])
    except ValueError:
        return None
    return (lon, lat) if abs(lon) <= EAST_MOST and abs(lat) <= NORTH_MOST else None


def lying(event: Event, area: str) -> Lying:
    owner = org.unit_by_id(event.owner_id)
    centre = org.unit_by_id(queries.centre_of(area, event.about_unit_ids))
    return Lying(
        place=panes.place_of(area, fine=True), same=area == event.area, centre=centre.name if centre else "",
        code=centre.code if centre else "",
        other=centre is not None and centre.pk != event.owner_id,
        over=owner is not None and area.startswith(owner.area),
    )  # fmt: skip
