"""The end of a matter of level 1 or 2: the checker asks, a leader decides; nothing changes for levels 3 and 4."""

from typing import Any

import pytest
from django.utils import translation

from onegrid.events import actions, queries
from onegrid.events.models import Event, Request
from onegrid.kit import reference
from onegrid.kit.workflow import NotAllowed
from onegrid.notices.models import Message
from onegrid.org.models import Posting
from onegrid.org.roles import CHECKER, LEADER, Actor
from onegrid.testing.cast import COUNTY, TOWNS, County, client_of, post
from onegrid.testing.matters import LAMP, at, carry, event_in, make_matters, reported

pytestmark = pytest.mark.django_db
TOWN: dict[str, Any] = {"lon": 104.635, "lat": 28.705}


@pytest.fixture
def matters(county: County) -> County:
    make_matters(county)
    return county


def grave(county: County, level: int = 2, **given: Any) -> Event:
    """A matter of this level, handed in and to be checked."""
    event = event_in("checking", county, contact={"phone": "13800001234"}, **given)
    Event.objects.filter(pk=event.pk).update(level=level)
    return anew(event)


def in_the_town(county: County) -> Event:
    """The same in the second town, whose centre has no leader."""
    said = reported(**TOWN)
    actions.take(actor=county.neighbour_receiver, number=said.number, verb="accept", given={"category": LAMP})
    actions.take(actor=county.neighbour, number=said.number, verb="dispatch", given={"unit": "city"})
    actions.take(actor=county.handler, number=said.number, verb="claim")
    actions.take(actor=county.handler, number=said.number, verb="resolve", given={"result": "换好了"})
    Event.objects.filter(number=said.number).update(level=2)
    return anew(said.event)


def anew(event: Event) -> Event:
    return Event.objects.get(pk=event.pk)


def ask(event: Event, actor: Actor, words: str = "管道已换，无漏气") -> Request:
    return actions.ask_for(actor=actor, number=event.number, kind="pass_check", given={"words": words})


def decide(event: Event, actor: Actor, *, grant: bool = True, words: str = "") -> Event:
    return actions.decide(actor=actor, number=event.number, kind="pass_check", grant=grant, words=words)


def button(actor: Actor, event: Event) -> queries.Verb:
    return next(one for one in queries.detail(actor, event.number).verbs if one.verb == "pass_check")


def jobs(event: Event) -> None:
    """The messages of every step, as the worker sends them."""
    for step in event.steps.order_by("n"):
        actions.tell_people(event_id=event.pk, n=step.n)


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("to_posting__user__username", flat=True))


@pytest.mark.parametrize("level", [1, 2])
def test_the_checker_alone_does_not_pass_a_grave_matter(matters: County, level: int) -> None:
    event = grave(matters, level)
    with pytest.raises(NotAllowed, match="leader decides"), translation.override("en"):
        actions.take(actor=matters.checker, number=event.number, verb="pass_check")
    assert anew(event).state == "checking"
    shown = button(matters.checker, event)
    assert (shown.may, shown.asks) == (True, True)


@pytest.mark.parametrize("level", [3, 4])
def test_nothing_changes_for_the_others(matters: County, level: int) -> None:
    event = grave(matters, level)
    with pytest.raises(NotAllowed):
        ask(event, matters.checker)
    shown = button(matters.checker, event)
    assert (shown.may, shown.asks) == (True, False)
    assert actions.take(actor=matters.checker, number=event.number, verb="pass_check").state == "rating"


@pytest.mark.parametrize("leader", ["leader", "duty_leader"])
def test_a_leader_of_the_centre_grants_it_and_the_reporter_is_asked(matters: County, leader: str) -> None:
    event = grave(matters)
    ask(event, matters.checker)
    after = decide(event, getattr(matters, leader))
    assert after.state == "rating"
    last = after.steps.order_by("-n")[0]
    assert (last.verb, last.told(), last.public) == ("pass_check", "管道已换，无漏气", True)
    assert "before" not in last.facts, "what a leader approved is not taken back within ten seconds"


def test_where_nobody_can_be_reached_the_grant_closes_it(matters: County) -> None:
    event = event_in("checking", matters, channel="import")
    Event.objects.filter(pk=event.pk).update(level=1)
    ask(event, matters.checker)
    assert decide(event, matters.leader).state == "closed"


def test_a_no_needs_its_reason_and_leaves_it_to_the_checker(matters: County) -> None:
    event = grave(matters)
    ask(event, matters.checker)
    with pytest.raises(actions.NotGiven):
        decide(event, matters.leader, grant=False)
    assert decide(event, matters.leader, grant=False, words="先复测浓度").state == "checking"
    jobs(event)
    assert told("denied") == {"checker"}
    assert button(matters.checker, event).asks, "it may be asked for again"
    redone = {"reason": "浓度未复测"}
    assert actions.take(actor=matters.checker, number=event.number, verb="redo", given=redone).state == "handling"


@pytest.mark.parametrize("who", ["receiver", "dispatcher", "handler", "unit_leader", "neighbour_checker"])
def test_nobody_else_asks_or_decides(matters: County, who: str) -> None:
    event, actor = grave(matters), getattr(matters, who)
    with pytest.raises((NotAllowed, Event.DoesNotExist)):
        ask(event, actor)
    ask(event, matters.checker)
    with pytest.raises((NotAllowed, Event.DoesNotExist)):
        decide(event, actor)


def test_whoever_asked_does_not_decide_nor_does_who_did_the_work(matters: County) -> None:
    event, both = grave(matters), post(matters, "both", "centre", COUNTY, (LEADER, CHECKER))
    ask(event, both)
    with pytest.raises(NotAllowed):
        actions.take(actor=both, number=event.number, verb="pass_check")
    with pytest.raises(NotAllowed):
        decide(event, both)
    Event.objects.filter(pk=event.pk).update(resolved_by_id=matters.leader.user_id)
    with pytest.raises(NotAllowed):
        decide(event, matters.leader)
    assert decide(event, matters.duty_leader).state == "rating"


def test_what_is_asked_lapses_when_it_is_sent_back(matters: County) -> None:
    event = grave(matters)
    asked = ask(event, matters.checker)
    actions.take(actor=matters.checker, number=event.number, verb="redo", given={"reason": "没办好"})
    asked.refresh_from_db()
    assert asked.decision == "lapsed"
    with pytest.raises(NotAllowed):
        decide(event, matters.leader)


def test_leaders_are_told_not_the_dispatcher_and_the_reminder_goes_to_them_too(matters: County) -> None:
    event = grave(matters)
    ask(event, matters.checker)
    jobs(event)
    assert told("to_decide") == {"leader", "duty_leader"}
    actions.tell_of_reminder(event_id=event.pk, at="2026-10-15T00:00:00", kind="expired")
    assert told("remind_expired") == {"leader", "duty_leader"}


def test_a_centre_without_a_leader_asks_the_one_above(matters: County) -> None:
    event = in_the_town(matters)
    ask(event, matters.neighbour_checker)
    jobs(event)
    assert told("to_decide") == {"leader", "duty_leader"}
    assert [one.event.number for one in queries.asked(matters.leader).mine] == [event.number]
    assert decide(event, matters.leader).state == "rating"


def test_a_centre_with_a_leader_keeps_it_until_the_leader_does_not_answer(matters: County) -> None:
    with at() as hand:
        near = post(matters, "town_leader", "centre-002", TOWNS[1], (LEADER,))
        reference.clear_all()
        event = in_the_town(matters)
        asked = ask(event, matters.neighbour_checker)
        with pytest.raises(NotAllowed):
            decide(event, matters.leader)
        assert queries.asked(matters.leader).mine == []
        hand.on(days=3)
        assert actions.sweep().climbs == 1
        actions.tell_of_climb(event_id=event.pk, request_id=asked.pk, climbed=1)
        assert told("climbed") == {"town_leader", "leader", "duty_leader"}
        assert [one.event.number for one in queries.asked(matters.leader).mine] == [event.number]
        assert [one.event.number for one in queries.asked(near).mine] == [event.number]
        assert decide(event, matters.duty_leader).state == "rating"


def test_a_leader_who_leaves_takes_the_decision_to_nobody(matters: County) -> None:
    """The last leader of the town's centre goes while it waits: from then on the centre above decides."""
    near = post(matters, "town_leader", "centre-002", TOWNS[1], (LEADER,))
    reference.clear_all()
    event = in_the_town(matters)
    ask(event, matters.neighbour_checker)
    Posting.objects.filter(user__username=near.username).update(until="2020-01-02T00:00:00Z")
    reference.clear_all()
    assert decide(event, matters.leader).state == "rating"


def test_time_does_not_close_what_waits_for_a_leader(matters: County) -> None:
    with at() as hand:
        event = grave(matters)
        ask(event, matters.checker)
        for _day in range(20):
            hand.on(days=1)
            actions.sweep()
        after = anew(event)
        assert (after.state, after.closed_at) == ("checking", None)
        assert queries.watchdog(Actor.system()) == []


def test_the_reporter_reads_that_it_was_checked_and_waits_for_a_leader(matters: County) -> None:
    said = reported(contact={"phone": "13800001234"})
    event = carry(said, "checking", matters)
    Event.objects.filter(pk=event.pk).update(level=2)
    with translation.override("en"):
        before = queries.track(said.receipt)
        ask(event, matters.checker)
        waiting = queries.track(said.receipt)
    assert before is not None
    assert waiting is not None
    assert before.state_label == "To check"
    assert waiting.state_label == "Checked; a leader has still to approve it"
    assert waiting.result == ""


def test_the_leader_approves_it_in_two_taps(matters: County) -> None:
    event = grave(matters)
    ask(event, matters.checker)
    client = client_of(matters.leader)
    page = client.get("/lead/").content.decode()
    assert f"/lead/decide/{event.number}/pass_check/" in page
    assert "换了三个灯泡，都亮了。" in page, "what was done stands on the card"
    form = {"idempotency_key": "K1", "version": anew(event).version, "grant": "yes"}
    assert client.post(f"/lead/decide/{event.number}/pass_check/", form).headers["Location"] == "/lead/"
    assert anew(event).state == "rating"
