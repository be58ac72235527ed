"""Heat and change by keyboard: the slider, the table, the matters behind a hexagon."""

from datetime import timedelta

import pytest

from onegrid.kit import clock
from onegrid.testing import matters
from tests.e2e.conftest import House, Open, sign_in

pytestmark = pytest.mark.browser


def test_the_slider_the_table_and_a_hexagon_by_keyboard(house: House, open_page: Open) -> None:
    moment = clock.local(clock.now()).replace(day=1) - timedelta(days=5)
    with matters.at(moment):
        number = matters.reported().number
    page = open_page(size="desktop")
    sign_in(page, house, "dispatcher")
    page.goto(f"{house.url}/map/heat/")
    page.wait_for_selector("#slider:visible")
    page.wait_for_selector("[data-hexagon]")
    first = page.inner_text("#period")
    page.focus("#time")
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("#table p:text('没有事项')")
    assert page.inner_text("#period") != first
    assert page.get_attribute("#time", "aria-valuetext") == page.inner_text("#period")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("[data-hexagon]")
    page.focus("[data-sort=change]")
    page.keyboard.press("Enter")
    page.wait_for_selector("th[aria-sort] [data-sort=change]")
    assert page.evaluate("document.activeElement.dataset.sort") == "change"
    page.focus("[data-hexagon]")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#behind a[href*='{number}']")
    assert page.evaluate("document.activeElement.id") == "behind"


def test_it_plays_to_today_and_stops_and_not_for_who_wants_no_motion(house: House, open_page: Open) -> None:
    page = open_page(size="desktop")
    sign_in(page, house, "dispatcher")
    page.goto(f"{house.url}/map/heat/?back=1")
    page.wait_for_selector("#play:visible")
    page.click("#play")
    page.wait_for_selector("#play:text('停止')")
    page.wait_for_selector("#play:text('播放')")
    assert page.input_value("#time") == page.get_attribute("#time", "max")
    page.emulate_media(reduced_motion="reduce")
    page.reload()
    page.wait_for_selector("#slider:visible")
    assert not page.is_visible("#play")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_without_scripts_the_form_and_the_table_do_the_same(house: House, open_page: Open, language: str) -> None:
    with matters.at(clock.now() - timedelta(minutes=1)):
        matters.reported()
    page = open_page(size="phone", scripts=True, language=language)
    sign_in(page, house, "dispatcher")
    plain = page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    plain.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    still = plain.new_page()
    still.goto(f"{house.url}/map/heat/")
    still.select_option("[name=back]", "0")
    still.click("#wish button")
    assert still.locator("[data-hexagon]").count() == 1
    still.click("[data-hexagon]")
    assert still.locator("#matters li").count() == 1
    plain.close()
