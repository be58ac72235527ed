"""Which spans of time are compared, to see what joint work on a place has changed.

A span is compared with one of the same length, whole weeks earlier and wholly before the work began: the same number
of days, on the same days of the week, up to the same hour of the last.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

WEEK = timedelta(weeks=1)
LATELY = timedelta(weeks=4)


@dataclass(frozen=True)
class Span:
    """From a moment up to another that no longer belongs to it, and the span it is compared with."""

    name: str
    since: datetime
    until: datetime
    before: tuple[datetime, datetime]


def spans(first: datetime, finish: datetime, now: datetime, zone: str) -> list[Span]:
    """The work itself, from `first` to `finish` or to now; and as long a time after it, as far as it has come.

    Before its first moment: the last four weeks, which say why it is needed.
    """
    if now <= first:
        return [compared("lately", now - LATELY, now, now - LATELY, zone)]
    found = [compared("term", first, min(now, finish), first, zone)]
    if now > finish:
        found.append(compared("after", finish, min(now, finish + (finish - first)), first, zone))
    return found


def compared(name: str, since: datetime, until: datetime, first: datetime, zone: str) -> Span:
    """The hour on the wall stays, whatever the zone does with its clocks."""
    weeks = -((first - until) // WEEK)
    wall = ZoneInfo(zone)
    earlier = [moment.astimezone(wall) - weeks * WEEK for moment in (since, until)]
    return Span(name, since, until, (earlier[0], earlier[1]))
