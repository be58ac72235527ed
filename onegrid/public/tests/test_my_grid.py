"""My grid: by point and by address, who serves it, which numbers; what a stranger may ask how often."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onegrid.gazetteer import actions as gazetteer
from onegrid.gazetteer.actions import NameRow
from onegrid.kit import reference
from onegrid.org.actions import MOST, end_posting
from onegrid.org.models import Area, Posting
from onegrid.org.roles import Actor
from onegrid.testing import cast
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def point(place: int) -> dict[str, str]:
    lon, lat = cast.middle(place)
    return {"longitude": str(lon), "latitude": str(lat)}


def street(ref: str, name: str, place: int) -> NameRow:
    lon, lat = cast.middle(place)
    return NameRow(ref, "street", name, lon, lat)


def look(given: dict[str, str], **headers: str) -> str:
    answer = Client(headers={"accept-language": "zh-hans"}).post("/my-grid/", given, **headers)  # type: ignore[arg-type]
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_point_leads_to_grid_worker_and_numbers(county: County) -> None:
    Area.objects.filter(code=cast.VILLAGES[0]).update(phone="0831-0001001")
    Area.objects.filter(code=cast.COUNTY).update(phone="0831-0001000", supervision_phone="0831-0000111")
    page = look(point(0))
    worker = Posting.objects.get(user__username="worker").user.name_zh
    assert worker in page
    assert "第1网格" in page
    assert "东门社区" in page
    assert 'href="tel:0831-0001001"' in page
    assert "0831-0000111" in page
    assert "0831-0001000" not in page


def test_a_grid_without_a_worker_says_that_its_village_serves_it(county: County) -> None:
    page = look(point(1))
    assert "目前没有在岗网格员" in page
    assert "东门社区" in page
    assert "演员" not in page


def test_a_worker_whose_posting_ended_is_not_named(county: County, admin_security: Actor) -> None:
    posting = Posting.objects.get(user__username="worker")
    end_posting(admin_security, posting=posting)
    assert posting.user.name_zh not in look(point(0))


def test_an_exact_address_leads_to_its_grid_and_several_ask_which(county: County) -> None:
    rows = [street("1", "滨河路", 1), street("2", "人民路", 0), street("3", "人民路", 3)]
    gazetteer.keep_names(SYSTEM, source="test", rows=rows)
    assert "第2网格" in look({"address": "滨河路8号"})
    several = look({"address": "人民路"})
    assert "您说的是哪个地点" in several
    spots = re.findall(r'name="spot" value="([^"]+)"', several)
    assert len(spots) == 2
    lon, lat = cast.middle(3)
    assert "第4网格" in look({"address": "人民路", "spot": f"{lon},{lat}"})


def test_what_is_not_known_and_what_lies_outside_are_said(county: County) -> None:
    assert "没有找到这个地点" in look({"address": "天边"})
    assert "不在本县任何网格内" in look({"longitude": "120", "latitude": "30"})
    assert "我的网格" in look({"longitude": "NaN", "latitude": "x"})
    assert "我的网格" in look({"spot": "1e400,2"})
    assert "我的网格" in look({})


def test_the_point_is_kept_nowhere(county: County) -> None:
    with CaptureQueriesContext(connection) as asked:
        look(point(0))
    written = [one["sql"] for one in asked if one["sql"].startswith(("INSERT", "UPDATE"))]
    assert len(written) == 1
    assert written[0].startswith("INSERT INTO org_throttle")
    lon, _lat = cast.middle(0)
    assert all(str(lon) not in one["sql"] for one in asked)


def test_whoever_asks_all_day_is_stopped(county: County, settings: object) -> None:
    for _ in range(MOST["grid"]):
        look(point(0))
    assert Client().post("/my-grid/", point(0)).status_code == 429


def test_typing_is_answered_with_places_and_has_an_end(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    gazetteer.keep_names(SYSTEM, source="test", rows=[street("1", "人民路", 0)])
    answer = Client(headers={"accept-language": "zh-hans"}).get("/places/", {"q": "rml"})
    row = answer.json()["rows"][0]
    assert (row["label"], row["area"]) == ("人民路", cast.VILLAGES[0])
    assert Client().get("/places/", {"q": ""}).json() == {"rows": []}
    monkeypatch.setitem(MOST, "places", 2)
    assert Client().get("/places/", {"q": "r"}).status_code == 429


def test_the_link_to_the_report_carries_the_place(county: County) -> None:
    page = look(point(0))
    form = page.split('action="/report/"')[1].split("</form>")[0]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    answer = Client().post("/report/", {**fields, "go": "back"})
    assert answer.status_code == 200
    assert 'name="longitude" value="104.605"' in answer.content.decode()
    assert f'name="area" value="{cast.VILLAGES[0]}"' in answer.content.decode()


def test_an_address_without_a_point_asks_which_place_is_meant_and_takes_none_silently(county: County) -> None:
    gazetteer.keep_names(SYSTEM, source="test", rows=[street("1", "人民路", 0)])
    draft = {"words": "路灯不亮", "page": "where", "address": "人民路口的路灯"}
    which = Client(headers={"accept-language": "zh-hans"}).post("/report/", draft).content.decode()
    assert "您说的是下面哪个地点" in which
    assert 'name="spot" value="" checked' in which
    reference.clear_all()
    lon, lat = cast.middle(0)
    taken = Client().post("/report/", {**draft, "page": "which", "spot": f"{lon:.6f},{lat:.6f}"}).content.decode()
    assert 'name="longitude" value="104.605000"' in taken
    none = Client().post("/report/", {**draft, "page": "which", "spot": ""}).content.decode()
    assert 'name="longitude" value=""' in none
