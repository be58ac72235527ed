"""The machine of lives with supervision beside it: orders, tasks, shifts, swaps and absences taken at random.

What must hold is written here by hand, from the rows and not from the code that keeps them. SUPERVISED_EXAMPLES sets
how many lives; the seed and how often each thing was done are printed.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import combinations, pairwise
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as hypothesis_seed
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from onegrid.events import actions as events
from onegrid.events.actions import NotAllowed, NotGiven
from onegrid.events.models import Event, OnDuty, RetentionRule
from onegrid.org.roles import Actor
from onegrid.supervision import actions, tasks
from onegrid.supervision.models import Absence, Order, OrderStep, Shift, Swap, Task, TaskStep
from onegrid.supervision.rules.order_life import KINDS
from onegrid.supervision.rules.roster import Slot
from onegrid.testing.cast import County
from onegrid.testing.matters import carry, make_matters, reported
from tests.stories.acts import PLACES, taken
from tests.stories.test_machine import Lives

NIGHTLY = bool(os.environ.get("ONEGRID_NIGHTLY"))
EXAMPLES = int(os.environ.get("SUPERVISED_EXAMPLES", "120" if NIGHTLY else "6"))
SEED = int(os.environ.get("SEED", "20261130"))
CENTRE = ("dispatcher", "duty_leader", "leader", "neighbour")
UNITS = ("handler", "unit_leader", "other_handler")
ORDER_VERBS = ("reply_to_order", "accept_reply", "send_reply_back", "cancel_order")
TASK_VERBS = ("report_task", "accept_task", "send_task_back", "cancel_task")
ON_ROSTER = ("leader", "duty_leader", "dispatcher")
# What a run must have seen at least once, all of it or the run says nothing.
SEEN = ("issue_order", *ORDER_VERBS, "order_climb", "order_end", "instruct", *TASK_VERBS, "task_climbed", "roster",
        "swap", "agree", "decline", "be_absent", "be_back", "withdraw_shift")  # fmt: skip
# Told once of a task, for each day that was set.
REMINDED = """
SELECT args->>'task_id', args->>'kind', args->>'at' FROM procrastinate_jobs
WHERE task_name = 'supervision.tasks.tell_of_task_reminder'
"""
REFUSED = (NotAllowed, NotGiven, Event.DoesNotExist, Order.DoesNotExist, Task.DoesNotExist, Shift.DoesNotExist,
           Swap.DoesNotExist)  # fmt: skip
LIVE, ENDED_BY_ITSELF = ("open", "replied"), ("event_ended", "left_unit")


class Supervised(Lives):
    """The lives of matters, and beside each step of them a handful of what a centre drives them with."""

    # Left to the machine of the lives alone, so that a run has room for supervision.
    illegal = merge_and_split = join_and_part = on_the_spot = work_on_a_part = None  # type: ignore[assignment]

    @rule(dice=st.randoms(use_true_random=True), many=st.integers(8, 16))
    def supervise(self, dice: random.Random, many: int) -> None:
        deeds = (self.order, self.order, self.work_on_an_order, self.work_on_an_order, self.instruct,
                 self.work_on_a_task, self.work_on_a_task, self.roster, self.swap, self.swap, self.away_and_back,
                 self.withdraw_a_shift, self.the_matter_ends)  # fmt: skip
        for _deed in range(many):
            dice.choice(deeds)(dice)
            self.nobody_is_on_duty_twice_or_while_absent()

    def tried(self, name: str, deed: Callable[[], object]) -> None:
        """Counted when it was done; refused, nothing happened, as the invariants see."""
        try:
            deed()
        except REFUSED:
            taken["refused"] += 1
        else:
            taken[name] += 1

    def somebody(self, dice: random.Random, names: tuple[str, ...]) -> Actor:
        return getattr(self.county, dice.choice(names))  # type: ignore[no-any-return]

    def person(self, posting_id: int) -> Actor:
        return next(one for one in self.county.people.values() if one.posting_id == posting_id)

    def fitting(self, dice: random.Random, fit: Actor, names: tuple[str, ...]) -> Actor:
        """Mostly whoever may, sometimes anybody."""
        return fit if dice.randrange(4) else self.somebody(dice, names)

    def handler_of(self, unit_id: int) -> Actor:
        people = (self.county.handler, self.county.other_handler, self.county.leader, self.county.neighbour)
        return next((one for one in people if one.unit_id == unit_id), self.county.handler)

    def in_hand(self) -> Event:
        """A matter with a unit that owes something; a fresh one where there is none."""
        rows = Event.objects.filter(closed_at__isnull=True, handler__isnull=False, state__in=("assigned", "handling"))
        found = rows.order_by("-id").first()
        if found is None:
            found = carry(reported(), "handling", self.county)
            self.numbers.append(found.number)
        return found

    def order(self, dice: random.Random) -> None:
        event, kind = self.in_hand(), dice.choice(KINDS)
        unit = "fire" if event.handler_id == self.county.units["fire"].pk else "city"
        actor = self.fitting(dice, self.county.leader, CENTRE)
        given: dict[str, Any] = {"number": event.number, "unit": unit, "kind": kind, "words": "请限期办理"}
        self.tried("issue_order", lambda: actions.issue_order(actor=actor, **given))

    def work_on_an_order(self, dice: random.Random) -> None:
        found = Order.objects.filter(state__in=LIVE).order_by("-id").first() or Order.objects.first()
        if found is None:
            return
        verbs = ("accept_reply", "send_reply_back") if found.state == "replied" else ("reply_to_order", "cancel_order")
        verb = dice.choice(verbs if dice.randrange(5) else ORDER_VERBS)
        issuer = self.person(found.issued_by_id or 0) if found.issued_by_id else self.county.leader
        fit = self.handler_of(found.unit_id) if verb == "reply_to_order" else issuer
        actor = self.fitting(dice, fit, (*UNITS, *CENTRE))
        given = {} if verb == "accept_reply" else {"words": "已安排"}
        self.tried(verb, lambda: getattr(actions, verb)(actor=actor, order_id=found.pk, **given))

    def the_matter_ends(self, dice: random.Random) -> None:
        """Now and then the leader voids what is in hand; whatever hangs on it has to end with it."""
        event = self.in_hand()
        if not dice.randrange(3) and not event.requests.filter(kind="void", decided_at__isnull=True).exists():
            events.ask_for(actor=self.county.receiver, number=event.number, kind="void", given={"reason": "mistake"})
            events.decide(actor=self.county.leader, number=event.number, kind="void", grant=True)
            taken["void"] += 1

    def instruct(self, dice: random.Random) -> None:
        event, actor = self.in_hand(), self.fitting(dice, self.county.leader, ("duty_leader", "dispatcher"))
        units = [dice.choice(("city", "fire", "centre"))]
        self.tried("instruct", lambda: actions.instruct(actor=actor, number=event.number, words="请排查", units=units))

    def work_on_a_task(self, dice: random.Random) -> None:
        rows = Task.objects.filter(state__in=("open", "reported")).order_by("-id")
        found = rows[dice.randrange(rows.count())] if rows else None
        if found is None:
            return
        verbs = ("accept_task", "send_task_back") if found.state == "reported" else ("report_task", "cancel_task")
        verb = dice.choice(verbs if dice.randrange(5) else TASK_VERBS)
        fit = self.handler_of(found.unit_id) if verb == "report_task" else self.person(found.issued_by_id)
        actor = self.fitting(dice, fit, (*UNITS, *CENTRE))
        due = (self.hand.moment + timedelta(days=dice.randint(1, 9))).date().isoformat()
        self.tried(verb, lambda: actions.take_task(actor=actor, task_id=found.pk, verb=verb, words="已办", due=due))

    def roster(self, dice: random.Random) -> None:
        begins = self.hand.moment + timedelta(hours=dice.choice((1, 6, 13, 25, 40)))
        slots = [
            Slot(posting_of(self.somebody(dice, ON_ROSTER)), begins, begins + timedelta(hours=dice.choice((4, 12))))
        ]
        keeper, place = self.fitting(dice, self.county.dispatcher, ("leader", "receiver")), dice.randint(1, 2)
        kind = dice.choice(("duty_leader", "duty_leader", "duty_officer"))
        self.tried("roster", lambda: actions.roster(actor=keeper, kind=kind, place=place, slots=slots))

    def swap(self, dice: random.Random) -> None:
        asked = Swap.objects.filter(state="asked").order_by("-id").first()
        if asked is not None:
            return self.answer(dice, asked)
        ahead = Shift.objects.filter(withdrawn_at__isnull=True, begins__gt=self.hand.moment).order_by("-id").first()
        if ahead is not None:
            actor, other = self.person(ahead.posting_id), posting_of(self.somebody(dice, ON_ROSTER))
            self.tried("swap", lambda: actions.swap(actor=actor, shift_id=ahead.pk, colleague=other))
        return None

    def answer(self, dice: random.Random, asked: Swap) -> None:
        verb = dice.choice(("agree", "agree", "decline", "take_back"))
        whose = asked.asked_by_id if verb == "take_back" else asked.offered_to_id
        actor = self.fitting(dice, self.person(whose), ON_ROSTER)
        self.tried(verb, lambda: actions.move_swap(actor=actor, swap_id=asked.pk, verb=verb))

    def away_and_back(self, dice: random.Random) -> None:
        mine = Absence.objects.filter(ended_at__isnull=True, ends__gt=self.hand.moment).order_by("-id").first()
        if mine is not None and dice.randrange(4):
            actor = self.person(mine.posting_id)
            return self.tried("be_back", lambda: actions.be_back(actor=actor, absence_id=mine.pk))
        since = self.hand.moment + timedelta(hours=dice.choice((0, 0, 5, 20)))
        until = since + timedelta(hours=dice.choice((3, 30)))
        theirs = Shift.objects.filter(withdrawn_at__isnull=True, kind="duty_leader", begins__lt=until, ends__gt=since)
        held = theirs.first()
        actor = self.fitting(dice, self.person(held.posting_id) if held else self.county.leader, ON_ROSTER)
        return self.tried("be_absent", lambda: actions.be_absent(actor=actor, since=since, until=until))

    def withdraw_a_shift(self, dice: random.Random) -> None:
        ahead = Shift.objects.filter(withdrawn_at__isnull=True, ends__gt=self.hand.moment).order_by("id").first()
        if ahead is not None:
            actor = self.fitting(dice, self.county.dispatcher, ("leader", "receiver"))
            self.tried("withdraw_shift", lambda: actions.withdraw_shift(actor=actor, shift_id=ahead.pk))

    @rule(hours=st.integers(1, 60))
    def the_house_sweeps(self, hours: int) -> None:
        """Time passes and the house sweeps twice, as two workers would; then nothing hangs on what has ended."""
        self.hand.on(hours=hours)
        ended = Order.objects.filter(ending__in=ENDED_BY_ITSELF).count()
        climbed, spoken = OrderStep.objects.filter(verb="climb").count(), len(climbs_of_tasks())
        for _worker in range(2):
            tasks.sweep()
        taken["order_end"] += Order.objects.filter(ending__in=ENDED_BY_ITSELF).count() - ended
        taken["order_climb"] += OrderStep.objects.filter(verb="climb").count() - climbed
        taken["task_climbed"] += len(climbs_of_tasks()) - spoken
        assert not Order.objects.filter(state__in=LIVE, event__closed_at__isnull=False).exists()
        assert not Swap.objects.filter(state="asked", shift__begins__lte=self.hand.moment).exists()

    @invariant()
    def orders_go_up_and_climb_once(self) -> None:
        live = Counter(Order.objects.filter(state__in=LIVE).values_list("event", "unit"))
        assert [pair for pair, many in live.items() if many > 1] == []
        ladders: dict[tuple[int, int], list[int]] = {}
        counting = Order.objects.exclude(state="cancelled").exclude(ending__in=ENDED_BY_ITSELF).order_by("id")
        for event, unit, kind in counting.values_list("event", "unit", "kind"):
            ladders.setdefault((event, unit), []).append(KINDS.index(kind))
        assert [steps for steps in ladders.values() if any(up <= low for low, up in pairwise(steps))] == []
        verbs: dict[int, list[str]] = {}
        for order, verb in OrderStep.objects.order_by("order", "n").values_list("order", "verb"):
            verbs.setdefault(order, []).append(verb)
        assert [course for course in verbs.values() if not silence_told_once(course)] == []

    @invariant()
    def a_tasks_clock_is_somebodys_and_speaks_once(self) -> None:
        for task in Task.objects.select_related("unit"):
            assert task.unit.active
            assert task.remind_at is None or task.state == "open"
            assert (task.answer_by is None) == (task.state != "reported")
            assert (task.ended_at is None) == (task.state in ("open", "reported"))
        states = dict(TaskStep.objects.order_by("task", "n").values_list("task", "to_state"))
        assert states == dict(Task.objects.values_list("pk", "state"))
        told = Counter(reminded())
        assert [one for one, many in told.items() if many > 1] == []

    @invariant()
    def nobody_is_on_duty_twice_or_while_absent(self) -> None:
        if not hasattr(self, "hand"):
            return
        shifts = list(Shift.objects.filter(withdrawn_at__isnull=True).values_list("posting", "begins", "ends"))
        twice = [(one, two) for one, two in combinations(shifts, 2) if one[0] == two[0] and meet(one[1:], two[1:])]
        assert twice == []
        now = self.hand.moment
        duty = list(OnDuty.objects.filter(until__gt=now).values_list("posting", "since", "until"))
        away = list(
            Absence.objects.filter(ended_at__isnull=True, ends__gt=now).values_list("posting", "begins", "ends")
        )
        absent = [(one, two) for one in duty for two in away if one[0] == two[0] and meet(one[1:], two[1:])]
        assert absent == []
        held = [one for one in shifts if one[2] > now]
        assert all(any(one[0] == two[0] and meet(one[1:], two[1:]) for two in held) for one in duty)


def posting_of(actor: Actor) -> int:
    assert actor.posting_id is not None
    return actor.posting_id


def silence_told_once(course: list[str]) -> bool:
    """Between two days that were set, by the issue or by sending back, at most one climb."""
    climbs = 0
    for verb in course:
        climbs = 0 if verb in ("issue_order", "send_reply_back") else climbs + (verb == "climb")
        if climbs > 1:
            return False
    return True


def meet(one: tuple[Any, Any], other: tuple[Any, Any]) -> bool:
    return bool(one[0] < other[1] and other[0] < one[1])


def reminded() -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(REMINDED)
        return [tuple(row) for row in cursor.fetchall()]


def climbs_of_tasks() -> list[str]:
    return [task for task, kind, _at in reminded() if kind == "climbed"]


def one_more_life() -> None:
    """What chance left out is gone on for in one more life, under the same invariants: nothing stays untried."""
    lives = Supervised()
    lives.first_report(words="路灯不亮", contact=True, imported=False, place=PLACES[0])
    for seed in range(120):
        if all(taken[name] for name in SEEN):
            break
        lives.supervise(dice=random.Random(seed), many=6)
        lives.the_house_sweeps(hours=9)
        lives.orders_go_up_and_climb_once()
        lives.a_tasks_clock_is_somebodys_and_speaks_once()
    lives.teardown()


@pytest.mark.django_db
def test_no_life_breaks_what_drives_it(county: County, capsys: pytest.CaptureFixture[str]) -> None:
    make_matters(county)
    RetentionRule.objects.create(kind="archive", days=60, name_zh="结案六十日", name_en="Sixty days")
    Lives.county = county
    Lives.empty = connection.savepoint()
    taken.clear()
    options = settings(
        max_examples=EXAMPLES, stateful_step_count=40, deadline=None, database=None,
        phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck), print_blob=True,
    )  # fmt: skip
    run_state_machine_as_test(hypothesis_seed(SEED)(Supervised), settings=options)
    one_more_life()
    with capsys.disabled():
        print(f"\nSEED={SEED} supervised lives={EXAMPLES}")
        print(", ".join(f"{name} {taken[name]}" for name in (*SEEN, "refused")))
    assert [name for name in SEEN if not taken[name]] == []
