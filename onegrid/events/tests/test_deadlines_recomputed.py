"""10,000 random histories, their deadlines recomputed by a short method of its own: minutes and days ticked.

Only the data types are shared with the code under test. `SEED=n pytest …` repeats a run.
"""

import datetime as dt
import os
from dataclasses import dataclass, field
from typing import Any

import chinese_calendar
import numpy as np
import pytest

from onegrid.events.rules import deadlines
from onegrid.events.rules.deadlines import Move
from onegrid.kit import chance, working_time
from onegrid.kit.working_time import Calendar, Day, Limit

SEED = int(os.environ.get("SEED", "20260217"))
HISTORIES = 10_000

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
FIRST, YEARS = dt.date(2026, 1, 1), 3
SHANGHAI = dt.timezone(8 * HOUR)
ZERO = dt.datetime(2026, 1, 1, tzinfo=SHANGHAI)
DATES = [FIRST + n * DAY for n in range(365 * YEARS)]
FIXED_2027 = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}


def works(on: dt.date) -> bool:
    if on.year == 2026:
        return bool(chinese_calendar.is_workday(on))
    return on.weekday() < 5 and (on.month, on.day) not in FIXED_2027


# The recomputation: one flag per minute from 1 January 2026, one per day.
WORKS = {on: works(on) for on in DATES}
OPEN = np.array([9 <= m / 60 < 12 or 13.5 <= m / 60 < 17.5 for m in range(1440)])
WORKING = np.concatenate([OPEN if WORKS[on] else np.zeros(1440, bool) for on in DATES])
ALWAYS = np.ones(len(WORKING), bool)
CALENDAR = Calendar({on: Day(WORKS[on]) for on in DATES if on.year == 2026})

Stop = tuple[dt.datetime, dt.datetime | None]


def tick(start: dt.datetime, limit: Limit, stops: list[Stop]) -> dt.datetime | None:
    """The end of a limit, by ticking off."""
    if limit.amount == 0:
        return start
    return tick_days(start, limit, stops) if "days" in limit.unit else tick_minutes(start, limit, stops)


def tick_minutes(start: dt.datetime, limit: Limit, stops: list[Stop]) -> dt.datetime | None:
    begin = (start - ZERO) // MINUTE
    flags = (WORKING if limit.unit == "working_hours" else ALWAYS)[begin : begin + 1440 * 150].copy()
    for since, until in stops:
        flags[max(0, (since - start) // MINUTE) : None if until is None else max(0, (until - start) // MINUTE)] = 0
    ticked = np.flatnonzero(flags)
    needed = limit.amount * (1 if limit.unit == "minutes" else 60)
    return start + (int(ticked[needed - 1]) + 1) * MINUTE if len(ticked) >= needed else None


def tick_days(start: dt.datetime, limit: Limit, stops: list[Stop]) -> dt.datetime | None:
    on, left = local_date(start), limit.amount
    barred = {on}
    for since, until in stops:
        if until != since:
            last = local_date(until - MINUTE) if until else DATES[-1]
            barred |= {day for day in DATES if local_date(since) <= day <= last}
    while left or not WORKS[on] or on in barred:
        on += DAY
        if on > DATES[-1]:
            return None
        left -= left > 0 and on not in barred and (WORKS[on] or limit.unit == "days")
    midnight = dt.datetime.combine(on, dt.time(), SHANGHAI)
    return midnight + (DAY if limit.unit == "days" else 17.5 * HOUR)


def local_date(moment: dt.datetime) -> dt.date:
    return moment.astimezone(SHANGHAI).date()


def recompute(history: list[Move]) -> tuple[dt.datetime | None, dt.datetime | None]:
    """`due_at` and `promised_by` of a history from which the undone is already gone."""
    last = history[-1]
    if last.to_state in ("refused", "void", "closed", "archived"):
        return None, promise(history)
    own = {"waiting_reporter": "answer", "accepted": "dispatch", "assigned": "claim", "checking": "check"}
    if last.to_state in ("reported", "handling"):
        return resident(history)[0], promise(history)
    entered = next(m for m in reversed(history) if m.to_state != m.from_state)
    if last.to_state == "suspended":
        return dt.datetime.fromisoformat(entered.facts["review_on"] + " 00:00+08:00") + DAY, promise(history)
    return tick(entered.at, given(history, own.get(last.to_state, "rating"), entered.n), []), promise(history)


def given(history: list[Move], name: str, upto: int) -> Limit:
    return [m.limits[name] for m in history if m.n <= upto and m.limits.get(name)][-1]  # type: ignore[return-value]


def promise(history: list[Move]) -> dt.datetime | None:
    end, limit = resident(history)
    return end if limit.kind in ("clock", "route") else None


def resident(history: list[Move]) -> tuple[dt.datetime | None, Limit]:
    """The end of the clock that the resident was told: acceptance, later handling."""
    begins = [m for m in history if m.verb in ("report", "review", "accept") or again(m)][-1]
    part = [m for m in history if m.n >= begins.n]
    name, waiting = ("accept", "waiting_reporter") if begins.to_state == "reported" else ("handle", "suspended")
    stops: list[Stop] = []
    for number, move in enumerate(part):
        if move.to_state == waiting and not (name == "accept" and len(stops) == 2):
            stops.append((move.at, part[number + 1].at if number + 1 < len(part) else None))
    limit = Limit("clock", 7, "days") if again(begins) else given(history, name, begins.n)
    for row in [m.facts["extension"] for m in part if m.verb == "extend"][:1]:
        more = Limit(*row)
        if more.unit == limit.unit:
            return tick(begins.at, Limit("clock", limit.amount + more.amount, limit.unit), stops), limit
        first = tick(begins.at, limit, stops)
        return (tick(first - MINUTE if "days" in more.unit else first, more, stops) if first else None), limit
    return tick(begins.at, limit, stops), limit


def again(move: Move) -> bool:
    return move.from_state in ("rating", "closed", "archived") and move.to_state == "handling"


# The histories: a random walk through the life of an event.
WAYS = {
    "reported": [
        ("ask", "waiting_reporter"),
        ("accept", "accepted"),
        ("accept", "accepted"),
        ("refuse", "refused"),
    ],
    "waiting_reporter": [("answer", "reported")],
    "refused": [("review", "reported")],
    "accepted": [("dispatch", "assigned")],
    "assigned": [("claim", "handling"), ("claim", "handling"), ("return", "accepted")],
    "handling": [
        ("suspend", "suspended"),
        ("resolve", "checking"),
        ("resolve", "checking"),
        ("extend", "handling"),
        ("transfer", "assigned"),
    ],
    "suspended": [("resume", "handling"), ("resume", "handling"), ("void", "void")],
    "checking": [("redo", "handling"), ("pass_check", "rating")],
    "rating": [("rate", "handling"), ("close", "closed")],
    "closed": [("reopen", "handling"), ("archive", "archived")],
    "archived": [("reopen", "handling")],
}
# Beginnings before the turn of the year, Spring Festival, National Day and their make-up days, Labour Day.
SEASONS = [
    (2026, 12, 15),
    (2026, 2, 1),
    (2026, 9, 10),
    (2026, 4, 20),
    (2026, 12, 29),
    (2026, 2, 11),
    (2026, 9, 23),
]
WAITS = [1, 15, 60, 240, 600, 1440, 2880, 4320, 10_080, 20_000]
EDGES = [0, 0, 9, 12, 13.5, 17.5]
UNITS = {"minutes": 240, "hours": 72, "working_hours": 20, "days": 60, "working_days": 15}


@dataclass
class Walk:
    """A history that grows: all moves, and those that still stand."""

    now: dt.datetime
    moves: list[Move] = field(default_factory=list)
    standing: list[Move] = field(default_factory=list)

    def take(self, verb: str, to_state: str, **facts: Any) -> Move:
        source = self.moves[-1].to_state if self.moves else ""
        move = Move.of(len(self.moves) + 1, verb, source, to_state, self.now.astimezone(dt.UTC), facts)
        self.moves.append(move)
        return move

    def step(self) -> None:
        self.now = some_moment(self.now + chance.choice(WAITS) * MINUTE + chance.whole(0, 700) * MINUTE)
        if len(self.standing) > 1 and chance.whole(1, 12) == 1:
            return self.undo()
        verb, state = chance.choice(WAYS[self.standing[-1].to_state])
        self.standing.append(self.take(verb, state, **self.facts(verb)))

    def undo(self) -> None:
        gone = self.standing.pop()
        undoing = self.take("undo", self.standing[-1].to_state, undoes=gone.n)
        if chance.whole(1, 4) == 1:
            self.now += MINUTE
            self.take("undo", gone.to_state, undoes=undoing.n)
            self.standing.append(gone)

    def facts(self, verb: str) -> dict[str, Any]:
        if verb == "suspend":
            return {"review_on": str(local_date(self.now) + chance.whole(1, 30) * DAY), "reason": "weather"}
        if verb == "extend":
            return {"extension": some_limit(("clock",))}
        names = ("dispatch", "claim", "handle", "check", "rating") if verb == "accept" else ("accept", "answer")
        wanted = names if verb in ("report", "accept", "review") else ()
        return {"limits": {name: some_limit(("clock", "clock", "route", "live")) for name in wanted}}


def some_limit(kinds: tuple[str, ...]) -> list[Any]:
    unit = chance.choice(list(UNITS))
    return [chance.choice(kinds), chance.whole(1, UNITS[unit]), unit]


def some_moment(after: dt.datetime) -> dt.datetime:
    """This moment, or one time in four the next edge of a day or of working hours."""
    if chance.whole(1, 4) > 1:
        return after
    edge = dt.datetime.combine(local_date(after), dt.time(), SHANGHAI) + chance.choice(EDGES) * HOUR
    return edge if edge >= after else edge + DAY


def random_walk() -> Walk:
    day = dt.datetime(*chance.choice(SEASONS), tzinfo=SHANGHAI)
    walk = Walk(some_moment(day + chance.whole(0, 15 * 1440) * MINUTE))
    walk.standing.append(walk.take("report", "reported", **walk.facts("report")))
    for _ in range(chance.whole(0, 9)):
        if walk.standing[-1].to_state == "void":
            break
        walk.step()
    return walk


def disagreements(count: int) -> list[str]:
    found = []
    with chance.seeded(SEED):
        for number in range(count):
            walk = random_walk()
            clocks = deadlines.clocks(walk.moves, CALENDAR)
            expected = recompute(walk.standing)
            if (clocks.due_at, clocks.promised_by) != expected:
                verbs = " ".join(move.verb for move in walk.moves)
                found.append(f"history {number} ({verbs}): {clocks.due_at}, {clocks.promised_by} != {expected}")
    return found


def test_ten_thousand_histories_agree(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\nSEED={SEED}")  # noqa: T201
    found = disagreements(HISTORIES)
    assert not found, f"SEED={SEED}: {len(found)} differ\n" + "\n".join(found[:10])


def test_the_histories_cross_what_they_should() -> None:
    marks = {
        "31 December": (2026, 12, 31),
        "Spring Festival": (2026, 2, 17),
        "National Day": (2026, 10, 1),
        "make-up Saturday": (2026, 2, 14),
        "make-up Sunday": (2026, 9, 20),
    }
    crossed = dict.fromkeys(marks, 0)
    with chance.seeded(SEED):
        for _ in range(1_000):
            walk = random_walk()
            ends = deadlines.clocks(walk.moves, CALENDAR).due_at or walk.now
            for name, day in marks.items():
                moment = dt.datetime(*day, 12, tzinfo=SHANGHAI)
                crossed[name] += walk.moves[0].at < moment < max(ends, walk.now)
    assert min(crossed.values()) >= 50, crossed


# What the notice for 2027 might say: bridge days that rest, weekends that work.
REST_2027 = {dt.date(2027, 1, 4), dt.date(2027, 1, 11), *(dt.date(2027, 2, day) for day in range(4, 13))}
WORK_2027 = {dt.date(2027, 1, 3), dt.date(2027, 1, 30), dt.date(2027, 2, 14)}
PUBLISHED = Calendar(
    {on: Day(on in WORK_2027 or (WORKS[on] and on not in REST_2027)) for on in DATES if on.year <= 2027}
)


def test_a_told_promise_never_moves_later_when_a_year_is_published() -> None:
    moved = 0
    with chance.seeded(SEED):
        for _ in range(2_000):
            moves = random_walk().moves
            for number, move in enumerate(moves, 1):
                told = deadlines.clocks(moves[:number], CALENDAR).promised_by
                move.facts["promised_by"] = told and told.isoformat()  # type: ignore[index]
            now = deadlines.clocks(moves, PUBLISHED)
            if told:
                assert now.promised_by, f"SEED={SEED}"
                assert now.promised_by <= told, f"SEED={SEED}"
                moved += now.promised_by < told or now.due_at != deadlines.clocks(moves, CALENDAR).due_at
    assert moved >= 50, moved


FAULTS: dict[str, tuple[object, str, object]] = {
    "pauses ignored by days": (working_time, "_touched", lambda on, calendar, pauses: False),
    "pauses ignored by hours": (working_time, "_gaps", lambda start, pauses: [(start, None)]),
    "undone steps counted": (deadlines, "standing", list),
    "third question pauses": (deadlines, "MOST_PAUSES", {}),
    "suspension does not pause": (
        deadlines,
        "PAUSED_IN",
        {"accept": "waiting_reporter", "handle": "nowhere"},
    ),
    "extension ignored": (deadlines, "_extend", lambda running, move: None),
    "days end at the close": (Calendar, "end_of", Calendar.close_of),
    "make-up days rest": (Calendar, "is_working", lambda self, on: self.day(on).works and on.weekday() < 5),
    "New Year works": (working_time, "FIXED_HOLIDAYS", frozenset()),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_caught(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*FAULTS[fault])
    assert disagreements(1_500)
