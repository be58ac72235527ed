"""A leader on call says that it is in hand: nobody further is called."""

import pytest

from onegrid.events import actions
from onegrid.events.models import Alert, Event
from onegrid.org.models import TrailEntry
from onegrid.org.roles import Actor
from onegrid.testing.cast import County
from onegrid.testing.matters import at, make_matters, reported

pytestmark = pytest.mark.django_db


@pytest.fixture
def grave(county: County) -> Event:
    make_matters(county)
    said = reported("楼道里有燃气味，怕是漏气")
    actions.raise_alert(event_id=said.event.pk, cause="report")
    return Event.objects.get(number=said.number)


def test_it_ends_the_calling_and_leaves_a_trace(county: County) -> None:
    with at() as hand:
        make_matters(county)
        said = reported("楼道里有燃气味，怕是漏气")
        actions.raise_alert(event_id=said.event.pk, cause="report")
        hand.on(minutes=3)
        alert = actions.acknowledge(actor=county.leader, number=said.number)
        hand.on(minutes=30)
        assert actions.sweep().calls == 0
    assert (alert.outcome, alert.acknowledged_by_id) == ("acknowledged", county.leader.posting_id)
    assert TrailEntry.objects.filter(verb="acknowledge", subject_id=said.event.pk).count() == 1


@pytest.mark.parametrize("name", ["receiver", "dispatcher", "checker", "auditor"])
def test_wrong_role(grave: Event, county: County, name: str) -> None:
    with pytest.raises(actions.NotAllowed):
        actions.acknowledge(actor=county.people[name], number=grave.number)
    assert Alert.objects.get(event=grave).outcome == ""


def test_the_leader_of_another_office_that_sees_it_does_not(grave: Event, county: County) -> None:
    Event.objects.filter(pk=grave.pk).update(unit_ids=[county.units["city"].pk])
    with pytest.raises(actions.NotAllowed):
        actions.acknowledge(actor=county.unit_leader, number=grave.number)


def test_neighbour_gets_404(grave: Event, county: County) -> None:
    with pytest.raises(Event.DoesNotExist):
        actions.acknowledge(actor=county.neighbour, number=grave.number)


def test_a_second_acknowledgement_is_told_that_it_was_done(grave: Event, county: County) -> None:
    actions.acknowledge(actor=county.duty_leader, number=grave.number)
    with pytest.raises(actions.NotAllowed) as refused:
        actions.acknowledge(actor=county.leader, number=grave.number)
    assert refused.value.refusal.code == "state"
    assert Alert.objects.get().acknowledged_by_id == county.duty_leader.posting_id


def test_a_stranger_does_not_find_it(grave: Event) -> None:
    with pytest.raises(Event.DoesNotExist):
        actions.acknowledge(actor=Actor.stranger(), number=grave.number)
