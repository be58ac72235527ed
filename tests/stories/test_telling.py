"""Who is told what, once, and never before the ten seconds of an undo are over."""

from typing import Any

import pytest

from onegrid.events import actions
from onegrid.events.models import Contact, Event, Step
from onegrid.notices.models import Message
from onegrid.org.roles import Actor
from onegrid.testing.cast import County
from onegrid.testing.matters import GAS, LAMP, at, carry, event_in, make_matters, reported

pytestmark = pytest.mark.django_db


@pytest.fixture
def matters(county: County) -> County:
    make_matters(county)
    return county


def tell_all(event: Event) -> int:
    return sum(actions.tell_people(event_id=event.pk, n=step.n) for step in Step.objects.filter(event=event))


def test_every_voice_is_told_once_by_its_own_ways(matters: County) -> None:
    first = reported(contact={"phone": "13800001234"})
    actions.join(actor=Actor.stranger(), number=first.number, words="我家门口也黑")
    event = carry(first, "accepted", matters)
    tell_all(event)
    told = Message.objects.filter(kind="accept", to_report__isnull=False)
    assert sorted(told.values_list("channel", flat=True)) == ["console", "in_app", "in_app"]
    assert tell_all(event) == 0


OWN_WAYS = [
    ({"phone": "13800001234"}, {"sms": "13800001234"}),
    ({"email": "zhang@example.com"}, {"mail": "zhang@example.com"}),
    ({"phone": "13800001234", "email": "zhang@example.com"}, {"sms": "13800001234"}),
    ({"name": "张某"}, {}),
    (None, {}),
]


@pytest.mark.parametrize(("contact", "ways"), OWN_WAYS)
def test_each_reporter_is_told_by_his_own_way(
    matters: County, settings: Any, contact: dict[str, str] | None, ways: dict[str, str]
) -> None:
    """By text message who left a phone, else by mail; the receipt page tells it to everybody."""
    settings.NOTICES_CHANNELS = ["in_app", "sms", "mail"]
    event = carry(reported(contact=contact), "accepted", matters)
    tell_all(event)
    told = Message.objects.filter(kind="accept", to_report__isnull=False)
    assert {row.channel: row.address for row in told} == {"in_app": "", **ways}
    assert {row.unit_id for row in told} == {event.owner_id}


def test_who_left_only_a_phone_is_told_on_the_page_where_no_text_messages_are_sent(
    matters: County, settings: Any
) -> None:
    settings.NOTICES_CHANNELS = ["in_app", "mail"]
    event = carry(reported(contact={"phone": "13800001234"}), "accepted", matters)
    tell_all(event)
    assert set(Message.objects.filter(kind="accept").values_list("channel", flat=True)) == {"in_app"}


def test_a_contact_that_was_erased_is_never_used(matters: County, settings: Any) -> None:
    settings.NOTICES_CHANNELS = ["in_app", "sms"]
    event = carry(reported(contact={"phone": "13800001234"}), "accepted", matters)
    Contact.objects.update(erased_at=event.reported_at, sealed=b"")
    tell_all(event)
    assert set(Message.objects.filter(kind="accept").values_list("channel", flat=True)) == {"in_app"}


def test_a_wrong_mail_address_is_said_with_every_other_fault(matters: County) -> None:
    with pytest.raises(actions.NotGiven) as error:
        reported(contact={"phone": "1", "email": "zhang@"})
    assert set(error.value.fields) == {"phone", "email"}


def test_a_step_that_was_taken_back_tells_nobody(matters: County) -> None:
    with at():
        event = event_in("reported", matters)
        actions.take(actor=matters.receiver, number=event.number, verb="accept", given={"category": LAMP})
        actions.undo(actor=matters.receiver, number=event.number)
        tell_all(event)
    assert not Message.objects.filter(kind="accept").exists()


def test_the_handlers_of_the_unit_are_told_and_nobody_elses(matters: County) -> None:
    event = event_in("assigned", matters)
    tell_all(event)
    told = Message.objects.filter(kind="to_claim")
    assert {row.to_posting_id for row in told} == {matters.handler.posting_id}


def test_an_urgent_report_reaches_the_receivers_at_once(matters: County) -> None:
    """And the duty leader by a call, see test_alert.py."""
    said = reported("楼道里有燃气味，怕是漏气")
    assert said.event.category == GAS
    tell_all(Event.objects.get(number=said.number))
    told = {row.to_posting_id for row in Message.objects.filter(kind="urgent")}
    assert told == {matters.receiver.posting_id}


def test_each_reminder_goes_out_exactly_once(matters: County) -> None:
    with at() as hand:
        event = event_in("handling", matters)
        fired = 0
        for _hour in range(24 * 12):
            hand.on(hours=1)
            fired += actions.sweep().reminders
        moments = clock_moments(event)
        assert fired == len(moments) == 4


def clock_moments(event: Event) -> list[str]:
    from onegrid.events.queries.explain import clocks_of

    return [kind for kind, _moment in clocks_of(event).reminders]


def test_a_request_that_nobody_decides_climbs_to_the_leader(matters: County) -> None:
    with at() as hand:
        event = event_in("handling", matters)
        asked = actions.ask_for(
            actor=matters.handler, number=event.number, kind="extend", given={"reason": "weather", "days": "2"}
        )
        hand.on(days=2)
        assert actions.sweep().climbs == 1
        actions.tell_of_climb(event_id=event.pk, request_id=asked.pk, climbed=1)
        assert {row.to_posting_id for row in Message.objects.filter(kind="climbed")} == {matters.leader.posting_id}
        with pytest.raises(actions.NotAllowed):
            actions.decide(actor=matters.dispatcher, number=event.number, kind="extend", grant=True)
        event = actions.decide(actor=matters.leader, number=event.number, kind="extend", grant=True)
        assert event.extensions == 1
