"""What waits for a leader's review stands among what the leader owes."""

from typing import Any

import pytest

from onegrid.events import actions
from onegrid.org.roles import Actor
from onegrid.supervision import queries
from onegrid.testing import matters as told
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db


@pytest.fixture
def matters(county: County) -> Any:
    told.make_matters(county)
    with told.at():
        yield county


def about(actor: Actor) -> list[str]:
    """The numbers of the matters that something is asked about."""
    return [one.about.split(" · ")[0] for one in queries.owed(actor)]


def test_a_void_waits_for_the_leader_and_for_nobody_else(matters: County) -> None:
    number = told.event_in("accepted", matters).number
    actions.ask_for(actor=matters.receiver, number=number, kind="void", given={"reason": "mistake"})
    assert about(matters.leader) == [number]
    for person in (matters.receiver, matters.dispatcher, matters.unit_leader, matters.neighbour):
        assert about(person) == []
    actions.decide(actor=matters.leader, number=number, kind="void", grant=True)
    assert about(matters.leader) == []


def test_a_seal_waits_for_a_second_person_of_the_centre(matters: County) -> None:
    made = told.reported(about_office=True, contact={"phone": "13800000003"})
    given = {"number": made.number, "voice": made.number}
    actions.ask_unsealing(actor=matters.duty_leader, purpose="约时间核实", **given)
    assert about(matters.leader) == [made.number]
    assert about(matters.duty_leader) == about(matters.unit_leader) == []
    actions.decide_unsealing(actor=matters.leader, grant=True, **given)
    assert about(matters.leader) == []
