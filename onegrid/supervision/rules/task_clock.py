"""When a task reminds, and when it climbs: a pure function of its date and the calendar."""

from datetime import datetime, timedelta

from onegrid.kit.working_time import Calendar, Limit, due

GIVEN = Limit("clock", 3, "working_days")  # where no date is said
ANSWER = Limit("clock", 2, "working_days")  # whoever gave the task looks at what was reported
CLIMB = Limit("clock", 1, "working_days")
DAY_BEFORE, EXPIRED, CLIMBED = "day_before", "expired", "climbed"


def after(moment: datetime, limit: Limit, calendar: Calendar) -> datetime:
    """The end of a limit that never stands still."""
    found = due(moment, limit, calendar).at
    assert found is not None
    return found


def moments(due_at: datetime, calendar: Calendar) -> tuple[tuple[str, datetime], ...]:
    """One day before, when it is due, and a working day after that, when it has climbed."""
    return (
        (DAY_BEFORE, due_at - timedelta(days=1)),
        (EXPIRED, due_at),
        (CLIMBED, after(due_at, CLIMB, calendar)),
    )


def told_now(due_at: datetime, calendar: Calendar, told: int, now: datetime) -> tuple[list[str], datetime | None]:
    """What is to be said at this moment where so many were said already, and when the next is.

    After a standstill nobody hears "tomorrow" of what is late already.
    """
    all_of_them = moments(due_at, calendar)
    kinds = [kind for kind, moment in all_of_them[told:] if moment <= now]
    ahead = [moment for _kind, moment in all_of_them[told:] if moment > now]
    stale = due_at <= now
    return [kind for kind in kinds if not (stale and kind == DAY_BEFORE)], (ahead[0] if ahead else None)
