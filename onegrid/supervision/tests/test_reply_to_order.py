"""The unit replies, the centre judges: settled, sent back, or taken back by whoever issued it."""

from datetime import timedelta
from typing import Any

import pytest

from onegrid.events import actions as events
from onegrid.events.models import Event
from onegrid.kit import clock
from onegrid.org.models import Posting
from onegrid.org.roles import DISPATCHER, LEADER, Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import Order
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import County, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def handling(county: County) -> Event:
    told.make_matters(county)
    return told.event_in("handling", county)


@pytest.fixture
def order(handling: Event, county: County) -> Order:
    return issued(handling, county.dispatcher, "ordinary")


def issued(event: Event, actor: Actor, kind: str) -> Order:
    return actions.issue_order(actor=actor, number=event.number, unit="city", kind=kind, words="请说明何时修好")


def reply(actor: Actor, order: Order, words: str = "灯具已订购，周五换好") -> Order:
    return actions.reply_to_order(actor=actor, order_id=order.pk, words=words)


@pytest.mark.parametrize("name", ["handler", "unit_leader"])
def test_a_handler_or_the_leader_of_the_unit_replies(order: Order, county: County, name: str) -> None:
    assert reply(county.people[name], order).state == "replied"
    assert order.steps.get(verb="reply_to_order").told() == "灯具已订购，周五换好"


@pytest.mark.parametrize("name", ["dispatcher", "leader"])
def test_the_centre_does_not_reply_for_the_unit(order: Order, county: County, name: str) -> None:
    with pytest.raises(actions.NotAllowed):
        reply(county.people[name], order)


@pytest.mark.parametrize("name", ["other_handler", "neighbour", "officer", "worker", "other_officer"])
def test_for_others_it_does_not_exist(order: Order, county: County, name: str) -> None:
    with pytest.raises(Order.DoesNotExist):
        reply(county.people[name], order)


def test_wrong_state_a_second_reply_waits_for_the_first(order: Order, county: County) -> None:
    reply(county.handler, order)
    with pytest.raises(actions.NotAllowed) as refused:
        reply(county.handler, order)
    assert refused.value.refusal.code == "state"


def test_a_reply_says_something(order: Order, county: County) -> None:
    for words in (" ", "字" * 2001):
        with pytest.raises(actions.NotGiven):
            reply(county.handler, order, words)


def test_a_reply_that_is_enough_settles_the_order(order: Order, county: County) -> None:
    reply(county.handler, order)
    settled = actions.accept_reply(actor=county.duty_leader, order_id=order.pk)
    assert settled.state == "settled"
    assert settled.ended_at is not None
    with pytest.raises(actions.NotAllowed):
        actions.send_reply_back(actor=county.leader, order_id=order.pk, words="不够")


def test_a_reply_is_sent_back_with_the_reason_and_another_day(county: County) -> None:
    with told.at() as hand:
        told.make_matters(county)
        order = issued(told.event_in("handling", county), county.dispatcher, "ordinary")
        first = order.reply_by
        reply(county.handler, order)
        hand.on(days=1)
        back = actions.send_reply_back(actor=county.dispatcher, order_id=order.pk, words="没有说何时修好")
        assert back.state == "open"
        assert back.reply_by == first + timedelta(days=3)  # Friday was due; one day on it is Monday.
        reply(county.handler, order)
        with pytest.raises(actions.NotGiven):
            actions.send_reply_back(actor=county.dispatcher, order_id=order.pk, words="")


def test_who_may_not_have_issued_it_does_not_judge_it(handling: Event, county: County) -> None:
    order = issued(handling, county.leader, "red")
    reply(county.handler, order)
    for name in ("dispatcher", "duty_leader"):
        with pytest.raises(actions.NotAllowed):
            actions.accept_reply(actor=county.people[name], order_id=order.pk)
        with pytest.raises(actions.NotAllowed):
            actions.send_reply_back(actor=county.people[name], order_id=order.pk, words="不够")
    for name in ("handler", "unit_leader"):
        with pytest.raises(actions.NotAllowed):
            actions.accept_reply(actor=county.people[name], order_id=order.pk)
    assert actions.accept_reply(actor=county.leader, order_id=order.pk).state == "settled"


def test_nothing_is_judged_before_a_reply(order: Order, county: County) -> None:
    with pytest.raises(actions.NotAllowed):
        actions.accept_reply(actor=county.dispatcher, order_id=order.pk)


def cancel(actor: Actor, order: Order, words: str = "发错了单位") -> Order:
    return actions.cancel_order(actor=actor, order_id=order.pk, words=words)


def test_whoever_issued_it_takes_it_back_with_a_reason(order: Order, county: County) -> None:
    with pytest.raises(actions.NotGiven):
        cancel(county.dispatcher, order, "")
    assert cancel(county.dispatcher, order).state == "cancelled"


@pytest.mark.parametrize("name", ["leader", "duty_leader", "handler"])
def test_nobody_else_cancels_it(order: Order, county: County, name: str) -> None:
    with pytest.raises(actions.NotAllowed):
        cancel(county.people[name], order)


def test_a_colleague_of_the_issuer_does_not_cancel_it(order: Order, county: County) -> None:
    with pytest.raises(actions.NotAllowed):
        cancel(cast.post(county, "colleague", "centre", cast.COUNTY, (DISPATCHER,)), order)


def test_when_the_issuer_is_gone_the_leader_cancels_it(order: Order, county: County) -> None:
    Posting.objects.filter(pk=county.dispatcher.posting_id or 0).update(until=clock.now())
    with pytest.raises(actions.NotAllowed):
        cancel(county.duty_leader, order)
    assert cancel(county.leader, order).state == "cancelled"


def test_a_settled_order_is_not_cancelled(order: Order, county: County) -> None:
    reply(county.handler, order)
    actions.accept_reply(actor=county.dispatcher, order_id=order.pk)
    with pytest.raises(actions.NotAllowed):
        cancel(county.dispatcher, order)


def test_the_unit_owes_the_reply_and_the_centre_the_judgement(order: Order, county: County) -> None:
    about = f"{order.event.number} · 路灯、电杆、线缆 · 城关街道"
    assert [one.about for one in queries.owed(county.handler)] == [about]
    assert queries.owed(county.handler)[0].due_at == order.reply_by
    assert queries.owed(county.dispatcher) == queries.owed(county.other_handler) == []
    reply(county.handler, order)
    assert queries.owed(county.handler) == []
    assert [one.address for one in queries.owed(county.dispatcher)] == [f"/supervise/orders/{order.pk}/"]
    assert queries.owed(county.neighbour) == []


def test_after_it_was_sent_up_the_upper_centre_judges(county: County) -> None:
    told.make_matters(county)
    event = told.event_in("handling", county)
    order = issued(event, county.dispatcher, "urge")
    reply(county.handler, order)
    Event.objects.filter(pk=event.pk).update(owner=county.units["centre-002"])
    upper = cast.post(county, "upper", "centre-002", cast.COUNTY, (LEADER,))
    with pytest.raises(actions.NotAllowed):
        actions.accept_reply(actor=county.dispatcher, order_id=order.pk)
    assert actions.accept_reply(actor=upper, order_id=order.pk).state == "settled"


def post(actor: Actor, order: Order, verb: str, **given: str) -> Any:
    given["idempotency_key"] = f"{actor.posting_id}{verb}"
    return client_of(actor).post(f"/supervise/orders/{order.pk}/{verb}/", given)


def test_the_page_of_an_order_takes_the_reply_and_the_judgement(order: Order, county: County) -> None:
    assert post(county.handler, order, "reply_to_order", words=" ").status_code == 422
    assert post(county.handler, order, "accept_reply").status_code == 409
    assert post(county.unit_leader, order, "reply_to_order", words="周五换好").status_code == 302
    assert "周五换好" in client_of(county.dispatcher).get(f"/supervise/orders/{order.pk}/").content.decode()
    assert post(county.other_handler, order, "reply_to_order", words="x").status_code == 404
    assert post(county.dispatcher, order, "no_such_verb").status_code == 404
    assert post(county.dispatcher, order, "send_reply_back", words="不够", reply_by="x").status_code == 422
    assert post(county.leader, order, "accept_reply").status_code == 302
    order.refresh_from_db()
    assert order.state == "settled"


def test_a_worker_who_reported_it_and_its_reporter_see_no_order(county: County) -> None:
    told.make_matters(county)
    said = events.report(actor=county.worker, words=told.WORDS, lon=104.605, lat=28.705)
    event = told.carry(said, "handling", county)
    issued(event, county.dispatcher, "urge")
    client = client_of(county.worker)
    assert "/supervise/orders/" not in client.get(f"/supervise/events/{event.number}/").content.decode()
    assert client.get("/supervise/orders/").status_code == 403
    page = client_of(Actor.stranger()).post("/track/", {"receipt": said.receipt}, follow=True).content.decode()
    assert event.number in page
    assert "请说明何时修好" not in page
