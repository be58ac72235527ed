"""The list of those whom a centre calls: order, absences, who keeps it."""

from collections.abc import Callable

import pytest
from django.test import Client

from onegrid.events import actions, queries
from onegrid.events.models import OnCall
from onegrid.org.models import TrailEntry
from onegrid.org.roles import LEADER, Actor
from onegrid.testing import cast
from onegrid.testing.cast import COUNTY, County
from onegrid.testing.matters import at

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]


def put(county: County, *people: Actor, by: Actor | None = None) -> None:
    for one in people:
        assert one.posting_id is not None
        actions.put_on_call(actor=by or county.dispatcher, posting_id=one.posting_id)


def order(actor: Actor) -> list[int]:
    return [one.posting.pk for one in queries.on_call(actor)]


def test_leaders_stand_in_the_order_in_which_they_were_put_there(county: County) -> None:
    put(county, county.leader, county.duty_leader)
    assert order(county.dispatcher) == [county.leader.posting_id, county.duty_leader.posting_id]
    assert [one.next for one in queries.on_call(county.leader)] == [True, False]
    assert TrailEntry.objects.filter(verb="on_call").count() == 2


def test_one_is_moved_up_and_the_first_stays_the_first(county: County) -> None:
    third = cast.post(county, "third", "centre", COUNTY, (LEADER,))
    put(county, county.leader, county.duty_leader, third)
    for _twice in range(3):
        actions.call_earlier(actor=county.leader, posting_id=third.posting_id or 0)
    assert order(county.leader) == [third.posting_id, county.leader.posting_id, county.duty_leader.posting_id]


def test_one_is_taken_off(county: County) -> None:
    put(county, county.leader, county.duty_leader)
    actions.take_off_call(actor=county.leader, posting_id=county.leader.posting_id or 0)
    assert order(county.leader) == [county.duty_leader.posting_id]
    with pytest.raises(OnCall.DoesNotExist):
        actions.take_off_call(actor=county.leader, posting_id=county.leader.posting_id or 0)


def test_an_absence_counts_in_the_countys_time_and_ends_by_itself(county: County) -> None:
    with at() as hand:  # 10:00 in the county
        put(county, county.leader, county.duty_leader)
        given = {"since": "2026-10-14T09:00", "until": "2026-10-14T12:00"}
        actions.set_away(actor=county.dispatcher, posting_id=county.leader.posting_id or 0, **given)
        assert [(one.away, one.next) for one in queries.on_call(county.leader)] == [(True, False), (False, True)]
        hand.on(hours=2)
        assert [(one.away, one.next) for one in queries.on_call(county.leader)] == [(False, True), (False, False)]


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        ("2026-10-15T09:00", "", "until"),
        ("2026-10-15T09:00", "2026-10-15T08:00", "until"),
        ("2026-10-01T09:00", "2026-10-02T09:00", "until"),
        ("2026-10-15T09:00", "2027-10-15T09:00", "until"),
        ("tomorrow", "2026-10-15T08:00", "since"),
    ],
)
def test_an_absence_that_cannot_be_is_refused_with_its_field(
    county: County, since: str, until: str, field: str
) -> None:
    with at():
        put(county, county.leader)
        with pytest.raises(actions.NotGiven) as missing:
            actions.set_away(actor=county.leader, posting_id=county.leader.posting_id or 0, since=since, until=until)
    assert list(missing.value.fields) == [field]


@pytest.mark.parametrize("name", ["receiver", "duty_leader", "checker", "handler", "unit_leader", "auditor"])
def test_wrong_role(county: County, name: str) -> None:
    with pytest.raises(actions.NotAllowed):
        put(county, county.duty_leader, by=county.people[name])
    assert not OnCall.objects.exists()


@pytest.mark.parametrize("name", ["receiver", "handler", "unit_leader", "neighbour", "duty_leader"])
def test_only_leaders_of_ones_own_centre_are_put_on_it(county: County, name: str) -> None:
    put(county, county.duty_leader)
    with pytest.raises(actions.NotGiven):
        put(county, county.people[name])


def test_the_neighbour_keeps_and_sees_a_list_of_its_own(county: County) -> None:
    put(county, county.leader)
    theirs = cast.post(county, "town_leader", "centre-002", cast.TOWNS[1], (LEADER,))
    put(county, theirs, by=county.neighbour)
    assert order(county.neighbour) == [theirs.posting_id]
    with pytest.raises(OnCall.DoesNotExist):
        actions.take_off_call(actor=county.neighbour, posting_id=county.leader.posting_id or 0)


def test_the_page_keeps_what_was_typed_when_it_does_not_fit(county: County, browser_of: Browser) -> None:
    put(county, county.leader)
    client = browser_of(county.dispatcher)
    given = {
        "deed": "away",
        "posting": county.leader.posting_id,
        "since": "2026-10-15T09:00",
        "until": "2026-01-01T00:00",
    }
    answer = client.post("/desk/oncall/", {"idempotency_key": "K1", **given})
    assert answer.status_code == 422
    assert 'value="2026-10-15T09:00"' in answer.content.decode()
    assert client.post("/desk/oncall/", {"idempotency_key": "K2", "deed": "no_such_deed"}).status_code == 404
