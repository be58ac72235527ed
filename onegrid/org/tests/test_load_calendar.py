"""The calendar table: 2026 as published, 2027 computed and provisional, days set by hand left alone."""

from collections import Counter
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from onegrid.org import queries
from onegrid.org.models import CalendarDay
from onegrid.org.rules import holidays

MADE_UP_2026 = {date(2026, *day) for day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))}


def test_2026_is_as_published() -> None:
    days = {day.date: day for day in holidays.days_of(2026)}
    assert len(days) == 365
    assert not any(day.provisional for day in days.values())
    assert {on for on, day in days.items() if day.kind == "work" and on.weekday() >= 5} == MADE_UP_2026
    assert [days[date(2026, 2, day)].kind for day in (14, 15, 23, 24)] == ["work", "rest", "rest", "work"]
    assert days[date(2026, 10, 7)].name == "国庆节"


def test_2027_is_computed_and_says_so() -> None:
    days = {day.date: day for day in holidays.days_of(2027)}
    assert all(day.provisional for day in days.values())
    law = {on for on, day in days.items() if day.source == "law"}
    assert law == {
        date(2027, 1, 1),
        *(date(2027, 2, day) for day in (5, 6, 7, 8)),
        date(2027, 4, 5),
        date(2027, 5, 1),
        date(2027, 5, 2),
        date(2027, 6, 9),
        date(2027, 9, 15),
        *(date(2027, 10, day) for day in (1, 2, 3)),
    }
    assert not any(day.kind == "work" and on.weekday() >= 5 for on, day in days.items())


@pytest.mark.parametrize("year", range(2027, 2037))
def test_every_computed_year_has_the_statutory_days(year: int) -> None:
    # Mid-Autumn of 2028 and 2031 falls on the days of National Day.
    assert len(holidays.statutory_days(year)) == (12 if year in (2028, 2031) else 13)


def test_the_festivals_agree_with_the_library_where_it_knows_them() -> None:
    named = Counter(day.name_en for day in holidays.days_of(2026) if day.kind == "rest" and day.name_en)
    assert named["Spring Festival"] == 9
    assert named["National Day"] == 7


def test_where_the_table_of_the_moon_ends_the_fixed_days_remain() -> None:
    assert len(holidays.statutory_days(2050)) == 7


@pytest.mark.django_db
def test_loading_twice_changes_nothing_and_leaves_what_a_hand_set() -> None:
    CalendarDay.objects.create(date=date(2027, 3, 3), kind="rest", source="hand", name="本县集日", name_en="Fair")
    call_command("load_calendar", "2026", "2027")
    before = list(CalendarDay.objects.order_by("date", "area").values())
    call_command("load_calendar", "2026", "2027")
    assert list(CalendarDay.objects.order_by("date", "area").values()) == before
    assert len(before) == 730
    assert CalendarDay.objects.get(date=date(2027, 3, 3)).name_en == "Fair"


@pytest.mark.django_db
def test_the_calendar_of_an_area_is_made_of_these_days() -> None:
    call_command("load_calendar", "2026", "2027")
    found = queries.calendar("511502")
    assert found.is_working(date(2026, 2, 14))
    assert found.why(date(2026, 2, 14)) == "make_up_day"
    assert not found.is_provisional(date(2026, 12, 31))
    assert found.is_provisional(date(2027, 1, 4))


@pytest.mark.django_db
def test_an_impossible_year_is_refused() -> None:
    with pytest.raises(CommandError):
        call_command("load_calendar", "1999")
