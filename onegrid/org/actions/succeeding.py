"""Areas end and others follow them: offices and calendars go along."""

from collections.abc import Mapping

from django.db import transaction

from onegrid.kit.succession import Heirs
from onegrid.org import queries, roles
from onegrid.org.actions.people import must_be
from onegrid.org.actions.trail import record
from onegrid.org.models import CalendarDay, Unit, WorkingHours
from onegrid.org.roles import Actor


@transaction.atomic
def succeed_areas(actor: Actor, *, units: Mapping[int, str], heirs: Heirs) -> None:
    """Put units (by id) into their new area; give days and hours of an ended area to each that follows it.

    Only the house. Days and hours that would contradict each other in one area stay where they are.
    """
    must_be(actor, roles.SYSTEM)
    for pk, area in units.items():
        Unit.objects.filter(pk=pk).update(area=area)
        record(actor, "place_unit", "unit", pk, area=area)
    days = carry_days(heirs)
    hours = carry_hours(heirs)
    if days or hours:
        record(actor, "succeed_calendar", "calendar", days=days, hours=hours)
    if units or days or hours:
        queries.forget_reference()


def carry_days(heirs: Heirs) -> int:
    goes = queries.days_following(heirs).goes
    known = CalendarDay.objects.in_bulk(goes)
    fresh = [CalendarDay(**values_of(known[pk]), area=heir) for pk, to in goes.items() for heir in to]
    CalendarDay.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def carry_hours(heirs: Heirs) -> int:
    goes = queries.hours_following(heirs).goes
    known = WorkingHours.objects.in_bulk(goes)
    rows = [
        WorkingHours(area=heir, starts=known[pk].starts, ends=known[pk].ends) for pk, to in goes.items() for heir in to
    ]
    WorkingHours.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def values_of(day: CalendarDay) -> dict[str, object]:
    return {name: getattr(day, name) for name in ("date", "kind", "source", "provisional", "name", "name_en")}
