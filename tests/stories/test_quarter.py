"""A quarter of supervision with a fast clock, over National Day and its make-up Saturday: each climb and reminder once.

The expected moments were worked out by hand from the calendar of 2026 (1 to 7 October are holidays, Saturday the 10th
is a working day) and the county's hours until 17:30. At each moment a sweep is killed half way, the process starts
again, and then two workers sweep at once.
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
from django.db.models import Max
from procrastinate.contrib.django.models import ProcrastinateJob

from onegrid.events.models import Event
from onegrid.kit import clock, later, reference
from onegrid.notices import actions as notices
from onegrid.notices.models import Message
from onegrid.supervision import actions, tasks
from onegrid.supervision.models import Order, OrderStep, RuleHit, Task
from onegrid.supervision.rules.roster import LEADS, Slot
from onegrid.testing.cast import COUNTY, County
from onegrid.testing.matters import Hand, at, event_in, make_matters
from tests.faults.crowd import together

pytestmark = pytest.mark.django_db(transaction=True)
LOCAL = ZoneInfo("Asia/Shanghai")
HOURS = ((0, 5), (17, 30), (18, 0))
Act = Callable[[], object]


class Killed(Exception):
    """The worker died in the middle of its transaction."""


def on(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LOCAL)


def stamp(moment: datetime) -> str:
    return clock.local(moment).strftime("%m-%d %H:%M")


class Quarter:
    """What people do at which moment, and the walk of the clock over all days between."""

    since: ClassVar[int] = 0  # other tests leave their jobs behind

    def __init__(self, county: County, hand: Hand) -> None:
        self.county, self.hand, self.killed, self.sweeps = county, hand, 0, 0
        self.plan: list[tuple[datetime, Act]] = []
        self.dice = random.Random(2026)
        Quarter.since = ProcrastinateJob.objects.aggregate(last=Max("id"))["last"] or 0

    def at(self, moment: datetime, act: Act) -> None:
        self.plan.append((moment, act))

    def live(self, until: datetime) -> None:
        day = self.hand.moment.astimezone(LOCAL).replace(hour=0, minute=0)
        moments = {moment for moment, _act in self.plan}
        while day < until:
            moments |= {day.replace(hour=hour, minute=minute) for hour, minute in HOURS}
            day += timedelta(days=1)
        for moment in sorted(one for one in moments if one > self.hand.moment):
            self.hand.to(moment)
            self.sweep()
            for _when, act in [one for one in self.plan if one[0] == moment]:
                act()

    def sweep(self) -> None:
        self.sweeps += 1
        fuse = [self.dice.choice((0, 0, 1))]

        def dying(real: Callable[..., Any]) -> Callable[..., Any]:
            def call(*args: Any, **given: Any) -> Any:
                fuse[0] -= 1
                if fuse[0] < 0:
                    raise Killed
                return real(*args, **given)

            return call

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(later, "react", dying(later.react))
            patch.setattr(notices, "send", dying(notices.send))
            try:
                tasks.sweep()
            except Killed:
                self.killed += 1
        reference.clear_all()
        crowd = together(lambda _place: tasks.sweep(), 2)
        assert crowd.errors == []


def jobs(name: str) -> list[dict[str, Any]]:
    rows = ProcrastinateJob.objects.filter(task_name=f"onegrid.supervision.tasks.{name}", pk__gt=Quarter.since)
    rows |= ProcrastinateJob.objects.filter(task_name=f"supervision.tasks.{name}", pk__gt=Quarter.since)
    return [job.args for job in rows.order_by("id")]


@pytest.fixture
def quarter(county: County) -> Iterator[Quarter]:
    make_matters(county)
    call_command("load_calendar", "2026", stdout=StringIO())
    reference.clear_all()
    with at(on(9, 28, 8)) as hand:
        yield Quarter(county, hand)


def climbed(order: Order) -> list[str]:
    return [stamp(step.at) for step in OrderStep.objects.filter(order=order, verb="climb").order_by("n")]


def issue(quarter: Quarter, event: Event, who: str, kind: str) -> Order:
    return actions.issue_order(
        actor=quarter.county.people[who], number=event.number, unit="city", kind=kind, words="请说明何时办好"
    )


def plan(quarter: Quarter, silent: Event) -> dict[str, Any]:
    """What people do in the quarter; the rows that they make, by name, once they have."""
    county = quarter.county
    actions.keep_rule(actor=county.leader, wish=actions.Wish(area=COUNTY, trigger="unanswered", action="next"))
    carded, listed, told = (event_in("handling", county) for _each in range(3))
    made: dict[str, Any] = {}
    quarter.at(on(9, 28, 9, 30), lambda: made.update(urge=issue(quarter, silent, "dispatcher", "urge")))
    quarter.at(on(9, 30, 10), lambda: made.update(yellow=issue(quarter, carded, "duty_leader", "yellow")))
    quarter.at(on(10, 10, 11), lambda: reply(quarter, made["yellow"]))
    quarter.at(on(10, 10, 15), lambda: actions.send_reply_back(
        actor=county.duty_leader, order_id=made["yellow"].pk, words="没有说明何时办好"))  # fmt: skip
    quarter.at(on(10, 12, 10), lambda: made.update(listed=issue(quarter, listed, "leader", "listed")))
    quarter.at(on(10, 16, 10), lambda: reply(quarter, made["listed"]))
    quarter.at(on(10, 16, 11), lambda: actions.accept_reply(actor=county.leader, order_id=made["listed"].pk))
    quarter.at(on(9, 29, 11), lambda: made.update(told=instruct(quarter, told, "")))
    quarter.at(on(11, 16, 11), lambda: made.update(done=instruct(quarter, told, "2026-11-20")))
    quarter.at(on(11, 18, 9, 15), lambda: actions.report_task(
        actor=county.handler, task_id=made["done"].pk, words="已办好"))  # fmt: skip
    quarter.at(on(10, 26, 9, 30), lambda: rostered(quarter))
    return made


def test_a_quarter_of_supervision(quarter: Quarter, capsys: pytest.CaptureFixture[str]) -> None:
    silent = event_in("handling", quarter.county)
    made = plan(quarter, silent)
    quarter.live(on(12, 31))

    # One working day after 28 September: the 29th, 17:30. Then the house orders, two working days: 30 September and
    # 8 October. Nobody answers: a yellow card is proposed, not issued.
    assert climbed(made["urge"]) == ["09-29 17:30"]
    by_house = Order.objects.get(event=silent, kind="ordinary")
    assert (by_house.issued_by, climbed(by_house)) == (None, ["10-08 17:30"])
    assert not Order.objects.filter(event=silent, kind="yellow").exists()
    assert [hit.kind for hit in RuleHit.objects.filter(event=silent).exclude(kind="")] == ["yellow"]
    # Two working days after 30 September: 8 and 9 October. Sent back on the make-up Saturday: the 12th and the 13th.
    assert climbed(made["yellow"]) == ["10-09 17:30", "10-13 17:30"]
    assert climbed(made["listed"]) == []
    assert Order.objects.get(pk=made["listed"].pk).state == "settled"
    silences = Counter((job["order_id"], job["n"]) for job in jobs("tell_of_silence"))
    assert (len(silences), set(silences.values())) == (4, {1})
    # Three working days after 29 September: the 30th, 8 and 9 October; it climbs on the make-up Saturday.
    kinds = Counter(job["kind"] for job in jobs("tell_of_task_reminder") if job["task_id"] == made["told"].pk)
    assert kinds == {"day_before": 1, "expired": 1, "climbed": 1}
    assert stamp(Task.objects.get(pk=made["told"].pk).due_at) == "10-09 17:30"
    # Seven nights in November: each person told once of each shift, the evening before.
    ahead = Message.objects.filter(kind="shift_ahead").order_by("created_at")
    assert [stamp(one.created_at) for one in ahead] == [f"11-0{day} 18:00" for day in range(1, 8)]
    # What was reported before the day before it fell due is not reminded of at all.
    done = [job["kind"] for job in jobs("tell_of_task_reminder") if job["task_id"] == made["done"].pk]
    assert done == []
    with capsys.disabled():
        print(f"\nquarter: {quarter.sweeps} moments, {quarter.killed} sweeps killed, seed 2026")
    assert quarter.killed > 5


def reply(quarter: Quarter, order: Order) -> None:
    actions.reply_to_order(actor=quarter.county.handler, order_id=order.pk, words="正在办理")


def instruct(quarter: Quarter, event: Event, due: str) -> Task:
    made = actions.instruct(
        actor=quarter.county.leader, number=event.number, words="请抓紧办好", units=["city"], due=due
    )
    return Task.objects.get(instruction=made)


def rostered(quarter: Quarter) -> None:
    """A week of November, in turns, from eight to eight."""
    people = [quarter.county.leader, quarter.county.duty_leader]
    slots = [Slot(people[day % 2].posting_id or 0, on(11, 2 + day, 8), on(11, 3 + day, 8)) for day in range(7)]
    actions.roster(actor=quarter.county.leader, kind=LEADS, place=1, slots=slots)
