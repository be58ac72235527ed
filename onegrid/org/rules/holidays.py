"""The days of a year: as published, from a kept library, or computed from weekends and statutory days.

A computed year holds the thirteen days of the Measures for Public Holidays (as in force since 2025) and no
bridge or make-up day: these are known from the yearly notice only. It errs on the side of the resident, with
fewer rest days than a published year.
"""

import csv
import datetime
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import chinese_calendar
from chinese_calendar.constants import Holiday, holidays

FESTIVALS = Path(__file__).with_name("festivals.csv")
ONE_DAY = datetime.timedelta(days=1)


class YearDay(NamedTuple):
    """One day of a year, in the words of the calendar table."""

    date: datetime.date
    kind: str
    source: str
    provisional: bool
    name: str
    name_en: str


def days_of(year: int) -> list[YearDay]:
    """Every day of the year; provisional if the library does not hold its notice."""
    dates = list(_dates(year))
    if _is_published(year):
        return [_published(on) for on in dates]
    statutory = statutory_days(year)
    return [_computed(on, statutory.get(on)) for on in dates]


def statutory_days(year: int) -> dict[datetime.date, Holiday]:
    """The days that the law itself makes free; without the festivals of the moon where our table ends."""
    found = {
        datetime.date(year, 1, 1): Holiday.new_years_day,
        _qingming(year): Holiday.tomb_sweeping_day,
        **{datetime.date(year, 5, day): Holiday.labour_day for day in (1, 2)},
        **{datetime.date(year, 10, day): Holiday.national_day for day in (1, 2, 3)},
    }
    moon = _festivals().get(year, {})
    if moon:
        spring = moon["spring_festival"]
        # From the eve to the third day of the first month.
        found |= {spring + number * ONE_DAY: Holiday.spring_festival for number in (-1, 0, 1, 2)}
        found[moon["dragon_boat_festival"]] = Holiday.dragon_boat_festival
        found.setdefault(moon["mid_autumn_festival"], Holiday.mid_autumn_festival)
    return found


def _dates(year: int) -> Iterator[datetime.date]:
    on = datetime.date(year, 1, 1)
    while on.year == year:
        yield on
        on += ONE_DAY


def _is_published(year: int) -> bool:
    """The library knows a year if it raises no error and holds a holiday of it."""
    try:
        chinese_calendar.is_workday(datetime.date(year, 1, 1))
    except NotImplementedError:
        return False
    return any(on.year == year for on in holidays)


def _published(on: datetime.date) -> YearDay:
    rests, name = chinese_calendar.get_holiday_detail(on)
    holiday = Holiday(name) if name else None
    return _day(on, not rests, "library", False, holiday)


def _computed(on: datetime.date, holiday: Holiday | None) -> YearDay:
    works = on.weekday() < 5 and holiday is None
    return _day(on, works, "law" if holiday else "weekend", True, holiday)


def _day(on: datetime.date, works: bool, source: str, provisional: bool, holiday: Holiday | None) -> YearDay:
    names = (holiday.chinese, holiday.value) if holiday else ("", "")
    return YearDay(on, "work" if works else "rest", source, provisional, *names)


def _qingming(year: int) -> datetime.date:
    first, last = datetime.date(year, 4, 3), datetime.date(year, 4, 7)
    terms: list[tuple[datetime.date, str]] = chinese_calendar.get_solar_terms(first, last)
    return terms[0][0]


@cache
def _festivals() -> dict[int, dict[str, datetime.date]]:
    with FESTIVALS.open(encoding="utf-8") as file:
        return {int(row.pop("year")): _read(row) for row in csv.DictReader(file)}


def _read(row: dict[str, str]) -> dict[str, datetime.date]:
    return {name: datetime.date.fromisoformat(text) for name, text in row.items()}
