"""Two events, one matter: the further advanced speaks for both, and until the result is told it can be undone."""

from datetime import timedelta
from typing import Any

import pytest

from onegrid.events import actions, queries
from onegrid.events.models import Assignment, Event, Report
from onegrid.notices.models import Message
from onegrid.org.roles import Actor
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
AGAIN = "东门巷的路灯坏了好几天"


@pytest.fixture
def matters(county: County) -> Any:
    told.make_matters(county)
    with told.at():
        yield county


def pair(county: County, one: str = "handling", other: str = "accepted") -> tuple[Event, Event]:
    return told.event_in(one, county), told.event_in(other, county, words=AGAIN)


def merged(county: County, event: Event, into: Event) -> Event:
    return actions.take(actor=county.receiver, number=event.number, verb="merge", given={"into": into.number})


def fresh(event: Event) -> Event:
    return Event.objects.get(pk=event.pk)


@pytest.mark.parametrize("turned", [False, True])
def test_the_further_advanced_one_speaks_for_both_whichever_was_named(matters: County, turned: bool) -> None:
    kept, gone = pair(matters)
    due = kept.due_at
    merged(matters, *((kept, gone) if turned else (gone, kept)))
    kept, gone = fresh(kept), fresh(gone)
    assert (kept.state, kept.due_at, kept.voices, kept.joined_into_id) == ("handling", due, 2, None)
    assert (gone.standing, gone.state, gone.joined_into_id, gone.is_open) == ("joined", "accepted", kept.pk, False)
    assert {voice.number for voice in kept.reports.all()} == {kept.number, gone.number}


def test_of_two_equal_ones_the_older_speaks(matters: County) -> None:
    with told.at() as hand:
        older = told.event_in("accepted", matters)
        hand.on(minutes=1)
        younger = told.event_in("accepted", matters, words=AGAIN)
        merged(matters, older, younger)
    assert fresh(younger).joined_into_id == older.pk


def test_nothing_can_be_done_with_the_one_that_joined_but_to_take_it_apart(matters: County) -> None:
    kept, gone = pair(matters)
    merged(matters, gone, kept)
    found = queries.detail(matters.dispatcher, gone.number)
    assert [one.verb for one in found.verbs if one.may] == ["split"]
    with pytest.raises(actions.NotAllowed):
        actions.take(actor=matters.dispatcher, number=gone.number, verb="dispatch", given={"unit": "fire"})


def test_everybody_who_reported_is_answered_once(matters: County) -> None:
    kept, gone = pair(matters)
    merged(matters, gone, kept)
    for event in (fresh(kept), fresh(gone)):
        step = event.steps.get(verb="merge")
        for _again in range(2):
            actions.tell_people(event_id=event.pk, n=step.n)
    assert [message.number for message in Message.objects.filter(kind="merge")] == [gone.number]
    actions.take(actor=matters.handler, number=kept.number, verb="resolve", given={"result": "换好了"})
    event = actions.take(actor=matters.checker, number=kept.number, verb="pass_check")
    actions.tell_people(event_id=kept.pk, n=event.steps.get(verb="pass_check").n)
    numbers = Message.objects.filter(kind="pass_check").values_list("number", flat=True)
    assert sorted(numbers) == sorted([kept.number, gone.number])


def test_the_promise_that_a_voice_was_given_stays_its_own(matters: County) -> None:
    gone = told.event_in("accepted", matters, words=AGAIN)
    with told.at(told.MORNING) as hand:
        hand.on(days=1)
        kept = told.event_in("handling", matters)
        merged(matters, gone, kept)
    assert fresh(kept).promised_by != gone.promised_by
    assert Report.objects.get(number=gone.number).promised_by == gone.promised_by


def test_its_page_shows_that_promise_and_how_many_reported_it(matters: County) -> None:
    said = told.reported(AGAIN)
    told.carry(said, "accepted", matters)
    promised = fresh(said.event).promised_by
    with told.at(told.MORNING) as hand:
        hand.on(days=1)
        kept = told.event_in("handling", matters)
        merged(matters, said.event, kept)
        found = queries.track(said.receipt)
    assert found is not None
    assert (found.promised_by, found.event.pk, found.event.voices) == (promised, kept.pk, 2)


def test_taken_apart_both_stand_as_their_steps_say_and_later_voices_stay(matters: County) -> None:
    kept, gone = pair(matters, other="handling")
    merged(matters, gone, kept)
    late = actions.join(actor=Actor.stranger(), number=kept.number, words="我家也看不见")
    actions.take(actor=matters.receiver, number=gone.number, verb="split")
    before, kept, gone = gone, fresh(kept), fresh(gone)
    assert (gone.standing, gone.due_at, gone.holder_id) == ("handling", before.due_at, before.holder_id)
    assert (kept.voices, gone.voices) == (2, 1)
    assert Report.objects.get(number=late.number).event_id == kept.pk
    assert Assignment.objects.filter(event=gone, open=True, role="lead", state="claimed").count() == 1
    assert queries.watchdog(Actor.system()) == []
    actions.take(actor=matters.handler, number=gone.number, verb="resolve", given={"result": "换好了"})


def test_after_the_result_was_told_they_stay_together(matters: County) -> None:
    kept, gone = pair(matters, one="checking")
    merged(matters, gone, kept)
    actions.take(actor=matters.checker, number=kept.number, verb="pass_check")
    with pytest.raises(actions.NotAllowed):
        actions.take(actor=matters.receiver, number=gone.number, verb="split")


def test_a_chain_is_taken_apart_from_its_end(matters: County) -> None:
    kept, gone = pair(matters)
    first = told.event_in("reported", matters, words="路灯又坏了")
    merged(matters, first, gone)
    merged(matters, gone, kept)
    assert fresh(kept).voices == 3
    with pytest.raises(actions.NotAllowed):
        actions.take(actor=matters.receiver, number=first.number, verb="split")
    actions.take(actor=matters.receiver, number=gone.number, verb="split")
    actions.take(actor=matters.receiver, number=first.number, verb="split")
    assert [fresh(one).voices for one in (kept, gone, first)] == [1, 1, 1]


def test_its_open_requests_and_parts_end_and_parts_come_back(matters: County) -> None:
    kept, gone = pair(matters, other="handling")
    given = {"unit": "fire", "words": "到场"}
    actions.take(actor=matters.dispatcher, number=gone.number, verb="assist", given=given)
    actions.take(actor=matters.dispatcher, number=kept.number, verb="tell", given={"words": "在办"})
    actions.ask_for(actor=matters.handler, number=gone.number, kind="extend", given={"reason": "weather", "days": 1})
    with told.at(told.MORNING + timedelta(minutes=5)):
        merged(matters, gone, kept)
    assert (fresh(gone).parts_open, fresh(gone).requests.get().decision) == (0, "lapsed")
    actions.take(actor=matters.receiver, number=gone.number, verb="split")
    assert fresh(gone).parts_open == 1
    assert Assignment.objects.get(event=gone, role="assist").open


def test_it_is_not_found_in_the_lists_of_what_is_open(matters: County) -> None:
    kept, gone = pair(matters)
    merged(matters, gone, kept)
    assert [row.number for row in queries.inbox(matters.dispatcher, "open").rows] == [kept.number]
    assert queries.counts(matters.dispatcher)["joined"] == 1


def test_seals_and_the_protection_of_a_complaint_are_not_lost(matters: County) -> None:
    kept = told.event_in("handling", matters)
    sealed = told.reported("楼下麻将馆天天赌博").event
    about = told.event_in("accepted", matters, about_unit="city", about_office=True)
    for other in (sealed, about, kept):
        with pytest.raises(actions.NotGiven, match="into"):
            merged(matters, kept, other)
    assert fresh(kept).voices == 1


def test_wrong_role_another_centre_and_what_is_not_there(matters: County) -> None:
    kept, gone = pair(matters)
    with pytest.raises(actions.NotAllowed):
        actions.take(actor=matters.handler, number=kept.number, verb="merge", given={"into": gone.number})
    with pytest.raises(Event.DoesNotExist):
        actions.take(actor=matters.neighbour, number=kept.number, verb="merge", given={"into": gone.number})
    town = told.reported(AGAIN, lon=104.635, lat=28.705).event
    with pytest.raises(actions.NotGiven, match="into"):
        merged(matters, kept, town)
    closed = told.event_in("closed", matters)
    with pytest.raises(actions.NotGiven, match="into"):
        merged(matters, kept, closed)
    with pytest.raises(actions.NotGiven, match="into"):
        actions.take(actor=matters.receiver, number=kept.number, verb="merge", given={"into": "2026-511502-000000-0"})


def test_another_centre_takes_nothing_apart(matters: County) -> None:
    kept, gone = pair(matters)
    merged(matters, gone, kept)
    with pytest.raises(Event.DoesNotExist):
        actions.take(actor=matters.neighbour, number=gone.number, verb="split")
    with pytest.raises(actions.NotAllowed):
        actions.take(actor=matters.receiver, number=kept.number, verb="split")


def test_an_alarm_goes_on_counting_on_the_event_that_speaks_for_both(matters: County) -> None:
    client = cast.post(matters, "lamp_system", "centre", cast.COUNTY, ("client",))
    sounding = {"actor": client, "source": "灯控平台", "cause": "L-118", "words": "路灯回路断电", "area": cast.COUNTY}
    first = actions.sound(**sounding)  # type: ignore[arg-type]
    kept = told.event_in("handling", matters)
    actions.take(actor=matters.receiver, number=first.number, verb="merge", given={"into": kept.number})
    again = actions.sound(**sounding)  # type: ignore[arg-type]
    assert (again.number, again.count, again.first) == (kept.number, 2, False)
    actions.take(actor=matters.receiver, number=first.number, verb="split")
    assert actions.sound(**sounding).number == first.number  # type: ignore[arg-type]
