"""A protected reporter: by wish, about an office, or by the leaf; opened by two persons, seen by nobody else."""

from datetime import timedelta
from typing import Any

import pytest

from onegrid.events import actions, queries
from onegrid.events.models import Category, Contact, Event, Report, Step, Unsealing
from onegrid.kit.workflow import NotAllowed
from onegrid.org.models import TrailEntry
from onegrid.org.roles import Actor
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, County, client_of, post

pytestmark = pytest.mark.django_db
CONTACT = {"name": "欧阳守密", "phone": "13800007788", "email": "secret@example.com"}
PURPOSE = "约时间到现场指认"


@pytest.fixture
def matters(county: County) -> Any:
    told.make_matters(county)
    with told.at():
        yield county


def said(county: County, **given: Any) -> actions.Reported:
    asked = {"words": told.WORDS, "lon": 104.605, "lat": 28.705, "contact": CONTACT, "protect": True}
    return actions.report(actor=given.pop("actor", Actor.stranger()), **{**asked, **given})


def handled(county: County, **given: Any) -> actions.Reported:
    """With the fire brigade, about the city management office."""
    made = said(county, about_unit="city", about_office=True, **given)
    for actor, verb, more in (
        (county.receiver, "accept", {"category": told.LAMP}),
        (county.dispatcher, "dispatch", {"unit": "fire"}),
        (county.other_handler, "claim", {}),
    ):
        actions.take(actor=actor, number=made.number, verb=verb, given=more)
    return made


def ask(actor: Actor, made: actions.Reported, purpose: str = PURPOSE) -> Unsealing:
    return actions.ask_unsealing(actor=actor, number=made.number, voice=made.number, purpose=purpose)


def decide(actor: Actor, made: actions.Reported, *, grant: bool = True, words: str = "") -> Unsealing:
    return actions.decide_unsealing(actor=actor, number=made.number, voice=made.number, grant=grant, words=words)


def reveal(actor: Actor, made: actions.Reported) -> actions.Revealed:
    return actions.reveal(actor=actor, number=made.number, voice=made.number, purpose=PURPOSE)


def test_who_wishes_it_is_protected_and_who_does_not_is_not(matters: County) -> None:
    assert said(matters).report.protected
    assert not said(matters, protect=False).report.protected


def test_about_an_office_everybody_is_protected(matters: County) -> None:
    assert said(matters, protect=False, about_unit="city", about_office=True).report.protected


def test_a_leaf_protects_from_the_moment_it_is_decided_and_that_is_not_taken_back(matters: County) -> None:
    Category.objects.filter(code=told.RUBBISH).update(protects=True)
    queries.forget_reference()
    made = said(matters, protect=False)
    assert Contact.objects.get(report=made.report).masked
    actions.take(actor=matters.receiver, number=made.number, verb="accept", given={"category": told.RUBBISH})
    row = Report.objects.get(pk=made.report.pk)
    contact = Contact.objects.get(report=row)
    assert (row.protected, contact.masked, contact.phone_index) == (True, "", None)
    actions.undo(actor=matters.receiver, number=made.number)
    assert Report.objects.get(pk=row.pk).protected


def test_nothing_is_kept_that_tells_of_the_contact_without_opening_it(matters: County) -> None:
    contact = Contact.objects.get(report=said(matters).report)
    assert (contact.masked, contact.phone_index) == ("", None)
    assert contact.plain() == CONTACT


def test_who_typed_it_does_not_stand_in_the_history(matters: County) -> None:
    made = said(matters, actor=matters.worker, channel="worker")
    step = Step.objects.get(event=made.event, verb="report")
    assert (step.actor_id, step.unit_id, step.actor_kind) == (None, None, "reporter")
    assert Event.objects.get(pk=made.event.pk).reporter_id is None


def test_a_protected_voice_that_joins_does_not_name_who_typed_it(matters: County) -> None:
    number = told.event_in("handling", matters).number
    actions.add_voice(actor=matters.receiver, number=number, words="我也看见了", channel="phone", protect=True)
    step = Step.objects.get(event__number=number, verb="join")
    assert step.actor_id is None
    assert Report.objects.get(number=step.facts["voice"]).protected


def test_the_handling_unit_reads_the_words_and_nothing_of_who_said_them(matters: County) -> None:
    made = handled(matters, actor=matters.worker, channel="worker", address="东门巷3号")
    voice = queries.detail(matters.other_handler, made.number).voices[0]
    assert (voice.told(), voice.channel, voice.address) == (told.WORDS, "protected", "")
    assert not hasattr(voice, "contact")
    mine = queries.detail(matters.receiver, made.number).voices[0]
    assert (mine.channel, mine.contact.masked) == ("worker", "")


def test_one_person_alone_opens_nothing(matters: County) -> None:
    made = said(matters)
    with pytest.raises(NotAllowed):
        reveal(matters.receiver, made)


def test_two_persons_open_it_once_and_the_reporter_reads_why(matters: County) -> None:
    made = said(matters)
    ask(matters.receiver, made)
    decide(matters.leader, made)
    assert reveal(matters.receiver, made).phone == CONTACT["phone"]
    with pytest.raises(NotAllowed):
        reveal(matters.receiver, made)
    seen = queries.track(made.receipt)
    assert seen is not None
    assert [(one.purpose, one.granted) for one in seen.unsealings] == [(PURPOSE, True)]
    assert [one.purpose for one in seen.looks] == [PURPOSE]
    assert set(TrailEntry.objects.values_list("verb", flat=True)) >= {"ask_unsealing", "decide_unsealing", "reveal"}


def test_only_who_asked_may_use_the_grant_and_only_within_the_hour(matters: County) -> None:
    made = said(matters)
    ask(matters.receiver, made)
    decide(matters.leader, made)
    with pytest.raises(NotAllowed):
        reveal(matters.dispatcher, made)
    with told.at(told.MORNING + timedelta(minutes=61)), pytest.raises(NotAllowed):
        reveal(matters.receiver, made)


def test_a_no_needs_its_reason_and_opens_nothing(matters: County) -> None:
    made = said(matters)
    ask(matters.receiver, made)
    with pytest.raises(actions.NotGiven):
        decide(matters.leader, made, grant=False)
    decide(matters.leader, made, grant=False, words="可在平台上问")
    with pytest.raises(NotAllowed):
        reveal(matters.receiver, made)
    ask(matters.receiver, made)


def test_who_asked_does_not_decide_not_even_from_another_post(matters: County) -> None:
    made = said(matters)
    ask(matters.duty_leader, made)
    with pytest.raises(NotAllowed):
        decide(matters.duty_leader, made)
    second = Actor(**{**matters.leader.__dict__, "user_id": matters.duty_leader.user_id})
    with pytest.raises(NotAllowed):
        decide(second, made)


def test_it_is_asked_for_once_at_a_time(matters: County) -> None:
    made = said(matters)
    ask(matters.receiver, made)
    with pytest.raises(NotAllowed):
        ask(matters.dispatcher, made)


def test_who_is_not_protected_needs_no_second_person(matters: County) -> None:
    made = said(matters, protect=False)
    with pytest.raises(NotAllowed):
        ask(matters.receiver, made)
    assert reveal(matters.receiver, made).name == CONTACT["name"]


def test_wrong_role_handling_unit_and_neighbour_neither_ask_nor_decide(matters: County) -> None:
    made = handled(matters)
    for actor in (matters.checker, matters.other_handler):
        with pytest.raises(NotAllowed):
            ask(actor, made)
    ask(matters.receiver, made)
    for actor in (matters.dispatcher, matters.other_handler):
        with pytest.raises(NotAllowed):
            decide(actor, made)
    for actor in (matters.neighbour, matters.handler, matters.unit_leader):
        with pytest.raises(Event.DoesNotExist):
            ask(actor, made)
        with pytest.raises(Event.DoesNotExist):
            decide(actor, made)


def test_nothing_asked_nothing_decided(matters: County) -> None:
    with pytest.raises(NotAllowed):
        decide(matters.leader, said(matters))


def test_a_merge_with_a_complaint_about_an_office_protects_all_voices(matters: County) -> None:
    kept = said(matters, protect=False)
    gone = said(matters, protect=False, about_unit="city", about_office=True)
    for one in (kept, gone):
        actions.take(actor=matters.receiver, number=one.number, verb="accept", given={"category": told.LAMP})
    actions.take(actor=matters.receiver, number=gone.number, verb="merge", given={"into": kept.number})
    assert Report.objects.get(number=kept.number).protected


def test_the_page_leads_through_asking_deciding_and_looking(matters: County) -> None:
    made = said(matters)
    base = f"/desk/events/{made.number}/voices/{made.number}"
    receiver, leader = client_of(matters.receiver), client_of(matters.leader)
    assert "unseal/" in receiver.get(f"/desk/events/{made.number}/").content.decode()
    asked = receiver.post(f"{base}/unseal/", {"purpose": PURPOSE, "idempotency_key": "a1"})
    assert asked.status_code == 303
    page = leader.get(f"/desk/events/{made.number}/").content.decode()
    assert PURPOSE in page
    assert "unseal/decide/" in page
    assert leader.post(f"{base}/unseal/decide/", {"grant": "yes", "idempotency_key": "a2"}).status_code == 303
    shown = receiver.post(f"{base}/reveal/", {"idempotency_key": "a3"}).content.decode()
    assert CONTACT["phone"] in shown
    track = client_of(Actor.stranger()).post("/track/", {"receipt": made.receipt}).content.decode()
    assert PURPOSE in track


def test_a_contractor_of_the_office_is_of_its_family(matters: County) -> None:
    made = handled(matters)
    stranger = post(matters, "newcomer", "city", COUNTY, ("handler",))
    assert not queries.sees(stranger, made.event)


def test_a_sealed_and_protected_second_voice_can_be_read_by_the_handling_unit(matters: County) -> None:
    made = said(matters, words="楼下麻将馆天天赌博", protect=True)
    joined = actions.join(actor=Actor.stranger(), number=made.number, words="我也看见他们赌钱", protect=True)
    for actor, verb, more in (
        (matters.receiver, "accept", {"category": told.VICE}),
        (matters.dispatcher, "dispatch", {"unit": "fire"}),
    ):
        actions.take(actor=actor, number=made.number, verb=verb, given=more)
    voices = queries.detail(matters.other_handler, made.number).voices
    assert [(one.number, one.told(), one.channel) for one in voices] == [
        (made.number, "楼下麻将馆天天赌博", "protected"), (joined.number, "我也看见他们赌钱", "protected"),
    ]  # fmt: skip
    assert client_of(matters.other_handler).get(f"/desk/events/{made.number}/").status_code == 200
