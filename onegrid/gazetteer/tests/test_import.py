"""Files of names and things: every bad row with line and reason, the stated system, twice is once, dry run first."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from onegrid.gazetteer import actions
from onegrid.gazetteer.actions import LayerWish
from onegrid.gazetteer.adapters import files
from onegrid.gazetteer.models import Layer, Named, Thing
from onegrid.kit import geo
from onegrid.org.roles import Actor
from onegrid.testing import cast
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
LON, LAT = cast.middle(0)


def loaded(path: Path, *args: str) -> str:
    out = StringIO()
    with translation.override("en"):
        call_command("load_places", str(path), *args, stdout=out)
    return out.getvalue()


@pytest.fixture
def hydrants(county: County) -> None:
    actions.keep_layer(SYSTEM, wish=LayerWish("hydrants", "消火栓", "x", fields=(("bore", "口径", "bore"),)))


CSV = f"""编码,名称,经度,纬度,口径,颜色
H1,甲,{LON},{LAT},100,红
H2,乙,{LAT},{LON},100,红
H1,丙,{LON},{LAT},100,红
,丁,{LON},{LAT},100,红
H5,戊,,,100,红
H6,己,east,{LAT},100,红
H7,庚家里,{LON},{LAT},100,红
H8,辛,{LON},{LAT},13812345678,红
H9,壬,{LON},{LAT},150,蓝
H10,癸,{LON + 1},{LAT},150,蓝
"""


def test_every_bad_row_is_told_with_line_and_reason_and_nothing_written_first(hydrants: None, tmp_path: Path) -> None:
    path = tmp_path / "h.csv"
    path.write_text(CSV, encoding="gb18030")
    said = loaded(path, "--layer", "hydrants")
    for line, why in ((3, "no place on Earth"), (4, "line 2 already"), (5, "no code"), (6, "no longitude"),
                      (7, "no numbers"),
                      (8, "persons or their homes"), (9, "mobile number"), (11, "in no grid")):  # fmt: skip
        assert any(f"line {line}: " in one and why in one for one in said.splitlines()), (line, why, said)
    assert "2 rows fit, 8 do not" in said
    assert "not kept: 颜色" in said
    assert "nothing was written" in said
    assert not Thing.objects.exists()
    assert "2 made" in loaded(path, "--layer", "hydrants", "--write")
    assert Thing.objects.get(ref="H9").attributes == {"bore": "150"}
    assert "0 made, 0 changed, 2 as they were" in loaded(path, "--layer", "hydrants", "--write")


def test_a_file_that_is_all_there_is_ends_nothing_for_a_bad_row(hydrants: None, tmp_path: Path) -> None:
    path = tmp_path / "h.csv"
    path.write_text(f"code,lon,lat\nH1,{LON},{LAT}\nH2,{LON},{LAT}\n")
    loaded(path, "--layer", "hydrants", "--write")
    path.write_text(f"code,lon,lat\nH1,{LON},{LAT}\nH2,east,{LAT}\n")
    with pytest.raises(CommandError, match="every row must fit"):
        loaded(path, "--layer", "hydrants", "--whole", "--write")
    assert Thing.objects.count() == 2
    path.write_text(f"code,lon,lat\nH1,{LON},{LAT}\n")
    assert "1 ended" in loaded(path, "--layer", "hydrants", "--whole", "--write")


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_the_stated_system_is_turned_into_wgs84(hydrants: None, tmp_path: Path, system: str) -> None:
    east, north = geo.gcj_from_wgs(LON, LAT)
    if system == "bd09":
        east, north = geo.bd_from_gcj(east, north)
    path = tmp_path / "h.csv"
    path.write_text(f"code,lon,lat\nH1,{east},{north}\n", encoding="utf-8-sig")
    loaded(path, "--layer", "hydrants", "--system", system, "--write")
    thing = Thing.objects.get()
    assert geo.distance_m(thing.lon, thing.lat, LON, LAT) < 1


def test_geojson_lines_and_polygons_keep_their_shape(hydrants: None, tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[LON, LAT], [LON + 0.002, LAT]]}
    rows = [
        {"type": "Feature", "id": 7, "properties": {"name": "甲路", "kind": "街路"}, "geometry": line},
        {"type": "Feature", "properties": {"code": "x", "name": "乙", "kind": "街路"}, "geometry": None},
        {"type": "Feature", "properties": {"code": "y", "name": "丙", "kind": "住宅"}, "geometry": line},
    ]
    path = tmp_path / "n.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    said = loaded(path, "--names", "survey", "--write")
    assert "line 2: no longitude" in said
    assert "line 3: unknown kind" in said
    assert Named.objects.get().outline == line


@pytest.mark.parametrize(
    ("name", "raw"),
    [("a.csv", b""), ("a.csv", b"code\n"), ("a.csv", b"code,lon\n"), ("a.geojson", b"{}"), ("a.geojson", b"[1]"),
     ("a.geojson", b'{"features": [3]}'), ("a.geojson", b'{"features": 3}'), ("a.geojson", b"\xff"),
     ("a.csv", b"\xff\xff\xff")],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_in_words(name: str, raw: bytes) -> None:
    with pytest.raises(files.Unreadable):
        files.read(name, raw)


BROKEN: tuple[dict[str, object], ...] = (
    {"type": "Point"},
    {"type": "Nonsense", "coordinates": [1, 2]},
    {"type": "Point", "coordinates": ["a", "b"]},
    {"type": "Point", "coordinates": [10**400, 2]},
    {"type": "Point", "coordinates": [float("nan"), 2]},
    {"type": "Polygon", "coordinates": []},
    {},
)


@pytest.mark.parametrize("geometry", BROKEN)
def test_a_broken_geometry_is_a_fault_of_its_row(hydrants: None, geometry: dict[str, object]) -> None:
    reading = actions.read_things([files.Row(4, {"code": "x"}, geometry)], fields=[], system="wgs84")
    assert [one.line for one in reading.faults] == [4]


def test_an_unknown_layer_and_a_missing_target_are_said(county: County, tmp_path: Path) -> None:
    path = tmp_path / "h.csv"
    path.write_text("code,lon,lat\nH1,1,2\n")
    with pytest.raises(CommandError, match="no layer"):
        loaded(path, "--layer", "none")
    with pytest.raises(CommandError, match="--names"):
        loaded(path)


def test_the_demo_folder_fits_its_county(db: None) -> None:
    call_command("load_county", settings.BASE_DIR / "demo" / "county", demo_password="x", stdout=StringIO())
    said = loaded(settings.BASE_DIR / "demo" / "places", "--write")
    assert "do not" in said
    assert all(" 0 do not" in line for line in said.splitlines() if "do not" in line)
    assert Named.objects.count() > 200
    assert Layer.objects.count() == 5
    assert "0 made, 0 changed" in loaded(settings.BASE_DIR / "demo" / "places", "--write")
