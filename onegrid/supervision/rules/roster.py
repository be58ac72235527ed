"""Shifts without tables: how a series is dealt, where nobody is on duty, when somebody is told the evening before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onegrid.kit.working_time import ONE_DAY, Calendar
from onegrid.org.roles import DUTY_LEADER, LEADER, UNIT

LEADS, OFFICER = "duty_leader", "duty_officer"
KINDS: dict[str, str | Promise] = {LEADS: _("Duty leader"), OFFICER: _("Duty officer")}
# Who may take a shift of this kind: a leader leads, an officer is anybody who works for the unit.
FITTING: dict[str, tuple[str, ...]] = {LEADS: (DUTY_LEADER, LEADER), OFFICER: UNIT}
PLACES = range(1, 10)
LONGEST = timedelta(hours=36)
AHEAD = timedelta(days=92)
# A unit keeps a roster while it has a shift so near, before or after.
NEAR = timedelta(days=31)
WARNED = timedelta(hours=24)
# The shortest time, to ask of one moment what is asked of a time.
MOMENT = timedelta(microseconds=1)
EVENING = time(18)
EVERY, WORKING, REST = "every", "working", "rest"
ON: dict[str, str | Promise] = {EVERY: _("every day"), WORKING: _("working days"), REST: _("rest days and holidays")}

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Slot:
    """One shift as it is meant to be: whose, from when until when."""

    posting_id: int
    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Series:
    """The people in order, one for each day; an end that is not after the beginning lies on the next day."""

    people: Sequence[int]
    first: date
    days: int
    begins: time
    ends: time
    on: str = EVERY


def slots(series: Series, calendar: Calendar) -> list[Slot]:
    """Deal the days: a day that is left out passes nobody over."""
    span = (series.first + number * ONE_DAY for number in range(series.days))
    days = [day for day in span if series.on == EVERY or calendar.is_working(day) == (series.on == WORKING)]
    return [
        Slot(
            series.people[number % len(series.people)], calendar.moment(day, series.begins),
            calendar.moment(day if series.ends > series.begins else day + ONE_DAY, series.ends),
        )
        for number, day in enumerate(days)
    ]  # fmt: skip


def overlap(one: Stretch, other: Stretch) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def without(stretch: Stretch, away: Iterable[Stretch]) -> list[Stretch]:
    """What is left of a shift when its person is away at these times."""
    left, (begins, ends) = [], stretch
    for since, until in sorted(away):
        if until <= begins or since >= ends:
            continue
        if since > begins:
            left.append((begins, since))
        begins = max(begins, until)
    return [*left, (begins, ends)] if begins < ends else left


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same time without overlaps: what touches is one."""
    found: list[Stretch] = []
    for begins, ends in sorted(stretches):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return found


def gaps(covered: Iterable[Stretch], until: datetime) -> list[Stretch]:
    """Where somebody was on duty and then nobody is: each gap begins where a cover ends and lasts until the next.

    Before the first shift there is no gap: the roster has not begun. The last gap ends, for now, at `until`.
    """
    whole = joined(covered)
    after = [begins for begins, _ends in whole[1:]] + [until]
    found = [(one[1], after[number]) for number, one in enumerate(whole)]
    return [one for one in found if one[0] < one[1]]


def told_from(begins: datetime, calendar: Calendar) -> datetime:
    """From when the person is told of a shift: the evening before the day on which it begins."""
    return calendar.moment(calendar.date_of(begins) - ONE_DAY, EVENING)
