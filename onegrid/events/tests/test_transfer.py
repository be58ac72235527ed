"""Passing on: with the dispatcher's consent; who passes it on leads until the next unit has signed."""

from typing import Any

import pytest

from onegrid.events import actions
from onegrid.events.models import Assignment, Event
from onegrid.testing import matters as told
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
WHY = {"reason": "灯杆属于消防专用线路", "unit": "fire"}


@pytest.fixture
def matters(county: County) -> Any:
    told.make_matters(county)
    with told.at():
        yield county


def passed(county: County) -> Event:
    event = told.event_in("handling", county)
    actions.ask_for(actor=county.handler, number=event.number, kind="transfer", given=WHY)
    return actions.decide(actor=county.dispatcher, number=event.number, kind="transfer", grant=True)


def test_it_goes_to_the_proposed_unit_and_the_old_one_stays_accountable_until_that_has_signed(matters: County) -> None:
    event = passed(matters)
    city, fire = matters.units["city"].pk, matters.units["fire"].pk
    assert (event.state, event.handler_id, event.holder_id, event.accountable_id) == ("assigned", fire, fire, city)
    event = actions.take(actor=matters.other_handler, number=event.number, verb="claim")
    assert (event.state, event.accountable_id, event.passed_by_id) == ("handling", fire, None)


def test_the_dispatcher_chooses_the_unit_when_none_was_proposed(matters: County) -> None:
    event = told.event_in("handling", matters)
    actions.ask_for(actor=matters.handler, number=event.number, kind="transfer", given={"reason": "不归我们"})
    with pytest.raises(actions.NotGiven) as missing:
        actions.decide(actor=matters.dispatcher, number=event.number, kind="transfer", grant=True)
    assert set(missing.value.fields) == {"unit"}
    given = {"unit": "housing"}
    event = actions.decide(actor=matters.dispatcher, number=event.number, kind="transfer", grant=True, given=given)
    assert event.handler_id == matters.units["housing"].pk


def test_a_returned_one_goes_back_to_whoever_passed_it_on(matters: County) -> None:
    event = passed(matters)
    actions.ask_for(actor=matters.other_handler, number=event.number, kind="object", given={"reason": "not_ours"})
    event = actions.decide(actor=matters.dispatcher, number=event.number, kind="object", grant=True)
    city = matters.units["city"].pk
    assert (event.state, event.handler_id, event.holder_id, event.accountable_id) == ("handling", city, city, city)
    leads = Assignment.objects.filter(event=event, role="lead", open=True)
    assert [lead.unit_id for lead in leads] == [city]


def test_its_handle_clock_runs_through(matters: County) -> None:
    before = told.event_in("handling", matters)
    promised = before.promised_by
    with told.at(told.MORNING) as hand:
        hand.on(hours=3)
        event = passed(matters)
    assert event.promised_by == promised


def test_it_is_not_taken_without_consent(matters: County) -> None:
    event = told.event_in("handling", matters)
    with pytest.raises(actions.NotAllowed):
        actions.take(actor=matters.dispatcher, number=event.number, verb="transfer", given=WHY)
    with pytest.raises(actions.NotAllowed):
        actions.decide(actor=matters.dispatcher, number=event.number, kind="transfer", grant=True)


def test_the_wrong_role_the_neighbour_and_the_wrong_state_are_refused(matters: County) -> None:
    event = told.event_in("handling", matters)
    with pytest.raises(actions.NotAllowed):
        actions.ask_for(actor=matters.dispatcher, number=event.number, kind="transfer", given=WHY)
    with pytest.raises(Event.DoesNotExist):
        actions.ask_for(actor=matters.other_handler, number=event.number, kind="transfer", given=WHY)
    waiting = told.event_in("assigned", matters)
    with pytest.raises(actions.NotAllowed):
        actions.ask_for(actor=matters.handler, number=waiting.number, kind="transfer", given=WHY)


def test_not_to_itself_nor_to_the_office_it_is_about(matters: County) -> None:
    event = told.event_in("handling", matters, about_unit="fire", about_office=True)
    for unit in ("city", "fire"):
        with pytest.raises(actions.NotGiven):
            actions.ask_for(
                actor=matters.handler, number=event.number, kind="transfer", given={"reason": "不归我们", "unit": unit}
            )
