"""Grids divided anew by hand: a line drawn on the map, a point dragged, approved by the leader; the same typed."""

import math
import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from onegrid.org import queries as places
from onegrid.org.models import Area
from onegrid.territory import actions
from onegrid.territory.models import Redivision
from onegrid.testing.cast import GRIDS, PASSWORD, SOUTH, STEP, WEST
from tests.e2e.conftest import House, Open

pytestmark = pytest.mark.browser
TILE = 512
MIDDLE = WEST + STEP / 2
LINE = f"{MIDDLE}, {SOUTH - STEP}\n{MIDDLE}, {SOUTH + 2 * STEP}"


def sign_in(page: Page, house: House, name: str) -> None:
    page.goto(f"{house.url}/login/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_load_state()


def begin(page: Page, house: House) -> Redivision:
    """A draft by its form, signed in as the administrator."""
    sign_in(page, house, "admin_system")
    page.goto(f"{house.url}/settings/areas/new/")
    page.fill("[name=title]", "东门社区网格调整")
    page.fill("[name=reason]", "楼院新建，住户增加")
    page.fill("[name=effective_on]", (places.day() + timedelta(days=1)).isoformat())
    page.click("main button.primary")
    page.wait_for_url("**/draw/")
    return Redivision.objects.get()


def choose(page: Page, key: str) -> None:
    page.click(f'.grids a[href$="key={key}"]')
    page.wait_for_selector(".drawing[data-ready=yes]", timeout=60_000)


def spot(page: Page, lon: float, lat: float) -> tuple[float, float]:
    """Where a place lies on the screen: the address says how near the map is and what lies in its middle."""
    page.wait_for_function("() => location.hash.split('/').length >= 3")
    zoom, middle_lat, middle_lon = map(float, re.findall(r"-?[\d.]+", page.url.split("#")[1])[:3])
    box = page.locator(".maplibregl-canvas").bounding_box()
    assert box is not None
    world = TILE * 2**zoom

    def down(degrees: float) -> float:
        return (1 - math.asinh(math.tan(math.radians(degrees))) / math.pi) / 2 * world

    x = box["x"] + box["width"] / 2 + (lon - middle_lon) / 360 * world
    return x, box["y"] + box["height"] / 2 + down(lat) - down(middle_lat)


def test_a_grid_is_split_by_a_drawn_line_and_the_leader_approves(house: House, open_page: Open) -> None:
    page = open_page(size="desktop")
    one = begin(page, house)
    choose(page, GRIDS[0])
    page.click('form[action$="/change/split/"] >> xpath=../summary')
    page.click('form[action$="/change/split/"] .on-map')
    for lat in (SOUTH - STEP / 4, SOUTH + STEP * 1.25):
        page.mouse.click(*spot(page, MIDDLE, lat))
    page.keyboard.press("Enter")
    assert len(page.input_value('form[action$="/change/split/"] textarea').splitlines()) == 2
    page.click('form[action$="/change/split/"] button.primary')
    page.wait_for_selector('.grids a[href$="key=n2"]')
    change = one.changes.get()
    assert (change.kind, sorted(change.after)) == ("split", ["n1", "n2"])
    page.click("text=查看影响")
    page.click('form[action$="/submit/"] button')
    page.wait_for_selector("text=待批准")
    page.context.clear_cookies()
    sign_in(page, house, "leader")
    page.goto(f"{house.url}/settings/areas/")
    page.click("text=东门社区网格调整")
    page.wait_for_selector("#preview")
    page.click('form[action$="/approve/"] button')
    page.wait_for_selector("text=已批准，尚未生效")
    one.refresh_from_db()
    assert (one.state, one.touches) == ("approved", [GRIDS[0]])
    assert Area.objects.filter(kind="grid").count() == len(GRIDS)


def test_a_new_grid_is_drawn_over_two_and_clicks_land_on_what_is_there(house: House, open_page: Open) -> None:
    page = open_page(size="desktop")
    one = begin(page, house)
    choose(page, GRIDS[0])
    form = 'form[action$="/change/draw/"]'
    page.click(f"{form} >> xpath=../summary")
    page.fill(f"{form} [name=name_zh]", "东门花园网格")
    page.click(f"{form} .on-map")
    lowest, highest = SOUTH, SOUTH + STEP * 0.6
    for lon, lat, off in ((MIDDLE, lowest, 5), (WEST + STEP, lowest, 5), (WEST + STEP * 1.5, lowest, -6),
                          (WEST + STEP * 1.5, highest, 0), (MIDDLE, highest, 0)):  # fmt: skip
        x, y = spot(page, lon, lat)
        page.mouse.click(x, y + off)
    page.keyboard.press("Enter")
    assert len(page.input_value(f"{form} textarea").splitlines()) == 5
    page.click(f"{form} button.primary")
    page.wait_for_selector('.grids a.on[href$="key=n1"]')
    change = one.changes.get()
    assert (change.kind, sorted(change.after)) == ("draw", [GRIDS[0], GRIDS[1], "n1"])
    rings = {key: row["outline"]["coordinates"] for key, row in change.after.items()}
    spots = {key: {tuple(at) for ring in found for at in ring} for key, found in rings.items()}
    # What was clicked beside the southern border lies on it; the corner of the two grids is one of the new one.
    assert sum(abs(lat - SOUTH) < 1e-9 for _lon, lat in spots["n1"]) == 3
    assert any(spots[GRIDS[0]] & spots[GRIDS[1]] & spots["n1"])


def test_a_point_is_pulled_out_of_a_shared_edge(house: House, open_page: Open) -> None:
    page = open_page(size="desktop")
    one = begin(page, house)
    choose(page, GRIDS[0])
    page.click("#redraw summary")
    edge = (WEST + STEP, SOUTH + STEP / 2)
    page.mouse.move(*spot(page, *edge))
    page.mouse.down()
    page.mouse.move(*spot(page, edge[0] - STEP / 8, edge[1]), steps=4)
    page.mouse.move(*spot(page, edge[0] - STEP / 4, edge[1]), steps=4)
    page.mouse.up()
    page.wait_for_selector("text=撤回：移动边界")
    change = one.changes.get()
    assert sorted(change.after) == [GRIDS[0], GRIDS[1]]
    shared = set.intersection(
        *({tuple(spot) for spot in row["outline"]["coordinates"][0]} for row in change.after.values())
    )
    assert len(shared) == 3
    page.click("text=撤回：移动边界")
    page.wait_for_selector("text=撤回：移动边界", state="detached")
    assert not one.changes.exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_without_scripts_the_forms_do_all_of_it(house: House, open_page: Open, language: str) -> None:
    page = open_page(size="phone", scripts=False, language=language)
    one = begin(page, house)
    page.click(f'.grids a[href$="key={GRIDS[0]}"]')
    page.click('form[action$="/change/split/"] >> xpath=../summary')
    page.fill('form[action$="/change/split/"] textarea', f"{MIDDLE} {SOUTH}")
    page.click('form[action$="/change/split/"] button.primary')
    # Nothing that was typed is lost, and a sentence says what is missing.
    page.wait_for_selector(".err")
    assert page.input_value('form[action$="/change/split/"] textarea') == f"{MIDDLE} {SOUTH}"
    page.fill('form[action$="/change/split/"] textarea', LINE)
    page.click('form[action$="/change/split/"] button.primary')
    page.wait_for_selector('.grids a[href$="key=n1"]')
    assert page.locator("svg.outlines path").count() == 3
    assert one.changes.count() == 1
    assert actions.sweep_redivisions() == 0
