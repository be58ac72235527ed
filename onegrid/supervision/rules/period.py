"""Periods of a circular, in whole days: the presets, the equally long one before, and what may not be."""

from dataclasses import dataclass
from datetime import date, timedelta

PRESETS = ("week", "month", "quarter")
LONGEST = timedelta(days=366)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Both days belong to it."""

    since: date
    until: date

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def before(self) -> "Period":
        """As many days, up to the day before."""
        return Period(self.since - timedelta(days=self.days), self.since - ONE_DAY)


def preset(name: str, today: date) -> Period:
    """The last whole week (Monday to Sunday), month or quarter before today."""
    if name == "week":
        monday = today - timedelta(days=today.weekday())
        return Period(monday - timedelta(days=7), monday - ONE_DAY)
    months = 1 if name == "month" else 3
    first = today.replace(day=1, month=today.month - (today.month - 1) % months)
    until = first - ONE_DAY
    since = until.replace(day=1, month=until.month - months + 1)
    return Period(since, until)
