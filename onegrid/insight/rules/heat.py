"""Periods that are compared, and when a difference is more than chance."""

import math
from dataclasses import dataclass
from datetime import date, timedelta

from onegrid.kit.few import LEAST

WEEK, MONTH = "week", "month"
STEPS = {WEEK: 26, MONTH: 24}
SIZES = (6, 7, 8)
# How far a difference is from chance, in standard deviations of a count: below the first it says nothing.
SOME, MUCH = 1.0, 2.0


@dataclass(frozen=True)
class Span:
    """From this day on, until before that day."""

    since: date
    until: date

    @property
    def last(self) -> date:
        return self.until - timedelta(days=1)


def span(unit: str, back: int, today: date) -> Span:
    """The week (from Monday) or month that lies so many back; 0 is the one that runs."""
    if unit == WEEK:
        monday = today - timedelta(days=today.weekday(), weeks=back)
        return Span(monday, monday + timedelta(weeks=1))
    first = month_at(today.year * 12 + today.month - 1 - back)
    return Span(first, month_at(first.year * 12 + first.month))


def month_at(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def change(now: int, before: int) -> str:
    """much_less, less, same, more, much_more; few matters must differ more than many before it means something."""
    distance = (now - before) / math.sqrt(now + before) if now + before else 0.0
    if abs(distance) < SOME or abs(now - before) < 2:
        return "same"
    return ("much_" if abs(distance) >= MUCH else "") + ("more" if distance > 0 else "less")


def percent(now: int, before: int) -> int | None:
    """By how much it changed; None where either is too small for a share: it would say more than there is."""
    return round(100 * (now - before) / before) if min(now, before) >= LEAST else None
