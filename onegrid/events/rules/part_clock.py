"""The clock of a part: an assisting unit signs and hands in by a time of its own, inside the clock of the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onegrid.events.rules.deadlines import Clock, Clocks, default_limits
from onegrid.kit.working_time import Calendar, Limit, Pause, due, reminders


@dataclass(frozen=True)
class PartClock:
    """By when the unit must act, and when it is reminded; both empty while the whole stands still."""

    due_at: datetime | None
    reminders: tuple[tuple[str, datetime], ...] = ()

    def remind_at(self, after: datetime) -> datetime | None:
        return next((moment for _kind, moment in self.reminders if moment > after), None)


def part_clock(
    *, assigned_at: datetime, claimed_at: datetime | None, limit: Limit | None, level: int, whole: Clocks,
    calendar: Calendar,
) -> PartClock:  # fmt: skip
    """Unsigned: the limit to sign. Signed: its own limit, without one the end of the whole; pauses count for both."""
    handle = handling(whole)
    if claimed_at is None:
        return ending(assigned_at, default_limits(level)["claim"], (), calendar)
    if limit is not None:
        return ending(claimed_at, limit, pauses_since(claimed_at, handle), calendar)
    if handle is None or handle.due_at is None:
        return PartClock(None)
    found = reminders(claimed_at, handle.limit, handle.due_at, calendar, pauses_since(claimed_at, handle))
    return PartClock(handle.due_at, tuple(found))


def handling(whole: Clocks) -> Clock | None:
    """The handle clock that runs now, if one does."""
    running = [one for one in whole.clocks if one.name == "handle" and one.ended_at is None]
    return running[-1] if running else None


def pauses_since(start: datetime, clock: Clock | None) -> tuple[Pause, ...]:
    if clock is None:
        return ()
    kept = (pause for pause in clock.pauses if pause.end is None or pause.end > start)
    return tuple(pause._replace(start=max(pause.start, start)) for pause in kept)


def ending(start: datetime, limit: Limit, pauses: Sequence[Pause], calendar: Calendar) -> PartClock:
    end = due(start, limit, calendar, pauses).at
    return PartClock(end, tuple(reminders(start, limit, end, calendar, pauses)) if end else ())
