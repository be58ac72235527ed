"""The map in a real browser: it draws with no file from outside, groups open, it is live, and it dispatches."""

import io
import re
import time
from datetime import timedelta

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Route

from onegrid.events.models import Event
from onegrid.insight import actions
from onegrid.insight.queries import points
from onegrid.kit import clock
from onegrid.testing import matters as told
from onegrid.testing.cast import TOWNS
from tests.e2e.conftest import House, Open, sign_in
from tests.e2e.test_axe import packed
from tests.e2e.test_live import post

pytestmark = pytest.mark.browser
PAGE_BYTES = 650_000
CARD = 432  # with the room beside it


def map_of(house: House, open_page: Open, name: str = "dispatcher", *, size: str = "desktop", query: str = "") -> Page:
    page = open_page(size=size)
    sign_in(page, house, name)
    page.goto(f"{house.url}/map/{query}")
    page.wait_for_selector("body[data-ready]")
    return page


def drawn(page: Page, count: int) -> None:
    """Wait until so many matters stand on the map by themselves."""
    page.wait_for_selector(f"#map[data-matters='{count}']")


def middle(page: Page) -> tuple[float, float]:
    box = page.locator("#map canvas").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def chosen(page: Page) -> tuple[float, float]:
    """Where a matter that was chosen from the list stands: in the middle of what the card leaves of the map."""
    east, south = middle(page)
    return east - CARD / 2, south


def carry(page: Page, here: tuple[float, float], there: tuple[float, float]) -> None:
    """Drag the map, and let it come to rest."""
    page.mouse.move(*here)
    page.mouse.down()
    page.mouse.move(*there, steps=8)
    page.wait_for_timeout(300)
    page.mouse.up()
    page.wait_for_timeout(300)


def test_the_map_draws_and_weighs_little(house: House, open_page: Open, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything that the page loads, packed; the base map of a setting would come on top."""
    told.reported()
    sizes = weights(house, open_page, 1)
    assert any(url.endswith("/map/worker.js") for url in sizes)
    assert any("/map/outlines/" in url for url in sizes)
    with capsys.disabled():
        print(f"\nthe map page weighs {sum(sizes.values()) / 1000:.0f} KB packed")
    assert PAGE_BYTES / 2 < sum(sizes.values()) <= PAGE_BYTES, sizes


def weights(house: House, open_page: Open, count: int) -> dict[str, int]:
    """Everything that the page with so many matters loads: address -> bytes packed, of the answer itself."""
    page, loaded = open_page(size="desktop"), set[str]()
    sign_in(page, house, "dispatcher")
    page.on(
        "request", lambda asked: loaded.add(asked.url) if asked.method == "GET" and "stream" not in asked.url else None
    )
    page.goto(f"{house.url}/map/", wait_until="networkidle")
    drawn(page, count)
    answers = {url: page.context.request.get(url) for url in loaded if url.startswith(house.url + "/")}
    assert {url: one.status for url, one in answers.items() if not one.ok} == {}
    return {url: packed(one.body()) for url, one in answers.items()}


def test_grids_come_town_by_town_as_one_moves(house: House, open_page: Open) -> None:
    """Near one grid only its town's sheet is asked for; over the border that of the next, and none twice."""
    number = told.reported(lon=104.605, lat=28.705).number
    page, asked = open_page(size="phone"), list[str]()
    sign_in(page, house, "dispatcher")
    page.on("request", lambda one: asked.append(one.url.split("/grid/")[1][:9]) if "/grid/" in one.url else None)
    page.goto(f"{house.url}/map/?event={number}")
    page.wait_for_selector("body[data-ready]")
    page.wait_for_load_state("networkidle")
    assert asked == [TOWNS[0]]
    page.focus(".maplibregl-canvas")
    for key, seen in (("ArrowRight", list(TOWNS[:2])), ("ArrowLeft", list(TOWNS[:2]))):
        for _hundred_pixels in range(14):
            page.keyboard.press(key)
            page.wait_for_timeout(400)
        assert asked == seen


def test_sheets_that_come_late_do_not_drive_out_what_is_in_view(house: House, open_page: Open) -> None:
    """Forty towns are asked for; one moves on to forty others, and only then do the first come."""
    here, there = ([f"9{side}{number:07}" for number in range(40)] for side in (1, 2))
    parts = [[home, 104.4, 28.6, 104.75, 28.8] for home in here] + [[home, 104.8, 28.6, 105.2, 28.8] for home in there]
    page, asked, late = open_page(size="phone"), list[str](), list[Route]()
    empty: dict[str, object] = {"type": "FeatureCollection", "features": []}
    page.route("**/map/outlines/town/", lambda route: route.fulfill(json={**empty, "mark": "m", "parts": parts}))

    def answer(route: Route) -> None:
        asked.append(route.request.url.split("/village/")[1][:9])
        if asked[-1] in here:
            late.append(route)
        else:
            route.fulfill(json=empty)

    page.route("**/map/outlines/village/*/**", answer)
    sign_in(page, house, "dispatcher")
    page.goto(f"{house.url}/map/")
    page.wait_for_selector("body[data-ready]")
    page.focus(".maplibregl-canvas")
    moved(page, 8)
    for _tenth in range(100):
        if len(asked) >= len(parts):
            break
        page.wait_for_timeout(100)
    assert sorted(asked) == here + there
    for route in late:
        route.fulfill(json=empty)
    page.wait_for_load_state("networkidle")
    moved(page, 1)
    assert sorted(asked) == here + there


def moved(page: Page, times: int) -> None:
    """Move a hundred pixels to the east so many times."""
    for _hundred_pixels in range(times):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(400)


def test_groups_open_into_matters(house: House, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(points, "FEW", 2)
    for place in range(6):
        told.reported(lon=round(104.605 + 0.01 * place, 6), lat=28.705)
    actions.count_cells()
    page = map_of(house, open_page)
    drawn(page, 6)
    for _twice in range(2):
        page.click(".maplibregl-ctrl-zoom-out")
        page.wait_for_timeout(600)
    drawn(page, 0)
    assert "分组" in page.inner_text("#said")
    page.click("#rows .ev")
    page.wait_for_selector("#map:not([data-matters='0'])")
    assert "分组" not in page.inner_text("#said")


def test_matters_at_one_place_can_be_told_apart(house: House, open_page: Open) -> None:
    numbers = {told.reported().number for _n in range(2)}
    page = map_of(house, open_page)
    page.click("#rows .ev")
    page.wait_for_selector("#card article")
    page.click("#card [data-close]")
    page.wait_for_timeout(800)
    page.mouse.click(*chosen(page))
    page.wait_for_selector("#card > .ev")
    offered = {one.get_attribute("data-number") for one in page.query_selector_all("#card > .ev")}
    assert offered == numbers
    page.click("#card > .ev >> nth=1")
    page.wait_for_selector("#card article")


@pytest.mark.parametrize("width", [1000, 1200, 1440])
def test_what_is_chosen_is_not_under_the_card_and_stays_when_one_comes_nearer(
    house: House, open_page: Open, width: int
) -> None:
    told.reported()
    page = open_page(size="desktop", width=width)
    sign_in(page, house, "dispatcher")
    page.goto(f"{house.url}/map/")
    page.wait_for_selector("body[data-ready]")
    page.click("#rows .ev")
    page.wait_for_selector("#card article")
    page.wait_for_timeout(800)
    assert chosen(page)[0] < page.locator("#card").bounding_box()["x"] - 20  # type: ignore[index]
    for _twice in range(2):
        page.click(".maplibregl-ctrl-zoom-in")
        page.wait_for_timeout(600)
    page.click("#card [data-close]")
    page.mouse.click(*chosen(page))
    page.wait_for_selector("#card article")


@pytest.mark.parametrize("way", ["address", "list"])
def test_on_a_phone_what_is_chosen_stands_between_the_tools_and_the_card(
    house: House, open_page: Open, way: str
) -> None:
    with told.at(clock.now() - timedelta(days=40)):
        number = told.event_in("handling", house.county).number  # overdue, so that it is red
    page = map_of(house, open_page, size="phone", query=f"?event={number}" if way == "address" else "")
    if way == "list":
        page.click("#rows .ev")
    page.wait_for_selector("#card article")
    page.wait_for_timeout(1500)
    tools, card = page.locator(".tools").bounding_box(), page.locator("#card").bounding_box()
    assert tools is not None
    assert card is not None
    below = tools["y"] + tools["height"]
    shot = page.screenshot(clip={"x": 0, "y": below, "width": 390, "height": card["y"] - below})
    seen = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(int)
    rows, columns = np.nonzero((seen[..., 0] > 150) & (seen[..., 1] < 110) & (seen[..., 2] < 110))
    assert len(rows) > 50
    assert columns.mean() == pytest.approx(195, abs=12)
    assert rows.mean() == pytest.approx(len(seen) / 2, abs=25)


def test_a_matter_that_the_card_would_cover_comes_out(house: House, open_page: Open) -> None:
    number = told.reported().number
    page = map_of(house, open_page)
    page.click("#rows .ev")
    page.wait_for_selector("#card article")
    page.click("#card [data-close]")
    page.wait_for_timeout(800)
    box = page.locator("#map canvas").bounding_box()
    assert box is not None
    aim = (box["x"] + box["width"] - 150, box["y"] + 300)
    carry(page, chosen(page), aim)
    page.mouse.click(*aim)
    page.wait_for_selector("#card article")
    page.wait_for_timeout(800)
    page.click("#card [data-close]")
    page.mouse.click(*chosen(page))
    page.wait_for_selector(f"#card article >> text={number}")


def test_the_tools_take_two_rows_at_most_on_a_phone(house: House, open_page: Open) -> None:
    for language in ("zh-hans", "en"):
        page = open_page(size="phone", language=language)
        sign_in(page, house, "leader")
        page.goto(f"{house.url}/map/")
        page.wait_for_selector("body[data-ready]")
        shown = page.locator(".tools .btn:visible")
        assert shown.count() == 5
        boxes = [one.bounding_box() for one in shown.all()]
        assert len({box["y"] for box in boxes if box}) <= 2
        assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)


def test_a_report_appears_within_a_second_and_what_ends_leaves(
    house: House, open_page: Open, capsys: pytest.CaptureFixture[str]
) -> None:
    page = map_of(house, open_page)
    page.wait_for_selector("#live.is-live")
    drawn(page, 0)
    took = []
    for n in range(3):
        number = post(house, n)
        began = time.monotonic()
        drawn(page, n + 1)
        took.append(time.monotonic() - began)
    with capsys.disabled():
        print("\non the map after", ", ".join(f"{one:.2f} s" for one in took))
    assert min(took) <= 1
    page.wait_for_selector(f"#rows [data-number='{number}']")
    event = Event.objects.get(number=number)
    told.actions.take(
        actor=house.county.receiver, number=event.number, verb="refuse", given={"reason": "court", "words": "请起诉"}
    )
    drawn(page, 2)


def test_among_groups_no_matter_stands_by_itself(
    house: House, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes in is counted in a group; by itself it would lie over it and be counted twice."""
    monkeypatch.setattr(points, "FEW", 2)
    for _four in range(4):
        told.reported()
    actions.count_cells()
    page, asked = map_of(house, open_page), list[str]()
    page.wait_for_selector("#live.is-live")
    for _twice in range(2):
        page.click(".maplibregl-ctrl-zoom-out")
        page.wait_for_timeout(600)
    page.wait_for_selector("#said:text('分组')")
    page.evaluate(STOOD_ALONE)
    page.on("request", lambda one: asked.append(one.url) if "/map/list/" in one.url else None)
    number = post(house, 1)
    page.wait_for_selector(f"#rows [data-number='{number}']")
    assert asked
    assert page.evaluate("window.stood") == ["0"]


# What the map said of matters that stand by themselves, from now on.
STOOD_ALONE = """() => {
  const map = document.getElementById("map");
  const seen = new Set([map.dataset.matters]);
  new MutationObserver(() => { seen.add(map.dataset.matters); window.stood = [...seen]; })
    .observe(map, { attributes: true, attributeFilter: ["data-matters"] });
  window.stood = [...seen];
}"""


def test_news_without_end_do_not_keep_the_list_from_being_asked_for(house: House, open_page: Open) -> None:
    page = map_of(house, open_page)
    page.wait_for_selector("#live.is-live")
    before, began = page.evaluate(LISTS), time.monotonic()
    while time.monotonic() < began + 4:
        told.reported()
    assert page.evaluate(LISTS) >= before + 2


# How often the list was given.
LISTS = "performance.getEntriesByType('resource').filter((one) => one.name.includes('/map/list/')).length"


def test_the_card_shows_what_was_chosen_last(house: House, open_page: Open) -> None:
    """The first answer comes after the second, and a card that was closed stays closed."""
    first, second = told.reported().number, told.reported(lon=104.606, lat=28.705).number
    page, late = map_of(house, open_page), list[Route]()
    page.route(f"**/map/events/{first}/", lambda route: late.append(route))
    page.click(f"#rows [data-number='{first}']")
    page.click(f"#rows [data-number='{second}']")
    page.wait_for_selector(f"#card article >> text={second}")
    answered(page, late.pop())
    assert second in page.inner_text("#card article")
    page.click(f"#rows [data-number='{first}']")
    page.click("#card [data-close]")
    answered(page, late.pop())
    assert not page.is_visible("#card")


def answered(page: Page, late: Route) -> None:
    """Let a question go on that was held, and the page do what it does with the answer."""
    with page.expect_response(late.request.url):
        late.continue_()
    page.wait_for_timeout(500)


def test_dispatch_from_the_card(house: House, open_page: Open) -> None:
    event = told.event_in("accepted", house.county)
    page = map_of(house, open_page, query=f"?event={event.number}")
    page.wait_for_selector("#card .asked")
    assert "属地和类别规则指定" in page.inner_text("#card .asked")
    page.click("#card .asked button >> nth=0")
    page.wait_for_selector("#card .sent")
    event.refresh_from_db()
    assert event.state == "assigned"
    assert page.query_selector("#card .asked") is None


def test_a_circle_and_a_way_by_mouse_and_keyboard(house: House, open_page: Open) -> None:
    number = told.reported().number
    page = map_of(house, open_page)
    page.click("#rows .ev")
    page.wait_for_selector("#card article")
    page.click("#card [data-close]")
    page.wait_for_timeout(800)
    east, south = chosen(page)
    page.click("[data-tool=measure]")
    page.mouse.click(east, south)
    page.mouse.click(east + 100, south)
    page.wait_for_function("document.getElementById('told').textContent.match(/米|公里/)")
    assert re.search(r"[1-9][\d.]* ?(米|公里)", page.inner_text("#told"))
    page.keyboard.press("Escape")
    page.click("[data-tool=circle]")
    page.mouse.click(east, south)
    page.mouse.move(east + 60, south)
    page.mouse.click(east + 60, south)
    page.wait_for_selector(f"#card [data-found] [data-number='{number}']")
    assert "(1)" in page.inner_text("#card [data-found]")
    page.click("#card [data-close]")
    carry(page, (east, south), middle(page))
    page.focus("[data-tool=near]")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#card [data-found] [data-number='{number}']")
    assert "(1)" in page.inner_text("#card [data-found]")


def test_without_webgl_the_list_stays(house: House, open_page: Open) -> None:
    number = told.reported().number
    page = open_page(size="phone")
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    sign_in(page, house, "leader")
    page.goto(f"{house.url}/map/")
    page.wait_for_selector(".map.cannot .map-cannot")
    assert "WebGL" in page.inner_text(".map-cannot")
    page.click("#rows .ev")
    page.wait_for_selector("#card article")
    assert number in page.inner_text("#card article")
