"""When a message may ring at somebody's: pure, on the clock of the wall; what has to wait, waits till the end."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from onegrid.kit import clock


@dataclass(frozen=True)
class Quiet:
    """The hours in which nothing rings, from then until then; over midnight when the first is the later one."""

    since: time
    until: time


# Residents are told between eight in the morning and nine in the evening.
RESIDENTS = Quiet(time(21), time(8))


def held_until(moment: datetime, quiet: Quiet | None) -> datetime | None:
    """The end of the quiet hours that this moment lies in, or None when it lies in none."""
    if quiet is None or quiet.since == quiet.until:
        return None
    here = clock.local(moment)
    now = here.time()
    over_midnight = quiet.since > quiet.until
    within = (now >= quiet.since or now < quiet.until) if over_midnight else quiet.since <= now < quiet.until
    if not within:
        return None
    end = here.replace(hour=quiet.until.hour, minute=quiet.until.minute, second=0, microsecond=0)
    return end if end > here else end + timedelta(days=1)
