"""Areas, units and the calendar as data: idempotent upserts used by the loaders."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from django.db import transaction

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
    area, made = Area.objects.update_or_create(code=code, defaults=values)
    record(actor, "place_area", "area", area.pk, made=made)
    queries.forget_reference()
    return area


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


def same(row: Area | Unit, values: dict[str, Any]) -> bool:
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
