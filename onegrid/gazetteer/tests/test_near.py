"""Layers and things: what is near and what a box holds, who sees which layer, what may not be kept."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onegrid.gazetteer import actions, queries
from onegrid.gazetteer.actions import LayerWish, NameRow, NotGiven, ThingRow
from onegrid.gazetteer.models import Layer, Thing
from onegrid.org.actions import Refused
from onegrid.org.roles import Actor
from onegrid.testing import cast
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
LON, LAT = cast.middle(0)
HUNDRED_METRES = 100 / 97_600  # of longitude at this latitude
HYDRANTS = LayerWish("hydrants", "消火栓", "消防大队", "Fire hydrants", "water", fields=(("bore", "口径", "bore"),))
TOILETS = LayerWish("toilets", "公共厕所", "执法局", "Public toilets", "toilet", public=True)


def thing(ref: str, hundreds: float, **more: object) -> ThingRow:
    return ThingRow(ref, LON + hundreds * HUNDRED_METRES, LAT, **more)  # type: ignore[arg-type]


@pytest.fixture
def things(county: County) -> None:
    for wish in (HYDRANTS, TOILETS):
        actions.keep_layer(SYSTEM, wish=wish)
    rows = [thing("H1", 1, attributes={"bore": "100", "colour": "red"}), thing("H2", 3), thing("H3", 12)]
    actions.keep_things(SYSTEM, layer="hydrants", rows=rows)
    actions.keep_things(SYSTEM, layer="toilets", rows=[thing("T1", 0.5, name_zh="东门公厕")])


def refs(actor: Actor, metres: float, **more: object) -> list[str]:
    return [one.thing.ref for one in queries.near(actor, LON, LAT, metres, **more)]  # type: ignore[arg-type]


def test_what_is_near_comes_nearest_first_with_its_distance(things: None, receiver: Actor) -> None:
    assert refs(receiver, 500) == ["T1", "H1", "H2"]
    assert refs(receiver, 99) == ["T1"]
    assert refs(receiver, 2000, layers=("hydrants",)) == ["H1", "H2", "H3"]
    first = queries.near(receiver, LON, LAT, 500)[1]
    assert first.metres == pytest.approx(100, abs=1)


def test_only_what_the_layer_lists_is_kept_of_a_thing(things: None) -> None:
    assert Thing.objects.get(ref="H1").attributes == {"bore": "100"}
    assert Thing.objects.get(ref="H1").area == cast.GRIDS[0]


def test_strangers_see_public_layers_only(things: None, stranger: Actor, worker: Actor, admin_audit: Actor) -> None:
    assert refs(stranger, 2000) == ["T1"]
    assert [one.code for one in queries.layers(stranger)] == ["toilets"]
    assert refs(Actor.guest(1, 1), 2000) == ["T1"]
    assert [one.code for one in queries.layers(worker)] == ["hydrants", "toilets"]


def test_a_hidden_layer_is_on_no_map(things: None, receiver: Actor, admin_system: Actor, stranger: Actor) -> None:
    actions.show_layer(admin_system, code="toilets", version=1, public=True, hidden=True)
    assert refs(receiver, 500) == ["H1", "H2"]
    assert refs(stranger, 500) == []
    assert [one.code for one in queries.layers(receiver)] == ["hydrants"]
    with pytest.raises(actions.OtherVersion):
        actions.show_layer(admin_system, code="toilets", version=1, public=True, hidden=False)


def test_a_box_says_when_it_holds_more(things: None, receiver: Actor) -> None:
    box = (LON - 0.01, LAT - 0.01, LON + 0.005, LAT + 0.01)
    held = queries.in_box(receiver, box)
    assert {one.ref for one in held.things} == {"H1", "H2", "T1"}
    assert not held.more
    few = queries.in_box(receiver, box, most=2)
    assert len(few.things) == 2
    assert few.more


def test_a_shape_is_near_by_its_edge_and_in_every_box_that_it_meets(things: None, receiver: Actor) -> None:
    east = LON + 20 * HUNDRED_METRES
    line = {"type": "LineString", "coordinates": [[LON + 2 * HUNDRED_METRES, LAT], [east, LAT]]}
    actions.keep_things(SYSTEM, layer="hydrants", rows=[thing("L1", 10, shape=line)])
    found = next(one for one in queries.near(receiver, LON, LAT, 500) if one.thing.ref == "L1")
    assert found.metres == pytest.approx(200, abs=2)
    box = (east - 0.0001, LAT - 0.0001, east + 0.0001, LAT + 0.0001)
    assert [one.ref for one in queries.in_box(receiver, box).things] == ["L1"]


def test_one_statement_for_what_is_near(things: None, receiver: Actor) -> None:
    with CaptureQueriesContext(connection) as asked:
        [one.thing.layer.name for one in queries.near(receiver, LON, LAT, 500)]
    assert len(asked) == 1


def test_named_places_near_a_point(county: County) -> None:
    rows = [NameRow("1", "street", "近路", LON, LAT), NameRow("2", "street", "远路", LON + 0.05, LAT)]
    actions.keep_names(SYSTEM, source="test", rows=rows)
    assert [one.named.name_zh for one in queries.names_near(LON, LAT, 1000)] == ["近路"]


def test_the_same_file_again_changes_nothing_and_a_whole_one_removes(things: None) -> None:
    rows = [thing("H1", 1, attributes={"bore": "100"}), thing("H2", 4)]
    kept = actions.keep_things(SYSTEM, layer="hydrants", rows=rows, whole=True)
    assert (kept.made, kept.changed, kept.same, kept.ended) == (0, 1, 1, 1)
    kept = actions.keep_things(SYSTEM, layer="hydrants", rows=rows, whole=True)
    assert (kept.made, kept.changed, kept.same, kept.ended) == (0, 0, 2, 0)


@pytest.mark.parametrize("name", ["重点人员", "信访人员", "租户", "流动人口", "独居老人住处", "党员"])
def test_a_layer_about_persons_is_refused(county: County, name: str) -> None:
    with pytest.raises(NotGiven):
        actions.keep_layer(SYSTEM, wish=LayerWish("some", name, "某处"))
    assert not Layer.objects.exists()


@pytest.mark.parametrize("name", ["户主", "联系人", "身份证号", "民族", "手机"])
def test_a_field_about_persons_is_refused(county: County, name: str) -> None:
    with pytest.raises(NotGiven) as refused:
        actions.keep_layer(SYSTEM, wish=LayerWish("some", "便民点", "某处", fields=(("one", name, ""),)))
    assert "fields" in refused.value.fields


def test_a_value_that_is_a_persons_number_is_refused(things: None) -> None:
    with pytest.raises(NotGiven):
        actions.keep_things(SYSTEM, layer="hydrants", rows=[thing("H9", 1, attributes={"bore": "13812345678"})])
    assert not Thing.objects.filter(ref="H9").exists()


@pytest.mark.parametrize("who", ["receiver", "leader", "admin_security", "worker"])
def test_only_the_system_administrator_keeps_layers(county: County, who: str) -> None:
    actor = county.people[who]
    with pytest.raises(Refused):
        actions.keep_layer(actor, wish=HYDRANTS)
    actions.keep_layer(SYSTEM, wish=HYDRANTS)
    with pytest.raises(Refused):
        actions.keep_things(actor, layer="hydrants", rows=[thing("H1", 1)])
    with pytest.raises(Refused):
        actions.show_layer(actor, code="hydrants", version=1, public=True, hidden=False)
    assert not Layer.objects.get().public
