"""Joint handling: the parts of assisting units beside the lead, what each is asked for, and their clocks."""

from typing import Any

from django.utils.translation import gettext as _

from onegrid.events.actions.given import NotGiven
from onegrid.events.models import Assignment, Event
from onegrid.events.rules.deadlines import Clocks
from onegrid.events.rules.part_clock import PartClock, part_clock
from onegrid.kit import clock
from onegrid.kit.working_time import Limit
from onegrid.org import queries as org

GONE = ("ended", "undone")


def may_take_part(event: Event, unit_id: int, field: str = "unit") -> None:
    """Raise NotGiven for a unit that may not work on this event, or does already."""
    if unit_id in event.about_unit_ids:
        raise NotGiven({field: _("The matter is about this office or one of its contractors.")})
    if unit_id == event.handler_id:
        raise NotGiven({field: _("This unit leads here already.")})
    if parts_of(event).filter(unit_id=unit_id).exists():
        raise NotGiven({field: _("This unit assists here already.")})


def parts_of(event: Event) -> Any:
    """The parts that stand, those handed in among them."""
    return Assignment.objects.filter(event=event, role="assist").exclude(state__in=GONE)


def units_of(event: Event) -> set[int]:
    """The units that assist with something still open."""
    return set(parts_of(event).filter(open=True).values_list("unit_id", flat=True)) if event.parts_open else set()


def offer(event: Event, unit_id: int, task: str, days: int | None = None) -> Assignment:
    """Offer a part; its clock is set when the step is written, with the clocks of the whole."""
    limit = Limit("clock", days, "days") if days else None
    part = Assignment(
        event=event, area=event.area, unit_id=unit_id, role="assist", assigned_at=clock.now(),
        limit=limit.row() if limit else None,
    )  # fmt: skip
    part.keep(restricted=event.restricted, task=task)
    part.save(force_insert=True)
    event.parts_open += 1
    event.unit_ids = sorted({*event.unit_ids, unit_id})
    return part


def end_all(event: Event, state: str = "ended") -> None:
    """Nothing is left to assist with: the open parts end with the whole."""
    if event.parts_open:
        parts_of(event).filter(open=True).update(state=state, open=False, done_at=clock.now(), remind_at=None)
        event.requests.filter(kind="excuse", decided_at__isnull=True).update(decided_at=clock.now(), decision="lapsed")
        event.parts_open = 0


def wind(event: Event, whole: Clocks) -> None:
    """Set the clocks of the open parts anew; called with every step while there are any."""
    now = clock.now()
    for part in parts_of(event).filter(open=True):
        found = clock_of(event, part, whole)
        part.due_at, part.remind_at = found.due_at, found.remind_at(now)
        part.save(update_fields=("due_at", "remind_at"))


def clock_of(event: Event, part: Assignment, whole: Clocks) -> PartClock:
    return part_clock(
        assigned_at=part.assigned_at, claimed_at=part.claimed_at, level=event.level, whole=whole,
        limit=Limit.read(part.limit) if part.limit else None, calendar=org.calendar(event.area),
    )  # fmt: skip
