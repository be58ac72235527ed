"""Where a unit sits, and who of it is on duty: the unit's place only, never that of a person."""

from collections.abc import Collection
from dataclasses import dataclass

from onegrid.insight.rules.nearest import NO_ROSTER, OFF, ON
from onegrid.kit import clock, geo
from onegrid.org import queries as org
from onegrid.org.models import Unit
from onegrid.org.roles import Actor
from onegrid.org.scope import visible_to
from onegrid.supervision.models import Absence, Roster, Shift

# A town or anything smaller: its middle stands for the seat; the middle of a county would say nothing.
TOWN_DIGITS = 9


@dataclass(frozen=True)
class Seat:
    """A point in WGS-84; `exact`: the unit's own, else the middle of the area it works in."""

    lon: float
    lat: float
    exact: bool


def seat_of(unit: Unit) -> Seat | None:
    if unit.lon is not None and unit.lat is not None:
        return Seat(unit.lon, unit.lat, True)
    place = org.area(unit.area)
    if place is None or place.lon is None or place.lat is None or len(place.code) < TOWN_DIGITS:
        return None
    return Seat(place.lon, place.lat, False)


def metres_to(unit: Unit, lon: float, lat: float) -> int | None:
    seat = seat_of(unit)
    return None if seat is None else round(geo.distance_m(seat.lon, seat.lat, lon, lat))


def on_duty(actor: Actor, unit_ids: Collection[int]) -> dict[int, list[Shift]]:
    """Unit -> the shifts of this moment that the actor may see, leaders first; who is away is left out."""
    now = clock.now()
    rows = Shift.objects.filter(
        withdrawn_at__isnull=True, begins__lte=now, ends__gt=now, roster__unit_id__in=unit_ids,
        posting__user__is_active=True,
    )  # fmt: skip
    away = Absence.objects.filter(ended_at__isnull=True, begins__lte=now, ends__gt=now).values("posting_id")
    rows = visible_to(actor, rows).exclude(posting_id__in=away).select_related("posting__user", "roster")
    found: dict[int, list[Shift]] = {}
    for shift in rows.order_by("kind", "place", "id"):
        found.setdefault(shift.roster.unit_id, []).append(shift)
    return found


def duty_of(actor: Actor, unit_ids: Collection[int]) -> dict[int, str]:
    """Unit -> on duty, off duty, or no roster that the actor may see."""
    kept = set(visible_to(actor, Roster.objects.filter(unit_id__in=unit_ids)).values_list("unit_id", flat=True))
    now = on_duty(actor, kept)
    return {unit_id: ON if unit_id in now else OFF if unit_id in kept else NO_ROSTER for unit_id in unit_ids}
