"""What time does with joint work on a place: a pure function of its state, its dates and the calendar."""

from datetime import datetime, timedelta
from typing import Any

from onegrid.kit.working_time import Calendar
from onegrid.supervision.rules import task_clock

AHEAD = timedelta(days=7)
BEGIN, SOON, OVER, CLIMBED, UNDECIDED = (
    "begin", "place_ahead", "place_expired", "place_climbed", "place_undecided",
)  # fmt: skip
Moments = tuple[tuple[str, datetime], ...]


def begins(work: Any, calendar: Calendar) -> datetime:
    """Midnight of its first day."""
    return calendar.moment(work.since)


def ends(work: Any, calendar: Calendar) -> datetime:
    """The end of the working hours of its last day."""
    return calendar.close_of(work.until)


def moments(work: Any, calendar: Calendar) -> Moments:
    """Of the state in which it is, the earliest first; what has ended has none."""
    if work.answer_by is not None:
        return ((UNDECIDED, work.answer_by),)
    if work.state == "approved":
        return ((BEGIN, begins(work, calendar)),)
    if work.state == "running":
        over = ends(work, calendar)
        return (SOON, over - AHEAD), (OVER, over), (CLIMBED, task_clock.after(over, task_clock.CLIMB, calendar))
    return ()


def due_now(all_of_them: Moments, told: int, now: datetime) -> list[str]:
    """What is to be done or said at this moment; after a standstill nobody hears "soon" of what is over."""
    kinds = [kind for kind, moment in all_of_them[told:] if moment <= now]
    return [kind for kind in kinds if not (kind == SOON and OVER in kinds)]
