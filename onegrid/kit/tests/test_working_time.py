"""Limits counted by hand on the published calendar of 2026 (notice of the State Council's General Office)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from onegrid.kit import working_time
from onegrid.kit.working_time import Calendar, Day, Limit, Pause, due, reminders, share

SHANGHAI = "Asia/Shanghai"


def days(month: int, first: int, last: int) -> list[date]:
    return [date(2026, month, day) for day in range(first, last + 1)]


HOLIDAYS = {
    "New Year": days(1, 1, 3),
    "Spring Festival": days(2, 15, 23),
    "Qingming": days(4, 4, 6),
    "Labour Day": days(5, 1, 5),
    "Dragon Boat": days(6, 19, 21),
    "Mid-Autumn": days(9, 25, 27),
    "National Day": days(10, 1, 7),
}
MADE_UP = [date(2026, *day) for day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))]


def year_2026() -> dict[date, Day]:
    first = date(2026, 1, 1)
    found = {on: Day(on.weekday() < 5) for on in (first + timedelta(n) for n in range(365))}
    for name, rest in HOLIDAYS.items():
        found |= {on: Day(False, name_en=name) for on in rest}
    return found | {on: Day(True) for on in MADE_UP}


CALENDAR = Calendar(year_2026())


def at(text: str) -> datetime:
    """`02-14 15:00` of 2026 (or with the year in front) in Shanghai."""
    full = text if len(text) > 12 else f"2026-{text}"
    moment = datetime.strptime(full, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    return moment - timedelta(hours=8)


def limit(text: str) -> Limit:
    units = {"m": "minutes", "h": "hours", "wh": "working_hours", "d": "days", "wd": "working_days"}
    amount, unit = text.split()
    return Limit("clock", int(amount), units[unit])


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        # Minutes and hours run through night, festival and the turn of the year.
        ("02-16 23:55", "10 m", "02-17 00:05"),
        ("12-31 20:00", "24 h", "2027-01-01 20:00"),
        ("10-01 03:00", "4 h", "10-01 07:00"),
        # Working hours: over lunch, over night, on a make-up Saturday, around the festival.
        ("03-02 11:00", "2 wh", "03-02 14:30"),
        ("03-02 13:30", "4 wh", "03-02 17:30"),
        ("03-02 12:30", "4 wh", "03-02 17:30"),
        ("03-02 17:30", "4 wh", "03-03 14:30"),
        ("02-13 16:00", "4 wh", "02-14 11:30"),
        ("02-14 15:00", "4 wh", "02-24 10:30"),
        ("02-20 08:00", "2 wh", "02-24 11:00"),
        ("10-09 17:00", "4 wh", "10-10 14:00"),
        # Days: the first does not count, 24:00 of the last, a rest day moves the end.
        ("03-02 00:01", "1 d", "03-04 00:00"),
        ("02-11 10:00", "3 d", "02-15 00:00"),
        ("02-11 10:00", "4 d", "02-25 00:00"),
        ("09-01 10:00", "30 d", "10-09 00:00"),
        ("09-03 10:00", "7 d", "09-11 00:00"),
        ("09-13 10:00", "7 d", "09-21 00:00"),
        # Working days: the close of the n-th, make-up days count, festivals do not.
        ("02-11 10:00", "5 wd", "02-25 17:30"),
        ("02-14 08:00", "1 wd", "02-24 17:30"),
        ("09-18 16:00", "2 wd", "09-21 17:30"),
        ("09-30 09:00", "3 wd", "10-10 17:30"),
        ("09-30 09:00", "4 wd", "10-12 17:30"),
        ("05-01 09:00", "1 wd", "05-06 17:30"),
    ],
)
def test_limits_end_as_counted_by_hand(start: str, amount: str, expected: str) -> None:
    found = due(at(start), limit(amount), CALENDAR)
    assert found.at == at(expected)
    assert found.about is False


@pytest.mark.parametrize(
    ("start", "amount", "expected", "about"),
    [
        ("2026-12-31 10:00", "1 wd", "2027-01-04 17:30", True),
        ("2026-12-31 10:00", "2 wh", "2026-12-31 12:00", False),
        ("2026-12-31 16:30", "2 wh", "2027-01-04 10:00", True),
        ("2026-12-30 10:00", "1 d", "2027-01-01 00:00", False),
        ("2026-12-30 10:00", "2 d", "2027-01-05 00:00", True),
        ("2026-12-30 10:00", "5 d", "2027-01-05 00:00", True),
        ("2027-04-29 10:00", "2 d", "2027-05-04 00:00", True),
    ],
)
def test_a_year_that_is_not_published_says_about(start: str, amount: str, expected: str, about: bool) -> None:
    found = due(at(start), limit(amount), CALENDAR)
    assert (found.at, found.about) == (at(expected), about)


@pytest.mark.parametrize(
    ("start", "amount", "pauses", "expected"),
    [
        ("03-02 10:00", "10 m", [("03-02 10:05", "03-02 10:20")], "03-02 10:25"),
        ("03-02 10:00", "10 m", [("03-02 10:10", "03-02 10:20")], "03-02 10:10"),
        ("03-02 10:00", "10 m", [("03-02 09:00", "03-02 10:20")], "03-02 10:30"),
        # For working hours only the working time inside the pause comes back: here 1 + 1 hours.
        ("03-02 10:00", "4 wh", [("03-02 16:30", "03-03 10:00")], "03-02 15:30"),
        ("03-02 14:00", "4 wh", [("03-02 16:30", "03-03 10:00")], "03-03 11:30"),
        ("03-02 14:00", "4 wh", [("03-02 17:30", "03-03 09:00")], "03-03 09:30"),
        # A day that a pause touches does not count, nor ends a limit on it.
        ("03-02 10:00", "3 wd", [("03-03 10:00", "03-04 09:00")], "03-09 17:30"),
        ("03-02 10:00", "3 wd", [("03-02 11:00", "03-02 15:00")], "03-05 17:30"),
        ("03-02 10:00", "3 wd", [("03-07 11:00", "03-08 15:00")], "03-05 17:30"),
        ("03-02 10:00", "3 wd", [("03-03 10:00", "03-04 00:00")], "03-06 17:30"),
        ("03-02 10:00", "5 d", [("03-04 10:00", "03-05 10:00")], "03-10 00:00"),
        ("03-02 10:00", "5 d", [("03-09 10:00", "03-10 10:00")], "03-12 00:00"),
        (
            "02-11 10:00",
            "5 d",
            [("02-12 10:00", "02-20 10:00"), ("02-13 10:00", "02-14 10:00")],
            "02-26 00:00",
        ),
        ("03-02 10:00", "1 wd", [("03-03 10:00", "03-03 10:00")], "03-03 17:30"),
    ],
)
def test_pauses_give_back_by_rule(start: str, amount: str, pauses: list[tuple[str, str]], expected: str) -> None:
    stood = [Pause(at(begins), at(ends)) for begins, ends in pauses]
    assert due(at(start), limit(amount), CALENDAR, stood).at == at(expected)


@pytest.mark.parametrize("amount", ["10 m", "2 h", "4 wh", "3 d", "3 wd"])
def test_an_open_pause_stands_still(amount: str) -> None:
    stood = [Pause(at("03-02 10:05"), None, "waits for the reporter")]
    found = due(at("03-02 10:00"), limit(amount), CALENDAR, stood)
    assert found.at is None
    assert found.lines[-1].until is None
    assert [line.why for line in found.lines if line.kind == "pause"] == ["waits for the reporter"]


@pytest.mark.parametrize("amount", ["10 m", "2 h", "4 wh", "3 d", "3 wd"])
def test_a_limit_that_ended_before_the_pause_has_ended(amount: str) -> None:
    late = [Pause(at("03-12 10:05"), None)]
    alone = due(at("03-02 10:00"), limit(amount), CALENDAR)
    assert due(at("03-02 10:00"), limit(amount), CALENDAR, late) == alone


def test_no_amount_is_due_at_once() -> None:
    assert due(at("02-17 03:00"), Limit("call_first", 0, "minutes"), CALENDAR).at == at("02-17 03:00")


def test_a_live_limit_without_amount_is_watched_for_a_day() -> None:
    live = Limit.read(["live", "", ""])
    assert live == Limit("live", 24, "hours")
    assert not live.promises
    assert Limit.read(live.row()) == live


@pytest.mark.parametrize("row", [["clock", 1, "weeks"], ["soon", 1, "days"], ["clock", -1, "days"]])
def test_what_is_no_limit_is_refused(row: list[object]) -> None:
    with pytest.raises(ValueError, match="not a limit"):
        Limit.read(row)


@pytest.mark.parametrize("spans", [(), ((time(12), time(9)),), ((time(9), time(12)), (time(11), time(17)))])
def test_working_hours_must_be_in_order(spans: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="spans"):
        Calendar(spans=spans)


def test_other_working_hours_are_counted() -> None:
    summer = Calendar(year_2026(), spans=((time(8), time(12)), (time(15), time(18))))
    assert due(at("07-01 11:00"), limit("2 wh"), summer).at == at("07-01 16:00")
    assert due(at("07-01 11:00"), limit("1 wd"), summer).at == at("07-02 18:00")


def reasons(amount: str, start: str, pauses: Iterable[Pause] = ()) -> list[tuple[str, str, timedelta]]:
    lines = due(at(start), limit(amount), CALENDAR, tuple(pauses)).lines
    return [(line.kind, line.why, line.counted) for line in lines]


def test_the_account_names_every_day_and_why() -> None:
    one = timedelta(days=1)
    assert reasons("3 wd", "02-13 10:00") == [
        ("start", "working_days", timedelta()),
        ("day", "first_day", timedelta()),
        ("day", "make_up_day", one),
        *[("day", "holiday", timedelta())] * 9,
        ("day", "working_day", one),
        ("day", "working_day", one),
        ("sum", "working_days", 3 * one),
    ]


def test_the_account_of_days_shows_where_the_end_moved() -> None:
    one = timedelta(days=1)
    assert reasons("2 d", "03-05 10:00")[1:-1] == [
        ("day", "first_day", timedelta()),
        ("day", "day", one),
        ("day", "weekend", one),
        ("moved", "weekend", timedelta()),
        ("moved", "working_day", timedelta()),
    ]


def test_the_account_of_working_hours_adds_up() -> None:
    stood = [Pause(at("02-14 09:30"), at("02-14 10:00"), "asked")]
    found = due(at("02-13 16:00"), limit("8 wh"), CALENDAR, stood)
    assert found.lines[-1].counted == timedelta(hours=8)
    assert [line.name_en for line in found.lines].count("Spring Festival") == 0
    assert found.at == at("02-14 17:30")


def test_the_account_of_working_hours_shows_rest_days() -> None:
    found = due(at("02-14 15:00"), limit("4 wh"), CALENDAR)
    assert [line.name_en for line in found.lines].count("Spring Festival") == 9


def test_eighty_percent_is_measured_in_the_limits_own_time() -> None:
    start = at("03-02 16:30")
    assert share(start, at("03-03 12:00"), limit("4 wh"), CALENDAR, 0.5) == at("03-03 10:00")
    assert share(at("03-02 10:00"), at("03-02 10:10"), limit("10 m"), CALENDAR, 0.8) == at("03-02 10:08")
    friday = at("03-06 17:30")
    assert share(friday, at("03-13 17:30"), limit("5 wd"), CALENDAR, 0.8) == at("03-12 17:30")
    stood = [Pause(at("03-02 10:02"), at("03-02 11:02"))]
    assert share(at("03-02 10:00"), at("03-02 11:10"), limit("10 m"), CALENDAR, 0.8, stood) == at("03-02 11:08")
    assert share(friday, friday, limit("0 m"), CALENDAR, 0.8) == friday


@pytest.mark.parametrize(
    ("moment", "before", "after"),
    [
        ("03-03 15:00", "03-02 15:00", "03-04 15:00"),
        ("03-07 00:00", "03-05 17:30", "03-09 17:30"),
        ("02-24 17:30", "02-14 17:30", "02-25 17:30"),
        ("03-05 03:00", "03-04 09:00", "03-06 09:00"),
        ("03-08 12:30", "03-06 12:30", "03-09 12:30"),
    ],
)
def test_neighbouring_working_days(moment: str, before: str, after: str) -> None:
    assert working_time.working_day_before(at(moment), CALENDAR) == at(before)
    assert working_time.working_day_after(at(moment), CALENDAR) == at(after)


def reminded(start: str, amount: str) -> list[tuple[str, datetime]]:
    end = due(at(start), limit(amount), CALENDAR).at
    assert end is not None
    return reminders(at(start), limit(amount), end, CALENDAR)


def test_a_long_limit_reminds_four_times() -> None:
    assert reminded("03-02 09:00", "10 wd") == [
        ("most_used", at("03-12 16:06")),
        ("day_before", at("03-13 17:30")),
        ("expired", at("03-16 17:30")),
        ("day_after", at("03-17 17:30")),
    ]


@pytest.mark.parametrize("amount", ["10 m", "24 h", "4 wh", "7 wh", "1 d", "1 wd"])
def test_a_limit_of_a_day_reminds_at_most_of_eighty_percent_and_the_end(amount: str) -> None:
    assert [kind for kind, _ in reminded("03-02 09:00", amount)] == ["most_used", "expired"]


def test_what_falls_before_the_beginning_is_not_sent() -> None:
    # More than a day, but the working day before Sunday's end is the Friday before Saturday's beginning.
    assert [kind for kind, _ in reminded("03-07 10:00", "25 h")] == ["most_used", "expired", "day_after"]


def test_no_time_at_all_reminds_once() -> None:
    assert [kind for kind, _ in reminded("03-02 09:00", "0 m")] == ["expired"]
