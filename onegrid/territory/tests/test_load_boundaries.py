"""Boundaries from map files: read whatever program wrote them, put into WGS-84, mended or refused by name."""

import io
import sqlite3
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.core.management import CommandError, call_command
from django.utils import translation

from onegrid.kit import geo, outlines
from onegrid.org import roles
from onegrid.org.actions import Refused
from onegrid.org.models import Area, TrailEntry
from onegrid.org.roles import Actor
from onegrid.territory import actions
from onegrid.territory.adapters import mapfiles
from onegrid.territory.adapters.tables import Unreadable
from onegrid.territory.rules.boundaries import Wish
from onegrid.territory.tests import files
from onegrid.testing import land

pytestmark = pytest.mark.django_db
VILLAGE = "511502001001"
GRIDS = land.chequers(4, 3)
WHOLE = land.land(4, 3)
CODE, NEXT = f"{VILLAGE}006", f"{VILLAGE}007"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def village(db: None) -> None:
    """The village has its outline, its grids are to come."""
    for code, kind in (("511502", "county"), (VILLAGE[:9], "town")):
        Area.objects.create(code=code, kind=kind, name_zh="云麓", parent=code[:6] if kind == "town" else "")
    boundary = shapely.geometry.mapping(WHOLE)
    Area.objects.create(code=VILLAGE, kind="village", name_zh="东门社区", parent=VILLAGE[:9], boundary=boundary)


def as_gcj(outline: Any) -> Any:
    return shapely.transform(outline, lambda at: np.column_stack(geo.gcj_from_wgs(at[:, 0], at[:, 1])))


def load(folder: Path, raw: bytes, *, write: bool = True, **options: Any) -> str:
    file, out = folder / "map", io.StringIO()
    file.write_bytes(raw)
    call_command("load_boundaries", file, write=write, stdout=out, **options)
    return out.getvalue()


def known_grids() -> list[str]:
    return list(Area.objects.filter(kind="grid").order_by("code").values_list("code", flat=True))


def test_grids_come_with_their_names_and_villages(tmp_path: Path) -> None:
    said = load(tmp_path, files.geojson(GRIDS))
    assert "system: wgs84 (told: 0.0 m left)" in said
    assert "12 outlines: 12 new; 0 faults between grids" in said
    assert "written: 12 made" in said
    area = Area.objects.get(code=CODE)
    assert (area.kind, area.parent, area.name_zh) == ("grid", VILLAGE, "网格006")
    assert GRIDS[CODE].contains(shapely.Point(area.lon or 0, area.lat or 0))
    assert TrailEntry.objects.get(verb="place_areas").facts["system"] == "wgs84"


def test_a_rehearsal_writes_nothing(tmp_path: Path) -> None:
    assert "nothing written" in load(tmp_path, files.geojson(GRIDS), write=False)
    assert known_grids() == []


def test_the_wrong_system_is_told_and_put_right(tmp_path: Path) -> None:
    said = load(tmp_path, files.geojson({code: as_gcj(outline) for code, outline in GRIDS.items()}))
    assert "system: gcj02 (told: 0." in said
    outline = shapely.geometry.shape(Area.objects.get(code=CODE).boundary or {})
    assert outline.hausdorff_distance(GRIDS[CODE]) < 2e-6


def test_known_grids_tell_the_system_of_a_single_one(tmp_path: Path) -> None:
    load(tmp_path, files.geojson(GRIDS))
    Area.objects.filter(kind="village").update(boundary=None)
    said = load(tmp_path, files.geojson({CODE: as_gcj(GRIDS[CODE])}))
    assert "system: gcj02" in said
    assert "1 same" in said


def test_without_anything_known_the_system_must_be_stated(tmp_path: Path) -> None:
    Area.objects.filter(kind="village").update(boundary=None)
    with pytest.raises(CommandError, match="State it"):
        load(tmp_path, files.geojson(GRIDS))
    assert "system: cgcs2000 (stated)" in load(tmp_path, files.geojson(GRIDS), system="cgcs2000")


def test_control_points_tell_it_too(tmp_path: Path) -> None:
    Area.objects.filter(kind="village").update(boundary=None)
    points = [(104.6 + n / 100, 28.7 + n / 200) for n in range(4)]
    lines = [",".join(map(str, (*map(float, geo.gcj_from_wgs(*at)), *at))) for at in points]
    control = tmp_path / "known.csv"
    control.write_text("lon,lat,true_lon,true_lat\n" + "\n".join(lines), encoding="utf-8")
    raw = files.geojson({code: as_gcj(outline) for code, outline in GRIDS.items()})
    assert "system: gcj02 (told: 0.0 m left)" in load(tmp_path, raw, known=control)
    control.write_text("lon,lat\n1,2\n", encoding="utf-8")
    with pytest.raises(CommandError, match="true_lon"):
        load(tmp_path, raw, known=control)


def test_what_lies_elsewhere_is_not_guessed(tmp_path: Path) -> None:
    away = {code: land.moved(outline, 4000, 0) for code, outline in GRIDS.items()}
    with pytest.raises(CommandError, match="not clear"):
        load(tmp_path, files.geojson(away))


def test_shapefile_and_geopackage_are_read_like_geojson(tmp_path: Path) -> None:
    for raw in (
        files.shapefile_zip(GRIDS),
        files.shapefile_zip(GRIDS, encoding="utf-8"),
        files.shapefile_zip(GRIDS, encoding="utf-8", cpg="UTF-8"),
        files.shapefile_zip(GRIDS, cpg="GBK"),
        files.geopackage(GRIDS, tmp_path),
    ):
        found = mapfiles.read(raw)
        assert len(found.shapes) == 12
        assert "GCS_WGS_1984" in found.stated
        said = load(tmp_path, raw, write=False)
        assert "12 outlines: 12 new" in said
        load(tmp_path, raw)
        assert Area.objects.get(code=CODE).name_zh == "网格006"
        Area.objects.filter(kind="grid").delete()


def test_a_map_in_metres_is_refused_in_a_sentence(tmp_path: Path) -> None:
    for raw in (files.shapefile_zip(GRIDS, prj=files.METRES), files.geopackage(GRIDS, tmp_path, files.METRES)):
        with pytest.raises(Unreadable, match="metres"):
            mapfiles.read(raw)


def test_bad_outlines_are_mended_or_refused_by_name(tmp_path: Path) -> None:
    west, south, east, north = GRIDS[CODE].bounds
    bow = {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, north], [east, south], [west, north], [west, south]]],
    }
    ring = [list(at) for at in GRIDS[NEXT].exterior.coords][:-1]
    given: dict[str, Any] = {**GRIDS, CODE: bow, NEXT: {"type": "Polygon", "coordinates": [ring]}}
    given["511502001001099"] = GRIDS[NEXT]
    said = load(tmp_path, files.geojson(given))
    assert f"{CODE} 网格006: refused" in said
    assert "edge crosses itself" in said
    assert f"{NEXT} 网格007: new: ring not closed" in said
    assert "511502001001099 网格099: new: same outline as another one" in said
    assert f"drawn twice {NEXT} 511502001001099" in said
    assert CODE not in known_grids()


def test_rows_that_fit_nothing_are_refused_with_a_reason(tmp_path: Path) -> None:
    given = {"511502009001001": GRIDS[CODE], "511503": GRIDS[NEXT], "": GRIDS[f"{VILLAGE}001"], "511502001001": WHOLE}
    said = load(tmp_path, files.geojson(given), system="wgs84", level="grid")
    assert "Its village is not here" in said
    assert "It has no code" in said
    assert said.count("another level") == 2
    assert known_grids() == []
    nameless = files.geojson({CODE: GRIDS[CODE]}, {CODE: ""})
    assert "needs a name" in load(tmp_path, nameless, system="wgs84")


def test_a_village_with_one_grid_may_have_its_outline(tmp_path: Path) -> None:
    said = load(tmp_path, files.geojson({VILLAGE: WHOLE, f"{VILLAGE}001": WHOLE}))
    assert "same outline" not in said
    assert "1 new, 1 same; 0 faults" in said


def test_a_second_load_changes_nothing(tmp_path: Path) -> None:
    load(tmp_path, files.geojson(GRIDS))
    assert "12 same" in load(tmp_path, files.geojson(GRIDS))
    assert TrailEntry.objects.filter(verb="place_areas").count() == 1


def test_faults_against_the_grids_that_are_here_are_shown_before_writing(tmp_path: Path) -> None:
    load(tmp_path, files.geojson(GRIDS))
    wide = GRIDS[CODE].union(land.moved(GRIDS[CODE], 40, 0).intersection(GRIDS[NEXT]))
    said = load(tmp_path, files.geojson({CODE: wide}), write=False)
    assert f"overlap {CODE} {NEXT}" in said
    assert "1 faults between grids" in said


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"PK\x03\x04broken", b"SQLite format 3\0broken", b"{}", b"[]", b"nothing", b'{"features": 3}',
        b"\xff\xfe\x00",
        files.zipped({"a.txt": b"x"}), files.zipped({"a.shp": b"x", "b.shp": b"y"}), b"[" * 100_000,
        files.zipped({"a.shp": b"x" * 200, "a.dbf": b"y" * 100}), b'{"features": []}',
    ],
)  # fmt: skip
def test_no_file_leads_to_an_error_page(raw: bytes, tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        load(tmp_path, raw)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = files.zipped({"a.shp": b"\0" * 310_000_000, "a.dbf": b"x"})
    assert len(bomb) < 1_000_000
    with pytest.raises(Unreadable, match="300 MB"):
        mapfiles.read(bomb)
    with pytest.raises(Unreadable, match="300 MB"):
        mapfiles.read(files.zipped({f"{n}.txt": b"" for n in range(300)}))


def test_features_without_geometry_or_fields_are_refused_one_by_one(tmp_path: Path) -> None:
    raw = (
        b'{"features": [null, 3, {"properties": null}, {"properties": {"code": "511502001001006"}, "geometry": null}]}'
    )
    said = load(tmp_path, raw, system="wgs84")
    assert "4 refused" in said


@pytest.mark.parametrize("role", [roles.DISPATCHER, roles.LEADER, roles.ADMIN_SECURITY])
def test_only_the_system_administrator_writes(role: str) -> None:
    plan = actions.plan_boundaries(files.geojson({CODE: GRIDS[CODE]}), Wish("wgs84"))
    with pytest.raises(Refused):
        actions.write_boundaries(Actor(1, 1, 1, "511502", frozenset({role}), ""), plan)
    assert known_grids() == []


def damaged_zip(packing: int) -> bytes:
    """A zip whose list is whole and whose first packed bytes are not."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", packing) as archive:
        archive.writestr("a.shp", b"x" * 500)
        archive.writestr("a.dbf", b"y" * 500)
    raw = bytearray(whole.getvalue())
    start = 30 + struct.unpack("<H", raw[26:28])[0] + (4 if packing == zipfile.ZIP_LZMA else 0)
    raw[start : start + 8] = (b"\xff" if packing == zipfile.ZIP_DEFLATED else b"\0") * 8
    return bytes(raw)


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_with_damaged_insides_is_refused_in_words(packing: int) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        mapfiles.read(damaged_zip(packing))


def test_a_zip_whose_names_are_no_letters_is_refused_in_words() -> None:
    raw = files.zipped({"é.shp": b"x"}).replace("é".encode(), b"\xff\xfe")
    with pytest.raises(Unreadable, match="damaged"):
        mapfiles.read(raw)


def test_a_geopackage_that_reckons_cells_of_its_own_takes_no_memory(tmp_path: Path) -> None:
    """A column may be a formula: a file of some kilobytes would else fill the machine."""
    file = tmp_path / "bomb.gpkg"
    database = sqlite3.connect(file)
    database.executescript(
        "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, definition TEXT);"
        "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);"
        "CREATE TABLE g (geom BLOB, a TEXT AS (printf('%.70000000c', 'x')));"
        "INSERT INTO gpkg_geometry_columns VALUES ('g', 'geom', 1); INSERT INTO g (geom) VALUES (NULL);"
    )
    database.close()
    (shape,) = mapfiles.read(file.read_bytes()).shapes
    assert shape.fields == {"a": ""}


def test_many_reckoned_cells_end_at_the_same_mark(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(mapfiles, "UNPACKED", 200)
    with pytest.raises(Unreadable, match="damaged"):
        mapfiles.read(files.geopackage(GRIDS, tmp_path))


def test_a_number_beyond_all_numbers_is_a_fault_of_its_outline() -> None:
    ring = [[10**400, 28.7], [104.6, 28.7], [104.6, 28.8], [10**400, 28.7]]
    (shape,) = mapfiles.read(files.geojson({CODE: {"type": "Polygon", "coordinates": [ring]}})).shapes
    assert outlines.read(shape.geometry).outline is None


def test_letters_that_no_text_may_hold_are_left_out() -> None:
    (shape,) = mapfiles.read(b'{"features": [{"properties": {"name": "a\\u0000b\\ud800"}}]}').shapes
    assert shape.fields["name"] == "ab"
    with pytest.raises(Unreadable, match="letters"):
        actions.plan_areas(b"code,name\n511502,a\0b\n")
