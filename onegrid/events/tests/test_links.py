"""A unit without an account answers one matter by a link: who makes it, what it opens, what ends it."""

from typing import Any

import pytest

from onegrid.events import actions, queries
from onegrid.events.models import Event, Link, Request, Step
from onegrid.kit import codes
from onegrid.notices.models import Message
from onegrid.org.models import TrailEntry
from onegrid.org.roles import Actor
from onegrid.testing.cast import County
from onegrid.testing.matters import VICE, at, event_in, make_matters, reported

pytestmark = pytest.mark.django_db


@pytest.fixture
def matters(county: County) -> County:
    make_matters(county)
    return county


def linked(county: County, state: str = "assigned", **given: Any) -> tuple[Event, str]:
    event = event_in(state, county, **given)
    _link, code = actions.make_link(actor=county.dispatcher, number=event.number, days=7)
    return event, code


def answer(code: str, verb: str, **given: Any) -> Link:
    return actions.answer_by_link(code=code, verb=verb, version=None, given=given)


def opens(code: str) -> bool:
    return actions.open_link(code=code) is not None


def test_a_unit_signs_and_hands_in_without_an_account(matters: County) -> None:
    event, code = linked(matters)
    answer(code, "claim")
    answer(code, "resolve", result="换了灯泡")
    event.refresh_from_db()
    assert (event.state, event.result, event.resolved_by_id) == ("checking", "换了灯泡", None)
    taken = Step.objects.filter(event=event, verb__in=("claim", "resolve"))
    assert {(step.actor_kind, step.actor_id, step.unit_id) for step in taken} == {("guest", None, event.handler_id)}
    actions.take(actor=matters.checker, number=event.number, verb="pass_check")


def test_the_code_is_random_and_only_its_hash_is_kept(matters: County) -> None:
    _event, code = linked(matters)
    link = Link.objects.get()
    assert codes.tidy_receipt(code) == code
    assert bytes(link.code_hash) == codes.receipt_hash(code)
    assert len({linked(matters)[1] for _more in range(3)} | {code}) == 4


def test_the_link_ends_with_the_result(matters: County) -> None:
    event, code = linked(matters, "handling")
    answer(code, "resolve", result="好了")
    assert Link.objects.get().ending == "result"
    assert not opens(code)
    actions.take(actor=matters.checker, number=event.number, verb="redo", given={"reason": "没好"})
    assert not opens(code)


def test_it_ends_when_it_is_revoked_expires_or_is_replaced(matters: County) -> None:
    with at() as hand:
        event, code = linked(matters)
        actions.revoke_link(actor=matters.dispatcher, number=event.number)
        assert not opens(code)
        _link, second = actions.make_link(actor=matters.dispatcher, number=event.number, days=1)
        _link, third = actions.make_link(actor=matters.dispatcher, number=event.number, days=1)
        assert [opens(one) for one in (code, second, third)] == [False, False, True]
        hand.on(days=1)
        assert not opens(third)
        with pytest.raises(Link.DoesNotExist):
            answer(third, "claim")
    assert list(Link.objects.order_by("id").values_list("ending", flat=True)) == ["revoked", "replaced", ""]


def test_it_ends_when_the_matter_leaves_the_unit(matters: County) -> None:
    event, code = linked(matters)
    answer(code, "object", reason="not_ours", words="归供电公司")
    assert opens(code)
    actions.decide(actor=matters.dispatcher, number=event.number, kind="object", grant=True)
    assert not opens(code)
    actions.take(actor=matters.dispatcher, number=event.number, verb="dispatch", given={"unit": "city"})
    assert not opens(code)


def test_an_objection_by_link_is_decided_by_the_dispatcher_who_made_it(matters: County) -> None:
    event, code = linked(matters)
    answer(code, "object", reason="not_ours")
    asked = Request.objects.get(event=event)
    assert (asked.asked_by_id, asked.unit_id) == (None, event.handler_id)
    actions.decide(actor=matters.dispatcher, number=event.number, kind="object", grant=False, words="是你们的")
    event.refresh_from_db()
    assert event.state == "assigned"


def test_a_question_reaches_the_dispatcher_and_stays_inside(matters: County) -> None:
    event, code = linked(matters, "handling")
    answer(code, "note", words="灯杆是哪一根？电话 0831-1234567")
    step = Step.objects.get(event=event, verb="note")
    assert (step.actor_kind, step.public) == ("guest", False)
    actions.tell_of_question(event_id=event.pk, n=step.n)
    told = Message.objects.get(kind="question")
    assert (told.to_posting_id, told.number) == (matters.dispatcher.posting_id, event.number)


def test_it_shows_what_the_unit_must_know_and_nothing_else(matters: County) -> None:
    said: dict[str, Any] = {"contact": {"name": "王某某", "phone": "13800001234"}, "address": "东门巷 12 号"}
    event, code = linked(matters, words="灯不亮，我电话13987654321，随时找我", **said)
    actions.join(actor=Actor.stranger(), number=event.number, words="隔壁老张说的", contact={"phone": "13700001111"})
    actions.take(actor=matters.dispatcher, number=event.number, verb="note", given={"words": "内部：上次也是他报的"})
    found = actions.open_link(code=code)
    assert found is not None
    assert found.event.pk == event.pk
    assert found.words == "灯不亮，我电话139****4321，随时找我"
    assert found.event.address == "东门巷 12 号"
    assert found.steps == []
    assert sorted(found.can) == ["claim", "note", "object"]


@pytest.mark.parametrize("verb", ["accept", "dispatch", "extend", "suspend", "tell", "pass_check", "void", "undo", ""])
def test_no_other_verb_goes_by_link(matters: County, verb: str) -> None:
    _event, code = linked(matters, "handling")
    with pytest.raises(Link.DoesNotExist):
        answer(code, verb, words="x")


def test_wrong_state(matters: County) -> None:
    _event, code = linked(matters)
    with pytest.raises(actions.NotAllowed):
        answer(code, "resolve", result="好了")


def test_it_opens_no_other_matter(matters: County) -> None:
    event, code = linked(matters)
    other = event_in("assigned", matters)
    guest = Actor.guest(Link.objects.get().pk, event.handler_id or 0)
    with pytest.raises(Event.DoesNotExist):
        actions.take(actor=guest, number=other.number, verb="claim")
    assert queries.inbox(guest, "open").rows == []
    assert [one.pk for one in queries.seen_by(guest, Event.objects.all())] == [event.pk]
    assert opens(code)


@pytest.mark.parametrize("name", ["receiver", "leader", "duty_leader", "checker", "handler", "auditor"])
def test_wrong_role_makes_none(matters: County, name: str) -> None:
    event = event_in("assigned", matters)
    with pytest.raises(actions.NotAllowed):
        actions.make_link(actor=matters.people[name], number=event.number, days=7)
    assert not Link.objects.exists()


def test_neighbour_gets_404(matters: County) -> None:
    event = event_in("assigned", matters)
    for deed in (lambda: actions.make_link(actor=matters.neighbour, number=event.number, days=7),
                 lambda: actions.revoke_link(actor=matters.neighbour, number=event.number)):  # fmt: skip
        with pytest.raises(Event.DoesNotExist):
            deed()


@pytest.mark.parametrize("state", ["reported", "accepted", "checking", "rating", "closed", "void"])
def test_where_no_unit_has_anything_to_do_there_is_no_link(matters: County, state: str) -> None:
    event = event_in(state, matters)
    with pytest.raises(actions.NotAllowed):
        actions.make_link(actor=matters.dispatcher, number=event.number, days=7)


def test_a_sealed_matter_is_never_given_out(matters: County) -> None:
    said = reported("楼下麻将馆天天赌博")
    actions.take(actor=matters.receiver, number=said.number, verb="accept", given={"category": VICE})
    actions.take(actor=matters.dispatcher, number=said.number, verb="dispatch", given={"unit": "station-001"})
    with pytest.raises(actions.NotAllowed):
        actions.make_link(actor=matters.dispatcher, number=said.number, days=7)
    event, code = linked(matters)
    Event.objects.filter(pk=event.pk).update(restricted=True, words="")
    assert not opens(code)


@pytest.mark.parametrize("days", ["0", "31", "", "seven", "-1"])
def test_the_days_are_between_one_and_thirty(matters: County, days: str) -> None:
    event = event_in("assigned", matters)
    with pytest.raises(actions.NotGiven) as missing:
        actions.make_link(actor=matters.dispatcher, number=event.number, days=days)
    assert list(missing.value.fields) == ["days"]


def test_every_opening_leaves_a_line_on_the_trail(matters: County) -> None:
    event, code = linked(matters)
    for _time in range(3):
        actions.open_link(code=code)
    link = Link.objects.get()
    lines = TrailEntry.objects.filter(verb="open_link", subject="link", subject_id=link.pk)
    assert [(one.who, one.facts) for one in lines] == [(f"link {link.pk}", {"number": event.number})] * 3
    given = queries.link_on(event)
    assert given is not None
    assert given.openings == 3
