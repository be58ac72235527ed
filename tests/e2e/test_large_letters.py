"""The switch of the letters on the way of a report, in a browser: nothing is lost, and nothing is sent by it."""

import pytest

from onegrid.events.models import Report
from tests.e2e.conftest import House, Open

pytestmark = pytest.mark.browser
WORDS, STREET = "东门巷三盏路灯不亮", "东门巷口"


def test_enter_in_a_field_goes_on_and_leaves_the_letters_alone(house: House, open_page: Open) -> None:
    tab = open_page()
    tab.goto(f"{house.url}/report/")
    tab.fill("#words", WORDS)
    tab.click("button[value=on]")
    tab.fill("#address", STREET)
    tab.press("#address", "Enter")
    tab.wait_for_selector("#name")
    assert tab.get_attribute("html", "data-size") is None


def test_switching_on_every_page_of_a_report_loses_and_sends_nothing(house: House, open_page: Open) -> None:
    tab = open_page()
    tab.goto(f"{house.url}/report/")
    tab.fill("#words", WORDS)
    for size in ("elder", None):
        tab.click("button.size")
        assert tab.get_attribute("html", "data-size") == size
        assert tab.input_value("#words") == WORDS
    tab.click("button[value=on]")
    tab.fill("#address", STREET)
    tab.click("button.size")
    assert tab.input_value("#address") == STREET
    tab.click("button[value=on]")
    tab.fill("#name", "王某")
    tab.click("button.size")
    tab.wait_for_selector("html:not([data-size])")
    assert tab.input_value("#name") == "王某"
    assert Report.objects.count() == 0
    tab.click("button.primary")
    tab.wait_for_selector("[data-receipt]")
    receipt = tab.inner_text("[data-receipt]")
    tab.click("button.size")
    tab.wait_for_selector("html[data-size=elder]")
    assert tab.inner_text("[data-receipt]") == receipt
    assert Report.objects.get().words == WORDS
