"""What a wall shows of one area, whoever stands before it: nothing that a stranger might not read.

Single matters by the stranger rule (docs/decisions/0013): leaf and village, never restricted, about an office, or of a
leaf of homes or persons. Counts of all matters that are neither restricted nor about an office.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import h3.api.basic_int as h3
from django.db import connection, transaction
from django.db.models import Count, Max, QuerySet

from onegrid.events.models import Event
from onegrid.events.queries import category_name, promises_kept
from onegrid.events.queries.inbox import end_of_today
from onegrid.events.queries.public import open_rows, place_of, week_of
from onegrid.gazetteer.queries import Under, under
from onegrid.insight.queries.plan import Plan, plan_of
from onegrid.insight.rules import wall as rules
from onegrid.insight.rules.drawing import WIDE as SHEET_WIDE
from onegrid.insight.rules.drawing import apart, line_through
from onegrid.insight.rules.signs import parent_mask
from onegrid.kit import clock
from onegrid.kit.few import LEAST
from onegrid.kit.literal import literal
from onegrid.kit.reference import reference
from onegrid.org import queries as org
from onegrid.supervision.models import Order, Shift
from onegrid.supervision.rules.order_life import KIND_LABELS, KINDS, LIVE
from onegrid.supervision.rules.roster import KINDS as SHIFTS

ROWS = 6
RUNNING = ("accepted", "assigned", "handling", "checking")
THANKED_WITHIN = datetime.timedelta(weeks=8)
HOURS = 24
TOWN_DIGITS = 9
# The width of the line of a day on its sheet.
WIDE, HIGH = 960, 320
# On the plan, as frontend/css/wall.css draws them: the letters of a name, and half an amount.
NAME_HIGH, AMOUNT = 36.0, 36.0


@dataclass(frozen=True)
class Running:
    """A clock: of what, where about, until when."""

    leaf: str
    place: str
    due: datetime.datetime


@dataclass(frozen=True)
class Against:
    """So many until now today, against what is usual until now; None where nothing usual is known yet."""

    today: int
    usual: float | None
    line: str
    usual_line: str


@dataclass(frozen=True)
class Thanks:
    """A matter that its reporter called solved and good, and the week in which it was reported."""

    leaf: str
    place: str
    week: datetime.date


@dataclass(frozen=True)
class Kept:
    """Promises of the month that were due and kept; the share only where enough were due."""

    due: int
    kept: int

    @property
    def share(self) -> int:
        return 100 * self.kept // self.due


# Who is counted, in both statements below; the same as `matters` says.
COUNTED = "NOT restricted AND NOT about_office AND about_unit_ids = '{}' AND joined_into_id IS NULL"


def matters(area: str) -> QuerySet[Event]:
    rows = Event.objects.filter(restricted=False, about_office=False, about_unit_ids=[], joined_into__isnull=True)
    return rows.filter(**within(area))


def within(area: str) -> dict[str, object]:
    narrow = {"town": literal(area[:TOWN_DIGITS])} if len(area) >= TOWN_DIGITS else {}
    return {"area__gte": literal(area), "area__lt": literal(area + ":"), **narrow}


@dataclass(frozen=True)
class OpenNow:
    """What is open in an area: how many, overdue, due until the end of today; and how many by cell of the map."""

    counts: dict[str, int]
    cells: dict[int, int]


# One pass over the open matters for the strip and for the map, summed to cells of the map in the database.
OPEN_NOW = """
SELECT (c8 & %(keep)s) | %(put)s AS cell, count(*), count(*) FILTER (WHERE due_at < %(now)s),
    count(*) FILTER (WHERE due_at >= %(now)s AND due_at < %(today)s)
FROM events_event
WHERE closed_at IS NULL AND area >= %(area)s AND area < %(end)s {town}
    AND {counted}
GROUP BY 1
"""


def open_now(area: str) -> OpenNow:
    """Counted now, by one statement: a wall shows a report within seconds."""
    now = clock.now()
    keep, put = parent_mask(finest(area))
    given: dict[str, Any] = {
        "keep": keep,
        "put": put,
        "now": now,
        "today": end_of_today(now),
        "area": area,
        "end": area + ":",
    }
    town = "AND town = %(town)s" if len(area) >= TOWN_DIGITS else ""
    with connection.cursor() as cursor:
        cursor.execute(OPEN_NOW.format(town=town, counted=COUNTED), {**given, "town": area[:TOWN_DIGITS]})
        rows = cursor.fetchall()
    counts = dict(
        zip(("open", "late", "today"), (sum(row[column] for row in rows) for column in (1, 2, 3)), strict=True)
    )
    return OpenNow(counts, {row[0]: row[1] for row in rows if row[0] is not None})


def finest(area: str) -> int:
    """The size of the cells: 36 km² in a county, 5 in a town."""
    return 6 if len(area) <= 6 else 7


def clocks(area: str) -> list[Running]:
    """The next clocks to run out."""
    rows = open_rows().filter(**within(area), closed_at__isnull=True, due_at__gte=clock.now(), state__in=RUNNING)
    found = rows.order_by("due_at", "id").values_list("category", "area", "due_at")[:ROWS]
    return [Running(category_name(leaf), place_of(place), due) for leaf, place, due in found if due]


def thanks(area: str) -> list[Thanks]:
    """Of the last that were called solved and good; within a week nothing tells which came first."""
    since = clock.now() - THANKED_WITHIN
    rows = open_rows().filter(**within(area), state="closed", closed_at__gte=since, solved=True, satisfied="satisfied")
    found = [Thanks(category_name(one.category), place_of(one.area), week_of(one))
             for one in rows.only("category", "area", "reported_at").order_by("-closed_at", "-id")[:ROWS]]  # fmt: skip
    return sorted(found, key=lambda one: (-one.week.toordinal(), one.leaf, one.place))


def lights(area: str) -> list[tuple[str, str, int]]:
    """The orders of supervision that wait for something, gravest first; about an office none is counted."""
    inside = {f"event__{name}": value for name, value in within(area).items()}
    rows = Order.objects.filter(
        **inside, state__in=LIVE, event__restricted=False, event__about_office=False, event__about_unit_ids=[]
    ).order_by()
    amounts = dict(rows.values("kind").annotate(n=Count("pk")).values_list("kind", "n"))
    return [(kind, str(KIND_LABELS[kind]), amounts[kind]) for kind in reversed(KINDS) if kind in amounts]


def duty(area: str) -> list[tuple[str, str, datetime.datetime]]:
    """Which unit has somebody on duty in which role, and until when; never who."""
    now = clock.now()
    rows = Shift.objects.filter(begins__lte=now, ends__gt=now, withdrawn_at__isnull=True, posting__user__is_active=True)
    rows = rows.filter(roster__area__gte=literal(area), roster__area__lt=literal(area + ":")).order_by()
    ends = rows.values("roster__unit_id", "kind").annotate(until=Max("ends"))
    known, kinds = org.units(), list(SHIFTS)
    found = [one for one in ends.values_list("roster__unit_id", "kind", "until") if one[0] in known]
    found.sort(key=lambda one: (known[one[0]].area, known[one[0]].code, kinds.index(one[1])))
    return [(known[unit].name, str(SHIFTS[kind]), until) for unit, kind, until in found[:ROWS]]


@reference(seconds=3600)
def month_figures(month: datetime.datetime) -> list[tuple[str, str, int]]:
    """What the public page of promises counts, of the month that runs: measure, town, amount."""
    with transaction.atomic():
        found = promises_kept(month, clock.now())
    return [(one.measure, one.town, one.amount) for one in found if not one.restricted]


def promises(area: str) -> Kept | None:
    """Kept of those due in this month; of a village nothing is counted, nor where fewer than five were due."""
    if len(area) > 9:
        return None
    today = clock.local(clock.now(), org.zone(area))
    month = today.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    amounts = {"due": 0, "kept": 0}
    for measure, town, amount in month_figures(month):
        if measure in amounts and town.startswith(area):
            amounts[measure] += amount
    return Kept(**amounts) if amounts["due"] >= LEAST else None


# What came in, or ended, within each of these days: the day and the second of it, in order.
SECONDS = """
SELECT s.n, extract(epoch FROM e.{moment} - s.since)::float AS second
FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) WITH ORDINALITY AS s(since, until, n)
JOIN events_event e ON e.{moment} >= s.since AND e.{moment} < s.until
WHERE e.{moment} >= %(first)s AND e.area >= %(area)s AND e.area < %(area)s || ':'
    AND {counted} {more}
ORDER BY 1, 2
"""
# Nothing is archived on the day on which it was closed: for today the index of closed matters is enough.
ENDED, ENDED_TODAY = "AND e.state IN ('closed', 'archived')", "AND e.state = 'closed'"
REPORTED, CLOSED = "reported_at", "closed_at"


def seconds_of(area: str, days: Sequence[datetime.date], moment: str, ended: str) -> list[list[float]]:
    """For each day its ascending seconds at which something came in (REPORTED) or ended (CLOSED)."""
    if not days:
        return []
    calendar = org.calendar(area)
    starts = [calendar.moment(day) for day in days]
    given: dict[str, Any] = {
        "starts": starts,
        "ends": [calendar.end_of(day) for day in days],
        "first": min(starts),
        "area": area,
    }
    more = ended if moment == CLOSED else ""
    found: list[list[float]] = [[] for _day in days]
    with connection.cursor() as cursor:
        cursor.execute(SECONDS.format(moment=moment, counted=COUNTED, more=more), given)
        for number, second in cursor.fetchall():
            found[number - 1].append(second)
    return found


@reference(seconds=3600)
def past(area: str, today: datetime.date, moment: str) -> list[list[float]]:
    """The days that today is measured against: they do not change any more but by what is corrected."""
    return seconds_of(area, rules.days_like(today, org.calendar(area), first_day(area)), moment, ENDED)


def first_day(area: str) -> datetime.date:
    """Before the first report nothing was usual."""
    first = matters(area).order_by("reported_at", "id").values_list("reported_at", flat=True).first()
    return org.calendar(area).date_of(first or clock.now())


def against(area: str, moment: str) -> Against:
    """Today until now against the usual day until now, with the line of both over the hours."""
    calendar, now = org.calendar(area), clock.now()
    today = calendar.date_of(now)
    second = (now - calendar.moment(today)).total_seconds()
    before, here = past(area, today, moment), seconds_of(area, [today], moment, ENDED_TODAY)
    hours = [hour * 3600.0 for hour in range(HOURS + 1)]
    usually = [rules.usual(before, hour) or 0 for hour in hours] if before else []
    own = [rules.usual(here, hour) or 0 for hour in hours if hour <= second]
    count = int(rules.usual(here, second) or 0)
    most = max([*usually, *own, count])

    def drawn(values: Sequence[float]) -> str:
        return line_through(values, most, wide=WIDE, high=HIGH, steps=HOURS) if values else ""

    end = f" {second / 86400 * WIDE:.1f},{HIGH - count * HIGH / max(most, 1):.1f}"
    return Against(count, rules.usual(before, second), drawn(own) + end, drawn(usually))


def today(area: str) -> tuple[Against, Against] | None:
    """What came in and what ended; None on the first days of a house, when nothing is usual yet."""
    received, closed = against(area, REPORTED), against(area, CLOSED)
    return None if received.usual is None and closed.usual is None else (received, closed)


@dataclass(frozen=True)
class Clusters:
    """Open matters as circles x, y, radius, amount on the plan of the area, and its names with their places.

    `elsewhere`: not placed, of which there are at least five, else nought.
    """

    plan: Plan
    under: Under
    names: list[tuple[str, float, float]]
    circles: list[tuple[float, float, float, int]]
    elsewhere: int


def clusters(area: str, found: OpenNow) -> Clusters | None:
    """Cells of what is open; fewer than five go together into wider ones.

    A circle stands in the middle of its cell. None where nothing may be placed.
    """
    plan = plan_of(area)
    if plan is None:
        return None
    wider: list[Callable[[int], int]] = [partial(h3.cell_to_parent, res=finest(area) - steps) for steps in (1, 2)]
    shown, elsewhere = rules.folded(found.cells, wider)
    left = found.counts["open"] - sum(shown.values())
    if not shown or not rules.circles_told(area, left):
        return None
    elsewhere = left if rules.least_told(area) else elsewhere
    circles = circles_of(plan, shown)
    return Clusters(plan, below(plan), names(plan, circles), circles, elsewhere if elsewhere >= LEAST else 0)


def circles_of(plan: Plan, shown: dict[int, int]) -> list[tuple[float, float, float, int]]:
    """A wider cell has its middle where its middle cell has it: what stands at one place is one circle."""
    amounts: dict[tuple[float, float], int] = defaultdict(int)
    for cell, amount in sorted(shown.items()):
        lat, lon = h3.cell_to_latlng(cell)
        amounts[plan.sheet.inside(*plan.sheet.place(lon, lat))] += amount
    most = max(amounts.values())
    return [(x, y, round(34 + 42 * (n / most) ** 0.5, 1), n) for (x, y), n in amounts.items()]


def names(plan: Plan, circles: Sequence[tuple[float, float, float, int]]) -> list[tuple[str, float, float]]:
    """The names of the parts beside the amounts; one without room is left out, for half a name cannot be read."""
    wanted = [(one.x, one.y, breadth(one.name)) for one in plan.parts]
    places = apart(wanted, [(x, y, AMOUNT) for x, y, _radius, _amount in circles], NAME_HIGH)
    return [(part.name, *place) for part, place in zip(plan.parts, places, strict=True) if place]


def breadth(name: str) -> float:
    """How broad the letters are about, on the sheet."""
    return sum(NAME_HIGH if one > "\u2e80" else NAME_HIGH * 0.55 for one in name)


def below(plan: Plan) -> Under:
    return under(plan.sheet.place, plan.sheet.box, SHEET_WIDE, theme="dark")
