"""Matters per hexagon (H3) in a period and in the one before: as the reader may see them, never restricted ones."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

import h3.api.basic_int as h3
from django.db.models import Count, Q, QuerySet

from onegrid.events.models import Event
from onegrid.insight.rules import heat as rules
from onegrid.insight.rules.heat import Span
from onegrid.kit import clock
from onegrid.kit.literal import literal
from onegrid.org import queries as org
from onegrid.org.roles import Actor
from onegrid.org.scope import visible_to

LISTED = 50
COUNTY_DIGITS = 6
SORTS = ("now", "before", "change", "place")


@dataclass(frozen=True)
class Heat:
    """What is asked: weeks or months, how many back, where, of which kind, in hexagons of which size."""

    unit: str = rules.MONTH
    back: int = 1
    area: str = ""
    group: str = ""
    size: int = 7
    sort: str = "now"


@dataclass(frozen=True)
class Hexagon:
    """One cell with at least one matter in either period; named by the area with most of them."""

    cell: int
    name: str
    now: int
    before: int

    @property
    def key(self) -> str:
        return f"{self.cell:x}"

    @property
    def more(self) -> int:
        return self.now - self.before

    @property
    def change(self) -> str:
        return rules.change(self.now, self.before)

    @property
    def percent(self) -> int | None:
        return rules.percent(self.now, self.before)

    @property
    def ring(self) -> list[list[float]]:
        corners = [[round(lon, 5), round(lat, 5)] for lat, lon in h3.cell_to_boundary(self.cell)]
        return [*corners, corners[0]]


@dataclass(frozen=True)
class Compared:
    """Two stretches of equal length: of a period that still runs, as much of the one before as has passed of it."""

    span: Span
    earlier: Span
    since: datetime
    until: datetime
    before_since: datetime
    before_until: datetime


def compared(heat: Heat, area: str) -> Compared:
    calendar, now = org.calendar(area), clock.now()
    today = calendar.date_of(now)
    this, last = rules.span(heat.unit, heat.back, today), rules.span(heat.unit, heat.back + 1, today)
    since, until = calendar.moment(this.since), calendar.moment(this.until)
    before_since, before_until = calendar.moment(last.since), calendar.moment(last.until)
    if until > now:
        until, before_until = now, min(before_until, before_since + (now - since))
    return Compared(this, last, since, until, before_since, before_until)


def matters(actor: Actor, heat: Heat) -> QuerySet[Event]:
    """What the reader sees of this kind and place; what is joined into another matter counts there."""
    rows = Event.objects.filter(restricted=False, joined_into__isnull=True, c8__isnull=False)
    if heat.area:
        narrow = {"town": literal(heat.area[:9])} if len(heat.area) >= 9 else {}
        rows = rows.filter(area__gte=literal(heat.area), area__lt=literal(heat.area + ":"), **narrow)
    if heat.group:
        rows = rows.filter(category__gte=heat.group, category__lt=heat.group + ":")
    return visible_to(actor, rows).order_by()


def hexagons(actor: Actor, heat: Heat) -> list[Hexagon]:
    """Every hexagon of the reader's matters, in the wished order; one statement."""
    times = compared(heat, heat.area or actor.area)
    here = Q(reported_at__gte=times.since, reported_at__lt=times.until)
    there = Q(reported_at__gte=times.before_since, reported_at__lt=times.before_until)
    rows = matters(actor, heat).filter(here | there, reported_at__gte=times.before_since, reported_at__lt=times.until)
    counts = rows.values("c8", "area").annotate(now=Count("pk", filter=here), before=Count("pk", filter=there))
    return ordered(named(counts.values_list("c8", "area", "now", "before"), heat.size), heat.sort)


def named(rows: Iterable[tuple[int | None, str, int, int]], size: int) -> list[Hexagon]:
    """Cells of the wished size; two of the same name are told apart by a number."""
    cells: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    areas: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for fine, area, now, before in rows:
        assert fine is not None
        cell = fine if size == 8 else h3.cell_to_parent(fine, size)
        cells[cell][0] += now
        cells[cell][1] += before
        areas[cell][area] += now + before
    found, used = [], defaultdict[str, int](int)
    for cell, (now, before) in sorted(cells.items()):
        name = place_name(max(sorted(areas[cell]), key=lambda code: areas[cell][code]))
        used[name] += 1
        found.append(Hexagon(cell, f"{name} ({used[name]})" if used[name] > 1 else name, now, before))
    return found


def place_name(area: str) -> str:
    """Town, community, grid: what lies above is the same for all."""
    names = org.area_names(area)
    finer = [one for one in names if len(one.code) > COUNTY_DIGITS]
    return " · ".join(one.name for one in finer or names[-1:]) or area


def ordered(cells: list[Hexagon], sort: str) -> list[Hexagon]:
    """Largest first, places by name; what is alike in the order of names."""
    keys: dict[str, Callable[[Hexagon], tuple[int, ...]]] = {
        "now": lambda one: (-one.now,),
        "before": lambda one: (-one.before,),
        "change": lambda one: (-abs(one.more), -one.more),
        "place": lambda one: (),
    }
    return sorted(cells, key=lambda one: (keys[sort](one), one.name))


@dataclass(frozen=True)
class Behind:
    """The newest matters of one hexagon in the period, and how many there are."""

    rows: list[Event]
    count: int


def behind(actor: Actor, heat: Heat, cell: int) -> Behind:
    """The matters of one hexagon that the reader may open."""
    times = compared(heat, heat.area or actor.area)
    fine = [cell] if h3.get_resolution(cell) == 8 else list(h3.cell_to_children(cell, 8))
    rows = matters(actor, heat).filter(c8__in=fine, reported_at__gte=times.since, reported_at__lt=times.until)
    found = rows.only("number", "category", "category_decided", "state", "reported_at", "area", "joined_into")
    return Behind(list(found.order_by("-reported_at", "-id")[:LISTED]), rows.count())


def periods(unit: str, today: date) -> list[Span]:
    """The periods one may choose, the one that runs first."""
    return [rules.span(unit, back, today) for back in range(rules.STEPS[unit])]


def cell_of(text: str) -> int | None:
    """The hexagon of this name; None for what is none of ours."""
    try:
        cell = int(text, 16)
        return cell if h3.is_valid_cell(cell) and h3.get_resolution(cell) in rules.SIZES else None
    except (ValueError, OverflowError):
        return None


def today(actor: Actor) -> date:
    return org.calendar(actor.area).date_of(clock.now())
