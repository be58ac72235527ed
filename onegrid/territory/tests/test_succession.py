"""On the day what names an ended code goes along with it; what is not clear stays, is listed and told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from onegrid.events import actions as events
from onegrid.events.models import Alert, ReplyTemplate, Route
from onegrid.gazetteer import actions as gazetteer
from onegrid.gazetteer import queries as names
from onegrid.gazetteer.models import Named, Thing
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.models import CalendarDay, TrailEntry, Unit, WorkingHours
from onegrid.org.roles import Actor
from onegrid.supervision import actions as supervision
from onegrid.supervision.models import BoardNotice, PlaceWork, Plan, SupervisionRule
from onegrid.territory import actions, queries
from onegrid.territory.models import Redivision
from onegrid.territory.queries import Carrying
from onegrid.territory.tests.made import add, applied, begin, split_first
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, GRIDS, SOUTH, STEP, VILLAGES, WEST, County, client_of

pytestmark = pytest.mark.django_db
HOUSE = Actor.system()
# The codes that the first split of the first village gives.
WESTERN, EASTERN = (f"{VILLAGES[0]}{number:03}" for number in (3, 4))
GAS = "楼道里有燃气味，怕是漏气"


@pytest.fixture(autouse=True)
def hand(county: County) -> Iterator[told.Hand]:
    told.make_matters(county)
    with told.at() as hand:
        yield hand


def at(place: float) -> dict[str, Any]:
    return {"lon": WEST + STEP * place, "lat": SOUTH + STEP / 2}


def market(place: float, n: int = 1) -> gazetteer.NameRow:
    return gazetteer.NameRow(ref=str(n), kind="poi", name_zh=f"东门市场{n}", **at(place))


def merge_first(county: County) -> Redivision:
    return add(county, begin(county), "merge", keys=[GRIDS[0], GRIDS[1]])


def rows(one: Redivision) -> dict[str, tuple[int, int]]:
    """By table what goes along, and what is to be looked at."""
    return {row.label: (row.goes, row.look) for row in queries.preview(one).carrying}


def left(one: Redivision) -> list[Carrying]:
    return queries.carrying(queries.in_effect(one))


def test_dispatching_rules_go_to_both_pieces(county: County, hand: told.Hand) -> None:
    Route.objects.create(area=GRIDS[0], category="05", unit=county.units["city"])
    one = split_first(county, begin(county))
    assert rows(one) == {"分派规则": (1, 0)}
    one = applied(county, one, hand)
    assert set(Route.objects.filter(category="05").values_list("area", "unit__code")) >= {
        (WESTERN, "city"), (EASTERN, "city"),
    }  # fmt: skip
    assert not Route.objects.filter(area=GRIDS[0]).exists()
    event = events.report(actor=Actor.stranger(), words="路灯不亮", category="", **at(0.8)).event
    assert event.area == EASTERN
    assert left(one) == []


def test_rules_that_contradict_each_other_stay_and_are_told(county: County, hand: told.Hand) -> None:
    for grid, unit in ((GRIDS[0], "city"), (GRIDS[1], "fire")):
        Route.objects.create(area=grid, category="05", unit=county.units[unit])
        Route.objects.create(area=grid, category="06", unit=county.units["city"])
    one = merge_first(county)
    assert rows(one) == {"分派规则": (2, 2)}
    one = applied(county, one, hand)
    assert sorted(Route.objects.filter(area__in=GRIDS[:2]).values_list("area", "category")) == [
        (GRIDS[0], "05"), (GRIDS[1], "05"),
    ]  # fmt: skip
    assert Route.objects.get(area=WESTERN).category == "06"
    assert [(row.label, row.look) for row in left(one)] == [("分派规则", 2)]
    page = client_of(county.leader).get(f"/settings/areas/{one.pk}/").content.decode()
    assert "仍写着停用编码" in page
    assert "/duties/" in page


def test_templates_calendars_and_hours_go_along(county: County, hand: told.Hand) -> None:
    ReplyTemplate.objects.create(area=GRIDS[0], code="grid", name_zh="答复", name_en="Reply", verbs=["tell"],
                                 words_zh="您好", words_en="Hello")  # fmt: skip
    CalendarDay.objects.create(date=date(2026, 12, 1), kind="rest", area=GRIDS[0])
    WorkingHours.objects.create(area=GRIDS[0], starts=time(8), ends=time(12))
    one = split_first(county, begin(county))
    assert rows(one) == {"工作日历日期": (1, 0), "工作时间": (1, 0), "答复模板": (1, 0)}
    applied(county, one, hand)
    for model in (ReplyTemplate, CalendarDay, WorkingHours):
        places = set(model.objects.values_list("area", flat=True))
        assert {WESTERN, EASTERN} <= places


def test_days_and_hours_that_contradict_each_other_stay_and_are_told(county: County, hand: told.Hand) -> None:
    for grid, kind, starts in ((GRIDS[0], "rest", 8), (GRIDS[1], "work", 9)):
        CalendarDay.objects.create(date=date(2026, 12, 1), kind=kind, area=grid)
        CalendarDay.objects.create(date=date(2026, 12, 2), kind="rest", area=grid)
        for more in (0, 5):
            WorkingHours.objects.create(area=grid, starts=time(starts + more), ends=time(starts + more + 3))
    one = merge_first(county)
    assert rows(one) == {"工作日历日期": (2, 2), "工作时间": (0, 4)}
    one = applied(county, one, hand)
    assert list(CalendarDay.objects.filter(area=WESTERN).values_list("date", "kind")) == [(date(2026, 12, 2), "rest")]
    assert not WorkingHours.objects.filter(area=WESTERN).exists()
    assert {(row.label, row.look) for row in left(one)} >= {("工作日历日期", 2), ("工作时间", 4)}


def test_the_same_hours_of_two_merged_grids_go_along_once(county: County, hand: told.Hand) -> None:
    for grid in GRIDS[:2]:
        WorkingHours.objects.create(area=grid, starts=time(8), ends=time(12))
        WorkingHours.objects.create(area=grid, starts=time(14), ends=time(18))
    applied(county, merge_first(county), hand)
    spans = WorkingHours.objects.filter(area=WESTERN).order_by("starts").values_list("starts", "ends")
    assert list(spans) == [(time(8), time(12)), (time(14), time(18))]


def test_names_and_things_lie_where_their_point_lies(county: County, hand: told.Hand) -> None:
    gazetteer.keep_names(HOUSE, source="map", rows=[market(place, n) for n, place in ((1, 0.2), (2, 0.8), (3, 1.5))])
    gazetteer.keep_layer(HOUSE, wish=gazetteer.LayerWish("hydrants", "消火栓", "消防大队"))
    gazetteer.keep_things(HOUSE, layer="hydrants", rows=[gazetteer.ThingRow(ref="h", **at(0.9))])
    one = split_first(county, begin(county))
    assert rows(one) == {"地名和图层设施": (3, 0)}
    applied(county, one, hand)
    assert dict(Named.objects.values_list("ref", "area")) == {"1": WESTERN, "2": EASTERN, "3": GRIDS[1]}
    assert Thing.objects.get().area == EASTERN
    assert [row.name_zh for row in names.search("东门市场1")][:1] == ["东门市场1"]


def test_a_name_that_moves_to_another_town_is_found_there(county: County, hand: told.Hand) -> None:
    gazetteer.keep_names(HOUSE, source="map", rows=[market(0.2)])
    applied(county, add(county, begin(county), "move", key=GRIDS[0], parent=VILLAGES[2]), hand)
    moved = Named.objects.get()
    assert moved.area.startswith(VILLAGES[2])
    assert f"@{VILLAGES[2]}" in moved.keys
    assert f"@{VILLAGES[0]}" not in moved.keys


def test_names_and_things_that_come_into_an_ended_grid_afterwards_are_fetched(county: County, hand: told.Hand) -> None:
    """By a process that knew only the former land; not twice, and others stay where they are."""
    gazetteer.keep_layer(HOUSE, wish=gazetteer.LayerWish("hydrants", "消火栓", "消防大队"))
    applied(county, split_first(county, begin(county)), hand)
    late = replace(market(0.2), area=GRIDS[0])
    gazetteer.keep_names(HOUSE, source="map", rows=[late, market(1.5, 2)])
    gazetteer.keep_things(HOUSE, layer="hydrants", rows=[gazetteer.ThingRow(ref="h", **at(0.9))])
    Thing.objects.update(area=GRIDS[0])
    for _twice in range(2):
        assert actions.follow_stragglers() == 0
        assert dict(Named.objects.values_list("ref", "area")) == {"1": WESTERN, "2": GRIDS[1]}
        assert Thing.objects.get().area == EASTERN
    assert TrailEntry.objects.filter(verb="rezone").count() == 1


def test_an_office_goes_with_its_seat_and_without_one_only_where_it_is_clear(county: County, hand: told.Hand) -> None:
    for code, seat in (("seated", at(0.8)), ("unseated", {})):
        Unit.objects.create(code=code, name_zh=code, kind="station", area=GRIDS[0], **seat)
    one = split_first(county, begin(county))
    assert rows(one) == {"单位": (1, 1)}
    one = applied(county, one, hand)
    assert dict(Unit.objects.filter(kind="station", code__contains="seated").values_list("code", "area")) == {
        "seated": EASTERN, "unseated": GRIDS[0],
    }  # fmt: skip
    assert [(row.label, row.look) for row in left(one)] == [("单位", 1)]


def test_an_office_goes_with_the_grid_that_follows_alone(county: County, hand: told.Hand) -> None:
    Unit.objects.create(code="post", name_zh="便民点", kind="station", area=GRIDS[0])
    one = applied(county, merge_first(county), hand)
    assert Unit.objects.get(code="post").area == WESTERN
    assert left(one) == []


def test_what_fails_in_the_middle_moves_nothing(
    county: County, hand: told.Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One transaction: a fault in the last of it leaves rules, names and codes as they were."""
    Route.objects.create(area=GRIDS[0], category="05", unit=county.units["city"])
    gazetteer.keep_names(HOUSE, source="map", rows=[market(0.2)])

    def broken(*_given: object, **_more: object) -> int:
        raise RuntimeError

    monkeypatch.setattr(gazetteer, "rezone", broken)
    with pytest.raises(RuntimeError):
        applied(county, split_first(county, begin(county)), hand)
    assert Route.objects.filter(area=GRIDS[0]).count() == 1
    assert Named.objects.get().area == GRIDS[0]
    assert Redivision.objects.get().state == "approved"


def test_only_the_house_moves_rules_names_and_offices(county: County) -> None:
    heirs = {GRIDS[0]: [WESTERN]}
    for deed in (
        lambda who: events.succeed_places(actor=who, heirs=heirs),
        lambda who: gazetteer.rezone(who, names={1: WESTERN}, things={}),
        lambda who: org.succeed_areas(who, units={}, heirs=heirs),
    ):
        for who in (county.leader, county.admin_system):
            with pytest.raises(org.Refused):
                deed(who)
    with pytest.raises(supervision.NotAllowed):
        supervision.succeed_grids(actor=county.leader, heirs=heirs)


def test_an_open_call_follows_to_the_centre_that_drives_it_now(county: County, hand: told.Hand) -> None:
    event = events.report(actor=Actor.stranger(), words=GAS, category="", **at(3.5)).event
    events.raise_alert(event_id=event.pk, cause="report")
    assert Alert.objects.get().centre.code == "centre-002"
    applied(county, add(county, begin(county), "move", key=GRIDS[3], parent=VILLAGES[1]), hand)
    former, now = Alert.objects.order_by("pk")
    assert (former.outcome, former.ended_at is None) == ("moved", False)
    assert (now.centre.code, now.ended_at, now.area) == ("centre", None, f"{VILLAGES[1]}002")


def test_a_call_that_somebody_acknowledged_stays_as_it_was(county: County, hand: told.Hand) -> None:
    event = events.report(actor=Actor.stranger(), words=GAS, category="", **at(3.5)).event
    events.raise_alert(event_id=event.pk, cause="report")
    Alert.objects.update(ended_at=hand.moment, next_at=None, outcome="acknowledged")
    applied(county, add(county, begin(county), "move", key=GRIDS[3], parent=VILLAGES[1]), hand)
    assert Alert.objects.get().centre.code == "centre-002"


RULE = {"trigger": "percent", "amount": "80", "action": "warn_handler"}


def heirs_of_split() -> dict[str, list[str]]:
    return {GRIDS[0]: [WESTERN, EASTERN]}


def test_rules_of_supervision_and_plans_go_to_every_grid_that_follows(county: County, hand: told.Hand) -> None:
    supervision.keep_rule(actor=county.leader, wish=supervision.Wish(area=GRIDS[0], **RULE))
    plan = supervision.keep_plan(actor=county.dispatcher, given={
        "name": "路灯熄灭", "category": told.LAMP, "area": COUNTY, "levels": ["3"], "assists": [], "tells": [],
        "steps": "设置警示牌",
    })  # fmt: skip
    Plan.objects.update(area=GRIDS[0])
    one = split_first(county, begin(county))
    assert rows(one) == {"督办规则": (1, 0), "处置预案": (1, 0)}
    applied(county, one, hand)
    # The room beside does it by a job that was written with the re-division; twice is once.
    for moved in (2, 0):
        assert supervision.succeed_grids(actor=HOUSE, heirs=heirs_of_split()) == moved
    assert set(SupervisionRule.objects.values_list("area", "trigger")) == {(WESTERN, "percent"), (EASTERN, "percent")}
    assert {row.area: [line.words for line in row.lines.all()] for row in Plan.objects.all()} == {
        WESTERN: ["设置警示牌"], EASTERN: ["设置警示牌"],
    }  # fmt: skip
    assert Plan.objects.get(area=WESTERN).pk == plan.pk


def test_the_same_rule_of_two_merged_grids_speaks_once(county: County) -> None:
    for grid in GRIDS[:2]:
        supervision.keep_rule(actor=county.leader, wish=supervision.Wish(area=grid, **RULE))
    supervision.succeed_grids(actor=HOUSE, heirs={grid: [WESTERN] for grid in GRIDS[:2]})
    assert list(SupervisionRule.objects.filter(active=True).values_list("area", flat=True)) == [WESTERN]


def place_work(county: County, **given: Any) -> PlaceWork:
    made = supervision.propose_place_work(actor=county.dispatcher, wish=supervision.PlaceWish(**{
        "title": "东门市场周边整治", "problem": "占道经营反复发生。", "plan": "先清理，后巡查。", "lead": "city",
        "charge": str(county.leader.posting_id), "since": "2026-10-19", "until": "2026-11-13", "units": [],
        "measures": [("清理占道堆物", "city", "2026-10-30")], "area": VILLAGES[0], **given,
    }))  # fmt: skip
    PlaceWork.objects.filter(pk=made.pk).update(area=GRIDS[0])
    return made


def test_work_on_a_point_goes_to_its_grid_and_other_work_only_where_it_is_clear(
    county: County, hand: told.Hand
) -> None:
    """The land that a process remembers may be a minute old; the ended grid is never written again."""
    pinned, wide = place_work(county), place_work(county, title="人民路沿线整治")
    lon, lat = at(0.8).values()
    PlaceWork.objects.filter(pk=pinned.pk).update(lon=lon, lat=lat, radius=200)
    former = places.territory()
    applied(county, split_first(county, begin(county)), hand)
    fresh, asked = places.territory(), [former]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "territory", lambda: asked[-1])
        patch.setattr(places, "forget_reference", lambda: asked.append(fresh))
        supervision.succeed_grids(actor=HOUSE, heirs=heirs_of_split())
    assert len(asked) == 2
    assert PlaceWork.objects.get(pk=pinned.pk).area == EASTERN
    assert PlaceWork.objects.get(pk=wide.pk).area == GRIDS[0]
    supervision.succeed_grids(actor=HOUSE, heirs={GRIDS[0]: [WESTERN]})
    assert PlaceWork.objects.get(pk=wide.pk).area == WESTERN


def test_a_notice_on_the_board_follows_where_one_grid_follows_alone(county: County) -> None:
    made = supervision.put_up(actor=county.dispatcher, title="周五停水", words="上午九点到十一点。", since="2026-10-19",
                              until="2026-11-13")  # fmt: skip
    BoardNotice.objects.update(area=GRIDS[0])
    supervision.succeed_grids(actor=HOUSE, heirs=heirs_of_split())
    assert BoardNotice.objects.get(pk=made.pk).area == GRIDS[0]
    supervision.succeed_grids(actor=HOUSE, heirs={GRIDS[0]: [WESTERN]})
    assert BoardNotice.objects.get(pk=made.pk).area == WESTERN


def test_the_job_of_the_room_beside_is_written_with_the_redivision(
    county: County, hand: told.Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, object]] = []
    monkeypatch.setattr("onegrid.kit.later.react", lambda name, **given: said.append((name, given.get("heirs"))))
    applied(county, split_first(county, begin(county)), hand)
    assert ("territory.succeeded", heirs_of_split()) in said
