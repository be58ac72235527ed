"""What is near a point: units, who is on duty there, things, named places, matters; never residents or homes."""

from dataclasses import dataclass, field
from datetime import timedelta

from onegrid.events.models import Event
from onegrid.gazetteer import queries as gazetteer
from onegrid.gazetteer.queries import Near, NearName
from onegrid.insight.queries.seats import metres_to, on_duty, seat_of
from onegrid.insight.queries.wish import Wish, in_box, wanted
from onegrid.insight.rules.travel import Travel, travel
from onegrid.kit import clock, geo
from onegrid.kit.literal import literal
from onegrid.org import queries as org
from onegrid.org.models import Unit
from onegrid.org.roles import Actor
from onegrid.org.scope import visible_to
from onegrid.supervision.models import Shift

REACHES = (50, 200, 1000)
FARTHEST = 5000
MOST = 20
READ_MOST = 300
PAST_DAYS = 365
TOWN_DIGITS = 9


@dataclass(frozen=True)
class NearUnit:
    unit: Unit
    metres: int
    exact: bool
    travel: Travel
    duty: list[Shift] = field(default_factory=list)


@dataclass(frozen=True)
class NearMatter:
    event: Event
    metres: int
    travel: Travel


@dataclass(frozen=True)
class Nearby:
    """All within so many metres, nearest first."""

    metres: int
    units: list[NearUnit]
    things: list[Near]
    names: list[NearName]
    open: list[NearMatter]
    past: list[NearMatter]


def nearby(actor: Actor, lon: float, lat: float, metres: int, *, without: str = "") -> Nearby:
    """`without`: the number of the matter that one looks from."""
    return Nearby(
        metres=metres, units=units_near(actor, lon, lat, metres),
        things=gazetteer.near(actor, lon, lat, metres, most=MOST),
        names=gazetteer.names_near(lon, lat, metres, most=MOST),
        open=[one for one in open_near(actor, lon, lat, metres) if one.event.number != without],
        past=[one for one in past_near(actor, lon, lat, metres) if one.event.number != without],
    )  # fmt: skip


def units_near(actor: Actor, lon: float, lat: float, metres: int) -> list[NearUnit]:
    found = [(unit, metres_to(unit, lon, lat)) for unit in org.units().values() if unit.active]
    near = sorted(((far, unit) for unit, far in found if far is not None and far <= metres), key=lambda one: one[0])
    duty = on_duty(actor, [unit.pk for _far, unit in near[:MOST]])
    return [
        NearUnit(unit, far, bool((seat := seat_of(unit)) and seat.exact), travel(far), duty.get(unit.pk, []))
        for far, unit in near[:MOST]
    ]


def open_near(actor: Actor, lon: float, lat: float, metres: int) -> list[NearMatter]:
    rows = in_box(wanted(actor, Wish(), clock.now()), geo.box_around(lon, lat, metres))
    return measured(list(rows[:READ_MOST]), lon, lat, metres)


def past_near(actor: Actor, lon: float, lat: float, metres: int) -> list[NearMatter]:
    """What ended of the past year in this town: the index of the town keeps it short."""
    town = (org.territory().locate(lon, lat).code or "")[:TOWN_DIGITS]
    if not town:
        return []
    since = clock.now() - timedelta(days=PAST_DAYS)
    rows = visible_to(actor, Event.objects.filter(restricted=False, closed_at__isnull=False, joined_into__isnull=True))
    rows = rows.filter(town=literal(town), reported_at__gte=since)
    rows = in_box(rows, geo.box_around(lon, lat, metres)).order_by("-reported_at", "-id")
    return measured(list(rows[:READ_MOST]), lon, lat, metres)


def measured(rows: list[Event], lon: float, lat: float, metres: int) -> list[NearMatter]:
    far = [(round(geo.distance_m(row.lon or 0, row.lat or 0, lon, lat)), row) for row in rows]
    near = sorted(((metre, row) for metre, row in far if metre <= metres), key=lambda one: (one[0], one[1].pk))
    return [NearMatter(row, metre, travel(metre)) for metre, row in near[:MOST]]
