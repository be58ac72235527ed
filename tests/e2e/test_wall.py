"""A wall in a real browser: it turns, hears news, forgets when its link ends, and stays as small as it was."""

import datetime
import json
import os
import re
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from onegrid.insight import actions
from onegrid.insight.models import WallLink
from onegrid.testing import cast, matters
from tests.e2e.conftest import House, Open
from tests.e2e.test_live import post

pytestmark = pytest.mark.browser
WIDE = {"width": 1920, "height": 1080}
# So many questions of 30 seconds each are two hours, five at night; the figures of days stand in bench/README.md.
ROUNDS = 600 if os.environ.get("ONEGRID_NIGHTLY") else 240


def link(house: House, area: str = cast.COUNTY) -> tuple[WallLink, str]:
    return actions.make_wall_link(actor=house.county.leader, area=area, name="大厅", days="7")


def hung(house: House, open_page: Open, code: str, language: str = "zh-hans") -> Page:
    page = open_page(size="desktop", language=language)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.goto(f"{house.url}/wall/#{code}")
    return page


def count(page: Page) -> str:
    return page.inner_text("#strip p:first-child b")


def test_news_come_without_a_hand_and_after_the_stream_broke(house: House, open_page: Open) -> None:
    page = hung(house, open_page, link(house)[1])
    page.wait_for_selector("#said", state="hidden")
    assert page.inner_text("#area") == "云麓县"
    assert count(page) == "0"
    post(house, 1)
    page.wait_for_selector("#strip p:first-child b:text-is('1')", timeout=12_000)
    house.restart_live()
    page.wait_for_timeout(1500)
    post(house, 2)
    page.wait_for_selector("#strip p:first-child b:text-is('2')", timeout=20_000)


def test_a_revoked_screen_forgets_everything(house: House, open_page: Open) -> None:
    made, code = link(house)
    page = hung(house, open_page, code)
    page.wait_for_selector("#said", state="hidden")
    actions.revoke_wall_link(actor=house.county.leader, link_id=made.pk)
    post(house, 3)
    page.wait_for_selector("#closed:visible", timeout=40_000)
    assert page.inner_text("#strip") == page.inner_text("#stage") == ""


def test_without_a_code_or_with_a_wrong_one_a_plain_sentence_stands(house: House, open_page: Open) -> None:
    page = hung(house, open_page, "")
    assert page.is_visible("#needs")
    page = hung(house, open_page, "2222-2222-2222-2222-2222-2222-2222", language="en")
    page.wait_for_selector("#closed:visible")
    assert "no longer" in page.inner_text("#closed")


PANEL = '<h2>{n}</h2><ol class="lines">' + "<li><span>{n}</span><b>{n}</b></li>" * 6 + "</ol>"


def told(number: int, names: tuple[str, ...] = ("clocks", "today", "thanks")) -> dict[str, Any]:
    """An answer of the house that differs each time; each third time one panel has nothing to say."""
    panels = [{"name": name, "seconds": 10, "html": PANEL.replace("{n}", str(number))} for name in names]
    panels = panels[: 2 if number % 3 == 0 else 3]
    return {"area": "云麓县", "zone": "Asia/Shanghai", "strip": f"<p><b>{number}</b></p>", "panels": panels,
            "now": NOON + number * 30_000, "script": "/static/map/wall.js"}  # fmt: skip


NOON = int(datetime.datetime(2026, 10, 14, 4, tzinfo=datetime.UTC).timestamp() * 1000)


@pytest.fixture
def played(house: House, open_page: Open) -> Any:
    """A screen whose time and whose house are played: `on(seconds)` lets time pass."""
    page, asked = open_page(size="desktop"), {"n": 0, "away": False, "wait": ""}
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]

    def answer(route: Route) -> None:
        if asked["away"]:
            return route.abort()
        asked["n"] += 1
        if asked["wait"]:
            return route.fulfill(status=429, headers={"Retry-After": asked["wait"]}, body="")
        return route.fulfill(status=200, content_type="application/json", body=json.dumps(told(asked["n"])))

    page.route("**/wall/data/**", answer)
    page.route("**/wall/ticket/**", lambda route: route.abort())
    # The machine's own clock is a quarter of a century behind.
    page.clock.install(time=datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC))
    page.goto(f"{house.url}/wall/#any")
    page.wait_for_selector("#said", state="hidden")
    return page, asked


def on(page: Page, asked: dict[str, Any], rounds: int) -> None:
    for _round in range(rounds):
        before = asked["n"]
        page.clock.run_for(30_000)
        for _try in range(200):
            if asked["n"] > before or asked["away"]:
                break
            page.wait_for_timeout(5)


def size_of(page: Page) -> dict[str, float]:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    least: dict[str, float] = {}
    # One collection leaves what the last answer still holds; what stays after five is held for good.
    for _once in range(5):
        session.send("HeapProfiler.collectGarbage")
        found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        sizes = {name: found[name] for name in ("JSHeapUsedSize", "Nodes", "JSEventListeners")}
        least = {name: min(size, least.get(name, size)) for name, size in sizes.items()}
        page.wait_for_timeout(200)
    session.detach()
    return least


def test_after_hours_it_is_as_small_as_it_was(played: Any, capsys: pytest.CaptureFixture[str]) -> None:
    page, asked = played
    on(page, asked, 20)
    before = size_of(page)
    on(page, asked, ROUNDS)
    after = size_of(page)
    with capsys.disabled():
        print(f"\nwall, {ROUNDS} questions: {before} -> {after}")
    assert after["JSHeapUsedSize"] < before["JSHeapUsedSize"] + 400_000
    assert after["Nodes"] <= before["Nodes"] + 60
    assert after["JSEventListeners"] <= before["JSEventListeners"] + 3


def test_its_time_is_that_of_the_house_and_passes_midnight(played: Any) -> None:
    page, asked = played
    assert page.inner_text("#clock") == "12:00"
    assert "10月14日" in page.inner_text("#date")
    asked["n"] = 12 * 120 + 1
    on(page, asked, 2)
    expect(page.locator("#clock")).to_have_text(re.compile("^00:0"))
    assert "10月15日" in page.inner_text("#date")


def test_old_figures_stand_faint_with_their_time_and_it_comes_back(played: Any) -> None:
    page, asked = played
    asked["away"] = True
    on(page, asked, 8)
    assert page.is_visible("#age")
    assert "wall stale" in (page.get_attribute("#main", "class") or "")
    asked["away"] = False
    on(page, asked, 2)
    # That it was answered is known here a moment before the page has taken it.
    page.wait_for_selector("#age", state="hidden")


def test_told_to_wait_it_waits_as_long_and_shows_what_it_knew(played: Any) -> None:
    page, asked = played
    figures = page.inner_text("#strip")
    asked["wait"] = "100"
    on(page, asked, 1)
    told_at = asked["n"]
    page.clock.run_for(95_000)
    page.wait_for_timeout(100)
    assert asked["n"] == told_at
    expect(page.locator("#strip")).to_have_text(figures, use_inner_text=True)
    assert not page.is_visible("#said")
    asked["wait"] = ""
    # Up to five seconds later than it was told, so that the screens of a hall do not come all at once.
    page.clock.run_for(10_500)
    expect(page.locator("#strip")).not_to_have_text(figures, use_inner_text=True)
    assert asked["n"] > told_at


def test_panels_turn_by_their_rule_and_an_empty_one_is_passed_over(played: Any) -> None:
    page, _asked = played
    seen = []
    for _turn in range(8):
        seen.append(page.get_attribute(".panel.on", "data-panel"))
        page.clock.run_for(10_100)
        page.wait_for_timeout(20)
    assert {"clocks", "today"} <= set(seen)
    assert all(first != second for first, second in pairwise(seen))
    assert page.locator(".panel.on").count() == 1


@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160)])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_everything_fits_and_can_be_read_from_afar(
    house: House, open_page: Open, size: tuple[int, int], language: str
) -> None:
    for number in range(6):
        matters.event_in("handling", house.county, address=f"{number}")
    page = hung(house, open_page, link(house)[1], language)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_selector(".panel.on")
    tall, wide = page.evaluate("[document.documentElement.scrollHeight, document.documentElement.scrollWidth]")
    assert (wide, tall) == size
    for name in page.evaluate("[...document.querySelectorAll('.panel')].map((one) => one.dataset.panel)"):
        beyond = page.evaluate(BEYOND, name)
        assert beyond == [], name
    smallest = page.evaluate(SMALLEST)
    assert smallest >= 0.0189 * size[0]


BEYOND = """(name) => [...document.querySelectorAll(`[data-panel=${name}] *`)].filter((one) => {
  const box = one.getBoundingClientRect(), foot = document.querySelector('.foot-line').getBoundingClientRect();
  return box.right > innerWidth + 1 || box.bottom > foot.top + 1;
}).map((one) => one.outerHTML.slice(0, 80))"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll('.panel *, .top *, .foot-line *')]
  .filter((one) => one.childNodes.length === 1 && one.firstChild.nodeType === 3 && !one.closest('svg, .sr, #age'))
  .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""


def test_who_wants_no_motion_gets_none(house: House, open_page: Open) -> None:
    page = hung(house, open_page, link(house)[1])
    assert page.evaluate(MOTION) == "0.6s"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOTION) == "0s"


MOTION = """() => {
  const panel = document.querySelector('#stage').appendChild(document.createElement('section'));
  panel.className = 'panel';
  return getComputedStyle(panel).transitionDuration.split(',')[0];
}"""
