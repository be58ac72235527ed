"""Areas, units and the calendar as data: idempotent upserts used by the loaders."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import time
from typing import Any, NamedTuple

import shapely
from django.db import connection, transaction
from shapely.errors import ShapelyError
from shapely.geometry import shape

from onegrid.org import queries, roles
from onegrid.org.actions.people import must_be
from onegrid.org.actions.trail import record
from onegrid.org.models import Area, CalendarDay, Unit, WorkingHours
from onegrid.org.roles import Actor


@transaction.atomic
def place_area(actor: Actor, *, code: str, **values: Any) -> Area:
    """Create or change the area of this code; one that is as it should be is left alone."""
    must_be(actor, roles.ADMIN_SYSTEM)
    known = Area.objects.filter(code=code).first()
    if known and same(known, values):
        return known
    area, made = Area.objects.update_or_create(code=code, defaults=drawn(values))
    record(actor, "place_area", "area", area.pk, made=made)
    queries.forget_reference()
    return area


def hold_areas() -> None:
    """Nobody else writes an area until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE org_area IN SHARE ROW EXCLUSIVE MODE")


class Placed(NamedTuple):
    """How many areas were made, changed, and left alone."""

    made: int
    changed: int
    same: int


@transaction.atomic
def place_areas(actor: Actor, *, rows: Sequence[Mapping[str, Any]], **facts: Any) -> Placed:
    """Create or change many areas at once; every row has its code and the same fields, `facts` go on the trail.

    5,459 grids with 850,000 points take some seconds, one by one a minute.
    """
    must_be(actor, roles.ADMIN_SYSTEM)
    known = {
        area.code: area for area in Area.objects.filter(code__in=[row["code"] for row in rows]).select_for_update()
    }
    new = [row for row in rows if row["code"] not in known]
    other = [row for row in rows if row["code"] in known and not same(known[row["code"]], row)]
    ready = [Area(**drawn(row)) for row in new]
    ready += [Area(**{**plain(known[row["code"]]), **drawn(row)}) for row in other]
    if ready:
        fields = sorted({name for row in rows for name in drawn(row)} - {"code"})
        Area.objects.bulk_create(
            ready, batch_size=500, update_conflicts=True, unique_fields=["code"], update_fields=fields
        )
        record(actor, "place_areas", "area", made=len(new), changed=len(other), **facts)
        queries.forget_reference()
    return Placed(len(new), len(other), len(rows) - len(ready))


def plain(area: Area) -> dict[str, Any]:
    return {field.name: getattr(area, field.name) for field in Area._meta.fields if not field.primary_key}


def drawn(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with the boundary as WKB too; what is no geometry stays as it is and is drawn by nobody."""
    if not values.get("boundary"):
        return {**values, "outline": None} if "boundary" in values else dict(values)
    try:
        return {**values, "outline": shapely.to_wkb(shape(values["boundary"]))}
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        return {**values, "outline": None}


@transaction.atomic
def place_unit(actor: Actor, *, code: str, **values: Any) -> Unit:
    """Create or change the unit of this code; one that is as it should be is left alone."""
    must_be(actor, roles.ADMIN_SYSTEM)
    known = Unit.objects.filter(code=code).first()
    if known and same(known, values):
        return known
    unit, made = Unit.objects.update_or_create(code=code, defaults=values)
    record(actor, "place_unit", "unit", unit.pk, made=made)
    queries.forget_reference()
    return unit


def same(row: Area | Unit, values: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in values.items())


@transaction.atomic
def place_days(actor: Actor, *, days: Iterable[CalendarDay]) -> int:
    """Create or change calendar days; days set by hand stay as they are. Return how many were written."""
    must_be(actor, roles.ADMIN_SYSTEM)
    by_hand = set(CalendarDay.objects.filter(source=CalendarDay.HAND).values_list("date", "area"))
    rows = [day for day in days if (day.date, day.area) not in by_hand]
    CalendarDay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["date", "area"],
        update_fields=["kind", "source", "provisional", "name", "name_en"],
    )
    record(actor, "place_days", "calendar", written=len(rows))
    queries.forget_reference()
    return len(rows)


@transaction.atomic
def place_hours(actor: Actor, *, area: str, spans: Iterable[tuple[time, time]]) -> None:
    """Replace the working hours of an area (empty: of everywhere), local time."""
    must_be(actor, roles.ADMIN_SYSTEM)
    WorkingHours.objects.filter(area=area).delete()
    WorkingHours.objects.bulk_create(WorkingHours(area=area, starts=start, ends=end) for start, end in spans)
    record(actor, "place_hours", "calendar", area=area)
    queries.forget_reference()
