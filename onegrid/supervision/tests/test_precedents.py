"""What others learn from a ruling: same leaf or group, same place or above; withdrawn it stays, struck through."""

from collections.abc import Callable

import pytest
from django.test import Client

from onegrid.events import actions as events
from onegrid.events.actions import NotAllowed, NotGiven
from onegrid.events.models import Event
from onegrid.org.roles import LEADER, Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import Precedent
from onegrid.supervision.tests.test_rule import GIVEN, objected, ruled
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, GRIDS, TOWNS, County

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
QINGXI = {"lon": 104.635, "lat": 28.705}


@pytest.fixture(autouse=True)
def matters(county: County) -> None:
    told.make_matters(county)


def units(actor: Actor, event: Event) -> list[str]:
    return [one.unit.code for one in queries.precedents_for(actor, event)]


def accepted(county: County, leaf: str = told.LAMP, where: dict[str, float] | None = None) -> Event:
    event = told.reported("路灯又不亮了", **(where or {})).event
    by = county.neighbour_receiver if where else county.receiver
    return events.take(actor=by, number=event.number, verb="accept", given={"category": leaf})


def test_a_precedent_bears_on_the_next_matter_of_its_leaf_in_its_place(county: County) -> None:
    ruled(county, objected(county))
    assert units(county.dispatcher, accepted(county)) == ["housing"]


def test_one_of_another_town_is_not_applied(county: County) -> None:
    ruled(county, objected(county), area=TOWNS[0])
    there = accepted(county, where=QINGXI)
    assert units(county.neighbour, there) == []
    assert units(county.dispatcher, there) == []
    assert queries.standing_precedents(county.neighbour) == []


def test_one_of_the_county_is_seen_in_every_town(county: County) -> None:
    ruled(county, objected(county), area=COUNTY)
    assert units(county.neighbour, accepted(county, where=QINGXI)) == ["housing"]
    assert [one.area for one in queries.standing_precedents(county.neighbour)] == [COUNTY]


def test_one_of_a_grid_does_not_bear_on_the_grid_beside_it(county: County) -> None:
    ruled(county, objected(county), area=GRIDS[0])
    beside = told.reported("路灯不亮", lon=104.615, lat=28.705).event
    beside = events.take(actor=county.receiver, number=beside.number, verb="accept", given={"category": told.LAMP})
    assert units(county.dispatcher, beside) == []


def test_one_of_the_same_group_is_marked_and_stands_after_the_same_leaf(county: County) -> None:
    ruled(county, objected(county))
    ruled(county, objected(county), unit="city")
    Precedent.objects.filter(unit=county.units["city"]).update(category="050203")
    learnt = queries.learnt_for(county.dispatcher, accepted(county))
    assert [(one.code, one.same_leaf) for one in learnt] == [("housing", True), ("city", False)]


def test_one_of_another_branch_does_not_bear(county: County) -> None:
    ruled(county, objected(county))
    assert units(county.dispatcher, accepted(county, told.RUBBISH)) == []


def test_the_newest_stands_first(county: County) -> None:
    with told.at() as hand:
        ruled(county, objected(county))
        hand.on(minutes=5)
        ruled(county, objected(county), unit="city")
        assert units(county.dispatcher, accepted(county)) == ["city", "housing"]


def test_one_click_dispatches_by_it(county: County, browser_of: Browser) -> None:
    ruled(county, objected(county))
    event = accepted(county)
    client = browser_of(county.dispatcher)
    panel = client.get(f"/supervise/events/{event.number}/", headers={"HX-Request": "true"}).content.decode()
    assert GIVEN["for_all"] in panel
    assert f'action="/desk/events/{event.number}/dispatch/"' in panel
    assert 'name="unit" value="housing"' in panel
    form = {"idempotency_key": "K1", "version": event.version, "unit": "housing"}
    client.post(f"/desk/events/{event.number}/dispatch/", form)
    event.refresh_from_db()
    assert event.handler_id == county.units["housing"].pk


@pytest.mark.parametrize("name", ["receiver", "checker", "leader", "auditor"])
def test_who_may_not_dispatch_reads_it_without_a_button(county: County, browser_of: Browser, name: str) -> None:
    ruled(county, objected(county))
    event = accepted(county)
    panel = browser_of(county.people[name]).get(f"/supervise/events/{event.number}/").content.decode()
    assert GIVEN["for_all"] in panel
    assert "/dispatch/" not in panel


def test_the_unit_that_a_matter_is_about_is_not_offered(county: County) -> None:
    ruled(county, objected(county))
    event = told.reported(about_office=True, about_unit="housing").event
    event = events.take(actor=county.receiver, number=event.number, verb="accept", given={"category": told.LAMP})
    (learnt,) = queries.learnt_for(county.dispatcher, event)
    assert not learnt.may
    assert learnt.why


def test_the_dispatcher_finds_the_ruling_beside_its_own_matter(county: County, browser_of: Browser) -> None:
    event = objected(county)
    ruled(county, event, precedent="")
    panel = browser_of(county.dispatcher).get(f"/supervise/events/{event.number}/").content.decode()
    assert 'name="unit" value="housing"' in panel
    assert GIVEN["reason"] not in panel


def test_without_the_tick_it_is_no_precedent(county: County) -> None:
    ruled(county, objected(county), precedent="")
    assert not Precedent.objects.exists()


def test_withdrawn_it_bears_no_longer_and_stays_readable(county: County, browser_of: Browser) -> None:
    ruling = ruled(county, objected(county))
    actions.withdraw_precedent(actor=county.leader, ruling_id=ruling.pk, why="新办法改由城管负责")
    assert units(county.dispatcher, accepted(county)) == []
    page = browser_of(county.handler).get(f"/supervise/rulings/{ruling.pk}/").content.decode()
    assert "struck" in page
    assert "新办法改由城管负责" in page
    with pytest.raises(NotAllowed):
        actions.withdraw_precedent(actor=county.leader, ruling_id=ruling.pk, why="再撤一次")


def test_a_withdrawal_needs_its_reason_and_the_leader_of_the_centre(county: County) -> None:
    ruling = ruled(county, objected(county), area=COUNTY)
    with pytest.raises(NotGiven):
        actions.withdraw_precedent(actor=county.leader, ruling_id=ruling.pk, why=" ")
    theirs = cast.post(county, "town_leader", "centre-002", TOWNS[1], (LEADER,))
    for actor in (theirs, county.dispatcher, county.unit_leader, county.duty_leader):
        with pytest.raises(NotAllowed):
            actions.withdraw_precedent(actor=actor, ruling_id=ruling.pk, why="不再适用")
    assert Precedent.objects.get().withdrawn_at is None


def test_the_neighbour_does_not_reach_one_of_another_town(county: County) -> None:
    theirs = cast.post(county, "town_leader", "centre-002", TOWNS[1], (LEADER,))
    ruling = ruled(county, objected(county), area=TOWNS[0])
    with pytest.raises(Precedent.DoesNotExist):
        actions.withdraw_precedent(actor=theirs, ruling_id=ruling.pk, why="不再适用")


def test_a_matter_sealed_afterwards_takes_its_precedent_along(county: County) -> None:
    event = objected(county)
    ruled(county, event)
    Event.objects.filter(pk=event.pk).update(restricted=True, words="", words_sealed=b"x", title="")
    assert units(county.dispatcher, accepted(county)) == []
    assert queries.standing_precedents(county.leader) == []


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("dispatcher", "county town grid neighbour"),
        ("handler", "county town grid neighbour"),
        ("officer", "county town grid"),
        ("grid_head", "county town grid"),
        ("neighbour", "county neighbour"),
        ("other_worker", "county neighbour"),
        ("admin_system", ""),
    ],
)
def test_it_is_seen_where_it_holds_above_and_below(county: County, name: str, places: str) -> None:
    for area in (COUNTY, TOWNS[0], GRIDS[0]):
        ruled(county, objected(county), area=area)
    last = ruled(county, objected(county))
    Precedent.objects.filter(ruling=last).update(area=TOWNS[1])
    names = {COUNTY: "county", TOWNS[0]: "town", GRIDS[0]: "grid", TOWNS[1]: "neighbour"}
    seen = {names[one.area] for one in queries.standing_precedents(county.people[name])}
    assert seen == set(places.split())
