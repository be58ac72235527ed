"""One report's whole life, walked by hand in a browser: resident, receiver, dispatcher, handler, checker, resident."""

import re
import time

import pytest
from playwright.sync_api import Page

from onegrid.events.models import Event
from tests.e2e.conftest import House, Open, sign_in

pytestmark = pytest.mark.browser
WORDS = "东门巷三盏路灯不亮，晚上老人不敢出门"


def report(page: Page, house: House) -> str:
    """As a resident, in three pages; returns the receipt."""
    page.goto(f"{house.url}/")
    page.click("a.door.first")
    page.fill("#words", WORDS)
    page.click("button.primary")
    page.fill("#address", "东门巷 12 号")
    page.select_option("#area", "511502001001")
    page.click("button.primary")
    page.wait_for_selector("#photos")
    page.click("button.primary")
    return page.locator("[data-receipt]").inner_text()


def state() -> str:
    return Event.objects.get().state


def comes_to(reached: str) -> bool:
    """With scripts a step is sent beside the page: give it some seconds."""
    until = time.monotonic() + 8
    while state() != reached and time.monotonic() < until:
        time.sleep(0.1)
    return state() == reached


def take(page: Page, house: House, verb: str, **given: str) -> None:
    """Take a step on the desk by its form, with or without scripts."""
    page.goto(f"{house.url}/desk/events/{Event.objects.get().number}/")
    form = page.locator(f"form[action$='/{verb}/']").first
    if not form.is_visible():
        page.locator(f"details:has(form[action$='/{verb}/']) > summary").first.click()
    for name, value in given.items():
        field = form.locator(f"[name={name}]").first
        if field.evaluate("node => node.tagName") == "SELECT":
            field.select_option(value)
        elif field.get_attribute("type") == "radio":
            form.locator(f"[name={name}][value='{value}']").check()
        else:
            field.fill(value)
    form.locator("button:not([type=button]):not([formaction])").last.click()
    page.wait_for_load_state()


def walk(house: House, open_page: Open, language: str, scripts: bool) -> Page:
    resident = open_page(language=language, scripts=scripts)
    receipt = report(resident, house)
    assert re.fullmatch(r"([0-9A-Z]{4}-){6}[0-9A-Z]{4}", receipt)
    people = {name: open_page(language=language, size="desktop", scripts=scripts) for name in
              ("receiver", "dispatcher", "handler", "checker")}  # fmt: skip
    for name, page in people.items():
        sign_in(page, house, name)
    for name, verb, given, reached in (
        ("receiver", "accept", {}, "accepted"),
        ("dispatcher", "dispatch", {}, "assigned"),
        ("handler", "claim", {}, "handling"),
        ("handler", "resolve", {"result": "换了灯泡和一段电缆，三盏都亮了。"}, "checking"),
        ("checker", "pass_check", {}, "rating"),
    ):
        take(people[name], house, verb, **given)
        assert comes_to(reached), f"{name} {verb}: {state()}"
    if scripts:
        resident.goto(f"{house.url}/track/#{receipt}")
    else:
        resident.goto(f"{house.url}/track/")
        resident.fill("#receipt", receipt)
        resident.click("button.primary")
    resident.check("input[name=solved][value=yes]")
    resident.check("input[name=satisfied][value=satisfied]")
    resident.locator("form:has(input[name=solved]) button.primary").click()
    resident.wait_for_load_state()
    return resident


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_report_is_walked_to_its_rated_end(house: House, open_page: Open, language: str) -> None:
    resident = walk(house, open_page, language, scripts=True)
    assert comes_to("closed")
    event = Event.objects.get()
    assert (event.state, event.solved, event.satisfied) == ("closed", True, "satisfied")
    assert "换了灯泡" in resident.content()
    assert receipt_free(resident.url)


def receipt_free(url: str) -> bool:
    return "#" not in url and "?" not in url


def test_the_same_story_without_scripts(house: House, open_page: Open) -> None:
    walk(house, open_page, "zh-hans", scripts=False)
    assert state() == "closed"


def test_the_desk_is_worked_by_keys(house: House, open_page: Open) -> None:
    report(open_page(), house)
    page = open_page(size="desktop")
    sign_in(page, house, "receiver")
    page.goto(f"{house.url}/desk/to_accept/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("form[action$='/accept/']", state="attached")
    page.keyboard.press("a")
    page.wait_for_selector("form[action$='/accept/'] button.primary", state="visible")
    page.locator("form[action$='/accept/'] button.primary").first.click()
    page.wait_for_function("() => !document.querySelector(\"form[action$='/accept/']\")")
    assert state() == "accepted"
    page.keyboard.press("z")
    page.wait_for_selector("form[action$='/accept/']", state="attached")
    assert state() == "reported"
