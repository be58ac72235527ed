"""The light of a matter, from its clock alone: green, yellow from a share of the clock on, red after its end."""

from datetime import datetime

from onegrid.events.rules.deadlines import Clock, Clocks
from onegrid.kit.working_time import Calendar, share

GREEN, YELLOW, RED = "green", "yellow", "red"
USUAL_PERCENT = 80


def running(clocks: Clocks) -> Clock | None:
    """The clock that whoever holds the matter must watch now; None at an end and while it stands still."""
    found = next((clock for clock in reversed(clocks.clocks) if clock.name == clocks.current), None)
    return None if found is None or found.due_at is None else found


def moment_of(clock: Clock, percent: int, calendar: Calendar) -> datetime:
    """When so many percent of the clock are used: in working time where it runs in working time, without pauses."""
    assert clock.due_at is not None
    return share(clock.started_at, clock.due_at, clock.limit, calendar, percent / 100, clock.pauses)


def light(clocks: Clocks, percent: int, calendar: Calendar, now: datetime) -> str:
    """Green, yellow or red; no light where no clock runs."""
    clock = running(clocks)
    if clock is None or clock.due_at is None:
        return ""
    if now >= clock.due_at:
        return RED
    return YELLOW if now >= moment_of(clock, percent, calendar) else GREEN
