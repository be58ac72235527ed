"""The clocks of an event, told in small stories on the calendar of 2026; wall times of Shanghai."""

import datetime as dt
from typing import Any

import chinese_calendar
import pytest

from onegrid.events.rules import deadlines
from onegrid.events.rules.deadlines import Clocks, Move, clocks, default_limits
from onegrid.kit.working_time import Calendar, Day, Limit

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
ONE_DAY = dt.timedelta(days=1)
DATES = [dt.date(2026, 1, 1) + number * ONE_DAY for number in range(365)]
CALENDAR = Calendar({on: Day(bool(chinese_calendar.is_workday(on))) for on in DATES})

TARGETS = {
    "report": "reported",
    "ask": "waiting_reporter",
    "answer": "reported",
    "accept": "accepted",
    "refuse": "refused",
    "review": "reported",
    "dispatch": "assigned",
    "return": "accepted",
    "claim": "handling",
    "transfer": "assigned",
    "extend": "handling",
    "suspend": "suspended",
    "resume": "handling",
    "resolve": "checking",
    "redo": "handling",
    "pass_check": "rating",
    "rate": "handling",
    "close": "closed",
    "reopen": "handling",
    "void": "void",
}


def at(text: str) -> dt.datetime:
    full = text if len(text) > 12 else f"2026-{text}"
    return dt.datetime.strptime(full, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def story(*steps: tuple[str, str] | tuple[str, str, dict[str, Any]]) -> list[Move]:
    moves: list[Move] = []
    for number, (verb, when, *rest) in enumerate(steps, 1):
        facts = dict(rest[0]) if rest else {}
        source = moves[-1].to_state if moves else ""
        target = facts.pop("to_state", None) or TARGETS[verb]
        moves.append(Move.of(number, verb, source, target, at(when), facts))
    return moves


def told(*steps: Any, calendar: Calendar = CALENDAR) -> Clocks:
    return clocks(story(*steps), calendar)


HANDLE = {"limits": {"handle": ["clock", 5, "working_days"]}}
REPORT = ("report", "03-02 09:00")
ACCEPT = ("accept", "03-02 10:00", HANDLE)
DISPATCH = ("dispatch", "03-02 11:00")
CLAIM = ("claim", "03-02 14:00")
TO_CLAIM = (REPORT, ACCEPT, DISPATCH, CLAIM)


@pytest.mark.parametrize(
    ("steps", "current", "due_at", "promised_by"),
    [
        ((REPORT,), "accept", "03-02 14:30", "03-02 14:30"),
        ((REPORT, ACCEPT), "dispatch", "03-02 15:30", "03-09 17:30"),
        ((REPORT, ACCEPT, DISPATCH), "claim", "03-02 16:30", "03-09 17:30"),
        (TO_CLAIM, "handle", "03-09 17:30", "03-09 17:30"),
        ((*TO_CLAIM, ("resolve", "03-04 10:00")), "check", "03-05 17:30", "03-09 17:30"),
        (
            (*TO_CLAIM, ("resolve", "03-04 10:00"), ("pass_check", "03-04 11:00")),
            "rating",
            "03-12 00:00",
            "03-09 17:30",
        ),
        (
            (*TO_CLAIM, ("resolve", "03-04 10:00"), ("redo", "03-04 11:00")),
            "handle",
            "03-09 17:30",
            "03-09 17:30",
        ),
        ((REPORT, ACCEPT, DISPATCH, ("return", "03-03 09:00")), "dispatch", "03-03 14:30", "03-09 17:30"),
        ((*TO_CLAIM, ("transfer", "03-03 09:00")), "claim", "03-03 14:30", "03-09 17:30"),
    ],
)
def test_each_state_has_its_clock(steps: tuple[Any, ...], current: str, due_at: str, promised_by: str) -> None:
    found = told(*steps)
    assert (found.current, found.due_at, found.promised_by) == (current, at(due_at), at(promised_by))


@pytest.mark.parametrize("end", [("refuse", "03-02 10:00"), ("void", "03-02 10:00")])
def test_an_end_has_no_clock_and_keeps_what_was_promised(end: tuple[str, str]) -> None:
    found = told(REPORT, end)
    assert (found.current, found.due_at, found.reminders) == (None, None, ())
    assert found.promised_by == at("03-02 14:30")


def test_levels_one_and_two_are_sent_out_and_claimed_within_a_quarter_of_an_hour() -> None:
    limits = {name: limit.row() for name, limit in default_limits(2).items()}
    accept = ("accept", "03-02 22:00", {"limits": limits})
    assert told(REPORT, accept).due_at == at("03-02 22:15")
    assert told(REPORT, accept, ("dispatch", "03-02 22:05")).due_at == at("03-02 22:20")
    assert default_limits(3)["claim"] == Limit("clock", 4, "working_hours")


def test_the_categorys_own_limit_wins_over_the_default() -> None:
    assert default_limits(4, {"accept": Limit("clock", 2, "hours")})["accept"].unit == "hours"


def test_asking_stops_the_clock_of_acceptance_and_starts_the_reporters() -> None:
    found = told(REPORT, ("ask", "03-02 10:00", {"reason": "place"}))
    assert (found.current, found.due_at) == ("answer", at("03-06 00:00"))
    assert (found.promised_by, found.paused_since, found.paused_reason) == (None, at("03-02 10:00"), "place")
    back = told(REPORT, ("ask", "03-02 10:00"), ("answer", "03-03 10:00"))
    assert back.due_at == back.promised_by == at("03-03 14:30")
    assert back.paused_since is None


def test_the_third_question_no_longer_stops_the_clock() -> None:
    asked = [("ask", "03-02 09:30"), ("answer", "03-02 10:00")] * 2
    found = told(REPORT, *asked[:2], ("ask", "03-02 10:30"), ("answer", "03-02 11:00"), ("ask", "03-02 11:30"))
    assert (found.promised_by, found.paused_since) == (at("03-02 15:30"), None)


def test_a_suspension_stops_the_promise_and_is_looked_at_again() -> None:
    suspended = (*TO_CLAIM, ("suspend", "03-03 10:00", {"reason": "weather", "review_on": "2026-03-10"}))
    found = told(*suspended)
    assert (found.current, found.due_at) == ("review", at("03-11 00:00"))
    assert (found.promised_by, found.paused_reason) == (None, "weather")
    back = told(*suspended, ("resume", "03-05 09:00"))
    # Counted: 6, 9, 10, 11, 12 March; the third to the fifth were touched by the pause.
    assert back.due_at == back.promised_by == at("03-12 17:30")


def test_a_suspension_without_a_date_is_looked_at_after_thirty_days() -> None:
    assert told(*TO_CLAIM, ("suspend", "03-03 10:00")).due_at == at("04-03 00:00")


def test_one_extension_counts_and_the_second_does_not() -> None:
    extend = ("extend", "03-04 10:00", {"extension": ["clock", 3, "working_days"]})
    assert told(*TO_CLAIM, extend).promised_by == at("03-12 17:30")
    assert told(*TO_CLAIM, extend, extend).promised_by == at("03-12 17:30")


def test_an_extension_in_another_unit_follows_the_limit() -> None:
    extend = ("extend", "03-04 10:00", {"extension": ["clock", 2, "days"]})
    assert told(*TO_CLAIM, extend).promised_by == at("03-12 00:00")


@pytest.mark.parametrize("ends", [("rate",), ("close", "reopen")])
def test_not_solved_is_a_new_promise_of_seven_days(ends: tuple[str, ...]) -> None:
    before = (*TO_CLAIM, ("resolve", "03-04 10:00"), ("pass_check", "03-04 11:00"))
    found = told(*before, *((verb, "03-05 10:00") for verb in ends))
    assert found.due_at == found.promised_by == at("03-13 00:00")


def test_a_review_of_a_refusal_starts_acceptance_anew() -> None:
    assert told(REPORT, ("refuse", "03-02 10:00"), ("review", "03-04 09:00")).due_at == at("03-04 14:30")


def test_what_is_undone_never_was() -> None:
    undo = ("undo", "03-02 14:01", {"undoes": 4, "to_state": "assigned"})
    undone = told(*TO_CLAIM, undo)
    plain = told(*TO_CLAIM[:3])
    assert undone == plain
    again = ("undo", "03-02 14:02", {"undoes": 5, "to_state": "handling"})
    assert told(*TO_CLAIM, undo, again) == told(*TO_CLAIM)


def test_help_is_called_first_and_no_time_is_promised() -> None:
    limits = {"limits": {"accept": ["call_first", 0, "minutes"], "handle": ["live", "", ""]}}
    reported = ("report", "03-02 03:00", limits)
    assert (told(reported).due_at, told(reported).promised_by) == (at("03-02 03:00"), None)
    live = told(reported, ("accept", "03-02 03:02"), ("dispatch", "03-02 03:03"), ("claim", "03-02 03:04"))
    assert (live.due_at, live.promised_by) == (at("03-03 03:02"), None)


def test_a_later_edit_of_the_category_changes_nothing() -> None:
    later = ("dispatch", "03-02 11:00", {"limits": {"handle": ["clock", 1, "hours"]}})
    assert told(REPORT, ACCEPT, later, CLAIM).due_at == at("03-09 17:30")


def test_the_next_reminder_follows_a_given_moment() -> None:
    found = told(*TO_CLAIM)
    assert [kind for kind, _ in found.reminders] == ["most_used", "day_before", "expired", "day_after"]
    assert found.remind_at(at("03-02 14:00")) == found.reminders[0][1]
    assert found.remind_at(at("03-09 17:29")) == at("03-09 17:30")
    assert found.remind_at(at("03-09 17:30")) == at("03-10 17:30")
    assert found.remind_at(at("03-10 17:30")) is None


def test_every_clock_keeps_its_account() -> None:
    found = told(*TO_CLAIM)
    assert [clock.name for clock in found.clocks] == ["accept", "dispatch", "handle", "claim"]
    assert [clock.ended_at for clock in found.clocks[:2]] == [at("03-02 10:00"), at("03-02 11:00")]
    handle = found.clocks[2]
    assert handle.lines[-1].counted == 5 * ONE_DAY
    idle = [line.why for line in handle.lines if not line.counted]
    assert idle == ["working_days", "first_day", "weekend", "weekend"]


def test_requests_and_orders_have_their_own_times() -> None:
    assert deadlines.decision_due("decision", at("03-06 10:00"), CALENDAR).at == at("03-09 17:30")
    assert deadlines.decision_due("reply", at("03-06 10:00"), CALENDAR).at == at("03-10 17:30")


# A promise told on the computed calendar of 2027, then the year is published: Monday 4 January rests, and the
# Sunday before works, or the other way.
def published(*, works: tuple[int, ...] = (), rests: tuple[int, ...] = ()) -> Calendar:
    january = {
        dt.date(2027, 1, day): Day(day in works or (CALENDAR.is_working(dt.date(2027, 1, day)) and day not in rests))
        for day in range(1, 32)
    }
    return Calendar({**CALENDAR.days, **january})


ACROSS = (
    ("report", "12-30 09:00"),
    ("accept", "12-30 10:00", {**HANDLE, "promised_by": "2027-01-07T17:30:00+08:00"}),
    ("dispatch", "12-30 11:00"),
    ("claim", "12-30 12:00"),
)


def test_a_computed_year_says_about() -> None:
    found = told(*ACROSS)
    assert (found.promised_by, found.about, found.promise_about) == (at("2027-01-07 17:30"), True, True)


def test_publishing_a_later_calendar_moves_the_deadline_but_not_the_promise() -> None:
    found = told(*ACROSS, calendar=published(rests=(4,)))
    assert (found.due_at, found.promised_by, found.about) == (
        at("2027-01-08 17:30"),
        at("2027-01-07 17:30"),
        False,
    )


def test_publishing_an_earlier_calendar_moves_both() -> None:
    found = told(*ACROSS, calendar=published(works=(2, 3)))
    assert found.due_at == found.promised_by == at("2027-01-05 17:30")


def test_a_pause_moves_a_kept_promise_by_what_it_adds_and_no_more() -> None:
    paused = (*ACROSS, ("suspend", "2027-01-05 10:00"), ("resume", "2027-01-06 10:00"))
    found = told(*paused, calendar=published(rests=(4,)))
    # Counted: 31 December, 7, 8, 11, 12 January, four days more than 8 January; so the promise too.
    assert found.due_at == at("2027-01-12 17:30")
    assert found.promised_by == at("2027-01-11 17:30")


def test_a_promise_that_had_run_out_is_not_moved_by_a_later_pause() -> None:
    late = (*ACROSS, ("suspend", "2027-01-08 10:00"))
    found = told(*late, calendar=published(rests=(4,)))
    assert found.promised_by == at("2027-01-07 17:30")
    back = told(*late, ("resume", "2027-01-12 10:00"), calendar=published(rests=(4,)))
    assert (back.due_at, back.promised_by) == (at("2027-01-13 17:30"), at("2027-01-07 17:30"))


def test_a_hundred_histories_never_break_a_promise_when_the_year_is_published() -> None:
    publications = [published(rests=(4, 5)), published(works=(2,)), published(works=(3,), rests=(4, 8, 11))]
    for hour in range(100):
        start = at("12-28 00:00") + hour * dt.timedelta(hours=1)
        moves = [
            Move.of(1, "report", "", "reported", start, {}),
            Move.of(2, "accept", "reported", "accepted", start, HANDLE),
        ]
        promise = clocks(moves, CALENDAR).promised_by
        assert promise is not None
        kept = Move.of(2, "accept", "reported", "accepted", start, {**HANDLE, "promised_by": promise.isoformat()})
        for calendar in publications:
            now = clocks([moves[0], kept], calendar).promised_by
            assert now is not None
            assert now <= promise
