"""What was reported in a place before and since the work on it: counted in one statement, with the lists behind it.

A number counts all of the place within the centre's own area; a list holds what its reader may see. Sealed matters are
in no comparison and are told from five on (`rules/figures.py`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, ExpressionWrapper, F, FloatField, Q, QuerySet, Value
from django.db.models.functions import ASin, Cos, Power, Radians, Sin, Sqrt

from onegrid.events import queries as events
from onegrid.events.models import Event
from onegrid.kit import clock, geo
from onegrid.org import queries as org
from onegrid.org.roles import Actor
from onegrid.supervision.models import PlaceWork
from onegrid.supervision.rules import figures
from onegrid.supervision.rules.place_effect import Span, spans

MOST = 200
BEFORE, SEALED = "before-", "-sealed"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Compared:
    """One span beside the one before: ordinary matters, and sealed ones where there are enough to be told."""

    name: str
    since: datetime
    until: datetime
    before_since: datetime
    before_until: datetime
    now: int
    before: int
    sealed: int | None
    sealed_before: int | None

    @property
    def difference(self) -> int:
        return self.now - self.before

    @property
    def percent(self) -> float | None:
        return figures.percent(self.now, self.before)

    @property
    def days(self) -> int:
        """Begun days."""
        return -((self.since - self.until) // ONE_DAY)


@dataclass(frozen=True)
class PlaceFigure:
    """A number of a work by its name, such as `term`, `before-term`, `after-sealed`, and the matters behind it."""

    name: str
    of: Compared
    before: bool
    sealed: bool
    count: int
    seen: int
    rows: list[Event]


class NoPlaceFigure(LookupError):
    """The work tells no figure of this name."""


def effect(work: PlaceWork, now: datetime | None = None) -> list[Compared]:
    """The spans of this work; what was closed says of its own time what was counted then."""
    found = spans_of(work, now or clock.now())
    fresh = [one for one in found if work.counted(one.name) is None]
    counts = counted(work, fresh)
    return [told(one, work.counted(one.name) or counts[one.name]) for one in found]


def spans_of(work: PlaceWork, now: datetime) -> list[Span]:
    """None for a work that was dropped before it began: nothing is measured by it."""
    calendar = org.calendar(work.area)
    first, finish = calendar.moment(work.since), calendar.moment(work.until + ONE_DAY)
    if work.ended_at is not None:
        finish = min(finish, work.ended_at)
    if work.state == "dropped" and finish <= first:
        return []
    if work.approved_at is None:
        first = max(first, now)
    return spans(first, finish, now, org.zone(work.area))


def counted(work: PlaceWork, wanted: list[Span]) -> dict[str, dict[str, int]]:
    """Span -> what was counted: `now` and `before`, each also `_sealed`; one statement, none for no span."""
    if not wanted:
        return {}
    asked: dict[str, Any] = {}
    for span in wanted:
        for when, bounds in (("now", (span.since, span.until)), ("before", span.before)):
            within = Q(reported_at__gte=bounds[0], reported_at__lt=bounds[1])
            asked[f"{span.name}__{when}"] = Count("pk", filter=within & Q(restricted=False))
            asked[f"{span.name}__{when}_sealed"] = Count("pk", filter=within & Q(restricted=True))
    earliest, latest = min(one.before[0] for one in wanted), max(one.until for one in wanted)
    rows = in_place(work).filter(reported_at__gte=earliest, reported_at__lt=latest)
    found: dict[str, dict[str, int]] = {}
    for name, amount in rows.aggregate(**asked).items():
        span_name, _dashes, what = name.partition("__")
        found.setdefault(span_name, {})[what] = amount
    return found


def frozen(work: PlaceWork, now: datetime) -> dict[str, dict[str, int]]:
    """What stands fast from now on: the counts of the work's own time."""
    return counted(work, [one for one in spans_of(work, now) if one.name == "term"])


def told(span: Span, amounts: dict[str, int]) -> Compared:
    few = {name: value if value >= figures.FEWEST else None for name, value in amounts.items()}
    return Compared(
        span.name, span.since, span.until, *span.before, amounts["now"], amounts["before"],
        few["now_sealed"], few["before_sealed"],
    )  # fmt: skip


def in_place(work: PlaceWork) -> QuerySet[Event]:
    """Every matter of the place and its kinds, whoever may see it; never one outside the centre's own area."""
    centre = org.unit_by_id(work.centre_id)
    own = centre.area if centre else work.area
    if work.radius is None:
        rows = Event.objects.filter(area__gte=work.area, area__lt=work.area + ":")
    else:
        rows = around(Event.objects.filter(area__gte=own, area__lt=own + ":"), work)
    return rows.filter(kinds(work.leaves)) if work.leaves else rows


def around(rows: QuerySet[Event], work: PlaceWork) -> QuerySet[Event]:
    """Within the radius over a round earth, the same measure as `kit.geo.distance_m`; the box first, for its index."""
    lon, lat, radius = work.lon or 0.0, work.lat or 0.0, work.radius or 0
    west, south, east, north = geo.box_around(lon, lat, radius)
    boxed = rows.filter(lon__gte=west, lon__lte=east, lat__gte=south, lat__lte=north)
    rise = Power(Sin((Radians("lat") - Radians(Value(lat))) / 2.0), 2.0)
    turn = Power(Sin(Radians(F("lon") - Value(lon)) / 2.0), 2.0)
    flat = rise + Cos(Radians(Value(lat))) * Cos(Radians("lat")) * turn
    metres = ExpressionWrapper(Value(2 * geo.EARTH_METRES) * ASin(Sqrt(flat)), output_field=FloatField())
    return boxed.alias(metres=metres).filter(metres__lte=radius)


def kinds(codes: list[str]) -> Q:
    """Of one of these kinds; the code of a branch stands for all of its leaves."""
    found = Q()
    for code in codes:
        found |= Q(category__gte=code, category__lt=code + ":")
    return found & Q(category_decided=True)


def behind_place(actor: Actor, work: PlaceWork, name: str) -> PlaceFigure:
    """The matters behind one number, as far as the actor sees them; raises NoPlaceFigure."""
    plain, sealed, before = name.removesuffix(SEALED), name.endswith(SEALED), name.startswith(BEFORE)
    one = next((one for one in effect(work) if one.name == plain.removeprefix(BEFORE)), None)
    if one is None:
        raise NoPlaceFigure(name)
    told_sealed = one.sealed_before if before else one.sealed
    if sealed and told_sealed is None:
        raise NoPlaceFigure(name)
    since, until = (one.before_since, one.before_until) if before else (one.since, one.until)
    rows = in_place(work).filter(reported_at__gte=since, reported_at__lt=until, restricted=sealed)
    mine = events.seen_by(actor, rows)
    count = (told_sealed or 0) if sealed else (one.before if before else one.now)
    listed = list(mine.order_by("-reported_at", "-id")[:MOST])
    return PlaceFigure(name, one, before, sealed, count, mine.count(), listed)


def lies_in(event: Event, work: PlaceWork) -> bool:
    """Whether a matter lies in a place, by its area or within the metres around the point."""
    if work.radius is None:
        return event.area.startswith(work.area)
    if event.lon is None or event.lat is None:
        return False
    return geo.distance_m(event.lon, event.lat, work.lon or 0.0, work.lat or 0.0) <= work.radius
