"""A draft outlives a reload and a lost network, and is received once."""

import pytest

from onegrid.events.models import Event
from tests.e2e.conftest import House, Open

pytestmark = pytest.mark.browser


def test_a_draft_outlives_a_reload(house: House, open_page: Open) -> None:
    page = open_page()
    page.goto(f"{house.url}/report/")
    page.fill("#words", "写到一半的路灯")
    page.wait_for_timeout(300)
    page.reload()
    page.wait_for_function("() => document.querySelector('#words').value === '写到一半的路灯'")


def test_a_report_waits_for_the_network_and_is_received_once(house: House, open_page: Open) -> None:
    page = open_page()
    page.goto(f"{house.url}/report/")
    page.fill("#words", "东门巷路灯不亮")
    page.click("button.primary")
    page.wait_for_selector("#address")
    page.click("button.primary")
    page.wait_for_selector("#photos")
    page.context.set_offline(True)
    page.click("button.primary")
    page.wait_for_selector("[data-waiting]", state="visible")
    assert Event.objects.count() == 0
    page.context.set_offline(False)
    page.wait_for_selector("[data-receipt]", timeout=10_000)
    assert Event.objects.count() == 1
    page.goto(f"{house.url}/report/")
    page.wait_for_timeout(300)
    assert page.input_value("#words") == ""
