"""The base map: from our own archive or from others, drawn in two schemata, under drawings, and quietly absent."""

import gzip
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as house
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from onegrid.gazetteer import queries
from onegrid.gazetteer.management.checks import base_map as check
from onegrid.gazetteer.rules import credit, ground, squares
from onegrid.kit import geo, tiles, vector_tile
from onegrid.middleware import map_setting
from onegrid.testing import cast
from onegrid.testing import tiles as drawn

BOX = (104.55, 28.65, 104.75, 28.75)
LON, LAT = cast.middle(0)
TIANDITU = [[f"https://t{n}.tianditu.gov.cn/{layer}_w/wmts?TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk=k"
             for n in range(8)] for layer in ("vec", "cva")]  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("archives")
    return {
        "pictures": drawn.pictures(folder / "p.pmtiles", BOX, (9, 12), holes={(12, *square(12))}),
        "protomaps": drawn.vectors(folder / "v.pmtiles", BOX, zooms=(9, 13)),
        "openmaptiles": drawn.vectors(folder / "o.pmtiles", BOX, drawn.OPENMAPTILES, zooms=(9, 12)),
    }


@pytest.fixture
def use(files: dict[str, Path], settings: Any) -> Any:
    def use(name: str) -> Path:
        settings.MAP_PMTILES = str(files[name])
        return files[name]

    return use


def square(zoom: int, lon: float = LON, lat: float = LAT) -> tuple[int, int]:
    return int(squares.column(lon, zoom)), int(squares.row(lat, zoom))


def address(zoom: int, tag: str = "", more: str = "") -> str:
    found = queries.archive()
    assert found is not None
    x, y = square(zoom)
    return f"/map/base/{tag or found.tag}/{zoom}/{x}/{y}/{more}"


def test_a_stranger_gets_a_tile_without_a_statement_and_keeps_it_for_a_year(use: Any, db: None) -> None:
    use("pictures")
    with CaptureQueriesContext(connection) as said:
        answer = Client().get(address(11))
    assert len(said) == 0
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert "immutable" in answer.headers["Cache-Control"]
    assert "31536000" in answer.headers["Cache-Control"]


def test_vector_tiles_come_as_they_are_stored_or_unpacked_for_who_cannot(use: Any) -> None:
    use("protomaps")
    packed = Client().get(address(12), headers={"Accept-Encoding": "br, gzip"})
    bare = Client().get(address(12))
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in bare.headers
    assert gzip.decompress(packed.content) == bare.content
    for answer in (packed, bare):
        assert answer.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_where_the_archive_has_nothing_the_answer_is_empty(use: Any) -> None:
    use("pictures")
    found = Client().get(address(12))
    assert (found.status_code, found.content) == (204, b"")
    assert Client().get("/map/base/x/5/0/0/").status_code == 204
    assert Client().get("/map/base/x/99/0/0/").status_code == 204


def test_an_old_address_gives_what_is_there_now_and_is_not_kept(use: Any) -> None:
    use("pictures")
    answer = Client().get(address(11, tag="0000000000000000"))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


def test_without_an_archive_there_is_no_tile(settings: Any) -> None:
    assert Client().get("/map/base/x/11/1620/853/").status_code == 404
    assert Client().get("/map/base/x/11/1620/853/light.svg").status_code == 404


def test_a_damaged_tile_is_absent_and_told_in_the_log(
    use: Any, settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole = use("protomaps").read_bytes()
    copy = tmp_path / "damaged.pmtiles"
    copy.write_bytes(whole[:-2000] + bytes(2000))
    settings.MAP_PMTILES = str(copy)
    places = list(squares.covering(BOX, 13))
    with caplog.at_level(logging.WARNING):
        answers = {Client().get(f"/map/base/x/13/{x}/{y}/").status_code for x, y in places}
    assert answers == {200, 404}
    assert "damaged" in caplog.text


def test_a_new_file_is_read_without_a_restart(use: Any, settings: Any, tmp_path: Path, files: dict[str, Path]) -> None:
    copy = tmp_path / "one.pmtiles"
    copy.write_bytes(files["pictures"].read_bytes())
    settings.MAP_PMTILES = str(copy)
    before = queries.base_map()
    copy.write_bytes(files["openmaptiles"].read_bytes())
    after = queries.base_map()
    assert not before.rules
    assert after.rules
    assert before.layers != after.layers
    copy.unlink()
    assert queries.base_map().layers == []


@pytest.mark.parametrize("schema", ["protomaps", "openmaptiles"])
def test_both_schemata_give_every_role(use: Any, schema: str) -> None:
    use(schema)
    found = queries.base_map()
    assert {"green", "water", "house", "minor", "main", "express"} <= {rule.role for rule in found.rules}
    tile = queries.archive().tile(12, *square(12))  # type: ignore[union-attr]
    seen = vector_tile.read(tiles.plain(tile or b""), {rule.layer for rule in found.rules})
    played = {rule.role for rule in found.rules for one in seen if ground.plays(one, rule)}
    assert {"minor", "house"} <= played


def test_layers_of_another_schema_are_refused_with_their_names(settings: Any, tmp_path: Path) -> None:
    strange = {kind: ("streets" if layer == "roads" else layer, field, word)
               for kind, (layer, field, word) in drawn.PROTOMAPS.items()}  # fmt: skip
    settings.MAP_PMTILES = str(drawn.vectors(tmp_path / "s.pmtiles", BOX, strange, zooms=(9, 9)))
    (warning,) = check()
    assert "streets" in warning.msg
    assert "OpenMapTiles" in warning.msg
    assert queries.base_map().layers == []


def test_a_missing_file_is_a_warning_at_the_start_and_a_map_without_base(settings: Any, tmp_path: Path) -> None:
    settings.MAP_PMTILES = str(tmp_path / "nowhere.pmtiles")
    (warning,) = check()
    assert warning.id == "gazetteer.W001"
    assert "there is no file" in warning.msg
    assert '"layers": []' in map_setting()


def test_a_good_file_and_none_give_no_warning(use: Any, settings: Any) -> None:
    assert check() == []
    use("pictures")
    assert check() == []


def test_a_tile_as_a_picture_is_drawn_in_the_colours_of_the_house(use: Any) -> None:
    use("protomaps")
    light, dark = (Client().get(address(13, more=f"{theme}.svg")) for theme in ("light", "dark"))
    assert light.headers["Content-Type"] == "image/svg+xml"
    assert len(re.findall(r" d=\"M", light.content.decode())) >= 3
    assert ground.INKS["light"]["road"] in light.content.decode()
    assert ground.INKS["dark"]["road"] in dark.content.decode()
    assert Client().get(address(13, more="pink.svg")).status_code == 404


def test_the_colours_are_those_of_the_style_sheet() -> None:
    sheet = (Path(house.BASE_DIR) / "frontend" / "css" / "_tokens.css").read_text(encoding="utf-8")
    light, dark = sheet.split("[data-theme=wall]")
    names = {"green": "green", "water": "water", "stream": "water-edge", "house": "house", "edge": "road-edge",
             "road": "road"}  # fmt: skip
    for theme, part in (("light", light), ("dark", dark)):
        tokens = dict(re.findall(r"--m-([a-z-]+):(#[0-9A-F]{6})", part))
        assert {name: ground.INKS[theme][name] for name in names} == {name: tokens[one] for name, one in names.items()}


def test_a_picture_tile_is_no_drawing(use: Any) -> None:
    use("pictures")
    assert Client().get(address(11, more="light.svg")).status_code == 404


def plate(lon: float, lat: float) -> tuple[float, float]:
    """A drawing 1000 wide of a box of 0.1 degrees, as those of the house are: nothing but stretched degrees."""
    return (lon - 104.6) * 10_000, (28.75 - lat) * 11_400


def test_tiles_lie_under_a_drawing_where_their_land_is(use: Any) -> None:
    use("pictures")
    found = queries.under(plate, (104.6, 28.65, 104.7, 28.75), 1000)
    assert found.squares
    for one in found.squares:
        z, x, y = map(int, re.findall(r"/(\d+)/(\d+)/(\d+)/$", one.address)[0])
        west, north = squares.longitude(x, z), squares.latitude(y, z)
        assert (one.x, one.y) == pytest.approx(plate(west, north), abs=0.01)
        assert one.wide == pytest.approx(10_000 * 360 / 2**z, abs=0.6)
    left, right = min(one.x for one in found.squares), max(one.x + one.wide for one in found.squares)
    assert left <= 0
    assert right >= 1000


def test_tiles_in_gcj02_are_laid_back(settings: Any) -> None:
    settings.MAP_LAYERS, settings.MAP_HOSTS = [["https://a.example/{z}/{x}/{y}.png"]], ["https://a.example"]
    box = (104.6, 28.65, 104.7, 28.75)
    straight = queries.under(plate, box, 1000).squares[0]
    settings.MAP_SYSTEM = "gcj02"
    shifted = queries.under(plate, box, 1000).squares[0]
    z, x, y = map(int, re.findall(r"/(\d+)/(\d+)/(\d+)\.png$", shifted.address)[0])
    lon, lat = geo.wgs_from_gcj(squares.longitude(x, z), squares.latitude(y, z))
    assert (shifted.x, shifted.y) == pytest.approx(plate(float(lon), float(lat)), abs=0.01)
    assert abs(shifted.x - straight.x) > 10
    assert '"shifted": true' in map_setting()


def test_others_are_asked_in_turn_and_never_where_somebody_looks_for_the_own_place(settings: Any) -> None:
    settings.MAP_LAYERS = TIANDITU
    settings.MAP_HOSTS = [f"https://t{n}.tianditu.gov.cn" for n in range(8)]
    box = (104.6, 28.65, 104.7, 28.75)
    found = queries.under(plate, box, 1000)
    hosts = {one.address.split("/")[2] for one in found.squares}
    assert len(hosts) > 2
    assert {"vec_w", "cva_w"} == {one.address.split("/")[3] for one in found.squares}
    assert found.credit == "天地图"
    assert queries.under(plate, box, 1000, others=False).squares == []


def test_what_would_be_a_blur_is_left_out(use: Any) -> None:
    use("pictures")
    assert queries.under(plate, (104.6, 28.7, 104.6001, 28.7001), 1000).squares == []


def test_the_number_of_approval_stands_under_a_map_with_and_without_base(use: Any, settings: Any) -> None:
    settings.MAP_APPROVAL = "GS(2026)0001号<b>"
    assert queries.base_map().credit == "审图号：GS(2026)0001号"
    use("pictures")
    assert queries.base_map().credit == "测绘院 · 审图号：GS(2026)0001号"
    settings.MAP_ATTRIBUTION = "某测绘院"
    assert queries.base_map().credit.startswith("某测绘院 · ")
    with translation.override("en"):
        assert "Map approval number: GS(2026)0001号" in queries.base_map().credit


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("© A & B", "© A &amp; B"),
        ('<a href="https://x.example/?a=1&b=2" onclick="x()">X</a>',
         '<a href="https://x.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">X</a>'),
        ('<a href="javascript:alert(1)">X</a>', "X"),
        ("<script>alert(1)</script><img src=x onerror=y>甲", "甲"),
        ('<a href="http://x.cn">X', '<a href="http://x.cn" target="_blank" rel="noopener noreferrer">X</a>'),
        ("a < b", "a &lt; b"),
        ('<a href="https://[x">X</a>', "X"),
    ],
)  # fmt: skip
def test_words_of_others_are_words_and_links_only(written: str, said: str) -> None:
    assert credit.safe(written) == said
