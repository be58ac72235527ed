"""Whom to send: each reason is a fact that is counted here by hand; the dispatch is the heart's own verb."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onegrid.events import queries as events
from onegrid.events.models import Event, Route, Step
from onegrid.insight import actions, queries
from onegrid.insight.rules import nearest
from onegrid.insight.rules.nearest import Facts
from onegrid.kit import clock, geo
from onegrid.kit.workflow import NotAllowed
from onegrid.org import queries as org
from onegrid.org.models import Unit
from onegrid.org.roles import HANDLER
from onegrid.supervision.models import Roster, Shift
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, TOWNS, County, client_of


@pytest.fixture
def house(county: County) -> County:
    told.make_matters(county)
    Unit.objects.filter(code="city").update(lon=104.605, lat=28.714)
    Unit.objects.filter(code="fire").update(lon=104.607, lat=28.705)
    org.forget_reference()
    return county


def facts(**given: Any) -> Facts:
    plain: dict[str, Any] = {
        "unit_id": 1, "active": True, "centre": False, "contractor": False, "covers": True, "about": False,
        "rule": True, "first": False, "accounts": 1, "duty": nearest.NO_ROSTER, "metres": 500, "load": 0, "done": 0,
        "in_time": 0, "here": 0,
    }  # fmt: skip
    return Facts(**{**plain, **given})


@pytest.mark.parametrize(
    ("given", "level", "reason"),
    [
        ({}, 4, ""), ({"active": False}, 4, nearest.CLOSED), ({"about": True}, 4, nearest.ABOUT),
        ({"centre": True}, 4, nearest.CENTRE), ({"covers": False}, 4, nearest.OTHER_AREA),
        ({"contractor": True, "rule": False}, 4, nearest.CONTRACTOR), ({"contractor": True}, 4, ""),
        ({"rule": False}, 4, nearest.NOT_COMPETENT), ({"rule": False, "done": 1}, 4, ""),
        ({"accounts": 0}, 4, nearest.NO_ACCOUNT), ({"duty": nearest.OFF}, 4, ""),
        ({"duty": nearest.OFF}, 2, nearest.OFF_DUTY),
        ({"active": False, "centre": True}, 4, nearest.CLOSED),
    ],
)  # fmt: skip
def test_the_first_reason_that_holds(given: dict[str, Any], level: int, reason: str) -> None:
    assert nearest.reason_against(facts(**given), level) == reason


def test_the_order_is_rule_duty_distance_load() -> None:
    rule, duty = facts(unit_id=9, first=True, metres=9000), facts(unit_id=8, duty=nearest.ON, metres=8000)
    near, idle = facts(unit_id=7, metres=100, load=3), facts(unit_id=6, metres=200, load=0)
    less, far = facts(unit_id=5, metres=200, load=2), facts(unit_id=4, metres=None)
    asked, passed = nearest.ranked([far, less, idle, near, duty, rule], 4)
    assert ([one.unit_id for one in asked], passed) == ([9, 8, 7, 6, 5, 4], [])


def weighed_of(house: County, event: Event) -> tuple[dict[str, Facts], dict[str, str]]:
    found = queries.weighed(house.dispatcher, event)
    code = {unit.pk: unit.code for unit in house.units.values()}
    asked = {code[one.unit_id]: one for one in found.asked}
    return asked, {code[one.facts.unit_id]: one.reason for one in found.passed}


def test_every_fact_is_counted_by_hand(house: County) -> None:
    for state in ("handling", "handling", "assigned"):
        told.event_in(state, house)
    late = told.event_in("closed", house)
    told.event_in("closed", house)
    Event.objects.filter(pk=late.pk).update(promised_by=late.reported_at)
    far = told.event_in("closed", house)
    Event.objects.filter(pk=far.pk).update(lon=104.612)
    event = told.event_in("accepted", house)
    asked, passed = weighed_of(house, event)
    city = asked["city"]
    assert (city.first, city.rule, city.load) == (True, True, 3)
    assert (city.done, city.in_time, city.here) == (3, 2, 2)
    assert city.metres == round(geo.distance_m(104.605, 28.714, 104.605, 28.705)) == 1001
    assert city.accounts == 1
    assert passed == {
        "centre": nearest.CENTRE, "centre-002": nearest.CENTRE, "fire": nearest.NOT_COMPETENT,
        "housing": nearest.NOT_COMPETENT, "station-001": nearest.NOT_COMPETENT, "station-002": nearest.OTHER_AREA,
    }  # fmt: skip


def test_restricted_matters_are_in_no_figure(house: County) -> None:
    for state in ("handling", "closed"):
        sealed = told.event_in(state, house)
        Event.objects.filter(pk=sealed.pk).update(restricted=True, words="", title="")
    asked, _passed = weighed_of(house, told.event_in("accepted", house))
    assert (asked["city"].load, asked["city"].done, asked["city"].here) == (0, 0, 0)


def test_a_rule_makes_competent_and_the_roster_tells_who_is_there(house: County) -> None:
    Route.objects.create(area=TOWNS[0], category=told.LAMP, unit=house.units["station-001"])
    Unit.objects.filter(code="housing").update(active=False)
    cast.post(house, "night", "station-001", TOWNS[0], (HANDLER,))
    org.forget_reference()
    roster = Roster.objects.create(unit=house.units["station-001"], area=TOWNS[0])
    now, hour = clock.now(), timedelta(hours=1)
    event = told.event_in("accepted", house)
    events.forget_reference()
    asked, passed = weighed_of(house, event)
    assert asked["station-001"].first
    assert asked["station-001"].duty == nearest.OFF
    assert passed["housing"] == nearest.CLOSED
    own = house.officer.posting_id or 0
    Shift.objects.create(roster=roster, posting_id=own, kind="duty_officer", begins=now - hour, ends=now + hour)
    assert weighed_of(house, event)[0]["station-001"].duty == nearest.ON


def test_it_weighs_in_few_statements(house: County) -> None:
    event = told.event_in("accepted", house)
    queries.weighed(house.dispatcher, event)
    with CaptureQueriesContext(connection) as asked:
        queries.weighed(house.dispatcher, event)
    assert len(asked) <= 5, [one["sql"] for one in asked]


def test_dispatch_keeps_what_spoke_for_it_with_the_step(house: County) -> None:
    event = told.event_in("accepted", house)
    done = actions.dispatch_nearest(actor=house.dispatcher, number=event.number, unit="city", version=event.version)
    assert (done.state, done.handler) == ("assigned", house.units["city"])
    kept = Step.objects.get(event=event, verb="dispatch").facts["weighed"]
    assert kept == {
        "place": 1, "of": 1, "rule": True, "first": True, "duty": "no_roster", "metres": 1001, "load": 0, "done": 0,
        "in_time": 0, "here": 0,
    }  # fmt: skip
    card = client_of(house.dispatcher).get(f"/map/events/{event.number}/").content.decode()
    assert "选定第1位" in card


@pytest.mark.parametrize("unit", ["fire", "centre", "nobody", ""])
def test_who_is_passed_over_is_not_sent_from_here(house: County, unit: str) -> None:
    event = told.event_in("accepted", house)
    with pytest.raises(NotAllowed):
        actions.dispatch_nearest(actor=house.dispatcher, number=event.number, unit=unit, version=event.version)
    event.refresh_from_db()
    assert event.state == "accepted"


def test_the_neighbour_finds_nothing_to_dispatch(house: County) -> None:
    event = told.event_in("accepted", house)
    with pytest.raises(Event.DoesNotExist):
        actions.dispatch_nearest(actor=house.neighbour, number=event.number, unit="city", version=event.version)


def test_another_role_or_state_is_refused(house: County) -> None:
    event = told.event_in("accepted", house)
    with pytest.raises(NotAllowed):
        actions.dispatch_nearest(actor=house.checker, number=event.number, unit="city", version=event.version)
    fresh = told.event_in("handling", house)
    with pytest.raises(NotAllowed):
        actions.dispatch_nearest(actor=house.dispatcher, number=fresh.number, unit="city", version=fresh.version)


def test_the_button_of_the_card(house: County) -> None:
    """Done once however often it is sent; an old version is refused with a sentence; the list goes with the state."""
    event, client = told.event_in("accepted", house), client_of(house.dispatcher)
    path = f"/map/events/{event.number}/"
    assert 'name="unit" value="city"' in client.get(path).content.decode()
    form = {"unit": "city", "version": event.version, "idempotency_key": "map-1"}
    assert client.post(f"{path}dispatch/", {**form, "version": 0, "idempotency_key": "map-0"}).status_code == 409
    assert client.post(f"{path}dispatch/", form).headers["Location"] == path
    assert client.post(f"{path}dispatch/", form).status_code == 303
    assert Step.objects.filter(event=event, verb="dispatch").count() == 1
    assert 'name="unit"' not in client.get(path).content.decode()
    assert client.post(f"{path}dispatch/", {**form, "idempotency_key": "map-2"}).status_code == 409


def test_near_names_units_and_matters_and_never_homes(house: County) -> None:
    one, other = told.reported().event, told.reported(lon=104.606, lat=28.705).event
    past = told.event_in("closed", house)
    html = client_of(house.dispatcher).get(
        f"/map/near/?at=104.605,28.705&metres=200&without={one.number}"
    ).content.decode()  # fmt: skip
    assert "消防救援大队" in html
    assert "综合行政执法局" not in html
    assert other.number in html
    assert one.number not in html
    assert past.number in html
    assert client_of(house.neighbour).get("/map/near/?at=104.605,28.705").content.decode().count("data-number") == 0


def test_a_circle_is_round_and_no_larger_than_it_may_be(house: County) -> None:
    corner = told.reported(lon=104.6067, lat=28.7065).event  # inside the square of 200 m, outside the circle
    assert queries.nearby(house.dispatcher, 104.605, 28.705, 200).open == []
    assert [row.event for row in queries.nearby(house.dispatcher, 104.605, 28.705, 300).open] == [corner]
    wide = client_of(house.dispatcher).get("/map/near/?at=104.605,28.705&metres=99999").content.decode()
    assert "5000米" in wide
    assert client_of(house.dispatcher).get("/map/near/?at=x").status_code == 422


def test_who_is_on_duty_near_is_named_with_the_seat_of_the_unit(house: County) -> None:
    roster = Roster.objects.create(unit=house.units["fire"], area=COUNTY)
    now, hour = clock.now(), timedelta(hours=1)
    posting = house.other_handler.posting_id or 0
    Shift.objects.create(roster=roster, posting_id=posting, kind="duty_officer", begins=now - hour, ends=now + hour)
    near = queries.nearby(house.dispatcher, 104.605, 28.705, 200).units
    (fire,) = (one for one in near if one.unit.code == "fire")
    assert ([shift.posting_id for shift in fire.duty], fire.exact, fire.travel.walk) == ([posting], True, 3)
    assert not any(one.exact or one.duty for one in near if one is not fire)
