"""What time itself does with an order: silence climbs once, what lost its ground ends, over restarts and workers."""

from datetime import timedelta

import pytest

from onegrid.events import actions as events
from onegrid.events.models import Event
from onegrid.notices.models import Message
from onegrid.supervision import actions
from onegrid.supervision.models import Order, OrderStep
from onegrid.testing import matters as told
from onegrid.testing.cast import County
from tests.faults.crowd import together

pytestmark = pytest.mark.django_db
WORKERS = 8


def issued(county: County, kind: str = "urge") -> Order:
    event = told.event_in("handling", county)
    return actions.issue_order(
        actor=county.dispatcher, number=event.number, unit="city", kind=kind, words="请说明何时修好"
    )


def climbs() -> int:
    return OrderStep.objects.filter(verb="climb").count()


def heard(kind: str) -> list[int]:
    return sorted(pk for pk in Message.objects.filter(kind=kind).values_list("to_posting_id", flat=True) if pk)


def tell_everything() -> None:
    for step in OrderStep.objects.all():
        if step.verb == "climb":
            actions.tell_of_silence(order_id=step.order_id, n=step.n)
        elif step.verb != "end_order":
            actions.tell_of_order(order_id=step.order_id, n=step.n)


def test_silence_is_told_once_to_the_units_leader_and_the_centre(county: County) -> None:
    with told.at() as hand:
        told.make_matters(county)
        order = issued(county)
        hand.to(order.reply_by - timedelta(seconds=1))
        assert actions.sweep_orders().climbed == 0
        hand.on(seconds=1)
        assert [actions.sweep_orders().climbed for _twice in range(2)] == [1, 0]
        for _twice in range(2):
            tell_everything()
        hand.on(days=30)
        assert actions.sweep_orders().climbed == 0
    assert climbs() == 1
    people = (county.dispatcher, county.leader, county.unit_leader)
    assert heard("order_unanswered") == sorted(one.posting_id or 0 for one in people)


def test_another_day_is_another_moment(county: County) -> None:
    with told.at() as hand:
        told.make_matters(county)
        order = issued(county)
        hand.to(order.reply_by)
        actions.sweep_orders()
        actions.reply_to_order(actor=county.handler, order_id=order.pk, words="马上")
        hand.on(days=10)
        assert actions.sweep_orders().climbed == 0
        back = actions.send_reply_back(actor=county.dispatcher, order_id=order.pk, words="没有说何时修好")
        hand.to(back.reply_by)
        assert actions.sweep_orders().climbed == 1
    assert climbs() == 2


def test_who_is_told_of_each_step(county: County) -> None:
    told.make_matters(county)
    order = issued(county)
    tell_everything()
    assert heard("order_issued") == [county.handler.posting_id]
    actions.reply_to_order(actor=county.handler, order_id=order.pk, words="马上")
    tell_everything()
    assert heard("order_replied") == [county.dispatcher.posting_id]
    actions.send_reply_back(actor=county.dispatcher, order_id=order.pk, words="不够")
    tell_everything()
    assert heard("order_back") == [county.handler.posting_id]
    assert not Message.objects.filter(to_report__isnull=False, kind__startswith="order").exists()


def test_an_order_ends_with_its_matter_and_says_so(county: County) -> None:
    told.make_matters(county)
    order = issued(county)
    events.ask_for(actor=county.receiver, number=order.event.number, kind="void", given={"reason": "mistake"})
    events.decide(actor=county.leader, number=order.event.number, kind="void", grant=True)
    assert [actions.sweep_orders().ended for _twice in range(2)] == [1, 0]
    order.refresh_from_db()
    assert (order.state, order.ending) == ("over", "event_ended")
    assert order.steps.order_by("-n")[0].verb == "end_order"


def test_an_order_ends_when_the_next_unit_has_signed(county: County) -> None:
    """Who passes it on stays accountable until then, and so does its order."""
    told.make_matters(county)
    order = issued(county)
    number = order.event.number
    events.ask_for(actor=county.handler, number=number, kind="transfer", given={"reason": "not_ours", "unit": "fire"})
    events.decide(actor=county.dispatcher, number=number, kind="transfer", grant=True)
    assert actions.sweep_orders().ended == 0
    events.take(actor=county.other_handler, number=number, verb="claim")
    assert actions.sweep_orders().ended == 1
    order.refresh_from_db()
    assert order.ending == "left_unit"


def test_an_order_stays_while_the_result_is_checked(county: County) -> None:
    told.make_matters(county)
    order = issued(county)
    events.take(actor=county.handler, number=order.event.number, verb="resolve", given={"result": "换好了"})
    assert actions.sweep_orders().ended == 0


def test_back_at_the_unit_the_ladder_begins_anew(county: County) -> None:
    told.make_matters(county)
    order = issued(county)
    event = order.event
    Event.objects.filter(pk=event.pk).update(handler=county.units["fire"])
    actions.sweep_orders()
    Event.objects.filter(pk=event.pk).update(handler=county.units["city"])
    again = actions.issue_order(actor=county.dispatcher, number=event.number, unit="city", kind="urge", words="再催")
    assert again.state == "open"


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_climb_once(county: County) -> None:
    with told.at() as hand:
        told.make_matters(county)
        order = issued(county)
        hand.to(order.reply_by)
        crowd = together(lambda _place: actions.sweep_orders().climbed, WORKERS)
    assert crowd.errors == []
    assert sum(crowd.answers) == climbs() == 1


@pytest.mark.django_db(transaction=True)
def test_many_hands_issue_at_once_and_one_order_stands(county: County) -> None:
    told.make_matters(county)
    number = told.event_in("handling", county).number
    crowd = together(
        lambda place: actions.issue_order(
            actor=(county.dispatcher, county.leader)[place % 2], number=number, unit="city", kind="urge", words="催"
        ),
        WORKERS,
    )
    assert crowd.kinds() == {"NotAllowed"}
    assert len(crowd.answers) == Order.objects.count() == OrderStep.objects.count() == 1
