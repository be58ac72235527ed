"""The deadlines of an event: a pure function of its history and the calendar, nothing else.

Each clock runs while the event is in certain states and takes its limit from what the steps recorded, so that
a later edit of a category changes nothing. `accept` stands still while the reporter is asked, `handle` while
the event is suspended; no other clock pauses. An undone step and its undo are no part of the history.

The promise to a resident is the end of `accept`, from acceptance the end of `handle`. It moves later only by
what a pause or an extension adds: if a newly published calendar would move it later, it stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from onegrid.kit.working_time import NOTHING, Calendar, Due, Limit, Line, Pause, due, reminders

# Limits that no category gives, by the domain rules: claim 4 working hours, 15 minutes at levels 1 and 2, and
# dispatch likewise; check, decision on a request and ruling one working day; the reporter's answer three
# days; the reply to an order two working days; rating closes after seven days of silence; a matter not solved
# gets seven days more; a suspension is looked at again after at most thirty days. A report without a proposed
# category is accepted within 4 working hours; handled without any, within the 13 working days of a complaint.
DEFAULT_LIMITS = {
    "accept": Limit("clock", 4, "working_hours"),
    "answer": Limit("clock", 3, "days"),
    "dispatch": Limit("clock", 4, "working_hours"),
    "claim": Limit("clock", 4, "working_hours"),
    "handle": Limit("clock", 13, "working_days"),
    "review": Limit("clock", 30, "days"),
    "check": Limit("clock", 1, "working_days"),
    "rating": Limit("clock", 7, "days"),
    "again": Limit("clock", 7, "days"),
    "decision": Limit("clock", 1, "working_days"),
    "ruling": Limit("clock", 1, "working_days"),
    "reply": Limit("clock", 2, "working_days"),
}
URGENT_LIMITS = {
    "dispatch": Limit("clock", 15, "minutes"),
    "claim": Limit("clock", 15, "minutes"),
}

# Which clock runs in which states, and whose clock the holder of each open state must watch.
STATES_OF = {
    "accept": ("reported", "waiting_reporter"),
    "answer": ("waiting_reporter",),
    "dispatch": ("accepted",),
    "claim": ("assigned",),
    "handle": ("accepted", "assigned", "handling", "suspended", "checking"),
    "review": ("suspended",),
    "check": ("checking",),
    "rating": ("rating",),
}
CLOCK_OF = {
    "reported": "accept",
    "waiting_reporter": "answer",
    "accepted": "dispatch",
    "assigned": "claim",
    "handling": "handle",
    "suspended": "review",
    "checking": "check",
    "rating": "rating",
}
PAUSED_IN = {"accept": "waiting_reporter", "handle": "suspended"}
MOST_PAUSES = {"accept": 2}


def default_limits(level: int, category_limits: Mapping[str, Limit] | None = None) -> dict[str, Limit]:
    """Every limit of an event of this level (1 gravest … 4), the category's own first."""
    urgent = URGENT_LIMITS if level <= 2 else {}
    return {**DEFAULT_LIMITS, **urgent, **(category_limits or {})}


@dataclass(frozen=True)
class Move:
    """One step of the history, as its row keeps it; `limits` are those recorded when it was taken."""

    n: int
    verb: str
    from_state: str
    to_state: str
    at: datetime
    limits: Mapping[str, Limit | None] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, n: int, verb: str, from_state: str, to_state: str, at: datetime, facts: Mapping[str, Any]) -> "Move":
        """From the columns of a step; limits are `facts["limits"] = {name: [kind, amount, unit]}`."""
        rows: Mapping[str, Any] = facts.get("limits") or {}
        limits = {name: Limit.read(row) for name, row in rows.items() if row}
        return cls(n, verb, from_state, to_state, at, limits, facts)


@dataclass(frozen=True)
class Clock:
    """One clock of an event and its account; `due_at` None: it stands still."""

    name: str
    limit: Limit
    started_at: datetime
    due_at: datetime | None
    about: bool
    ended_at: datetime | None = None
    extension: Limit | None = None
    pauses: tuple[Pause, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Clocks:
    """All clocks of an event. `due_at`: the next step of whoever holds it now, None only at an end.

    `promised_by`: what the reporter may count on; None while that clock stands still (see `paused_since`) and
    where no time is promised (help is called first, a live emergency).
    """

    due_at: datetime | None
    promised_by: datetime | None
    about: bool
    promise_about: bool
    current: str | None
    started_at: datetime | None
    paused_since: datetime | None
    paused_reason: str
    pauses: tuple[Pause, ...]
    reminders: tuple[tuple[str, datetime], ...]
    clocks: tuple[Clock, ...]

    def remind_at(self, after: datetime) -> datetime | None:
        """The next moment later than `after` at which the present holder is reminded."""
        return next((moment for _kind, moment in self.reminders if moment > after), None)


@dataclass(eq=False)
class _Run:
    """A clock while the history is read."""

    name: str
    limit: Limit
    started_at: datetime
    ended_at: datetime | None = None
    review_on: date | None = None
    extension: Limit | None = None
    pauses: list[Pause] = field(default_factory=list)
    # How much earlier than by today's calendar the reporter was promised it, and what that was read from.
    lead: timedelta = NOTHING
    seen: tuple[object, ...] = ()
    told: datetime | None = None
    # A promise that had run out when a pause began: no pause moves it any more.
    kept: datetime | None = None


def clocks(moves: Sequence[Move], calendar: Calendar) -> Clocks:
    """Every clock of the event whose whole history this is, in order; at least the report."""
    history = standing(moves)
    runs = _runs(history, calendar)
    found = [_clock(run, calendar) for run in runs]
    name = CLOCK_OF.get(history[-1].to_state)
    current = next((clock for clock in reversed(found) if clock.name == name), None)
    told = _promising(runs)
    promise = found[runs.index(told)]
    paused = next((pause for pause in promise.pauses if pause.end is None), None)
    return Clocks(
        due_at=current.due_at if current else None,
        promised_by=_promised(told, promise),
        about=bool(current and current.about),
        promise_about=promise.about,
        current=name,
        started_at=current.started_at if current else None,
        paused_since=paused.start if paused else None,
        paused_reason=paused.reason if paused else "",
        pauses=tuple(pause for clock in found for pause in clock.pauses),
        reminders=_reminders(current, calendar),
        clocks=tuple(found),
    )


def decision_due(kind: str, asked_at: datetime, calendar: Calendar) -> Due:
    """When a request (kind decision), a dispute (ruling) or an order (reply) must be answered."""
    return due(asked_at, DEFAULT_LIMITS[kind], calendar)


def standing(moves: Sequence[Move]) -> list[Move]:
    """The history without undone steps and their undoing; an undo may itself be undone."""
    gone: set[int] = set()
    for move in reversed(moves):
        if move.verb == "undo" and move.n not in gone:
            gone |= {move.n, int(move.facts["undoes"])}
    return [move for move in moves if move.n not in gone]


def _runs(history: Sequence[Move], calendar: Calendar) -> list[_Run]:
    running: dict[str, _Run] = {}
    all_runs: list[_Run] = []
    limits: dict[str, Limit] = dict(DEFAULT_LIMITS)
    for move in history:
        limits |= {name: limit for name, limit in move.limits.items() if limit is not None}
        _end(running, move)
        for name in _starting(running, move):
            running[name] = _start(name, move, limits)
            all_runs.append(running[name])
        _pause(running, move)
        _extend(running, move)
        _keep_promise(_promising(all_runs), move, calendar)
    return all_runs


def _end(running: dict[str, _Run], move: Move) -> None:
    """Stop the clocks that do not run in the state reached."""
    for name in list(running):
        if move.to_state not in STATES_OF[name]:
            run = running.pop(name)
            run.ended_at = move.at
            run.pauses = [pause._replace(end=pause.end or move.at) for pause in run.pauses]


def _starting(running: Mapping[str, _Run], move: Move) -> list[str]:
    return [name for name, states in STATES_OF.items() if move.to_state in states and name not in running]


def _start(name: str, move: Move, limits: Mapping[str, Limit]) -> _Run:
    limit = limits[name]
    if name == "handle" and move.verb != "accept":
        # Not solved, or reopened: a promise of its own.
        limit = move.limits.get("handle") or limits["again"]
    run = _Run(name, limit, move.at)
    if name == "review" and move.facts.get("review_on"):
        run.review_on = date.fromisoformat(move.facts["review_on"])
    return run


def _pause(running: Mapping[str, _Run], move: Move) -> None:
    for name, state in PAUSED_IN.items():
        run = running.get(name)
        if run is None or (move.from_state == state) == (move.to_state == state):
            continue
        if move.to_state != state:
            run.pauses = [pause._replace(end=pause.end or move.at) for pause in run.pauses]
        elif len(run.pauses) < MOST_PAUSES.get(name, len(run.pauses) + 1):
            run.pauses.append(Pause(move.at, None, str(move.facts.get("reason") or "")))
            run.kept = run.told if run.told and run.told <= move.at else run.kept


def _extend(running: Mapping[str, _Run], move: Move) -> None:
    run = running.get("handle")
    if run and move.verb == "extend" and run.extension is None and move.facts.get("extension"):
        run.extension, run.kept = Limit.read(move.facts["extension"]), None


def _promising(runs: Sequence[_Run]) -> _Run:
    """The clock the reporter was told last, running or ended."""
    return next(run for run in reversed(runs) if run.name in PAUSED_IN)


def _keep_promise(run: _Run, move: Move, calendar: Calendar) -> None:
    """Note how much earlier than by the calendar of today the promise told at this step was."""
    told = move.facts.get("promised_by")
    seen = (told, run.extension, tuple(run.pauses))
    if not told or seen == run.seen:
        return
    run.seen, run.told = seen, datetime.fromisoformat(told)
    counted = _end_of(run, calendar).at
    if counted:
        run.lead = max(run.lead, counted - run.told)


def _end_of(run: _Run, calendar: Calendar) -> Due:
    """The end of the clock; an extension in the same unit is added, in another it follows the limit."""
    if run.review_on:
        at = calendar.end_of(run.review_on)
        return Due(at, False, [Line("sum", run.started_at, at, why="review_on")])
    limit, extension = run.limit, run.extension
    if extension is None:
        return due(run.started_at, limit, calendar, run.pauses)
    if extension.unit == limit.unit:
        return due(run.started_at, _whole(run), calendar, run.pauses)
    first = due(run.started_at, limit, calendar, run.pauses)
    return _follow(first, extension, calendar, run.pauses)


def _follow(first: Due, extension: Limit, calendar: Calendar, pauses: Sequence[Pause]) -> Due:
    if first.at is None:
        return first
    # A limit in days ends at 24:00: the day it ended on, not the one after, is the first day of what follows.
    by_days = extension.unit in ("days", "working_days")
    second = due(first.at - timedelta(microseconds=1) if by_days else first.at, extension, calendar, pauses)
    return Due(second.at, first.about or second.about, [*first.lines, *second.lines])


def _whole(run: _Run | Clock) -> Limit:
    extension = run.extension
    if extension is None or extension.unit != run.limit.unit:
        return run.limit
    return replace(run.limit, amount=run.limit.amount + extension.amount)


def _clock(run: _Run, calendar: Calendar) -> Clock:
    end = _end_of(run, calendar)
    return Clock(
        name=run.name,
        limit=run.limit,
        started_at=run.started_at,
        due_at=end.at,
        about=end.about,
        ended_at=run.ended_at,
        extension=run.extension,
        pauses=tuple(run.pauses),
        lines=tuple(end.lines),
    )


def _promised(run: _Run, clock: Clock) -> datetime | None:
    if not clock.limit.promises:
        return None
    moved = clock.due_at - run.lead if clock.due_at else None
    return min((end for end in (moved, run.kept) if end), default=None)


def _reminders(clock: Clock | None, calendar: Calendar) -> tuple[tuple[str, datetime], ...]:
    if clock is None or clock.due_at is None:
        return ()
    limit = _whole(clock)
    return tuple(reminders(clock.started_at, limit, clock.due_at, calendar, clock.pauses))
