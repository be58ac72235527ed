"""Limits, the working calendar, and the moment a limit ends, with every day that led to it.

How a limit is counted (`due`):

- minutes, hours: run through, day and night.
- working_hours: count only inside the working hours of working days.
- days: the first day does not count; the limit ends at 24:00 of the last day (00:00 of the next). If that
  day is a rest day it ends at 24:00 of the next working day.
- working_days: the first day does not count; the limit ends at the close of the n-th working day.

How a pause is counted: it covers its first moment, not its last.

- minutes, hours, working_hours: the clock stands still in the pause. For working hours only the working
  time inside the pause is given back.
- days, working_days: a day counts only if the clock ran through all of it. The first day and every day that
  a pause touches are therefore not counted, nor does a limit end on such a day. A longer pause never gives
  an earlier end, and no pause ever takes away from the limit.

A clock inside an open pause stands still: its end is not known, `Due.at` is None.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import NamedTuple
from zoneinfo import ZoneInfo

KINDS = ("clock", "call_first", "live", "route", "report_at_once")
UNITS = ("minutes", "hours", "working_hours", "days", "working_days")
WORKING_HOURS = ((time(9), time(12)), (time(13, 30), time(17, 30)))
ONE_DAY = timedelta(days=1)
NOTHING = timedelta()

# Days whose date never moves (Measures for Public Holidays, as in force since 2025): New Year, Labour Day
# (two days), National Day (three). The festivals of the moon are rows of the calendar table.
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})

Stretch = tuple[datetime, datetime | None]


@dataclass(frozen=True)
class Limit:
    """An amount of time: kind as in the category table (`route`: until it is handed to the legal channel)."""

    kind: str
    amount: int
    unit: str

    def __post_init__(self) -> None:
        if self.kind not in KINDS or self.unit not in UNITS or self.amount < 0:
            raise ValueError(f"not a limit: {self.kind} {self.amount} {self.unit}")

    @classmethod
    def read(cls, row: Sequence[object]) -> "Limit":
        """From `[kind, amount, unit]`; `live` has no amount in the tables and is watched for 24 hours."""
        kind, amount, unit = row
        if kind == "live" and not amount:
            return cls("live", 24, "hours")
        return cls(str(kind), int(str(amount)), str(unit))

    def row(self) -> list[str | int]:
        """As JSON keeps it: `[kind, amount, unit]`."""
        return [self.kind, self.amount, self.unit]

    @property
    def promises(self) -> bool:
        """Whether a resident is told a time: not where help is called first, nor for a live emergency."""
        return self.kind in ("clock", "route")

    @property
    def in_working_time(self) -> bool:
        return self.unit.startswith("working")


class Pause(NamedTuple):
    """From `start` up to `end` (None: still open) the clock stands still."""

    start: datetime
    end: datetime | None
    reason: str = ""


@dataclass(frozen=True)
class Day:
    """What the calendar table says of one date; `provisional`: computed, not yet published."""

    works: bool
    provisional: bool = False
    name_zh: str = ""
    name_en: str = ""


@dataclass(frozen=True)
class Calendar:
    """The working days and hours of an area; a date it does not hold is computed and provisional."""

    days: Mapping[date, Day] = field(default_factory=dict)
    spans: tuple[tuple[time, time], ...] = WORKING_HOURS
    zone: str = "Asia/Shanghai"

    def __post_init__(self) -> None:
        edges = [edge for span in self.spans for edge in span]
        if not edges or edges != sorted(set(edges)):
            raise ValueError("working hours must be spans in order, without overlap")

    def day(self, on: date) -> Day:
        return self.days.get(on) or _computed(on)

    def is_working(self, on: date) -> bool:
        return self.day(on).works

    def is_provisional(self, on: date) -> bool:
        return self.day(on).provisional

    def date_of(self, moment: datetime) -> date:
        """The date on the wall at this moment."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def moment(self, on: date, at: time = time()) -> datetime:
        """The moment in UTC at which the wall shows this date and time."""
        return datetime.combine(on, at, ZoneInfo(self.zone)).astimezone(UTC)

    def end_of(self, on: date) -> datetime:
        """24:00 of the day."""
        return self.moment(on + ONE_DAY)

    def close_of(self, on: date) -> datetime:
        """The end of the last working span of the day."""
        return self.moment(on, self.spans[-1][1])

    def working_day_length(self) -> timedelta:
        today = date.min
        return sum((datetime.combine(today, b) - datetime.combine(today, a) for a, b in self.spans), NOTHING)

    def why(self, on: date) -> str:
        """working_day, make_up_day, holiday or weekend."""
        day, weekend = self.day(on), on.weekday() >= 5
        if day.works:
            return "make_up_day" if weekend else "working_day"
        return "weekend" if weekend and not day.name_en else "holiday"


def _computed(on: date) -> Day:
    return Day(works=on.weekday() < 5 and (on.month, on.day) not in FIXED_HOLIDAYS, provisional=True)


@dataclass(frozen=True)
class Line:
    """One line of the account: kind start, run, day, moved, pause, sum; `why` says why it counted or not.

    why: first_day, day, paused, working_time, running, the answers of `Calendar.why`, or a pause's reason.
    """

    kind: str
    from_: datetime
    until: datetime | None
    counted: timedelta = NOTHING
    why: str = ""
    name_zh: str = ""
    name_en: str = ""
    provisional: bool = False


@dataclass(frozen=True)
class Due:
    """The end of a limit; `at` None: it stands still; `about`: a day it leans on is not published yet."""

    at: datetime | None
    about: bool
    lines: list[Line]


def due(start: datetime, limit: Limit, calendar: Calendar, pauses: Sequence[Pause] = ()) -> Due:
    """When the limit ends that began at `start` (aware), by the rules at the head of this file."""
    paused = [pause for pause in pauses if pause.start != pause.end]
    if limit.amount == 0:
        return _account(start, limit, Due(start, False, []), paused)
    if limit.unit in ("days", "working_days"):
        return _account(start, limit, _due_by_days(start, limit, calendar, paused), paused)
    return _account(start, limit, _due_by_time(start, limit, calendar, paused), paused)


def _account(start: datetime, limit: Limit, found: Due, pauses: Sequence[Pause]) -> Due:
    """Put start, pauses and sum around the counted lines."""
    counted = sum((line.counted for line in found.lines), NOTHING)
    known = [pause for pause in pauses if found.at is None or pause.start < found.at]
    middle = [*found.lines, *(Line("pause", pause.start, pause.end, why=pause.reason) for pause in known)]
    middle.sort(key=lambda line: line.from_)
    head = Line("start", start, None, why=limit.unit)
    return Due(found.at, found.about, [head, *middle, Line("sum", start, found.at, counted, limit.unit)])


def _due_by_time(start: datetime, limit: Limit, calendar: Calendar, pauses: Sequence[Pause]) -> Due:
    left = limit.amount * (timedelta(minutes=1) if limit.unit == "minutes" else timedelta(hours=1))
    lines: list[Line] = []
    at, last = None, start
    for begins, ends in _running(start, limit, calendar, pauses):
        at = begins + left if ends is None or ends - begins >= left else None
        last = at or ends or begins
        left -= last - begins
        lines.append(Line("run", begins, last, last - begins, "running"))
        if at:
            break
    if limit.unit != "working_hours":
        return Due(at, False, lines)
    days = _dates(calendar.date_of(start), calendar.date_of(last))
    about = any(calendar.is_provisional(day) for day in days)
    return Due(at, about, [*(_because(line, calendar) for line in lines), *_rest_days(days, calendar)])


def _because(line: Line, calendar: Calendar) -> Line:
    on = calendar.date_of(line.from_)
    return Line("run", line.from_, line.until, line.counted, calendar.why(on), *_name(calendar.day(on)))


def _rest_days(days: Sequence[date], calendar: Calendar) -> list[Line]:
    return [_day_line("day", on, calendar, calendar.why(on)) for on in days if not calendar.is_working(on)]


def _due_by_days(start: datetime, limit: Limit, calendar: Calendar, pauses: Sequence[Pause]) -> Due:
    first, left, about = calendar.date_of(start), limit.amount, False
    stands_from = min((calendar.date_of(pause.start) for pause in pauses if pause.end is None), default=date.max)
    lines = [_day_line("day", first, calendar, "first_day")]
    for number in count(1):
        on = first + number * ONE_DAY
        if on >= stands_from:
            break
        if _touched(on, calendar, pauses):
            lines.append(_day_line("day", on, calendar, "paused"))
            continue
        works, was_left = calendar.is_working(on), left
        left -= 1 if left and (works or limit.unit == "days") else 0
        about = about or (calendar.is_provisional(on) and (limit.unit == "working_days" or left == 0))
        lines.append(_counted_day(on, limit, calendar, was_left, left))
        if left == 0 and works:
            at = calendar.end_of(on) if limit.unit == "days" else calendar.close_of(on)
            return Due(at, about, lines)
    return Due(None, about, lines)


def _counted_day(on: date, limit: Limit, calendar: Calendar, was_left: int, left: int) -> Line:
    kind = "day" if was_left else "moved"
    plain = limit.unit == "days" and left > 0
    return _day_line(kind, on, calendar, "day" if plain else calendar.why(on), ONE_DAY * (was_left - left))


def _day_line(kind: str, on: date, calendar: Calendar, why: str, counted: timedelta = NOTHING) -> Line:
    begins, ends = calendar.moment(on), calendar.end_of(on)
    return Line(kind, begins, ends, counted, why, *_name(calendar.day(on)))


def _name(day: Day) -> tuple[str, str, bool]:
    return day.name_zh, day.name_en, day.provisional


def _touched(on: date, calendar: Calendar, pauses: Sequence[Pause]) -> bool:
    begins, ends = calendar.moment(on), calendar.end_of(on)
    return any(pause.start < ends and (pause.end is None or pause.end > begins) for pause in pauses)


def _running(start: datetime, limit: Limit, calendar: Calendar, pauses: Sequence[Pause]) -> Iterator[Stretch]:
    """The stretches in which the clock runs, in order; the last may be without end."""
    for begins, ends in _gaps(start, pauses):
        if limit.in_working_time:
            yield from _working_stretches(begins, ends, calendar)
        else:
            yield begins, ends


def _gaps(start: datetime, pauses: Sequence[Pause]) -> Iterator[Stretch]:
    """What the pauses leave of the time after `start`."""
    free_from = start
    for pause in sorted(pauses, key=lambda pause: pause.start):
        if pause.start > free_from:
            yield free_from, pause.start
        if pause.end is None:
            return
        free_from = max(free_from, pause.end)
    yield free_from, None


def _working_stretches(
    begins: datetime, ends: datetime | None, calendar: Calendar
) -> Iterator[tuple[datetime, datetime]]:
    first = calendar.date_of(begins)
    for number in count():
        on = first + number * ONE_DAY
        if ends is not None and calendar.moment(on) >= ends:
            return
        for opens, closes in calendar.spans if calendar.is_working(on) else ():
            a, b = calendar.moment(on, opens), calendar.moment(on, closes)
            a, b = max(a, begins), b if ends is None else min(b, ends)
            if a < b:
                yield a, b


def _dates(first: date, last: date) -> list[date]:
    return [first + number * ONE_DAY for number in range((last - first).days + 1)]


def share(
    start: datetime,
    end: datetime,
    limit: Limit,
    calendar: Calendar,
    fraction: float,
    pauses: Sequence[Pause] = (),
) -> datetime:
    """The moment at which this fraction of the way from start to end was run, without the pauses.

    Measured in working time for working hours and working days, else in plain time.
    """
    stretches = [(a, end if b is None else min(b, end)) for a, b in _until(end, start, limit, calendar, pauses)]
    left = sum((b - a for a, b in stretches), NOTHING) * fraction
    for begins, ends in stretches:
        if ends - begins >= left:
            return begins + left
        left -= ends - begins
    return end


def _until(
    end: datetime, start: datetime, limit: Limit, calendar: Calendar, pauses: Sequence[Pause]
) -> Iterator[Stretch]:
    for begins, ends in _running(start, limit, calendar, pauses):
        if begins >= end:
            return
        yield begins, ends


def working_day_before(moment: datetime, calendar: Calendar) -> datetime:
    """The same time on the working day before, drawn into the working day (24:00 becomes its close)."""
    return _neighbour(moment, calendar, -ONE_DAY)


def working_day_after(moment: datetime, calendar: Calendar) -> datetime:
    """The same time on the next working day, drawn into the working day (24:00 becomes its close)."""
    return _neighbour(moment, calendar, ONE_DAY)


def _neighbour(moment: datetime, calendar: Calendar, step: timedelta) -> datetime:
    here = calendar.date_of(moment)
    ended = moment == calendar.moment(here)
    # 00:00 is the end of the day before, for a limit in days ends there.
    here = here - ONE_DAY if ended else here
    time_of_day = time.max if ended else moment.astimezone(ZoneInfo(calendar.zone)).time()
    there = here + step
    while not calendar.is_working(there):
        there += step
    within = min(max(time_of_day, calendar.spans[0][0]), calendar.spans[-1][1])
    return calendar.moment(there, within)


def reminders(
    start: datetime, limit: Limit, end: datetime, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> list[tuple[str, datetime]]:
    """When to remind, in order: day_before, most_used (80 %), expired, day_after.

    A limit of one day or less is reminded of at 80 % and at its end only; what would fall before the limit
    began is not sent.
    """
    found = [("most_used", share(start, end, limit, calendar, 0.8, pauses))]
    if not _within_one_day(limit, calendar):
        found.append(("day_before", working_day_before(end, calendar)))
    kept = sorted((pair for pair in found if start < pair[1] < end), key=lambda pair: pair[1])
    kept.append(("expired", end))
    if not _within_one_day(limit, calendar):
        kept.append(("day_after", working_day_after(end, calendar)))
    return kept


def _within_one_day(limit: Limit, calendar: Calendar) -> bool:
    lengths = {
        "minutes": timedelta(minutes=1) / ONE_DAY,
        "hours": timedelta(hours=1) / ONE_DAY,
        "working_hours": timedelta(hours=1) / calendar.working_day_length(),
    }
    return limit.amount * lengths.get(limit.unit, 1) <= 1
