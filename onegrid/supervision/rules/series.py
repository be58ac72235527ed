"""When the next meeting of a series begins: at the same hour on the wall, and never in the past."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from onegrid.kit.working_time import Calendar

SERIES = {"none": _("once"), "weekly": _("every week"), "monthly": _("every month")}


def next_start(start: datetime, series: str, zone: str, now: datetime) -> datetime | None:
    """The first moment of the series after both `start` and `now`; None for a meeting that is no series."""
    if series not in ("weekly", "monthly"):
        return None
    first = start.astimezone(ZoneInfo(zone))
    count = 1
    while True:
        found = first + timedelta(weeks=count) if series == "weekly" else months_on(first, count)
        if found > now:
            return found.astimezone(UTC)
        count += 1


def ahead(start: datetime, series: str, zone: str, count: int) -> list[datetime]:
    """So many moments of a series, the first is its start."""
    found = [start]
    while len(found) < count and (after := next_start(start, series, zone, found[-1])) is not None:
        found.append(after)
    return found


def moved(start: datetime, calendar: Calendar) -> datetime:
    """The same hour of the next working day, for what would fall on a rest day."""
    wall = start.astimezone(ZoneInfo(calendar.zone))
    while not calendar.is_working(wall.date()):
        wall += timedelta(days=1)
    return wall.astimezone(UTC)


def months_on(start: datetime, count: int) -> datetime:
    """The same day of a later month, or its last."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    day = min(start.day, monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)
