"""Search as one types: Chinese, pinyin, initials, parts of words, house numbers; what comes first; what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onegrid.gazetteer import actions, queries
from onegrid.gazetteer.actions import NameRow
from onegrid.gazetteer.models import Named
from onegrid.gazetteer.rules import numbers, spelling
from onegrid.org.actions import Refused
from onegrid.org.roles import Actor
from onegrid.testing import cast
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def row(ref: str, name: str, place: int = 0, kind: str = "street", **more: object) -> NameRow:
    lon, lat = cast.middle(place)
    return NameRow(ref=ref, kind=kind, name_zh=name, lon=lon, lat=lat, **more)  # type: ignore[arg-type]


@pytest.fixture
def streets(county: County) -> None:
    rows = [
        row("1", "人民路", name_en="People's Road", aliases=("老正街",)),
        row("2", "人民路", place=3),
        row("3", "人民公园", kind="landmark", name_en="People's Park"),
        row("4", "新人民路小学", kind="poi"),
        row("5", "重庆路", place=1),
        row("6", "长江路"),
        row("7", "绿园小区", kind="poi"),
        row("8", "东门社区", kind="community"),
        row("9", "民族路"),
        row("10", "318国道"),
    ]
    actions.keep_names(SYSTEM, source="test", rows=rows, whole=True)


def names(text: str, **where: object) -> list[str]:
    return [one.name_zh for one in queries.search(text, **where)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("人民路", "人民路"), ("人 民 路", "人民路"), ("renminlu", "人民路"), ("ren min lu", "人民路"),
        ("Rén mín lù", "人民路"), ("ren2min2lu4", "人民路"), ("ren'min'lu", "人民路"), ("rml", "人民路"),
        ("renm", "人民路"), ("老正街", "人民路"), ("lzj", "人民路"), ("people's", "人民路"), ("公园", "人民公园"),
        ("park", "人民公园"), ("gongyuan", "人民公园"), ("小学", "新人民路小学"), ("xiaoxue", "新人民路小学"),
        ("chongqinglu", "重庆路"), ("zhongqinglu", "重庆路"), ("zqlu", ""), ("zql", "重庆路"), ("cql", "重庆路"),
        ("changjiang", "长江路"), ("zhangjiang", "长江路"), ("lvyuan", "绿园小区"), ("lüyuan", "绿园小区"),
        ("luyuan", "绿园小区"), ("人民路12号", "人民路"), ("人民路12", "人民路"), ("人民路十二号3栋", "人民路"),
        ("renminlu12hao", "人民路"), ("３１８国道", "318国道"), ("318", "318国道"), ("城关街道人民路", "人民路"),
        ("民族路", "民族路"), ("没有这条路", ""), ("", ""), ("'); DROP TABLE", ""), ("&|!:*<->()", ""),
    ],
)  # fmt: skip
def test_what_is_typed_finds_the_place(streets: None, typed: str, found: str) -> None:
    assert (found in names(typed)) if found else (names(typed) == [])


def test_exact_comes_before_what_begins_so_and_that_before_what_holds_it(streets: None) -> None:
    assert names("人民") == ["人民路", "人民路", "人民公园", "新人民路小学"]
    assert names("人民路") == ["人民路", "人民路", "新人民路小学"]


def test_what_lies_in_the_given_area_or_near_the_point_comes_first(streets: None) -> None:
    there = queries.search("人民路", area=cast.TOWNS[1])
    assert [one.ref for one in there][:2] == ["2", "1"]
    lon, lat = cast.middle(3)
    near = queries.search("人民路", lon=lon, lat=lat)
    assert [one.ref for one in near][:2] == ["2", "1"]
    assert near[0].metres is not None
    assert near[0].metres < 1
    lon, lat = cast.middle(0)
    assert [one.ref for one in queries.search("人民路", lon=lon, lat=lat)][:2] == ["1", "2"]


def test_a_town_before_the_name_narrows_it(streets: None) -> None:
    assert [one.ref for one in queries.search("青溪镇人民路")][:1] == ["2"]
    assert [one.ref for one in queries.search("城关街道人民路")][:1] == ["1"]


def test_a_house_number_stays_with_the_street(streets: None) -> None:
    found = queries.search("人民路12号")
    assert found[0].label == "人民路12号"
    assert queries.search("东门社区3号")[0].number == ""


def test_no_more_than_ten_and_one_statement(streets: None) -> None:
    rows = [row(f"x{n}", f"建设路{n}巷") for n in range(30)]
    actions.keep_names(SYSTEM, source="more", rows=rows)
    queries.search("建")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(queries.search("建")) == 10
    assert len(asked) == 1


def test_what_has_ended_is_not_found(streets: None) -> None:
    Named.objects.update(valid_from="2001-01-01")
    kept = actions.keep_names(SYSTEM, source="test", rows=[row("1", "人民路")], whole=True)
    assert kept.ended == 9
    assert names("长江路") == []
    back = actions.keep_names(SYSTEM, source="test", rows=[row("6", "长江路")])
    assert back.changed == 1
    assert names("长江路") == ["长江路"]


def test_keeping_the_same_again_writes_nothing(streets: None) -> None:
    again = [row("5", "重庆路", place=1), row("6", "长江大道")]
    kept = actions.keep_names(SYSTEM, source="test", rows=again)
    assert (kept.made, kept.changed, kept.same) == (0, 1, 1)
    assert names("changjiangdadao") == ["长江大道"]
    assert names("cjl") == []


def test_the_area_is_read_from_the_point(streets: None) -> None:
    assert Named.objects.get(ref="5").area == cast.GRIDS[1]
    assert "东门社区" in queries.search("重庆路")[0].where


@pytest.mark.parametrize("name", ["王大爷家", "独居老人住处", "重点人员聚集点", "张三13812345678", "租户楼"])
def test_persons_and_homes_are_refused(county: County, name: str) -> None:
    with pytest.raises(actions.NotGiven):
        actions.keep_names(SYSTEM, source="test", rows=[row("1", name, kind="poi")])
    assert not Named.objects.exists()


@pytest.mark.parametrize("who", ["receiver", "leader", "worker", "admin_security", "admin_audit"])
def test_only_the_system_administrator_keeps_names(county: County, who: str) -> None:
    with pytest.raises(Refused):
        actions.keep_names(county.people[who], source="test", rows=[row("1", "人民路")])


def test_the_system_administrator_keeps_names(county: County, admin_system: Actor) -> None:
    assert actions.keep_names(admin_system, source="test", rows=[row("1", "人民路")]).made == 1


@pytest.mark.parametrize(
    ("form", "stem", "number"),
    [("人民路12号", "人民路", "12号"), ("人民路12号3栋2单元", "人民路", "12号3栋2单元"), ("人民路", "人民路", ""),
     ("12号", "12号", ""), ("人民路一百二十号", "人民路", "一百二十号"), ("318国道", "318国道", ""),
     ("二环路", "二环路", ""), ("建设路8", "建设路", "8")],
)  # fmt: skip
def test_a_house_number_is_parted_from_its_street(form: str, stem: str, number: str) -> None:
    assert numbers.parted(form) == (stem, number)


def test_a_name_of_many_readings_keeps_few_keys() -> None:
    assert len(spelling.readings("重大朝都长行乐会")) <= spelling.MOST_READINGS
    assert spelling.readings("重庆路")[0] == ["chong", "qing", "lu"]
