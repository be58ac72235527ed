"""Two desks and a neighbour: the one sees the other look and write, the neighbour nothing; it ends with the page."""

import time

import pytest
from playwright.sync_api import Page

from onegrid.testing import matters as told
from tests.e2e.conftest import House, Open, sign_in

pytestmark = pytest.mark.browser


def desk(house: House, open_page: Open, name: str, language: str = "zh-hans") -> Page:
    page = open_page(language=language, size="desktop")
    sign_in(page, house, name)
    page.goto(f"{house.url}/desk/open/")
    page.wait_for_selector("#live.is-live")
    return page


def test_two_desks_see_each_other_and_the_neighbour_nothing(house: House, open_page: Open) -> None:
    event = told.event_in("handling", house.county)
    first = desk(house, open_page, "dispatcher")
    second = desk(house, open_page, "receiver", "en")
    neighbour = desk(house, open_page, "neighbour")
    heard: list[str] = []
    neighbour.on("response", lambda answer: heard.append(answer.url))
    first.goto(f"{house.url}/desk/events/{event.number}/")
    first.wait_for_selector("#live.is-live")
    hint = second.locator(f"#row-{event.number} .eyes")
    hint.wait_for(timeout=15_000)
    assert "Looking now: Dispatcher · Yunlu Governance Centre" in hint.inner_text()
    second.goto(f"{house.url}/desk/events/{event.number}/")
    over = second.locator("#here")
    over.get_by_text("Looking now").wait_for(timeout=15_000)
    first.wait_for_function("() => document.querySelector('#here').textContent !== ''", timeout=15_000)
    first.locator("summary[data-verb=note]").click()
    first.fill("#note-words", "我在写")
    over.get_by_text("Editing now").wait_for(timeout=15_000)
    assert neighbour.locator(".eyes").count() == 0
    assert neighbour.locator("#here").count() == 0
    began = time.monotonic()
    first.close()
    second.wait_for_function("() => document.querySelector('#here').textContent === ''", timeout=30_000)
    print(f"\nthe hint ended {time.monotonic() - began:.1f} s after the page")
    assert event.number not in neighbour.content()


def test_a_lost_network_ends_the_hint_within_thirty_seconds(house: House, open_page: Open) -> None:
    event = told.event_in("handling", house.county)
    first, second = desk(house, open_page, "dispatcher"), desk(house, open_page, "receiver")
    first.goto(f"{house.url}/desk/events/{event.number}/")
    second.locator(f"#row-{event.number} .eyes").wait_for(timeout=15_000)
    first.context.set_offline(True)
    began = time.monotonic()
    second.wait_for_function("() => !document.querySelector('.eyes')", timeout=40_000)
    assert time.monotonic() - began <= 30
