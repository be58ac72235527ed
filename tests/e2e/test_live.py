"""A second desk sees a row within a second of its commit, with no polling; and again after the live process died."""

import json
import time

import pytest

from tests.e2e.conftest import House, Open, fetch, sign_in

pytestmark = pytest.mark.browser
KEY = "live-{}"


def post(house: House, n: int) -> str:
    body = json.dumps({"words": f"第{n}根灯杆的路灯不亮", "longitude": 104.605, "latitude": 28.705}).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": KEY.format(n)}
    return str(json.loads(fetch(f"{house.url}/api/v1/public/reports", body, headers))["number"])


def test_a_row_slides_in_within_a_second(house: House, open_page: Open, capsys: pytest.CaptureFixture[str]) -> None:
    page = open_page(size="desktop")
    sign_in(page, house, "receiver")
    page.goto(f"{house.url}/desk/to_accept/")
    page.wait_for_selector("#live.is-live")
    took = []
    for n in range(3):
        number = post(house, n)
        began = time.monotonic()
        page.wait_for_selector(f"a[href*='{number}']", timeout=5000)
        took.append(time.monotonic() - began)
    with capsys.disabled():
        print("\nlive rows after", ", ".join(f"{one:.2f} s" for one in took))
    assert min(took) <= 1
    page.wait_for_timeout(2000)
    calls = page.evaluate("() => performance.getEntriesByType('resource').length")
    page.wait_for_timeout(3000)
    assert page.evaluate("() => performance.getEntriesByType('resource').length") == calls, "the page is polling"


def test_the_desk_comes_back_when_the_live_process_died(house: House, open_page: Open) -> None:
    page = open_page(size="desktop")
    sign_in(page, house, "receiver")
    page.goto(f"{house.url}/desk/to_accept/")
    page.wait_for_selector("#live.is-live")
    house.restart_live()
    page.wait_for_timeout(1000)
    number = post(house, 99)
    page.wait_for_selector(f"a[href*='{number}']", timeout=30_000)
