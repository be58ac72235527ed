"""What somebody wants to see on the map: the box, how near, and the filters that the list shares."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from onegrid.events import queries as events
from onegrid.events.models import Event
from onegrid.events.queries import end_of_today
from onegrid.insight.rules.drawing import Box
from onegrid.insight.rules.signs import GROUPS, LATE, SOON
from onegrid.kit.literal import literal
from onegrid.org import queries as org
from onegrid.org.models import Area
from onegrid.org.roles import Actor
from onegrid.org.scope import visible_to

PERIODS = {"": 0, "7": 7, "30": 30}
TOWN_DIGITS = 9


@dataclass(frozen=True)
class Wish:
    """The filters; empty means all that is open. `period`: closed within so many days instead."""

    group: str = ""
    clock: str = ""
    level: int = 0
    category: str = ""
    area: str = ""
    period: str = ""

    @property
    def counted(self) -> bool:
        """Whether the counts of the cells know these filters."""
        return not (self.level or self.category or self.period) and len(self.area) <= TOWN_DIGITS


def wish_of(given: dict[str, str]) -> Wish:
    """Only values that exist: whatever else stands in an address counts as no filter."""
    level = given.get("level", "")
    group, clock, period = given.get("group", ""), given.get("clock", ""), given.get("period", "")
    category, area = given.get("category", ""), given.get("area", "")
    return Wish(
        group=group if group in GROUPS else "", clock=clock if clock in (LATE, SOON) else "",
        level=int(level) if level in ("1", "2", "3", "4") else 0,
        category=category if category in events.categories() else "",
        area=area if org.area(area) is not None else "",
        period=period if period in PERIODS else "",
    )  # fmt: skip


def wanted(actor: Actor, wish: Wish, now: datetime) -> QuerySet[Event]:
    """The matters that the actor may see on a map, by the filters; one that is restricted is on none."""
    rows = visible_to(actor, Event.objects.filter(restricted=False, lon__isnull=False, lat__isnull=False))
    if wish.period:
        since = now - timedelta(days=PERIODS[wish.period])
        rows = rows.filter(state=literal("closed"), closed_at__gte=since)
    else:
        rows = rows.filter(closed_at__isnull=True)
    return narrowed(rows, wish, now)


def narrowed(rows: QuerySet[Event], wish: Wish, now: datetime) -> QuerySet[Event]:
    if wish.group and not wish.period:
        rows = rows.filter(state__in=[literal(state) for state in GROUPS[wish.group]])
    if wish.clock and not wish.period:
        rows = rows.filter(due(wish.clock, now))
    if wish.level:
        rows = rows.filter(level=wish.level)
    if wish.category:
        rows = rows.filter(category__gte=wish.category, category__lt=wish.category + ":")
    if wish.area:
        rows = rows.filter(area__gte=literal(wish.area), area__lt=literal(wish.area + ":"))
    return rows


def due(clock: str, now: datetime) -> Q:
    return Q(due_at__lt=now) if clock == LATE else Q(due_at__gte=now, due_at__lt=end_of_today(now))


def in_box(rows: QuerySet[Event], box: Box) -> QuerySet[Event]:
    west, south, east, north = box
    return rows.filter(lon__gte=west, lon__lte=east, lat__gte=south, lat__lte=north)


def choices(actor: Actor) -> dict[str, object]:
    """What the filters of the page offer: towns of the actor's area, branches of the category tree."""
    towns = [one for one in org.areas().values() if one.kind == Area.TOWN and one.code.startswith(actor.area)]
    branches = [one for one in events.categories().values() if not one.is_leaf and len(one.code) in (2, 4)]
    leaves = [one for one in events.leaves() if not one.restricted]
    return {"towns": towns, "branches": [one for one in branches if len(one.code) == 2], "leaves": leaves}
