"""The base map in a real browser: from our own file, from others, from tiles that lie beside; and what else stays."""

import io
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, Route

from onegrid.gazetteer.rules import squares
from onegrid.insight import actions
from onegrid.kit import geo
from onegrid.settings import TIANDITU, several
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing import tiles as drawn
from tests.e2e.conftest import SIZES, House, Open, sign_in
from tests.e2e.test_areas import begin, choose
from tests.e2e.test_map import PAGE_BYTES, chosen, weights

pytestmark = pytest.mark.browser
BOX = (104.58, 28.68, 104.69, 28.73)
PLACE = (104.605, 28.705)
WATER = (0xCF, 0xE0, 0xE6)
Draw = Callable[[int, int, int], bytes]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("archives")
    return {"pictures": drawn.pictures(folder / "p.pmtiles", BOX, (8, 14), attribution="测绘院"),
            "vectors": drawn.vectors(folder / "v.pmtiles", BOX, zooms=(8, 14))}  # fmt: skip


class Provider:
    """A server of tiles on this machine; it remembers what was asked, and fails when told to."""

    def __init__(self, draw: Draw) -> None:
        self.asked: list[tuple[str, int, int, int]] = []
        self.broken = False
        provider = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                z, x, y = (int(part) for part in self.path.removesuffix(".png").split("/")[-3:])
                provider.asked.append((self.headers["Host"].split(":")[0], z, x, y))
                self.send_response(503 if provider.broken else 200)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Cross-Origin-Resource-Policy", "cross-origin")
                self.end_headers()
                if not provider.broken:
                    self.wfile.write(draw(z, x, y))

            def log_message(self, *_words: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def spot(lon: float, lat: float) -> Draw:
    """Grey tiles with one red disc around a place."""

    def draw(z: int, x: int, y: int) -> bytes:
        tile = Image.new("RGB", (256, 256), "#e8e8e8")
        left, top = (squares.column(lon, z) - x) * 256, (squares.row(lat, z) - y) * 256
        ImageDraw.Draw(tile).ellipse([left - 40, top - 40, left + 40, top + 40], fill="#ff0000")
        made = io.BytesIO()
        tile.save(made, "PNG")
        return made.getvalue()

    return draw


@pytest.fixture
def provider() -> Iterator[Callable[[Draw], Provider]]:
    made: list[Provider] = []

    def start(draw: Draw) -> Provider:
        made.append(Provider(draw))
        return made[-1]

    yield start
    for one in made:
        one.close()


def seen(page: Page) -> np.ndarray[Any, Any]:
    return np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB")).astype(int)


def red(page: Page) -> tuple[float, float]:
    """Where the middle of what is red lies on the screen, right of the list."""
    shot = seen(page)[:, 340:]
    rows, columns = np.nonzero((shot[..., 0] > 150) & (shot[..., 1] < 110) & (shot[..., 2] < 110))
    assert len(rows) > 500
    return float(columns.mean()) + 340, float(rows.mean())


def at_map(house: House, open_page: Open, query: str = "") -> Page:
    page = open_page(size="desktop")
    sign_in(page, house, "dispatcher")
    page.goto(f"{house.url}/map/{query}")
    page.wait_for_selector("body[data-ready]")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(700)
    return page


@pytest.mark.parametrize("name", ["pictures", "vectors"])
def test_one_file_lies_under_every_map(
    house: House, open_page: Open, settings: Any, files: dict[str, Path], name: str
) -> None:
    told.reported()
    settings.MAP_PMTILES, settings.MAP_APPROVAL = str(files[name]), "GS(2026)0001号"
    page = open_page(size="desktop")
    answers: dict[str, int] = {}
    page.on("response", lambda got: answers.update({got.url: got.status}) if "/map/base/" in got.url else None)
    sign_in(page, house, "dispatcher")
    for path in ("/map/", "/map/heat/?back=0"):
        answers.clear()
        page.goto(house.url + path)
        page.wait_for_selector(".maplibregl-ctrl-attrib >> text=审图号：GS(2026)0001号")
        page.wait_for_load_state("networkidle")
        assert set(answers.values()) <= {200, 204}, answers
        assert 200 in answers.values()
        assert not page.is_visible(".map-away")
        if name == "vectors":
            assert (seen(page) == WATER).all(axis=2).sum() > 2_000


def test_a_vector_base_map_adds_nothing_heavy_to_the_page(
    house: House, open_page: Open, settings: Any, files: dict[str, Path]
) -> None:
    """Its tiles come on top of what the page weighs without a base map, and nothing else does."""
    settings.MAP_PMTILES = str(files["vectors"])
    sizes = weights(house, open_page, 0)
    tiles = {url: size for url, size in sizes.items() if "/map/base/" in url}
    assert 0 < len(tiles) <= 24
    assert 0 < sum(tiles.values()) < 100_000
    assert sum(sizes.values()) - sum(tiles.values()) <= PAGE_BYTES, sizes


def test_it_lies_under_the_editor_of_grids(
    house: House, open_page: Open, settings: Any, files: dict[str, Path]
) -> None:
    settings.MAP_PMTILES = str(files["vectors"])
    page, answers = open_page(size="desktop"), set[int]()
    page.on("response", lambda got: answers.add(got.status) if "/map/base/" in got.url else None)
    begin(page, house)
    choose(page, cast.GRIDS[0])
    page.wait_for_load_state("networkidle")
    assert 200 in answers
    assert answers <= {200, 204}
    assert page.is_visible(".maplibregl-ctrl-attrib >> text=© OpenStreetMap")


@pytest.mark.parametrize("name", ["pictures", "vectors"])
def test_it_lies_under_the_wall_and_the_own_grid(
    house: House, open_page: Open, settings: Any, files: dict[str, Path], name: str
) -> None:
    settings.MAP_PMTILES, settings.MAP_APPROVAL = str(files[name]), "GS(2026)0001号"
    for number in range(6):
        told.event_in("handling", house.county, address=f"{number}")
    _link, code = actions.make_wall_link(actor=house.county.leader, area=cast.COUNTY, name="大厅", days="7")
    page = open_page(size="desktop")
    page.goto(f"{house.url}/wall/#{code}")
    page.wait_for_selector("[data-panel=map] .under image", state="attached")
    page.wait_for_load_state("networkidle")
    assert loads(page, "[data-panel=map] .under image")
    assert "GS(2026)0001号" in (page.text_content("[data-panel=map]") or "")
    page.goto(f"{house.url}/my-grid/")
    page.evaluate("([lon, lat]) => { const look = document.getElementById('look');"
                  "look.longitude.value = lon; look.latitude.value = lat; look.submit(); }", list(PLACE))  # fmt: skip
    page.wait_for_selector(".gridmap .under image", state="attached")
    assert loads(page, ".gridmap .under image")
    page.wait_for_selector(".mygrid >> text=GS(2026)0001号")


def loads(page: Page, images: str) -> bool:
    """Whether this browser draws every picture of a drawing that there is, and there is one; some squares are empty."""
    addresses = page.eval_on_selector_all(images, "all => all.map((one) => one.href.baseVal)")
    script = """(address) => fetch(address).then((got) => got.status === 204 ? "empty" : new Promise((said) => {
        const image = new Image(); image.onload = () => said("drawn"); image.onerror = () => said("broken");
        image.src = address; }))"""
    return {page.evaluate(script, address) for address in addresses} - {"empty"} == {"drawn"}


def test_tiles_of_several_hosts_are_asked_where_the_map_looks_and_are_drawn(
    house: House, open_page: Open, settings: Any, provider: Any
) -> None:
    event = told.reported()
    tiles = provider(spot(*PLACE))
    hosts = [f"http://{host}:{tiles.port}" for host in ("127.0.0.1", "localhost")]
    settings.MAP_LAYERS = [[f"{host}/{{z}}/{{x}}/{{y}}.png" for host in hosts]]
    settings.MAP_HOSTS, settings.MAP_ATTRIBUTION = hosts, "本县测绘院"
    page = at_map(house, open_page, f"?event={event.number}")
    assert {host for host, *_square in tiles.asked} == {"127.0.0.1", "localhost"}
    for _host, z, x, y in tiles.asked:
        assert abs(squares.column(PLACE[0], z) - x) < 8
        assert abs(squares.row(PLACE[1], z) - y) < 6
    assert red(page) == pytest.approx(chosen(page), abs=4)
    assert page.is_visible(".maplibregl-ctrl-attrib >> text=本县测绘院")


@pytest.mark.parametrize(("system", "right"), [("gcj02", True), ("wgs84", False)])
def test_tiles_in_gcj02_are_put_right_when_that_is_said(
    house: House, open_page: Open, settings: Any, provider: Any, system: str, right: bool
) -> None:
    """The provider draws the disc where GCJ-02 has the place of the matter, some hundred metres beside."""
    event = told.reported()
    lon, lat = geo.gcj_from_wgs(*PLACE)
    tiles = provider(spot(float(lon), float(lat)))
    host = f"http://127.0.0.1:{tiles.port}"
    settings.MAP_LAYERS, settings.MAP_HOSTS, settings.MAP_SYSTEM = [[f"{host}/{{z}}/{{x}}/{{y}}.png"]], [host], system
    page = at_map(house, open_page, f"?event={event.number}")
    away = np.hypot(*np.subtract(red(page), chosen(page)))
    assert (away < 4) == right
    assert right or away > 50


def test_a_provider_that_is_away_leaves_the_map_and_a_quiet_sentence(
    house: House, open_page: Open, settings: Any, provider: Any
) -> None:
    event = told.reported()
    tiles = provider(spot(*PLACE))
    tiles.broken = True
    host = f"http://127.0.0.1:{tiles.port}"
    settings.MAP_LAYERS, settings.MAP_HOSTS = [[f"{host}/{{z}}/{{x}}/{{y}}.png"]], [host]
    page = at_map(house, open_page)
    page.wait_for_selector(".map-away:visible")
    assert page.inner_text(".map-away") == "底图暂时无法加载，区域和事项照常显示。"
    page.wait_for_selector("#map[data-matters='1']")
    page.click("#rows .ev")
    page.wait_for_selector("#card article")
    assert event.number in page.inner_text("#card article")
    tiles.broken = False
    page.click(".maplibregl-ctrl-zoom-in")
    page.wait_for_selector(".map-away", state="hidden")
    assert not page.is_visible(".map-away")


def test_tianditu_is_asked_as_it_wants_and_the_policy_lets_it_through(
    house: House, browser: Browser, settings: Any
) -> None:
    """Its real addresses, answered by this test: nothing leaves the machine."""
    settings.MAP_LAYERS = [several(TIANDITU.format(layer=layer, key="of-this-house")) for layer in ("vec", "cva")]
    settings.MAP_HOSTS = [f"https://t{n}.tianditu.gov.cn" for n in range(8)]
    tile, asked, said = spot(*PLACE), list[tuple[str, str]](), list[str]()
    context = browser.new_context(viewport=SIZES["desktop"])  # type: ignore[arg-type]

    def answer(route: Route) -> None:
        request = route.request
        asked.append((request.url, request.all_headers().get("referer", "")))
        named = parse_qs(urlsplit(request.url).query)
        body = tile(*(int(named[name][0]) for name in ("TILEMATRIX", "TILECOL", "TILEROW")))
        route.fulfill(body=body, content_type="image/png", headers={"Access-Control-Allow-Origin": "*"})

    context.route(lambda url: "tianditu.gov.cn" in url, answer)
    page = context.new_page()
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    event = told.reported()
    sign_in(page, house, "dispatcher")
    page.goto(f"{house.url}/map/?event={event.number}")
    page.wait_for_selector("body[data-ready]")
    page.wait_for_selector(".maplibregl-ctrl-attrib >> text=天地图")
    page.wait_for_timeout(1500)
    assert red(page) == pytest.approx(chosen(page), abs=4)
    context.close()
    assert said == []
    urls = [urlsplit(url) for url, _referer in asked]
    assert {url.path for url in urls} == {"/vec_w/wmts", "/cva_w/wmts"}
    assert len({url.hostname for url in urls}) > 3
    for url in urls:
        named = {name: value[0] for name, value in parse_qs(url.query).items()}
        assert named["tk"] == "of-this-house"
        assert named["TILEMATRIXSET"] == "w"
        zoom = int(named["TILEMATRIX"])
        assert abs(squares.column(PLACE[0], zoom) - int(named["TILECOL"])) < 8
        assert abs(squares.row(PLACE[1], zoom) - int(named["TILEROW"])) < 6
    # A key may be bound to the name of this house; the page that is looked at is nobody's business.
    assert {referer for _url, referer in asked} == {house.url + "/"}


def test_without_a_base_map_nothing_is_asked_and_nothing_is_said(house: House, open_page: Open) -> None:
    page = at_map(house, open_page)
    assert json.loads(page.get_attribute("#map", "data-map") or "{}")["base"]["layers"] == []
    assert not page.is_visible(".map-away")
    assert page.query_selector(".maplibregl-ctrl-attrib") is None
