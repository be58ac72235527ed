"""At most three notices of a kind per person and way in ten minutes; the rest are said in one. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

MOST = 3
SPAN = timedelta(minutes=10)


def next_place(now: datetime, given: Sequence[datetime]) -> datetime | None:
    """None when one more may go at once; else the moment of the bundle: ten minutes after the last but two.

    `given` are the moments of those of the last ten minutes and of those to come, newest first. In any span of
    ten minutes there are then three at most, the bundle among them.
    """
    if len(given) < MOST:
        return None
    opens = given[MOST - 1] + SPAN
    return opens if opens > now else None
