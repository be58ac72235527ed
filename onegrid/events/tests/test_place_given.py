"""What the form of a place gives: figures that are none, a point that stands there already, an emptied address."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from onegrid.events import actions
from onegrid.events.models import Event
from onegrid.events.tests.test_api import Caller
from onegrid.org import queries as org
from onegrid.org.models import Unit
from onegrid.org.roles import Actor
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, GRIDS, TOWNS, VILLAGES, County

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
STANDS = {"longitude": "104.605", "latitude": "28.705"}
NO_PLACE, NO_NUMBER, HALF = "经纬度超出范围", "这不是数字", "需要同时有经度和纬度"


@pytest.fixture
def matters(county: County) -> Any:
    told.make_matters(county)
    with told.at():
        yield county


def put(actor: Actor, event: Event, **given: Any) -> Event:
    done = actions.take(actor=actor, number=event.number, verb="place", given=given)
    return Event.objects.get(pk=done.pk)


def sent(browser: Client, event: Event, **given: str) -> Any:
    given = {"idempotency_key": "K1", "version": str(event.version), **given}
    return browser.post(f"/desk/events/{event.number}/place/", given)


@pytest.mark.parametrize(
    ("figure", "why"),
    [("inf", NO_PLACE), ("-inf", NO_PLACE), ("nan", NO_PLACE), ("1e400", NO_PLACE), ("999", NO_PLACE),
     ("", HALF), ("north", NO_NUMBER)],
)  # fmt: skip
@pytest.mark.parametrize("name", ["longitude", "latitude"])
def test_a_figure_that_is_none_is_refused_with_its_sentence(
    matters: County, browser_of: Browser, name: str, figure: str, why: str
) -> None:
    event, browser = told.reported().event, browser_of(matters.receiver)
    given = {"longitude": "104.615", "latitude": "28.705", name: figure}
    lies = browser.get(f"/desk/events/{event.number}/place/lies/", given)
    assert (lies.status_code, why in lies.content.decode()) == (200, True)
    answer = sent(browser, event, **given)
    page = answer.content.decode()
    assert (answer.status_code, why in page) == (422, True)
    assert f'value="{given[name]}" data-{name}' in page
    bounds = page.split('data-bounds="')[1].split('"')[0]
    assert "nan" not in bounds
    assert "inf" not in bounds
    assert len(bounds.split(",")) == 4
    assert Event.objects.get(pk=event.pk).version == event.version


@pytest.mark.parametrize("figure", ["inf", "nan", "1e400", "x"])
def test_an_address_of_the_form_with_such_a_figure_opens(matters: County, browser_of: Browser, figure: str) -> None:
    event, browser = told.reported().event, browser_of(matters.receiver)
    answer = browser.get(f"/desk/events/{event.number}/place/", {"longitude": figure, "latitude": figure})
    assert (answer.status_code, 'data-bounds="104.' in answer.content.decode()) == (200, True)


def test_without_figures_it_stays_where_it_is(matters: County, browser_of: Browser) -> None:
    event, browser = told.reported().event, browser_of(matters.receiver)
    page = browser.get(f"/desk/events/{event.number}/place/lies/", {"longitude": "", "latitude": "", "area": ""})
    assert "仍位于" in page.content.decode()


def test_an_area_that_is_none_is_refused_while_it_is_typed(matters: County, browser_of: Browser) -> None:
    event, browser = told.reported().event, browser_of(matters.receiver)
    page = browser.get(f"/desk/events/{event.number}/place/lies/", {"area": "110101001"}).content.decode()
    assert "请从列表中选择本县的地点" in page


def test_a_worker_reads_that_a_place_lies_outside_the_own_area(matters: County, browser_of: Browser) -> None:
    event, browser = told.reported().event, browser_of(matters.worker)
    there = f"/desk/events/{event.number}/place/lies/"
    page = browser.get(there, {"longitude": "104.615", "latitude": "28.705"}).content.decode()
    assert "不在您的责任区域内" in page


def test_a_village_that_is_chosen_wins_over_the_point_that_stands_in_the_form(
    matters: County, browser_of: Browser
) -> None:
    event, browser = told.reported().event, browser_of(matters.receiver)
    lies = browser.get(f"/desk/events/{event.number}/place/lies/", {**STANDS, "area": VILLAGES[1]}).content.decode()
    assert "更正后位于" in lies
    assert sent(browser, event, **STANDS, address="", area=VILLAGES[1]).status_code == 303
    event = Event.objects.get(pk=event.pk)
    assert (event.area, event.lon, event.lat, event.c8, event.located) == (VILLAGES[1], None, None, None, "chosen")


def test_a_new_point_wins_over_a_village(matters: County) -> None:
    event = put(matters.receiver, told.reported().event, longitude=104.615, latitude=28.705, area=VILLAGES[4])
    assert (event.area, event.lon) == (GRIDS[1], 104.615)


def test_a_point_finer_than_the_form_shows_stands_there_still(matters: County, browser_of: Browser) -> None:
    event = told.reported(lon=104.60512345678, lat=28.70512345678).event
    browser = browser_of(matters.receiver)
    form = browser.get(f"/desk/events/{event.number}/place/").content.decode()
    assert 'value="104.605123" data-longitude' in form
    assert 'value="28.705123" data-latitude' in form
    shown = {"longitude": "104.605123", "latitude": "28.705123"}
    assert sent(browser, event, **shown, address="东门巷8号").status_code == 303
    event = Event.objects.get(pk=event.pk)
    assert (event.address, event.lon, event.lat) == ("东门巷8号", 104.60512345678, 28.70512345678)
    event = put(matters.receiver, event, longitude=104.605124, latitude=28.705123)
    assert event.lon == 104.605124


def test_an_address_is_corrected_where_the_point_lies_in_no_grid(matters: County, browser_of: Browser) -> None:
    event, browser = told.reported(lon=120.1, lat=30.2).event, browser_of(matters.receiver)
    given = {"longitude": "120.1", "latitude": "30.2", "address": "东门巷8号"}
    assert "仍位于" in browser.get(f"/desk/events/{event.number}/place/lies/", given).content.decode()
    assert sent(browser, event, **given).status_code == 303
    event = Event.objects.get(pk=event.pk)
    assert (event.address, event.area, event.lon) == ("东门巷8号", COUNTY, 120.1)


def test_an_emptied_address_is_emptied_and_one_that_is_not_sent_stays(matters: County, browser_of: Browser) -> None:
    event, browser = told.reported(address="东门巷 12 号").event, browser_of(matters.receiver)
    event = put(matters.receiver, event, longitude=104.615, latitude=28.705)
    assert event.address == "东门巷 12 号"
    given = {"longitude": "104.615", "latitude": "28.705", "address": " "}
    assert sent(browser, event, **given).status_code == 303
    event = Event.objects.get(pk=event.pk)
    assert event.address == ""
    assert event.steps.get(n=3).facts["was"]["address"] == "东门巷 12 号"


def test_a_program_empties_an_address_by_saying_so(matters: County) -> None:
    event, caller = told.reported(address="东门巷 12 号").event, Caller(matters.receiver)
    given: dict[str, object] = {"longitude": 104.615, "latitude": 28.705}
    assert caller.post(f"/{event.number}/steps", {"verb": "place", "given": given}).status_code == 200
    assert Event.objects.get(pk=event.pk).address == "东门巷 12 号"
    assert caller.post(f"/{event.number}/steps", {"verb": "place", "given": {"address": ""}}).status_code == 200
    assert Event.objects.get(pk=event.pk).address == ""


def test_what_was_emptied_comes_back_empty_when_it_does_not_go_through(matters: County, browser_of: Browser) -> None:
    event, browser = told.reported(address="东门巷 12 号").event, browser_of(matters.receiver)
    page = sent(browser, event, longitude="", latitude="", address="", area="110101001").content.decode()
    form = page.split('id="place-edit"')[1].split("</form>")[0]
    assert "东门巷 12 号" not in form
    assert 'value="" data-longitude' in form


def test_a_tick_stays_as_long_as_the_same_centre_is_offered(matters: County, browser_of: Browser) -> None:
    event, browser = told.reported().event, browser_of(matters.receiver)
    asked = {"longitude": "104.635", "latitude": "28.705"}
    for ticked, stays in (("centre-002", True), ("centre-003", False), ("yes", False), ("", False)):
        page = browser.get(f"/desk/events/{event.number}/place/lies/", {**asked, "hand_over": ticked}).content.decode()
        assert ('value="centre-002" checked' in page) == stays, ticked


def test_a_tick_hands_over_to_the_centre_that_it_named_and_to_no_other(matters: County, browser_of: Browser) -> None:
    event, browser = told.reported().event, browser_of(matters.receiver)
    row = {"code": "centre-003", "name_zh": "白石乡综治中心", "name_en": "Baishi", "kind": "centre", "area": TOWNS[2]}
    town = Unit.objects.create(**row)
    org.forget_reference()
    answer = sent(browser, event, longitude="104.655", latitude="28.705", hand_over="centre-002")
    page = answer.content.decode()
    assert (answer.status_code, "与勾选移交的中心不同" in page) == (422, True)
    assert 'type="hidden" name="hand_over" value="centre-002"' in page
    assert Event.objects.get(pk=event.pk).version == event.version
    given = {"idempotency_key": "K2", "longitude": "104.655", "latitude": "28.705", "hand_over": "centre-003"}
    assert sent(browser, event, **given).status_code == 303
    assert Event.objects.get(pk=event.pk).owner_id == town.pk
