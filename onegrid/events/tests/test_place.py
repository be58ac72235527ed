"""The place of a matter is put right: what hangs on it follows, where it was seen first stays, nothing is lost."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onegrid.events import actions, queries
from onegrid.events.models import Event, Report, Step
from onegrid.events.rules.keeping import ERASED
from onegrid.events.workflow import FINAL
from onegrid.gazetteer import actions as gazetteer
from onegrid.kit import clock, geo
from onegrid.notices.models import Message
from onegrid.org.roles import Actor
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, GRIDS, TOWNS, VILLAGES, County

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
NEXT_GRID = {"longitude": 104.615, "latitude": 28.705}
NEXT_TOWN = {"longitude": 104.635, "latitude": 28.705}


@pytest.fixture
def matters(county: County) -> Any:
    told.make_matters(county)
    with told.at():
        yield county


def put(actor: Actor, event: Event, **given: Any) -> Event:
    done = actions.take(actor=actor, number=event.number, verb="place", given=given)
    return Event.objects.get(pk=done.pk)


def sees(actor: Actor, event: Event) -> bool:
    return queries.seen_by(actor, Event.objects.filter(pk=event.pk)).exists()


def refused(actor: Actor, event: Event, **given: Any) -> dict[str, str]:
    """The faults; and nothing was changed."""
    with pytest.raises(actions.NotGiven) as missing:
        put(actor, event, **given)
    after = Event.objects.get(pk=event.pk)
    assert (after.version, after.area, after.lon, after.owner_id) == (
        event.version,
        event.area,
        event.lon,
        event.owner_id,
    )
    return missing.value.fields


def test_everything_that_says_where_it_is_follows_and_the_first_area_stays(matters: County) -> None:
    event = told.event_in("handling", matters)
    event = put(matters.receiver, event, **NEXT_TOWN, address="溪口村三组", words="来电核实")
    assert (event.area, event.town, event.reported_area) == (GRIDS[3], TOWNS[1], GRIDS[0])
    assert (event.lon, event.lat, event.address, event.located) == (104.635, 28.705, "溪口村三组", "inside")
    assert (event.c6, event.c8) == geo.cells(104.635, 28.705)
    hanging = (event.reports, event.assignments, event.suggestions)
    assert {area for rows in hanging for area in rows.values_list("area", flat=True)} == {GRIDS[3]}
    assert [one.number for one in queries.search(matters.receiver, "溪口村三组").rows] == [event.number]


def test_the_step_keeps_before_and_after_and_state_unit_and_clock_stay(matters: County) -> None:
    event = told.event_in("handling", matters)
    was = (event.state, event.handler_id, event.holder_id, event.owner_id, event.due_at, event.promised_by)
    event = put(matters.dispatcher, event, **NEXT_GRID)
    step = event.steps.get(verb="place")
    assert (event.state, event.handler_id, event.holder_id, event.owner_id, event.due_at, event.promised_by) == was
    assert (step.facts["from"], step.facts["to"], step.public) == (GRIDS[0], GRIDS[1], True)
    assert step.facts["was"] == {"area": GRIDS[0], "address": "", "longitude": 104.605, "latitude": 28.705}
    assert step.facts["now"]["longitude"] == 104.615


def test_the_neighbour_town_sees_it_from_now_on_and_the_old_worker_no_longer(matters: County) -> None:
    event = told.reported().event
    assert (sees(matters.neighbour, event), sees(matters.worker, event)) == (False, True)
    put(matters.receiver, event, **NEXT_TOWN)
    assert (sees(matters.neighbour, event), sees(matters.worker, event)) == (True, False)
    assert sees(matters.receiver, event)


def test_a_town_alone_takes_the_point_away_and_an_address_alone_leaves_it(matters: County) -> None:
    event = put(matters.receiver, told.reported().event, area=VILLAGES[1])
    assert (event.area, event.lon, event.c8, event.located) == (VILLAGES[1], None, None, "chosen")
    event = put(matters.receiver, put(matters.receiver, event, **NEXT_GRID), address="东门巷8号")
    assert (event.address, event.lon, event.area) == ("东门巷8号", 104.615, GRIDS[1])


def test_a_matter_without_a_place_gets_one(matters: County) -> None:
    event = told.reported(area="").event
    assert (event.area, event.located) == (COUNTY, "none")
    assert put(matters.receiver, event, **NEXT_GRID).area == GRIDS[1]


def test_it_is_taken_back_by_putting_it_there_again(matters: County) -> None:
    event = told.reported().event
    put(matters.receiver, event, **NEXT_GRID)
    with pytest.raises(actions.NotAllowed):
        actions.undo(actor=matters.receiver, number=event.number)
    event = put(matters.receiver, event, longitude=104.605, latitude=28.705)
    assert (event.area, [step.facts["to"] for step in event.steps.filter(verb="place")]) == (GRIDS[0], [*GRIDS[1::-1]])


@pytest.mark.parametrize(
    "state", ["reported", "waiting_reporter", "accepted", "assigned", "suspended", "checking", "rating"]
)
def test_it_goes_while_the_matter_is_open(matters: County, state: str) -> None:
    event = put(matters.receiver, told.event_in(state, matters), **NEXT_GRID)
    assert (event.state, event.area) == (state, GRIDS[1])


@pytest.mark.parametrize("state", FINAL)
def test_what_has_ended_keeps_its_place(matters: County, state: str) -> None:
    event = told.event_in(state, matters)
    with pytest.raises(actions.NotAllowed):
        put(matters.receiver, event, **NEXT_GRID)


@pytest.mark.parametrize("name", ["handler", "checker", "leader", "duty_leader", "auditor", "analyst", "unit_leader"])
def test_nobody_else_puts_it_right(matters: County, name: str) -> None:
    event = told.event_in("handling", matters)
    with pytest.raises(actions.NotAllowed):
        put(matters.people[name], event, **NEXT_GRID)


def test_a_neighbour_centre_cannot_and_the_centre_above_only_reads(matters: County) -> None:
    ours, theirs = told.reported().event, told.reported(lon=104.635, lat=28.705).event
    with pytest.raises(Event.DoesNotExist):
        put(matters.neighbour, ours, **NEXT_GRID)
    with pytest.raises(actions.NotAllowed):
        put(matters.receiver, theirs, **NEXT_GRID)


def test_a_worker_does_so_in_the_own_area_only(matters: County) -> None:
    event = put(matters.worker, told.reported().event, longitude=104.606, latitude=28.706)
    assert event.area == GRIDS[0]
    assert "longitude" in refused(matters.worker, event, **NEXT_GRID)
    assert "hand_over" in refused(matters.worker, event, longitude=104.607, latitude=28.705, hand_over="yes")
    elsewhere = told.reported(lon=104.615, lat=28.705).event
    with pytest.raises(Event.DoesNotExist):
        put(matters.worker, elsewhere, longitude=104.605, latitude=28.705)
    assert put(matters.grid_head, elsewhere, longitude=104.605, latitude=28.705).area == GRIDS[0]


def test_bad_places_are_named_and_nothing_is_lost(matters: County) -> None:
    event = told.reported().event
    assert "latitude" in refused(matters.receiver, event, longitude="104.6", latitude="north")
    assert "longitude" in refused(matters.receiver, event, longitude="999", latitude="28")
    assert "longitude" in refused(matters.receiver, event, longitude="nan", latitude="28")
    assert "longitude" in refused(matters.receiver, event, longitude="104.6")
    assert "longitude" in refused(matters.receiver, event, longitude="120.1", latitude="30.2")
    assert "area" in refused(matters.receiver, event, area="110101001")
    assert "address" in refused(matters.receiver, event, longitude=104.605, latitude=28.705)
    assert "address" in refused(matters.receiver, event)


def test_a_stale_page_is_refused(matters: County) -> None:
    event = told.reported().event
    put(matters.receiver, event, **NEXT_GRID)
    with pytest.raises(actions.Stale):
        actions.take(actor=matters.dispatcher, number=event.number, verb="place", version=1, given=NEXT_TOWN)


def test_it_is_handed_to_the_centre_of_the_new_place_only_on_wish(matters: County) -> None:
    town, county = matters.units["centre-002"].pk, matters.units["centre"].pk
    event = put(matters.receiver, told.reported().event, **NEXT_TOWN)
    assert event.owner_id == county
    event = put(matters.receiver, told.reported().event, **NEXT_TOWN, hand_over=True)
    assert (event.owner_id, event.holder_id, event.unit_ids) == (town, town, sorted((town, county)))
    assert sees(matters.receiver, event)
    actions.take(actor=matters.neighbour_receiver, number=event.number, verb="accept", given={"category": told.LAMP})
    assert "hand_over" in refused(matters.receiver, told.reported().event, **NEXT_GRID, hand_over=True)


def test_a_town_keeps_what_lies_in_the_other_town_until_it_sends_it_up(matters: County) -> None:
    event = put(
        matters.neighbour_receiver, told.reported(lon=104.635, lat=28.705).event, longitude=104.655, latitude=28.705
    )
    assert (event.town, event.owner_id) == (TOWNS[2], matters.units["centre-002"].pk)
    assert sees(matters.neighbour_receiver, event)
    event = actions.take(actor=matters.neighbour, number=event.number, verb="escalate", given={"reason": "不在本镇"})
    assert event.owner_id == matters.units["centre"].pk


def test_units_that_work_on_it_and_the_new_centre_are_told(matters: County) -> None:
    event = told.event_in("handling", matters)
    actions.take(
        actor=matters.dispatcher, number=event.number, verb="assist", given={"unit": "fire", "words": "请到场"}
    )
    event = put(matters.receiver, event, **NEXT_TOWN, hand_over=True)
    actions.tell_people(event_id=event.pk, n=event.steps.get(verb="place").n)
    found = Message.objects.filter(kind__in=("placed", "handed_over")).values_list("kind", "to_posting__user__username")
    assert sorted(found) == [("handed_over", "neighbour"), ("placed", "handler"), ("placed", "other_handler")]


@pytest.mark.parametrize(
    ("state", "who"),
    [("reported", "neighbour_receiver"), ("accepted", "neighbour"), ("checking", "neighbour_checker")],
)
def test_whoever_is_next_at_the_new_centre_is_told_of_what_was_handed_over(
    matters: County, state: str, who: str
) -> None:
    event = put(matters.receiver, told.event_in(state, matters), **NEXT_TOWN, hand_over=True)
    actions.tell_people(event_id=event.pk, n=event.steps.get(verb="place").n)
    heard = Message.objects.filter(kind="handed_over").values_list("to_posting", flat=True)
    assert list(heard) == [matters.people[who].posting_id]


def test_a_sealed_matter_stays_sealed_and_out_of_search(matters: County, browser_of: Browser) -> None:
    event = told.reported("楼下麻将馆天天赌博", address="东门巷 12 号").event
    event = put(matters.receiver, event, **NEXT_TOWN, address="溪口村三组", words="线索人来电")
    step = event.steps.get(verb="place")
    assert (event.restricted, step.words, step.told()) == (True, "", "线索人来电")
    for name in ("other_worker", "other_officer", "worker", "auditor"):
        outsider = matters.people[name]
        assert not sees(outsider, event), name
        assert queries.search(outsider, "溪口村三组").rows == queries.search(outsider, "东门巷").rows == []
        for below in ("", "place/", "place/lies/", "places/"):
            answer = browser_of(outsider).get(f"/desk/events/{event.number}/{below}")
            # Without any of the four roles the door is closed before the matter is looked for.
            assert answer.status_code == (404 if below == "" or "worker" in name else 403), (name, below)
            assert not re.search("溪口村三组|东门巷", answer.content.decode())
    assert queries.search(matters.receiver, "麻将馆").rows == []


def test_voices_and_joined_matters_keep_their_own_places(matters: County) -> None:
    kept, gone = told.event_in("handling", matters), told.reported(lon=104.615, lat=28.705).event
    actions.take(actor=matters.receiver, number=gone.number, verb="merge", given={"into": kept.number})
    put(matters.receiver, kept, **NEXT_TOWN)
    assert set(Report.objects.values_list("lon", flat=True)) == {104.605, 104.615}
    with pytest.raises(actions.NotAllowed):
        put(matters.receiver, Event.objects.get(pk=gone.pk), **NEXT_TOWN)
    actions.take(actor=matters.receiver, number=gone.number, verb="split")
    assert Event.objects.get(pk=gone.pk).area == GRIDS[1]


def test_an_erased_matter_tells_nothing_of_its_places(matters: County) -> None:
    event = told.event_in("reported", matters)
    put(matters.receiver, event, **NEXT_GRID, address="东门巷8号")
    actions.take(actor=Actor.reporter(event.reports.get().pk), number=event.number, verb="withdraw")
    Event.objects.filter(pk=event.pk).update(**ERASED["Event"], erased_at=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT events_erase_history(%s)", (event.pk,))
    facts = Step.objects.get(event=event, verb="place").facts
    assert not {"was", "now"} & set(facts)


def page_of(browser: Client, event: Event, **given: Any) -> Any:
    given = {"idempotency_key": "K1", "version": event.version, **given}
    return browser.post(f"/desk/events/{event.number}/place/", given)


def test_the_form_does_it_once_and_tells_the_reporter(matters: County, browser_of: Browser) -> None:
    said = told.reported()
    browser = browser_of(matters.receiver)
    for _again in range(2):
        assert page_of(browser, said.event, **NEXT_GRID, words="来电核实").status_code == 303
    event = Event.objects.get(pk=said.event.pk)
    assert (event.area, event.steps.filter(verb="place").count()) == (GRIDS[1], 1)
    shown = browser.get(f"/desk/events/{event.number}/").content.decode()
    assert "第2网格" in shown
    track = Client().post("/track/", {"receipt": said.receipt}).content.decode()
    assert "位置已更正" in track
    assert "来电核实" in track
    assert "104.6" not in track


def test_what_does_not_go_through_comes_back_with_what_was_typed(matters: County, browser_of: Browser) -> None:
    event = told.reported().event
    browser = browser_of(matters.receiver)
    answer = page_of(browser, event, longitude="120.1", latitude="30.2", address="外县", words="不在本县")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="120.1"' in page
    assert 'value="外县"' in page
    assert "该点不在本县任何网格内" in page
    put(matters.dispatcher, event, **NEXT_GRID)
    stale = page_of(browser, event, idempotency_key="K2", longitude="104.625", latitude="28.705")
    assert (stale.status_code, 'value="104.625"' in stale.content.decode()) == (409, True)


def test_the_form_says_where_a_point_lies_and_whose_it_is(matters: County, browser_of: Browser) -> None:
    event, browser = told.reported().event, browser_of(matters.receiver)
    there = f"/desk/events/{event.number}/place/lies/?longitude={{}}&latitude=28.705&area="
    assert "仍位于" in browser.get(there.format("104.605")).content.decode()
    other = browser.get(there.format("104.635")).content.decode()
    assert "青溪镇综治中心" in other
    assert 'name="hand_over"' in other
    assert "本县任何网格" in browser.get(there.format("120")).content.decode()
    town = told.reported(lon=104.635, lat=28.705).event
    theirs = browser_of(matters.neighbour_receiver)
    page = theirs.get(f"/desk/events/{town.number}/place/lies/?longitude=104.655&latitude=28.705").content.decode()
    assert "不属您的中心" in page


def named(*rows: gazetteer.NameRow) -> None:
    gazetteer.keep_names(Actor.system(), source="test", rows=rows)


@pytest.fixture
def places(matters: County) -> None:
    named(
        gazetteer.NameRow("1", "street", "滨河路", *cast.middle(1)),
        gazetteer.NameRow("2", "street", "滨河路", *cast.middle(3)),
        gazetteer.NameRow("3", "poi", "东门农贸市场", *cast.middle(0)),
    )


def meant(browser: Client, event: Event) -> str:
    return browser.get(f"/desk/events/{event.number}/places/", headers=PART).content.decode()


def test_beside_a_matter_without_a_pin_places_are_proposed_and_never_taken(
    matters: County, places: None, browser_of: Browser
) -> None:
    event = told.reported("路灯坏了", area="", address="青溪镇滨河路8号").event
    browser = browser_of(matters.receiver)
    shown = meant(browser, event)
    assert shown.index("滨河路") < shown.index("很像")
    assert "溪口村" in shown
    assert "104.635" in shown
    form = browser.get(
        f"/desk/events/{event.number}/place/?longitude=104.635&latitude=28.705", headers=PART
    ).content.decode()
    assert 'value="104.635"' in form
    assert 'value="青溪镇滨河路8号"' in form
    assert Event.objects.get(pk=event.pk).version == 1


def test_a_pin_is_doubted_only_when_what_fits_lies_far_from_it(
    matters: County, places: None, browser_of: Browser
) -> None:
    browser = browser_of(matters.receiver)
    assert meant(browser, told.reported("东门农贸市场门口路灯坏了").event) == ""
    far = meant(browser, told.reported("东门农贸市场门口路灯坏了", lon=104.625, lat=28.705).event)
    assert "东门农贸市场" in far
    assert "米" in far


def test_places_are_asked_of_who_may_take_one_only(matters: County, places: None, browser_of: Browser) -> None:
    sealed = told.reported("东门农贸市场楼下天天赌博", area="").event
    assert "东门农贸市场" in meant(browser_of(matters.receiver), sealed)
    for name in ("neighbour_receiver", "worker"):
        assert browser_of(matters.people[name]).get(f"/desk/events/{sealed.number}/places/").status_code == 404
    assert browser_of(matters.handler).get(f"/desk/events/{sealed.number}/places/").status_code == 403
    closed = told.event_in("closed", matters, area="", words="东门农贸市场的路灯")
    assert meant(browser_of(matters.receiver), closed) == ""


def test_what_a_protected_voice_said_of_its_place_is_not_read(
    matters: County, places: None, browser_of: Browser
) -> None:
    """A further voice that is protected names its own place; beside the matter nothing of it appears."""
    event = told.reported("路灯坏了", area="").event
    actions.join(actor=Actor.stranger(), number=event.number, words="我家窗外", address="东门农贸市场", protect=True)
    assert meant(browser_of(matters.receiver), event) == ""


def test_proposals_take_few_statements(matters: County, places: None, browser_of: Browser) -> None:
    event, browser = told.reported("路灯坏了", area="", address="滨河路8号").event, browser_of(matters.receiver)
    meant(browser, event)
    with CaptureQueriesContext(connection) as seen:
        assert "滨河路" in meant(browser, event)
    assert len(seen) <= 2 + 2, [one["sql"][:120] for one in seen.captured_queries]
