"""Matters on the map: each by itself where they are few or near, as counts by cell where they are many."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Avg, BigIntegerField, Case, Count, F, FloatField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast

from onegrid.events.models import Event
from onegrid.events.queries import end_of_today
from onegrid.insight.models import Cell
from onegrid.insight.queries.wish import PERIODS, Wish, in_box, wanted
from onegrid.insight.rules.drawing import Box
from onegrid.insight.rules.signs import (
    ALONE_FROM,
    GROUPS,
    LATE,
    RUNNING,
    SOON,
    group_of,
    parent_mask,
    size_for,
)
from onegrid.kit import clock
from onegrid.kit.literal import literal
from onegrid.kit.reference import reference
from onegrid.org.roles import Actor
from onegrid.org.scope import sees_by_area, visible_to

MOST = 500
FEW = 100
COLUMNS = ("number", "lon", "lat", "state", "pressing", "level")
TOWN_DIGITS = 9
OPEN = tuple(state for states in GROUPS.values() for state in states)
# Values that come out of a composed statement as they went in; the true ones take their place.
STANDS = (-901.0, -902.0, -903.0, -904.0)
NOW = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Shown:
    """Points [number, lon, lat, group, clock, level] or cells [lon, lat, all, overdue, today]; `more`: too many."""

    points: list[list[Any]]
    cells: list[list[Any]]
    more: bool = False


def shown(actor: Actor, wish: Wish, box: Box, zoom: float) -> Shown:
    """What stands in this box at this zoom."""
    alone = zoom >= ALONE_FROM
    points = points_in(actor, wish, box, MOST + 1 if alone else FEW + 1)
    if len(points) <= (MOST if alone else FEW):
        return Shown(points, [])
    cells = cells_in(actor, wish, box, size_for(zoom, box))
    return Shown([], cells, more=alone)


def points_in(actor: Actor, wish: Wish, box: Box, most: int) -> list[list[Any]]:
    now = clock.now()
    today = end_of_today(now)
    try:
        sql, params = composed(actor, wish, most)
    except EmptyResultSet:
        return []
    given: dict[Any, Any] = {**dict(zip(STANDS, box, strict=True)), NOW: now, end_of_today(NOW): today}
    given |= {NOW - timedelta(days=days): now - timedelta(days=days) for days in PERIODS.values()}
    with connection.cursor() as cursor:
        cursor.execute(sql, [given.get(one, one) if isinstance(one, (float, datetime)) else one for one in params])
        rows = cursor.fetchall()
    return [as_point(row) for row in rows]


def as_point(row: tuple[Any, ...]) -> list[Any]:
    number, lon, lat, state, told, level = row
    return [number, round(lon, 6), round(lat, 6), group_of(state), told, level]


@reference(seconds=600)
def composed(actor: Actor, wish: Wish, most: int) -> tuple[str, tuple[Any, ...]]:
    """The statement of the points, composed once per reader and filter, with stand-ins for box and moments."""
    rows = in_box(wanted(actor, wish, NOW), STANDS).order_by()
    return with_clock(rows, NOW).values_list(*COLUMNS)[:most].query.sql_with_params()


def with_clock(rows: QuerySet[Event], now: datetime) -> QuerySet[Event]:
    """`pressing`: overdue, due before the end of today, or running; what has ended runs out no more."""
    still = Q(state__in=[literal(state) for state in OPEN])
    late, soon = still & Q(due_at__lt=now), still & Q(due_at__lt=end_of_today(now))
    told = Case(When(late, then=Value(LATE)), When(soon, then=Value(SOON)), default=Value(RUNNING))
    return rows.annotate(pressing=told)


def cells_in(actor: Actor, wish: Wish, box: Box, size: int) -> list[list[Any]]:
    """From the counts where they know the scope and the filters, else grouped now."""
    if wish.counted and sees_by_area(actor) and len(actor.area) <= TOWN_DIGITS:
        rows = counted(actor, wish, box, size)
    else:
        rows = grouped(actor, wish, box, size)
    return [[round(lon, 5), round(lat, 5), n, late or 0, soon or 0] for _cell, lon, lat, n, late, soon in rows]


def counted(actor: Actor, wish: Wish, box: Box, size: int) -> list[tuple[Any, ...]]:
    west, south, east, north = box
    rows = Cell.objects.filter(size=size, lon__gte=west, lon__lte=east, lat__gte=south, lat__lte=north)
    rows = rows.filter(group=wish.group) if wish.group else rows
    rows = rows.filter(clock=wish.clock) if wish.clock else rows
    rows = rows.filter(area__gte=wish.area, area__lt=wish.area + ":") if wish.area else rows
    middle = {name: Sum(F(name) * F("n")) / Cast(Sum("n"), FloatField()) for name in ("lon", "lat")}
    return list(
        visible_to(actor, rows).order_by().values("cell").annotate(
            east=middle["lon"], north=middle["lat"], all=Sum("n"),
            late=Sum("n", filter=Q(clock=LATE)), soon=Sum("n", filter=Q(clock=SOON)),
        ).values_list("cell", "east", "north", "all", "late", "soon")
    )  # fmt: skip


def grouped(actor: Actor, wish: Wish, box: Box, size: int) -> list[tuple[Any, ...]]:
    keep, put = parent_mask(size)
    now = clock.now()
    today = end_of_today(now)
    rows = in_box(wanted(actor, wish, now), box).filter(c8__isnull=False).order_by()
    # Said to be wide: Django sends a bare number of 64 bits in 32.
    parent = F("c8").bitand(Value(keep, BigIntegerField())).bitor(Value(put, BigIntegerField()))  # type: ignore[arg-type]
    clocks = Q(closed_at__isnull=True)
    return list(
        rows.annotate(cell=parent).values("cell").annotate(
            east=Avg("lon"), north=Avg("lat"), all=Count("pk"),
            late=Count("pk", filter=clocks & Q(due_at__lt=now)),
            soon=Count("pk", filter=clocks & Q(due_at__gte=now, due_at__lt=today)),
        ).values_list("cell", "east", "north", "all", "late", "soon")
    )  # fmt: skip


def point_of(actor: Actor, wish: Wish, number: str) -> list[Any] | None:
    """One matter as a point, if it belongs on this map now."""
    now = clock.now()
    row = with_clock(wanted(actor, wish, now), now).filter(number=number).values_list(*COLUMNS).first()
    return None if row is None else as_point(row)


LISTED = 50


def rows_in(actor: Actor, wish: Wish, box: Box) -> list[Event]:
    """The most pressing matters of the box for the list: by due time, those that ended by when they did."""
    order = ("-closed_at", "-id") if wish.period else ("due_at", "id")
    found = points_in(actor, wish, box, MOST + 1)
    rows = wanted(actor, wish, clock.now())
    if len(found) <= MOST:
        # A small box is read by its place: by the order of due times the whole county would be gone through.
        return list(rows.filter(number__in=[one[0] for one in found]).order_by(*order)[:LISTED])
    return list(in_box(rows, box).order_by(*order)[:LISTED])
