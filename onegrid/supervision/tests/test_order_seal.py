"""No byte of a sealed matter's order lies open: not in a table, not on another one's page, not in a message."""

import pytest
from django.db import connection

from onegrid.events import actions as events
from onegrid.events.models import Event
from onegrid.kit import clock
from onegrid.notices.models import Message
from onegrid.supervision import actions, queries
from onegrid.supervision.models import Order, OrderStep
from onegrid.testing import matters as told
from onegrid.testing.cast import County, client_of

pytestmark = pytest.mark.django_db
ASKED, SAID, WHY = "立即查清楼下牌桌", "已查封两台机器", "未写处理结果"


def sealed_in_hand(county: County) -> Event:
    told.make_matters(county)
    number = told.reported("楼下麻将馆天天赌博").number
    events.take(actor=county.receiver, number=number, verb="accept", given={"category": told.VICE})
    events.take(actor=county.dispatcher, number=number, verb="dispatch", given={"unit": "city"})
    return events.take(actor=county.handler, number=number, verb="claim")


def whole_course(county: County, event: Event) -> Order:
    order = actions.issue_order(actor=county.dispatcher, number=event.number, unit="city", kind="ordinary", words=ASKED)
    actions.reply_to_order(actor=county.handler, order_id=order.pk, words=SAID)
    actions.send_reply_back(actor=county.dispatcher, order_id=order.pk, words=WHY)
    order.refresh_from_db()
    return order


def everything_stored() -> str:
    """Every row of every table as text; bytes as their hexadecimal digits and as what they spell."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for name in tables:
            cursor.execute(f'SELECT t::text FROM "{name}" t')
            found += [text for (text,) in cursor.fetchall()]
    return "\n".join(found)


def traces(words: str) -> tuple[str, ...]:
    return words, words[:4], words.encode().hex(), words.encode("unicode_escape").decode()


def test_no_table_holds_a_word_of_it(county: County) -> None:
    event = sealed_in_hand(county)
    assert event.restricted
    order = whole_course(county, event)
    for step in OrderStep.objects.exclude(verb="climb"):
        actions.tell_of_order(order_id=step.order_id, n=step.n)
    stored = everything_stored()
    assert event.number in stored
    assert [trace for words in (ASKED, SAID, WHY) for trace in traces(words) if trace in stored] == []
    assert order.told() == ASKED
    assert [step.told() for step in queries.history_of(order)] == ["", SAID, WHY]


@pytest.mark.parametrize("name", ["checker", "unit_leader", "other_handler", "neighbour", "auditor", "analyst"])
def test_others_find_neither_the_order_nor_a_word_of_it(county: County, name: str) -> None:
    order = whole_course(county, sealed_in_hand(county))
    client = client_of(county.people[name])
    found = client.get(f"/supervise/orders/{order.pk}/").status_code
    # The checker of the centre that drives it checks its result and reads it; everybody else finds nothing.
    assert found == (200 if name == "checker" else 404)
    if name != "checker":
        assert order.event.number not in client.get("/supervise/orders/").content.decode()


def test_the_unit_and_the_duty_officers_read_it(county: County) -> None:
    order = whole_course(county, sealed_in_hand(county))
    for name in ("handler", "dispatcher", "duty_leader", "leader"):
        page = client_of(county.people[name]).get(f"/supervise/orders/{order.pk}/").content.decode()
        assert all(words in page for words in (ASKED, SAID, WHY))
    assert ASKED not in client_of(county.leader).get("/supervise/orders/").content.decode()


def test_a_leader_of_the_unit_is_not_told_of_what_he_does_not_see(county: County) -> None:
    with told.at() as hand:
        order = whole_course(county, sealed_in_hand(county))
        hand.to(order.reply_by)
        actions.sweep_orders()
        step = OrderStep.objects.get(verb="climb")
        actions.tell_of_silence(order_id=order.pk, n=step.n)
    people = set(Message.objects.filter(kind="order_unanswered").values_list("to_posting_id", flat=True))
    assert people == {county.handler.posting_id, county.dispatcher.posting_id, county.leader.posting_id}


def test_words_follow_when_the_matter_is_sealed_later(county: County) -> None:
    told.make_matters(county)
    order = whole_course(county, told.event_in("handling", county))
    assert order.words == ASKED
    assert actions.seal_words() == 0
    Event.objects.filter(pk=order.event_id).update(restricted=True, words="")
    assert actions.seal_words() == 3
    assert actions.seal_words() == 0
    order.refresh_from_db()
    assert (order.words, order.told()) == ("", ASKED)
    assert [step.told() for step in queries.history_of(order)] == ["", SAID, WHY]


@pytest.mark.parametrize("restricted", [False, True])
def test_words_go_when_the_time_of_keeping_is_over(county: County, restricted: bool) -> None:
    event = sealed_in_hand(county) if restricted else None
    if event is None:
        told.make_matters(county)
        event = told.event_in("handling", county)
    order = whole_course(county, event)
    Event.objects.filter(pk=event.pk).update(
        erased_at=clock.now(), closed_at=clock.now(), state="closed", words="", words_sealed=None, title="",
        address="", result="", lon=None, lat=None, c6=None, c8=None,
    )  # fmt: skip
    assert actions.seal_words() == 3
    assert actions.seal_words() == 0
    order.refresh_from_db()
    assert (order.told(), order.words_sealed) == ("", None)
    assert {step.told() for step in queries.history_of(order)} == {""}
