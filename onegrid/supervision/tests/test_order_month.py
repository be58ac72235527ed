"""A month of orders in which the sweep is killed again and again: every silence is told once, none is told twice."""

import random
from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from onegrid.supervision import actions
from onegrid.supervision.actions import climbing, orders
from onegrid.supervision.models import Order, OrderStep
from onegrid.testing import matters as told
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
ROUNDS = 31 * 6
KINDS = ("urge", "ordinary", "yellow", "red", "listed")


class Killed(Exception):
    """The worker is gone in the middle of a sweep."""


def swept(chance: random.Random, monkeypatch: pytest.MonkeyPatch) -> bool:
    """One sweep; every third is killed, before or after it has written. Tells whether it went through."""
    fatal = chance.random() < 0.34
    after = chance.random() < 0.5
    write = orders.write

    def killing(*given: Any) -> OrderStep:
        if after:
            write(*given)
        raise Killed

    with monkeypatch.context() as patch:
        if fatal:
            patch.setattr(climbing, "write", killing)
        try:
            actions.sweep_orders()
        except Killed:
            return False
    return True


def acted(chance: random.Random, county: County, numbers: list[str]) -> None:
    """Somebody issues, replies, judges or cancels something, or it is refused."""
    number, kind = chance.choice(numbers), chance.choice(KINDS)
    live = Order.objects.filter(ended_at__isnull=True).order_by("id")
    try:
        match chance.choice((0, 0, 1, 3, 4)):
            case 0:
                given = {"number": number, "unit": "city", "kind": kind, "words": "请说明"}
                actions.issue_order(actor=county.leader, **given)
            case 1 if live:
                order = chance.choice(list(live))
                actions.reply_to_order(actor=county.handler, order_id=order.pk, words="在办")
            case 3 if live:
                order = chance.choice(list(live))
                actions.send_reply_back(actor=county.leader, order_id=order.pk, words="不够")
            case 4 if live and chance.random() < 0.2:
                actions.cancel_order(actor=county.leader, order_id=chance.choice(list(live)).pk, words="撤回")
    except actions.NotAllowed:
        pass


def silences(order: Order, sweeps: list[datetime]) -> Counter[datetime]:
    """By the history alone: each day that was set, if a whole sweep came after it, before the next step of a person."""
    steps = [step for step in order.steps.order_by("n") if step.verb != "climb"]
    found: Counter[datetime] = Counter()
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        if step.to_state != "open" or step.reply_by is None:
            continue
        until = following.at if following else sweeps[-1]
        if any(step.reply_by <= at and step.at <= at <= until for at in sweeps):
            found[step.reply_by] += 1
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_over_a_month_each_silence_is_told_once(county: County, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    chance = random.Random(seed)
    with told.at() as hand:
        told.make_matters(county)
        numbers = [told.event_in("handling", county).number for _eight in range(8)]
        sweeps: list[datetime] = []
        for _four_hours in range(ROUNDS):
            hand.on(hours=2)
            if chance.random() < 0.4:
                acted(chance, county, numbers)
            hand.on(hours=2)
            if swept(chance, monkeypatch):
                sweeps.append(hand.moment)
        hand.on(minutes=1)
        assert swept(random.Random(5), monkeypatch)
        sweeps.append(hand.moment)
    climbs = {order.pk: order.steps.filter(verb="climb").count() for order in Order.objects.all()}
    expected = {order.pk: sum(silences(order, sweeps).values()) for order in Order.objects.all()}
    assert climbs == expected
    assert sum(climbs.values()) >= 5
    for order in Order.objects.all():
        numbers_of = list(order.steps.order_by("n").values_list("n", flat=True))
        assert numbers_of == list(range(1, len(numbers_of) + 1))
