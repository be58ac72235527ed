"""A place is put right in a real browser: what is sent while it is typed, the tick that stays, the map that is away."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from onegrid.events.models import Event
from onegrid.gazetteer import actions as gazetteer
from onegrid.gazetteer.actions import NameRow
from onegrid.org.roles import Actor
from onegrid.testing import matters as told
from onegrid.testing.cast import middle
from tests.e2e.conftest import House, Open, free_port, sign_in

pytestmark = pytest.mark.browser
SAID = {"longitude", "latitude", "area", "hand_over"}


def form_of(house: House, open_page: Open, event: Event) -> Page:
    """The form beside the matter, opened from its page."""
    page = open_page(size="desktop")
    sign_in(page, house, "receiver")
    page.goto(f"{house.url}/desk/events/{event.number}/")
    again(page)
    return page


def again(page: Page) -> None:
    page.click("text=更正位置")
    page.wait_for_selector("#place-lies b")


def typed(page: Page, field: str, value: str) -> str:
    """Type into one field and leave it; the address that was asked where the matter lies then."""
    with page.expect_response(lambda got: "/place/lies/" in got.url) as answer:
        page.fill(field, value)
        page.locator("#place-title").focus()
    answer.value.finished()
    page.wait_for_timeout(100)  # the answer is put in
    return str(answer.value.url)


def test_the_tick_stays_while_the_words_change_and_the_matter_is_handed_over(house: House, open_page: Open) -> None:
    event = told.event_in("reported", house.county)
    page = form_of(house, open_page, event)
    typed(page, "[data-longitude]", "104.635")
    page.check("#place-hand-over")
    for field, value in (("#place-words", "来电核实"), ("[data-latitude]", "28.706"), ("#place-address", "溪口村")):
        asked = parse_qs(urlsplit(typed(page, field, value)).query, keep_blank_values=True)
        assert set(asked) == SAID
        assert page.is_checked("#place-hand-over")
    typed(page, "[data-longitude]", "104.615")
    assert page.locator("#place-hand-over").count() == 0
    typed(page, "[data-longitude]", "104.635")
    assert not page.is_checked("#place-hand-over")
    page.check("#place-hand-over")
    page.click("#place-edit button.primary")
    page.wait_for_selector("#place-edit", state="detached")
    event = Event.objects.get(pk=event.pk)
    assert (event.owner_id, event.address, event.lat) == (house.county.units["centre-002"].pk, "溪口村", 28.706)


def test_the_tick_stays_when_the_form_comes_back(house: House, open_page: Open) -> None:
    """Somebody else was faster: what was ticked is ticked still, and is sent again."""
    event = told.event_in("reported", house.county)
    page = form_of(house, open_page, event)
    typed(page, "[data-longitude]", "104.635")
    page.check("#place-hand-over")
    Event.objects.filter(pk=event.pk).update(version=event.version + 1)
    page.click("#place-edit button.primary")
    page.wait_for_selector(".err")
    page.wait_for_selector("#place-hand-over")
    assert page.is_checked("#place-hand-over")
    page.click("#place-edit button.primary")
    page.wait_for_selector("#place-edit", state="detached")
    assert Event.objects.get(pk=event.pk).owner_id == house.county.units["centre-002"].pk


def test_a_map_that_did_not_come_is_asked_for_again_by_the_next_form(house: House, open_page: Open) -> None:
    event, asked = told.event_in("reported", house.county), list[str]()
    page = open_page(size="desktop")

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            return route.abort()
        return route.continue_()

    page.route("**/map/place*.js", answer)
    sign_in(page, house, "receiver")
    page.goto(f"{house.url}/desk/events/{event.number}/")
    again(page)
    page.wait_for_selector(".place-map.cannot")
    page.click("[data-shut]")
    again(page)
    page.wait_for_selector(".place-map canvas")
    assert len(asked) == 2
    assert not page.is_visible(".map-cannot")


def test_the_map_waits_for_its_style_and_looks_around_the_point(house: House, open_page: Open) -> None:
    event, held = told.event_in("reported", house.county), list[Route]()
    page = open_page(size="desktop")
    page.route("**/css/place*.css", lambda route: held.append(route))
    sign_in(page, house, "receiver")
    page.goto(f"{house.url}/desk/events/{event.number}/")
    with page.expect_response(lambda got: "/map/place" in got.url) as script:
        again(page)
    script.value.finished()
    page.wait_for_timeout(300)  # a map that does not wait is drawn by now
    assert page.locator(".place-map canvas").count() == 0
    held[0].continue_()
    expect(page.locator(".place-map .maplibregl-ctrl-scale")).to_contain_text("300")


def test_a_base_map_that_is_away_is_said_on_the_form(house: House, open_page: Open, settings: Any) -> None:
    host = f"http://127.0.0.1:{free_port()}"
    settings.MAP_LAYERS, settings.MAP_HOSTS = [[f"{host}/{{z}}/{{x}}/{{y}}.png"]], [host]
    page = form_of(house, open_page, told.event_in("reported", house.county))
    page.wait_for_selector(".place-map .map-away:visible")
    assert page.inner_text(".place-map .map-away") == "底图暂时无法加载，区域和位置点照常显示。"


def test_a_place_that_is_found_by_its_name_chooses_no_village(house: House, open_page: Open) -> None:
    """Its point is what counts, also where that stands there already: a village would take it away."""
    rows = [NameRow("1", "poi", "东门农贸市场", *middle(0))]
    gazetteer.keep_names(Actor.system(), source="test", rows=rows)
    event = told.event_in("reported", house.county)
    page = form_of(house, open_page, event)
    page.locator("#place-address").press_sequentially("东门农贸")
    page.click("#place-edit [role=option]")
    assert page.input_value("[data-longitude]") == "104.605"
    assert page.input_value("#place-edit select[name=area]") == ""
    page.click("#place-edit button.primary")
    page.wait_for_selector("#place-edit", state="detached")
    event = Event.objects.get(pk=event.pk)
    assert (event.address, event.lon) == ("东门农贸市场", 104.605)
