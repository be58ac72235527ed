"""The queues: due first, keyset paged, each by one equality or one range; counters capped (measured at city size)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onegrid.events.models import Assignment, Event
from onegrid.events.queries.detail import with_units
from onegrid.events.workflow import JOINED, OPEN
from onegrid.kit import clock, paging
from onegrid.kit.literal import literal
from onegrid.kit.ready import Ready
from onegrid.kit.reference import reference
from onegrid.org.roles import Actor
from onegrid.org.scope import sees_by_area, visible_to

PAGE = 20
COUNT_CAP = 99
COUNTED = ("id", "state", "holder_id", "due_at")
COUNTY_DIGITS = 6
# How many moments a queue asks for: none, now, now and the end of today.
MOMENTS = {"": 0, "overdue": 1, "today": 2}
# Stand-ins for now and for the end of today in a statement that is composed before.
NOW, TODAY = datetime(9000, 1, 1, tzinfo=UTC), datetime(9000, 1, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Queue:
    """A question that a desk asks all day; `mine`: whose turn it is must be the actor's unit."""

    name: str
    label: str | Promise
    states: tuple[str, ...]
    mine: bool = True
    late: str = ""
    asked: bool = False
    parts: bool = False
    sampled: bool = False

    @property
    def ended(self) -> bool:
        """Its rows have an end, and no clock."""
        return self.sampled or self.name == "done"


QUEUES: dict[str, Queue] = {
    queue.name: queue
    for queue in (
        Queue("to_accept", _("To accept"), ("reported",)),
        Queue("to_dispatch", _("To dispatch"), ("accepted",)),
        Queue("to_claim", _("To claim"), ("assigned",)),
        Queue("in_hand", _("In hand"), ("handling",)),
        Queue("joint", _("Joint handling"), OPEN, parts=True, mine=False),
        Queue("asked", _("To decide"), OPEN, asked=True, mine=False),
        Queue("to_check", _("To check"), ("checking",)),
        Queue("spot_checks", _("Spot checks"), ("closed",), mine=False, sampled=True),
        Queue("overdue", _("Overdue"), OPEN, mine=False, late="overdue"),
        Queue("due_today", _("Due today"), OPEN, mine=False, late="today"),
        Queue("waiting", _("Waiting for the reporter"), ("waiting_reporter", "rating"), mine=False),
        Queue("suspended", _("Suspended"), ("suspended",), mine=False),
        Queue("open", _("All open"), OPEN, mine=False),
        Queue("done", _("Finished"), (), mine=False),
    )
}


@dataclass(frozen=True)
class Filters:
    """What narrows a queue further."""

    category: str = ""
    area: str = ""
    level: int | None = None
    state: str = ""


@dataclass(frozen=True)
class Page:
    rows: list[Event]
    next: str | None


@dataclass(frozen=True)
class Counter:
    name: str
    label: str
    count: int

    @property
    def shown(self) -> str:
        return f"{COUNT_CAP}+" if self.count > COUNT_CAP else str(self.count)


def inbox(actor: Actor, queue: str, filters: Filters | None = None, after: str | None = None) -> Page:
    """One page of a queue; raises KeyError for an unknown queue and paging.BadCursor for a bad cursor."""
    by = ordered_by(QUEUES[queue])
    beyond = paging.values(Event, by, after) if after else ()
    rows = listing(actor, queue, filters or Filters(), bool(after))(*moments(QUEUES[queue]), *beyond)
    page = paging.cut(rows, by, size=PAGE)
    return Page([with_units(row, "holder", "handler") for row in page.rows], page.following)


def ordered_by(queue: Queue) -> tuple[str, str]:
    return ("closed_at", "id") if queue.ended else ("due_at", "id")


def moments(queue: Queue) -> tuple[datetime, ...]:
    """Now, and where the queue asks for it the end of today."""
    now = clock.now()
    return (now, end_of_today(now))[: MOMENTS[queue.late]]


@reference(seconds=600)
def listing(actor: Actor, name: str, filters: Filters, further: bool) -> Ready[Event]:
    """The question of a page, composed once: its moments first, then, for a further page, where that begins."""
    queue = QUEUES[name]
    count, by = MOMENTS[queue.late], ordered_by(queue)

    def build(*values: Any) -> QuerySet[Event]:
        rows = narrowed(rows_of(actor, queue, *values[:count]), filters)
        return paging.stretch(rows, by, values[count:], size=PAGE, newest_first=name == "done")

    return Ready(build, *(datetime,) * count, *((datetime, int) if further else ()))


def rows_of(actor: Actor, queue: Queue, now: datetime | None = None, today: datetime | None = None) -> QuerySet[Event]:
    """The rows of a queue: its own arm first (`holder_id`), under the scope all the same."""
    rows = visible_to(actor, Event.objects.all())
    if queue.ended:
        drawn = {"sampled": True, "owner_id": actor.unit_id} if queue.sampled else {}
        return rows.filter(closed_at__isnull=False, **drawn)
    rows = rows.filter(closed_at__isnull=True)
    if queue.mine:
        rows = rows.filter(holder_id=actor.unit_id)
    if queue.asked:
        rows = rows.filter(pk__in=asked_of(actor))
    if queue.parts:
        rows = rows.filter(pk__in=parts_of(actor))
    if queue.states != OPEN:
        rows = rows.filter(state__in=[literal(state) for state in queue.states])
    now = now or clock.now()
    return rows.filter(late(queue.late, now, today or end_of_today(now))) if queue.late else rows


def asked_of(actor: Actor) -> QuerySet[Event, int]:
    """Events of the actor's centre on which a request waits for a decision."""
    return Event.objects.filter(
        owner_id=actor.unit_id,
        requests__decided_at__isnull=True,
        requests__isnull=False,
        closed_at__isnull=True,
    ).values_list("pk", flat=True)


def parts_of(actor: Actor) -> QuerySet[Assignment, int]:
    """Events on which the actor's unit assists and has not handed in."""
    rows = Assignment.objects.filter(unit_id=actor.unit_id or 0, role=literal("assist"), open=True)
    return rows.values_list("event_id", flat=True)


def late(kind: str, now: datetime, today: datetime) -> Q:
    return Q(due_at__lt=now) if kind == "overdue" else Q(due_at__gte=now, due_at__lt=today)


def end_of_today(now: datetime) -> datetime:
    return clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def narrowed(rows: QuerySet[Event], filters: Filters) -> QuerySet[Event]:
    if filters.category:
        rows = rows.filter(category__gte=filters.category, category__lt=filters.category + ":")
    if filters.area:
        rows = rows.filter(area__gte=literal(filters.area), area__lt=literal(filters.area + ":"))
        # The town's own column brings its index, which gives the order for nothing.
        rows = rows.filter(town=literal(filters.area[:9])) if len(filters.area) >= 9 else rows
    if filters.level:
        rows = rows.filter(level=filters.level)
    if filters.state == JOINED:
        return rows.filter(joined_into__isnull=False)
    return rows.filter(state=literal(filters.state)) if filters.state else rows


def counters(actor: Actor, names: tuple[str, ...] | None = None) -> list[Counter]:
    """How many stand in each queue, capped at 99+, all in one statement."""
    wanted = [QUEUES[name] for name in names or tuple(name for name in QUEUES if name != "done")]
    sql, params = counting(actor, tuple(queue.name for queue in wanted))
    now = clock.now()
    moments = {NOW: now, TODAY: end_of_today(now)}
    with connection.cursor() as cursor:
        cursor.execute(sql, [moments[one] if isinstance(one, datetime) else one for one in params])
        found = cursor.fetchone()
    return [Counter(queue.name, str(queue.label), count) for queue, count in zip(wanted, found, strict=True)]


@reference(seconds=600)
def counting(actor: Actor, names: tuple[str, ...]) -> tuple[str, list[Any]]:
    """The statement of the counters, composed once per reader, and its values with stand-ins for the moments."""
    wide = sees_by_area(actor) and len(actor.area) <= COUNTY_DIGITS
    return each_alone(actor, names) if wide else all_in_one(actor, names)


def all_in_one(actor: Actor, names: tuple[str, ...]) -> tuple[str, list[Any]]:
    """A town or a unit holds some thousand open rows: read them once, and sort them into the queues."""
    try:
        seen, params = rows_of(actor, QUEUES["open"]).order_by().values(*COUNTED).query.sql_with_params()
    except EmptyResultSet:
        return "SELECT " + ", ".join("0" for _name in names), []
    parts: list[str] = []
    given = list(params)
    for name in names:
        part, more = (alone if QUEUES[name].ended else each_of)(actor, QUEUES[name])
        parts.append(part)
        given.extend(more)
    return f"WITH seen AS MATERIALIZED ({seen}) SELECT {', '.join(parts)} FROM seen", given  # nosec B608


def each_of(actor: Actor, queue: Queue) -> tuple[str, list[Any]]:
    """How many of the rows that were read stand in this queue."""
    terms, params = ["true"], list[Any]()
    if queue.mine:
        terms.append("holder_id = %s")
        params.append(actor.unit_id)
    if queue.asked:
        sql, more = asked_of(actor).query.sql_with_params()
        terms.append(f"id IN ({sql})")  # nosec B608
        params.extend(more)
    if queue.parts:
        sql, more = parts_of(actor).query.sql_with_params()
        terms.append(f"id IN ({sql})")  # nosec B608
        params.extend(more)
    if queue.states != OPEN:
        terms.append("state = ANY(%s)")
        params.append(list(queue.states))
    if queue.late:
        terms.append("due_at < %s" if queue.late == "overdue" else "due_at >= %s AND due_at < %s")
        params.extend([NOW] if queue.late == "overdue" else [NOW, TODAY])
    return f"least(count(*) FILTER (WHERE {' AND '.join(terms)}), {COUNT_CAP + 1})", params


def each_alone(actor: Actor, names: tuple[str, ...]) -> tuple[str, list[Any]]:
    """A county holds too many: each queue stops by itself at the cap."""
    parts: list[str] = []
    params: list[Any] = []
    for name in names:
        part, given = alone(actor, QUEUES[name])
        parts.append(part)
        params.extend(given)
    return "SELECT " + ", ".join(parts), params


def alone(actor: Actor, queue: Queue) -> tuple[str, list[Any]]:
    rows = rows_of(actor, queue, now=NOW, today=TODAY).order_by().values("pk")
    try:
        sql, given = rows[: COUNT_CAP + 1].query.sql_with_params()
    except EmptyResultSet:
        return "0", []
    return f"(SELECT count(*) FROM ({sql}) q)", list(given)  # nosec B608


def row_for(actor: Actor, number: str) -> Event:
    """One row for the live list; raises Event.DoesNotExist when it is outside the actor's scope."""
    return visible_to(actor, Event.objects.select_related("holder", "handler")).get(number=number)


def row_in(actor: Actor, queue: str, filters: Filters, number: str) -> Event:
    """The row if it stands in this queue now; raises KeyError for an unknown queue, else Event.DoesNotExist."""
    rows = narrowed(rows_of(actor, QUEUES[queue]), filters)
    return with_units(rows.get(number=number), "holder", "handler")
