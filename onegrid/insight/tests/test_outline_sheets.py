"""The stored sheets of outlines: drawn when an area changed, the old ones given until then, each by its own key."""

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onegrid.insight import actions, queries
from onegrid.insight.actions import outlines as drawing
from onegrid.insight.models import OutlineSheet
from onegrid.insight.queries.plan import plan_of
from onegrid.insight.rules.sheets import sheets
from onegrid.kit import clock, later
from onegrid.org import queries as org
from onegrid.org.models import Area
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, GRIDS, TOWNS, VILLAGES, County

OWN, OTHER = (f"/map/outlines/grid/{town}/" for town in TOWNS[:2])
PACKED = {"Accept-Encoding": "gzip"}


@pytest.fixture
def drawn(county: County) -> County:
    actions.draw_outlines()
    return county


def body(address: str) -> dict[str, Any]:
    answer = Client().get(address)
    assert answer.status_code == 200
    return dict(json.loads(answer.content))


def etag(address: str) -> str:
    return str(Client().get(address, headers=PACKED).headers["ETag"])


def renamed(code: str, name: str = "新第一网格") -> None:
    with transaction.atomic():  # a transaction of its own, as it has in life
        Area.objects.filter(code=code).update(name_zh=name)


def test_the_sheets_are_public_packed_and_asked_for_once(drawn: County) -> None:
    client = Client()
    answer = client.get("/map/outlines/town/", headers=PACKED)
    found = json.loads(gzip.decompress(answer.content))
    names = {one["properties"]["zh"] for one in found["features"] if one["geometry"]["type"] == "Point"}
    assert "城关街道" in names
    assert json.loads(client.get("/map/outlines/town/").content) == found
    again = client.get("/map/outlines/town/", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("address", ["/map/outlines/town/", OWN])
def test_an_answer_that_nothing_changed_says_what_the_whole_one_says(drawn: County, address: str) -> None:
    """RFC 9110, 15.4.5: else a browser forgets by what to ask, and for how long it may keep the sheet."""
    whole = Client().get(address, headers=PACKED)
    again = Client().get(address, headers={"If-None-Match": whole.headers["ETag"], **PACKED})
    assert again.status_code == 304
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again.headers[name] == whole.headers[name], name
    refused = Client().get(address, headers={"If-Match": '"another"'})
    assert (refused.status_code, refused.headers.get("Cache-Control")) == (412, None)


def test_a_sheet_is_kept_for_a_day_only_under_the_mark_of_its_own_drawing(drawn: County) -> None:
    def kept(address: str, **headers: str) -> str:
        answer = Client().get(address, headers=headers)
        assert answer.status_code == (304 if headers else 200)
        return str(answer.headers["Cache-Control"])

    day, minutes = "public, max-age=86400", "public, max-age=300"
    mark = body("/map/outlines/town/")["mark"]
    assert kept(f"{OWN}?of={mark}") == kept(f"{OWN}?of={mark}", **{"If-None-Match": etag(OWN)}) == day
    for query in ("", "?of=", "?of=0123456789ab", "?of=%00", f"?of={mark}&of=x", f"?off={mark}"):
        assert kept(OWN + query) == minutes, query
    # The mark is of what is drawn town by town; these sheets may change without it.
    for level in ("town", "county"):
        assert kept(f"/map/outlines/{level}/?of={mark}") == minutes
    renamed(GRIDS[0])
    actions.draw_outlines()
    newer = body("/map/outlines/town/")["mark"]
    assert kept(f"{OWN}?of={mark}") == kept(f"{OTHER}?of={mark}") == minutes
    assert kept(f"{OWN}?of={newer}") == kept(f"{OTHER}?of={newer}") == day


def test_a_sheet_that_goes_while_it_is_asked_for_is_not_there(drawn: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its town ended between the question for its mark and that for its bytes."""
    known = queries.outlines_known

    def then_gone(level: str, home: str) -> tuple[str, str] | None:
        found = known(level, home)
        OutlineSheet.objects.filter(level=level, home=home).delete()
        return found

    monkeypatch.setattr(queries, "outlines_known", then_gone)
    assert Client().get(OWN).status_code == 404


def test_a_sheet_that_is_drawn_anew_while_it_is_asked_for_is_kept_by_what_it_is(
    drawn: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark, before, known = body("/map/outlines/town/")["mark"], etag(OWN), queries.outlines_known

    def then_anew(level: str, home: str) -> tuple[str, str] | None:
        found = known(level, home)
        renamed(GRIDS[0])
        actions.draw_outlines()
        return found

    monkeypatch.setattr(queries, "outlines_known", then_anew)
    answer = Client().get(f"{OWN}?of={mark}", headers=PACKED)
    assert answer.headers["ETag"] != before
    assert "新第一网格" in json.dumps(json.loads(gzip.decompress(answer.content)), ensure_ascii=False)
    assert answer.headers["Cache-Control"] == "public, max-age=300"


def test_nothing_is_drawn_while_somebody_waits(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """A house that has just been set up says that there is nothing yet, and does not let it be kept."""
    monkeypatch.setattr(drawing, "sheets", lambda areas: pytest.fail("drawn in a request"))
    answer = Client().get("/map/outlines/town/")
    assert (answer.status_code, answer.content, answer.headers["Cache-Control"]) == (204, b"", "no-store")
    assert queries.bounds_of(COUNTY) is not None
    assert plan_of(COUNTY) is None


def test_the_old_sheets_are_given_until_the_new_ones_are_drawn(drawn: County) -> None:
    before, other = etag(OWN), etag(OTHER)
    renamed(GRIDS[0])
    assert etag(OWN) == before
    assert "新第一网格" not in json.dumps(body(OWN), ensure_ascii=False)
    assert actions.draw_outlines() == 2  # this town's grids, and the list of the towns with its mark
    assert etag(OWN) != before
    assert "新第一网格" in json.dumps(body(OWN), ensure_ascii=False)
    assert etag(OTHER) == other


def test_sheets_that_look_as_before_are_not_written(drawn: County) -> None:
    rows = set(OutlineSheet.objects.values_list("pk", "etag"))
    assert actions.draw_outlines() == 0
    with transaction.atomic():
        Area.objects.filter(code=GRIDS[0]).update(phone="0831-1234567")
    assert queries.drawn_version() != queries.areas_version(org.day())
    assert actions.draw_outlines() == 0
    assert queries.drawn_version() == queries.areas_version(org.day())
    assert set(OutlineSheet.objects.values_list("pk", "etag")) == rows


def test_where_nothing_changed_one_looks_and_does_nothing(drawn: County) -> None:
    with CaptureQueriesContext(connection) as asked:
        actions.draw_outlines()
    assert len(asked) == 2, [one["sql"] for one in asked]


def test_the_worker_draws_each_minute_and_the_command_at_once(county: County) -> None:
    assert "insight.tasks.draw_outlines" in later.names()
    call_command("draw_outlines")
    assert OutlineSheet.objects.filter(level="grid", home=TOWNS[0]).exists()


def test_a_town_has_its_own_grids_and_no_others(drawn: County) -> None:
    names = {one["properties"]["c"] for one in body(OWN)["features"] if one["geometry"]["type"] == "Point"}
    assert names == {code for code in GRIDS if code.startswith(TOWNS[0])}
    assert Client().get(f"/map/outlines/grid/{COUNTY}999/").status_code == 404


def test_a_town_that_is_gone_has_no_sheet(drawn: County) -> None:
    with transaction.atomic():
        Area.objects.filter(code__startswith=TOWNS[2]).delete()
    assert Client().get(f"/map/outlines/grid/{TOWNS[2]}/").status_code == 200
    actions.draw_outlines()
    assert Client().get(f"/map/outlines/grid/{TOWNS[2]}/").status_code == 404
    assert TOWNS[2] not in {part[0] for part in body("/map/outlines/town/")["parts"]}


def test_one_bad_outline_does_not_stop_the_drawing_of_the_house(drawn: County) -> None:
    renamed(GRIDS[0])
    with transaction.atomic():
        Area.objects.filter(code=GRIDS[1]).update(boundary={"type": "Nothing"}, outline=None)
    assert actions.draw_outlines() > 0
    assert actions.draw_outlines() == 0
    drawn_grids = {one["properties"]["c"] for one in body(OWN)["features"] if one["geometry"]["type"] == "Point"}
    assert GRIDS[0] in drawn_grids
    assert GRIDS[1] not in drawn_grids
    assert "新第一网格" in json.dumps(body(OWN), ensure_ascii=False)


def test_a_grid_of_tomorrow_is_drawn_at_midnight_of_the_country(drawn: County) -> None:
    tomorrow = org.day() + timedelta(days=1)
    with transaction.atomic():
        Area.objects.filter(code=GRIDS[0]).update(valid_until=tomorrow)
    assert actions.draw_outlines() == 0
    midnight = clock.local(clock.now()).replace(hour=0, minute=0, second=1) + timedelta(days=1)
    with told.at(midnight):
        assert actions.draw_outlines() > 0
        assert GRIDS[0] not in json.dumps(body(OWN))


def test_whoever_was_slower_leaves_what_the_other_drew(drawn: County, monkeypatch: pytest.MonkeyPatch) -> None:
    renamed(GRIDS[0], "甲")
    real = sheets

    def overtaken(areas: Any) -> Any:
        made = real(areas)
        monkeypatch.setattr(drawing, "sheets", real)
        renamed(GRIDS[0], "乙")
        assert actions.draw_outlines() == 2
        return made

    monkeypatch.setattr(drawing, "sheets", overtaken)
    assert actions.draw_outlines() == 0
    assert "乙" in json.dumps(body(OWN), ensure_ascii=False)


def test_a_sheet_takes_one_statement_if_it_is_known_and_two_if_not(drawn: County) -> None:
    client = Client()
    mark = etag(OWN)
    for headers, statements in (({"If-None-Match": mark}, 1), (PACKED, 2)):
        with CaptureQueriesContext(connection) as asked:
            client.get(OWN, headers=headers)
        assert len(asked) == statements, [one["sql"] for one in asked]
        assert any("packed" in one["sql"] for one in asked) == (statements == 2)


@pytest.mark.parametrize("wrong", ["moon/", "grid/", "town/511502001/", "grid/%00/", "grid/511502001001/", "%00/"])
def test_a_sheet_that_there_is_not(drawn: County, wrong: str) -> None:
    assert Client().get(f"/map/outlines/{wrong}").status_code == 404


def test_the_map_looks_at_ones_own_area(drawn: County) -> None:
    org.forget_reference()
    whole, own = queries.bounds_of(COUNTY), queries.bounds_of(TOWNS[0])
    assert whole is not None
    assert own is not None
    assert whole[0] <= own[0] <= own[2] <= whole[2]
    assert queries.bounds_of("99") is None
    for code in (VILLAGES[1], GRIDS[3]):
        squares = [cast.square(place, 1)["coordinates"][0] for place, grid in enumerate(GRIDS) if grid.startswith(code)]
        east, north = zip(*(pair for ring in squares for pair in ring), strict=True)
        assert queries.bounds_of(code) == pytest.approx((min(east), min(north), max(east), max(north)))


@pytest.mark.parametrize(("area", "parts"), [(COUNTY, TOWNS), (TOWNS[0], VILLAGES), (VILLAGES[0], GRIDS)])
def test_the_plan_of_a_wall_has_the_parts_of_its_area(drawn: County, area: str, parts: tuple[str, ...]) -> None:
    plan = plan_of(area)
    assert plan is not None
    assert len(plan.parts) == len([code for code in parts if code.startswith(area)])
    assert all(one.path.startswith("M") and one.path.endswith("Z") for one in plan.parts)
