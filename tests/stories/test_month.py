"""A month with a fast clock, over National Day and its make-up Saturday: every timer, reminder, climb and call, once.

The expected moments were worked out by hand from the calendar of 2026 (1 to 7 October are holidays, Saturday the 10th
is a working day) and the county's hours, 09:00 to 12:00 and 13:30 to 17:30. The clock jumps from one moment at which
something is due to the next; before each, a sweep is killed half way, and then two workers sweep at once.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import StringIO
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db.models import Max, QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob

from onegrid.events import actions
from onegrid.events.actions import sweeping
from onegrid.events.models import Alert, Assignment, Call, Event, Request, Step
from onegrid.kit import clock, reference
from onegrid.testing.cast import County
from onegrid.testing.matters import LAMP, Hand, at, make_matters, reported
from tests.faults.crowd import together

pytestmark = pytest.mark.django_db(transaction=True)
LOCAL = ZoneInfo("Asia/Shanghai")
END = (10, 25, 0, 0)
Act = Callable[[], object]


class Killed(Exception):
    """The worker died in the middle of its transaction."""


def on(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LOCAL)


class Month:
    """What people do at which moment, and the walk of the clock over everything that falls due between."""

    since: ClassVar[int] = 0  # other tests leave their jobs behind

    def __init__(self, county: County, hand: Hand) -> None:
        self.county, self.hand = county, hand
        self.plan: list[tuple[datetime, Act]] = []
        self.dice = random.Random(20261001)
        self.killed = 0
        Month.since = ProcrastinateJob.objects.aggregate(last=Max("id"))["last"] or 0

    def at(self, moment: datetime, act: Act) -> None:
        self.plan.append((moment, act))

    def live(self) -> None:
        """Sweep at every moment at which a column says that something is due, and at each moment of the plan."""
        self.plan.sort(key=lambda one: one[0])
        while (now := self.next_moment()) < on(*END):
            self.hand.to(now)
            self.sweep()
            while self.plan and self.plan[0][0] <= now:
                self.plan.pop(0)[1]()
            self.work()

    def next_moment(self) -> datetime:
        found = [moment for moment, _act in self.plan[:1]]
        for model, column in ((Event, "due_at"), (Event, "remind_at"), (Assignment, "remind_at"),
                              (Request, "due_at"), (Alert, "next_at")):  # fmt: skip
            rows = model.objects.filter(**{f"{column}__gt": self.hand.moment})
            first = rows.order_by(column).values_list(column, flat=True).first()
            found += [first] if first is not None else []
        return min([*found, on(*END)])

    def sweep(self) -> None:
        """A worker that is killed with its transaction, a restart, and then two workers at the same time."""
        real, fuse = sweeping.later.react, self.dice.randrange(3)

        def dying(happening: str, **given: Any) -> None:
            nonlocal fuse
            fuse -= 1
            if fuse < 0:
                raise Killed
            real(happening, **given)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sweeping.later, "react", dying)
            try:
                actions.sweep()
            except Killed:
                self.killed += 1
        reference.clear_all()
        crowd = together(lambda _place: actions.sweep(), 2)
        assert crowd.errors == []

    def work(self) -> None:
        """The jobs that raise alerts; the others only tell people, and are counted by their rows."""
        for job in own_jobs("raise_alert"):
            actions.raise_alert(**job.args)

    def do(self, event: Event, *steps: tuple[str, str, dict[str, Any]]) -> None:
        for who, verb, given in steps:
            actor = getattr(self.county, who)
            actions.take(actor=actor, number=event.number, verb=verb, given=given)

    def handled(self) -> Event:
        """A street lamp in the hands of city management, all within one moment."""
        event = reported().event
        self.do(
            event,
            ("receiver", "accept", {"category": LAMP}),
            ("dispatcher", "dispatch", {"unit": "city"}),
            ("handler", "claim", {}),
        )
        return event


def own_jobs(*tasks: str) -> QuerySet[ProcrastinateJob]:
    names = [f"events.tasks.{task}" for task in tasks]
    return ProcrastinateJob.objects.filter(task_name__in=names, pk__gt=Month.since)


@pytest.fixture
def month(county: County) -> Iterator[Month]:
    make_matters(county)
    call_command("load_calendar", "2026", stdout=StringIO())
    reference.clear_all()
    with at(on(9, 28, 8)) as hand:
        yield Month(county, hand)


def fired(event: Event, task: str = "tell_of_reminder", key: str = "event_id") -> list[tuple[str, str]]:
    """Every reminder that was enqueued for the event, by the wall clock, in order; a double would stand twice."""
    own = [job.args for job in own_jobs(task) if job.args[key] == event.pk]
    rows = [(clock.local(datetime.fromisoformat(args["at"])), args["kind"]) for args in own]
    return [(moment.strftime("%m-%d %H:%M"), kind) for moment, kind in sorted(rows)]


def taken_by_time(event: Event) -> list[tuple[str, str]]:
    rows = Step.objects.filter(event=event, actor_kind="house").order_by("n")
    return [(clock.local(row.at).strftime("%m-%d %H:%M"), row.verb) for row in rows]


def test_a_month_over_holidays_make_up_days_and_restarts(month: Month) -> None:
    events: dict[str, Event] = {}

    def put(name: str, make: Callable[[], Event]) -> Act:
        return lambda: events.update({name: make()})

    slow_life(month, events, put)
    questions_and_pauses(month, events, put)
    requests_parts_and_alerts(month, events, put)
    month.live()
    assert month.killed > 10
    slow_life_as_written(events["slow"])
    questions_and_pauses_as_written(events)
    requests_parts_and_alerts_as_written(events)
    nothing_twice()


def slow_life(month: Month, events: dict[str, Event], put: Callable[[str, Callable[[], Event]], Act]) -> None:
    """Each turn is taken only after its time, so that every clock runs out."""
    month.at(on(9, 30, 10), put("slow", lambda: reported().event))
    for moment, who, verb, given in (
        (on(9, 30, 11), "receiver", "accept", {"category": LAMP}),
        (on(9, 30, 14), "dispatcher", "dispatch", {"unit": "city"}),
        (on(10, 8, 10), "handler", "claim", {}),
        (on(10, 13, 9), "handler", "resolve", {"result": "换好了"}),
        (on(10, 14, 15), "checker", "pass_check", {}),
    ):
        month.at(moment, lambda step=(who, verb, given): month.do(events["slow"], step))  # type: ignore[misc]


def slow_life_as_written(event: Event) -> None:
    assert fired(event) == [
        # to claim: 14:00 and four working hours, three and a half of them before the holidays
        ("09-30 17:12", "most_used"), ("10-08 09:30", "expired"),
        # to handle: three working days after 30 September are the 8th, the 9th and Saturday the 10th
        ("10-09 17:30", "day_before"), ("10-10 10:48", "most_used"),
        ("10-10 17:30", "expired"), ("10-12 17:30", "day_after"),
        # to check: one working day
        ("10-14 14:42", "most_used"),
        # to rate: seven days; at its end it closes instead
        ("10-20 12:36", "most_used"), ("10-20 17:30", "day_before"),
    ]  # fmt: skip
    assert taken_by_time(event) == [("10-22 00:00", "close")]


def questions_and_pauses(
    month: Month, events: dict[str, Event], put: Callable[[str, Callable[[], Event]], Act]
) -> None:
    """A question that is never answered, and a suspension whose review day is a holiday."""
    county = month.county
    month.at(on(9, 30, 10), put("asked", lambda: reported("路灯又不亮了").event))
    month.at(on(9, 30, 10, 30), lambda: month.do(events["asked"], ("receiver", "ask", {"words": "哪一根？"})))
    month.at(on(9, 28, 9), put("paused", month.handled))

    def suspend() -> None:
        number, given = events["paused"].number, {"reason": "parts", "review_on": "2026-10-05"}
        actions.ask_for(actor=county.handler, number=number, kind="suspend", given=given)
        actions.decide(actor=county.dispatcher, number=number, kind="suspend", grant=True)

    month.at(on(9, 29, 10), suspend)


def questions_and_pauses_as_written(events: dict[str, Event]) -> None:
    assert fired(events["asked"]) == [
        # three days after 30 September end on a holiday, so on the 8th at 24:00
        ("09-30 17:30", "day_before"), ("10-07 06:54", "most_used"),
        # half an hour of the two was used before the question
        ("10-09 10:06", "most_used"), ("10-09 10:30", "expired"),
    ]  # fmt: skip
    assert taken_by_time(events["asked"]) == [("10-09 00:00", "answer")]
    assert fired(events["paused"]) == [
        ("09-30 17:30", "day_before"), ("10-04 16:24", "most_used"),
        # the days that the suspension touched are not counted
        ("10-09 17:30", "day_before"), ("10-10 10:12", "most_used"),
        ("10-10 17:30", "expired"), ("10-12 17:30", "day_after"),
    ]  # fmt: skip
    assert taken_by_time(events["paused"]) == [("10-06 00:00", "resume")]


def requests_parts_and_alerts(
    month: Month, events: dict[str, Event], put: Callable[[str, Callable[[], Event]], Act]
) -> None:
    """A request that nobody decides, a part that nobody signs, and gas at three in the morning of a holiday."""
    county = month.county
    for one in (county.duty_leader, county.leader):
        assert one.posting_id is not None
        actions.put_on_call(actor=county.leader, posting_id=one.posting_id)
    month.at(on(9, 28, 9), put("request", month.handled))
    month.at(on(9, 30, 15), lambda: actions.ask_for(
        actor=county.handler, number=events["request"].number, kind="extend", given={"reason": "weather", "days": 1},
    ))  # fmt: skip
    month.at(on(10, 9, 18), lambda: actions.decide(
        actor=county.leader, number=events["request"].number, kind="extend", grant=False, words="不必延期",
    ))  # fmt: skip
    month.at(on(9, 28, 9), put("part", month.handled))
    given = {"unit": "fire", "words": "请到场封控"}
    month.at(on(9, 30, 16), lambda: month.do(events["part"], ("dispatcher", "assist", given)))
    month.at(on(10, 2, 3), put("gas", lambda: reported("楼道里有燃气味，怕是漏气").event))
    month.at(on(10, 2, 3, 25), lambda: actions.acknowledge(actor=county.leader, number=events["gas"].number))


def requests_parts_and_alerts_as_written(events: dict[str, Event]) -> None:
    handle = [
        ("09-30 17:30", "day_before"), ("10-08 10:24", "most_used"),
        ("10-08 17:30", "expired"), ("10-09 17:30", "day_after"),
    ]  # fmt: skip
    assert fired(events["request"]) == handle
    # one working day to decide, twice, and no more after the decision
    assert Request.objects.get(event=events["request"]).climbed == 2
    assert fired(events["part"]) == handle
    part = Assignment.objects.get(event=events["part"], role="assist")
    assert fired(part, "tell_of_part", "assignment_id") == [  # type: ignore[arg-type]
        ("10-08 10:42", "most_used"), ("10-08 11:30", "expired"),
    ]  # fmt: skip
    assert fired(events["gas"]) == [("10-02 03:08", "most_used"), ("10-02 03:10", "expired")]
    calls = Call.objects.filter(alert__event=events["gas"]).order_by("n")
    assert [clock.local(call.at).strftime("%H:%M") for call in calls] == ["03:00", "03:10", "03:20"]


def nothing_twice() -> None:
    """No job of a reminder, a climb or a call stands twice in the queue."""
    names = ("tell_of_reminder", "tell_of_part", "tell_of_climb", "tell_of_call")
    seen = Counter((job.task_name, *sorted(map(str, job.args.items()))) for job in own_jobs(*names))
    assert [job for job, times in seen.items() if times > 1] == []


def test_a_sweep_that_forgets_what_it_fired_is_caught(month: Month, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: the reminder is not moved on after it was enqueued."""
    made: list[Event] = []
    month.at(on(9, 28, 9), lambda: made.append(month.handled()))
    month.at(on(9, 28, 9) + timedelta(days=2), lambda: None)
    monkeypatch.setattr("onegrid.events.rules.deadlines.Clocks.remind_at", lambda self, after: self.reminders[0][1])
    month.hand.to(on(10, 9))
    made.append(month.handled())
    month.hand.to(on(10, 14))
    for _again in range(3):
        actions.sweep()
    assert len(fired(made[-1])) > 1
    assert len(set(fired(made[-1]))) == 1
