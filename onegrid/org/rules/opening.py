"""From rows of the calendar table to the working calendar of one area; pure."""

from collections.abc import Sequence
from datetime import date, time
from typing import Protocol

from onegrid.kit.working_time import WORKING_HOURS, Calendar, Day


class DayRow(Protocol):
    date: date
    kind: str
    area: str
    provisional: bool
    name: str
    name_en: str


class HoursRow(Protocol):
    area: str
    starts: time
    ends: time


def calendar(days: Sequence[DayRow], hours: Sequence[HoursRow], zone: str) -> Calendar:
    """Lay the rows over each other, outer areas first, so that the innermost one decides."""
    found: dict[date, Day] = {}
    for row in sorted(days, key=lambda row: len(row.area)):
        found[row.date] = Day(row.kind == "work", row.provisional, row.name, row.name_en or row.name)
    return Calendar(found, spans(hours), zone)


def spans(hours: Sequence[HoursRow]) -> tuple[tuple[time, time], ...]:
    """The hours of the innermost area that has any; the usual office hours when none has."""
    if not hours:
        return WORKING_HOURS
    inner = max((row.area for row in hours), key=len)
    return tuple(sorted((row.starts, row.ends) for row in hours if row.area == inner))
