"""The settings of layers: made, changed, shown or hidden, filled from a file that was looked at first."""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onegrid.gazetteer import actions
from onegrid.gazetteer.actions import LayerWish
from onegrid.gazetteer.forms import uploads
from onegrid.gazetteer.models import Layer, Named, Thing
from onegrid.gazetteer.rules import refusing
from onegrid.kit import chance, geo, outlines
from onegrid.org.models import Area, Import, TrailEntry
from onegrid.org.roles import Actor
from onegrid.testing import cast, jobs
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
TASKS = ("gazetteer.tasks.import_things", "gazetteer.tasks.import_names")
HOME, PAGE = "/settings/layers/", "/settings/layers/hydrants/"
LON, LAT = cast.middle(0)
NEW = {"code": "benches", "name_zh": "座椅", "icon": "dot", "source": "园林所", "seen": "staff",
       "fields": "seats，座位数，seats"}  # fmt: skip
CSV = f"code,name,lon,lat,bore,paint\nH1,甲,{LON},{LAT},100,red\nH2,乙,{LON},{LAT},150,red\nH3,丙,{LAT},{LON},1,red\n"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path)


@pytest.fixture
def hydrants(county: County) -> Layer:
    wish = LayerWish("hydrants", "消火栓", "消防大队", fields=(("bore", "口径", "bore"),))
    return actions.keep_layer(Actor.system(), wish=wish)


@pytest.fixture
def keeper(county: County) -> Client:
    browser = cast.client_of(county.admin_system)
    browser.post("/me/language/", {"language": "en", "idempotency_key": "in-english"})
    return browser


def sent(browser: Client, path: str, given: dict[str, Any], status: int) -> str:
    answer = browser.post(path, {"idempotency_key": chance.base32(26), **given})
    page = answer.content.decode()
    assert answer.status_code == status, page
    return page


def uploaded(browser: Client, text: str | bytes, status: int = 302, name: str = "h.csv", **more: Any) -> str:
    raw = text.encode() if isinstance(text, str) else text
    given = {"system": "wgs84", "file": SimpleUploadedFile(name, raw), **more}
    return sent(browser, f"{PAGE}things/", given, status)


def looked(browser: Client, text: str | bytes, name: str = "h.csv", **more: Any) -> str:
    """The page of the file after a job has looked at it."""
    uploaded(browser, text, name=name, **more)
    jobs.work(*TASKS)
    return seen(browser)


def seen(browser: Client) -> str:
    return browser.get(f"/settings/imports/{Import.objects.latest('pk').pk}/").content.decode()


def applied(browser: Client, status: int = 302) -> str:
    """The page after the press and the job."""
    one = Import.objects.latest("pk")
    sent(browser, f"/settings/imports/{one.pk}/", {"deed": "apply", "version": one.version}, status)
    jobs.work(*TASKS)
    return seen(browser)


def test_a_layer_is_made_for_staff_and_listed_with_what_it_holds(keeper: Client, county: County) -> None:
    sent(keeper, HOME, NEW, 302)
    made = Layer.objects.get()
    assert (made.public, made.hidden) == (False, False)
    assert made.fields == [{"key": "seats", "zh": "座位数", "en": "seats"}]
    page = keeper.get(HOME).content.decode()
    assert all(words in page for words in ("座椅", "benches", "园林所", "staff only"))
    entry = TrailEntry.objects.get(verb="keep_layer")
    assert entry.facts["code"] == "benches"
    assert HOME in keeper.get("/me/").content.decode()


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [("code", "A b", "Small letters"), ("name_zh", "独居老人家", "about persons"), ("source", " ", "come from"),
     ("fields", "owner, 户主", "persons or their homes"), ("fields", "口径", "a key"), ("icon", "skull", "of the list"),
     ("licence", "x" * 201, "At most 200"), ("name_en", "x" * 61, "at most 60"), ("code", "hydrants", "already")],
)  # fmt: skip
def test_a_refused_layer_is_said_at_its_field_and_nothing_typed_is_lost(
    keeper: Client, hydrants: Layer, field: str, value: str, why: str
) -> None:
    page = sent(keeper, HOME, {**NEW, field: value}, 422)
    assert why in re.findall(r'class="field-err">(.*?)<', page)[0]
    assert ("座椅" if field != "name_zh" else "独居老人家") in page
    assert list(Layer.objects.values_list("code", "version")) == [("hydrants", 1)]


def test_a_layer_is_changed_and_an_older_page_overwrites_nothing(keeper: Client, hydrants: Layer) -> None:
    given = {**NEW, "name_zh": "消防栓", "version": 1}
    sent(keeper, PAGE, given, 302)
    assert "changed meanwhile" in sent(keeper, PAGE, {**given, "name_zh": "水鹤"}, 409)
    layer = Layer.objects.get()
    assert (layer.code, layer.name_zh, layer.version) == ("hydrants", "消防栓", 2)


def test_who_sees_a_layer_is_switched_and_said_to_the_trail(keeper: Client, hydrants: Layer) -> None:
    seen = []
    for version, word in enumerate(("public", "hidden", "staff"), start=1):
        sent(keeper, f"{PAGE}show/", {"seen": word, "version": version}, 302)
        seen.append(Layer.objects.values_list("public", "hidden")[0])
    assert seen == [(True, False), (False, True), (False, False)]
    assert TrailEntry.objects.filter(verb="show_layer").count() == 3
    assert "changed meanwhile" in sent(keeper, f"{PAGE}show/", {"seen": "public", "version": 1}, 409)
    sent(keeper, f"{PAGE}show/", {"seen": "friends", "version": 4}, 404)
    assert not Layer.objects.get().public


def test_a_file_is_looked_at_then_written_and_again_changes_nothing(keeper: Client, hydrants: Layer) -> None:
    page = looked(keeper, CSV)
    assert "new 2" in page
    assert "not taken 1" in page
    assert re.search(r'<td class="n">4</td><td data-user><code>H3</code>.*?no place on Earth', page, re.S)
    assert "paint" in page
    assert not Thing.objects.exists()
    page = applied(keeper)
    assert list(Thing.objects.order_by("ref").values_list("ref", "attributes")) == [
        ("H1", {"bore": "100"}), ("H2", {"bore": "150"})
    ]  # fmt: skip
    assert all(words in page for words in ("made 2", "changed 0", "as they were 0"))
    page = looked(keeper, CSV.replace("150", "200"))
    assert all(words in page for words in ("new 0", "changed 1", "as it is 1"))
    assert TrailEntry.objects.get(verb="keep_things").facts["counts"]["made"] == 2


def test_the_stated_system_is_turned_and_without_one_nothing_is_read(keeper: Client, hydrants: Layer) -> None:
    assert "State the coordinate system" in uploaded(keeper, CSV, 422, system="")
    east, north = geo.gcj_from_wgs(LON, LAT)
    looked(keeper, f"code,lon,lat\nH1,{east},{north}\n", system="gcj02")
    applied(keeper)
    thing = Thing.objects.get()
    assert geo.distance_m(thing.lon, thing.lat, LON, LAT) < 1


def test_what_a_whole_file_lacks_ends_but_never_for_a_bad_row(keeper: Client, hydrants: Layer) -> None:
    looked(keeper, f"code,lon,lat\nH1,{LON},{LAT}\nH2,{LON},{LAT}\n")
    applied(keeper)
    page = looked(keeper, f"code,lon,lat\nH1,{LON},{LAT}\nH2,east,{LAT}\n", whole="yes")
    assert "without bad rows" in page
    assert 'value="apply"' not in page
    applied(keeper, 409)
    assert Thing.objects.count() == 2
    assert "ends 1" in looked(keeper, f"code,lon,lat\nH1,{LON},{LAT}\n", whole="yes")
    assert "ended 1" in applied(keeper)
    assert list(Thing.objects.values_list("ref", flat=True)) == ["H1"]


def test_a_layer_that_changed_after_the_look_is_looked_at_again(
    keeper: Client, hydrants: Layer, county: County
) -> None:
    looked(keeper, CSV)
    actions.show_layer(county.admin_system, code="hydrants", version=1, public=True, hidden=False)
    assert "has changed since" in applied(keeper)
    assert not Thing.objects.exists()
    applied(keeper)
    assert Thing.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "raw", "why"),
    [("a.csv", b"", "no header"), ("a.csv", b"\xff\xff\xff", "UTF-8"), ("a.geojson", b"{}", "no GeoJSON"),
     ("a.csv", b"code,lon\n", "no row"), ("a.csv", b"code,l\0n\nH1,1\n", "line 1: a name of a column"),
     ("a.geojson", b"[" * 200_000, "no GeoJSON")],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_in_words(
    keeper: Client, hydrants: Layer, name: str, raw: bytes, why: str
) -> None:
    page = looked(keeper, raw, name)
    assert why in page
    assert 'value="apply"' not in page


def test_a_file_of_another_kind_too_large_or_missing_is_refused_at_once(
    keeper: Client, hydrants: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "CSV or GeoJSON" in uploaded(keeper, b"PK", 422, "a.xlsx")
    assert "Choose a file" in sent(keeper, f"{PAGE}things/", {"system": "wgs84"}, 422)
    monkeypatch.setattr(uploads, "LARGEST", 20)
    assert "10 MB" in uploaded(keeper, CSV, 422)
    assert not Import.objects.exists()


def test_an_upload_is_kept_for_a_day(keeper: Client, hydrants: Layer) -> None:
    uploaded(keeper, CSV)
    (old,) = (settings.VAR_DIR / "imports").iterdir()
    os.utime(old, (time.time() - 90_000,) * 2)
    uploaded(keeper, CSV)
    assert not old.exists()


NAMES = (
    f"code,kind,name,lon,lat\nS1,street,东门巷,{LON},{LAT}\nS2,castle,古堡,{LON},{LAT}\nS3,street,西门巷,{LON},{LAT}\n"
)


def named(browser: Client, text: str, status: int = 302, **more: str) -> str:
    given = {"system": "wgs84", "source": "survey", "file": SimpleUploadedFile("n.csv", text.encode()), **more}
    return sent(browser, "/settings/names/", given, status)


def test_names_of_a_source_come_in_by_page_too(keeper: Client, county: County) -> None:
    assert "which source" in named(keeper, NAMES, 422, source=" ")
    named(keeper, NAMES)
    jobs.work(*TASKS)
    page = seen(keeper)
    assert all(words in page for words in ("new 2", "not taken 1", "castle", "东门巷"))
    assert not Named.objects.filter(source="survey").exists()
    applied(keeper)
    assert list(Named.objects.filter(source="survey").order_by("ref").values_list("ref", flat=True)) == ["S1", "S3"]
    named(keeper, f"code,kind,name,lon,lat\nS1,street,东门街,{LON},{LAT}\n", whole="yes")
    jobs.work(*TASKS)
    assert all(words in seen(keeper) for words in ("changed 1", "ends 1"))
    assert "ended 1" in applied(keeper)
    assert "/settings/names/" in keeper.get(HOME).content.decode()


ROWS = f"code,kind,name,lon,lat\nH1,street,甲巷,{LON},{LAT}\nH2,street,乙巷,{LON + cast.STEP},{LAT}\n"
EITHER = pytest.mark.parametrize("send", [uploaded, named])


def here() -> list[str]:
    """The codes of the things and names that are here today."""
    names = Named.objects.filter(source="survey", valid_until=None).values_list("ref", flat=True)
    return sorted([*Thing.objects.values_list("ref", flat=True), *names])


@pytest.fixture
def two(keeper: Client, hydrants: Layer) -> Callable[..., None]:
    """Two rows are here; a file with both, which is all there is, was looked at and changes one of them."""

    def looked_at(send: Callable[..., str]) -> None:
        send(keeper, ROWS)
        jobs.work(*TASKS)
        applied(keeper)
        send(keeper, ROWS.replace("乙", "丙"), whole="yes")
        jobs.work(*TASKS)
        assert here() == ["H1", "H2"]

    return looked_at


@EITHER
def test_what_stands_in_a_whole_file_does_not_end_because_its_grid_shrank_meanwhile(
    keeper: Client, two: Callable[..., None], send: Callable[..., str]
) -> None:
    two(send)
    with transaction.atomic():
        strip = shapely.box(cast.WEST, cast.SOUTH, cast.WEST + cast.STEP / 10, cast.SOUTH + cast.STEP)
        Area.objects.filter(code=cast.GRIDS[0]).update(boundary=outlines.as_geojson(strip))
    page = applied(keeper)
    assert all(words in page for words in ("has changed since", "in no grid", "without bad rows"))
    assert 'value="apply"' not in page
    assert here() == ["H1", "H2"]


@EITHER
def test_other_rows_than_were_shown_are_not_written_when_a_grid_moved_meanwhile(
    keeper: Client, hydrants: Layer, send: Callable[..., str]
) -> None:
    send(keeper, ROWS.replace(str(LON + cast.STEP), str(LON - cast.STEP)))
    jobs.work(*TASKS)
    with transaction.atomic():
        Area.objects.filter(code=cast.GRIDS[0]).update(boundary=cast.square(-1, 1))
    page = applied(keeper)
    assert all(words in page for words in ("has changed since", "<code>H2</code>", "not taken 1"))
    assert here() == []
    applied(keeper)
    assert here() == ["H2"]


@EITHER
def test_what_stands_in_a_whole_file_does_not_end_because_the_house_refuses_its_row_now(
    keeper: Client, two: Callable[..., None], send: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    two(send)
    monkeypatch.setattr(refusing, "refuse_name", lambda words: "of no use" if "甲巷" in words else "")
    page = applied(keeper)
    assert all(words in page for words in ("has changed since", "of no use", "without bad rows"))
    assert here() == ["H1", "H2"]


def test_a_row_that_became_bad_after_the_look_is_shown_before_the_others_are_written(
    keeper: Client, hydrants: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "not taken 0" in looked(keeper, ROWS)
    monkeypatch.setattr(refusing, "refuse_name", lambda words: "of no use" if "甲巷" in words else "")
    page = applied(keeper)
    assert all(words in page for words in ("has changed since", "not taken 1", "new 1"))
    assert here() == []
    applied(keeper)
    assert here() == ["H2"]


POINT = '"geometry": {"type": "Point", "coordinates": [1, 2]}'
BROKEN = (
    '{"features": [{"id": 1, "properties": {"name": "a\\u0000b"}, ' + POINT + "}]}",
    '{"features": [{"id": 1, "properties": {"name": "\\ud800"}, ' + POINT + "}]}",
    '{"features": [{"id": 1, "properties": {"na\\u0000me": "a"}, ' + POINT + "}]}",
    '{"features": [{"id": 1, "properties": {"\\ud800": "a"}, ' + POINT + "}]}",
    '{"features": [{"id": 1, "geometry": {"type": "LineString", "coordinates": [[104.6, 28.7], [NaN, 28.7]]}}]}',
    '{"features": [{"id": 1, "geometry": 3}]}',
)


@pytest.mark.parametrize("text", BROKEN)
def test_what_no_column_takes_is_a_bad_row_and_never_an_error(keeper: Client, hydrants: Layer, text: str) -> None:
    page = looked(keeper, text, name="a.geojson")
    assert "not taken 1" in page
    assert "No row fits" in page
    assert 'value="apply"' not in page


def test_others_have_no_door_and_no_layer_is_not_found(county: County, hydrants: Layer, keeper: Client) -> None:
    for actor in (county.leader, county.dispatcher, county.worker):
        browser = cast.client_of(actor)
        for path in (HOME, PAGE, f"{PAGE}things/", "/settings/names/"):
            assert browser.get(path).status_code == 403
        sent(browser, f"{PAGE}show/", {"seen": "public", "version": 1}, 403)
    assert not Layer.objects.get().public
    assert keeper.get(f"{HOME}nothing/").status_code == 404


def test_the_list_asks_as_often_for_many_layers_as_for_one(keeper: Client, hydrants: Layer) -> None:
    keeper.get(HOME)
    with CaptureQueriesContext(connection) as one:
        keeper.get(HOME)
    for number in range(5):
        actions.keep_layer(Actor.system(), wish=LayerWish(f"layer{number}", "座椅", "园林所"))
    with CaptureQueriesContext(connection) as many:
        keeper.get(HOME)
    assert len(many) == len(one)
