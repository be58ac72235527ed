"""Points and cells: what stands in a box, for whom; a restricted matter on none of them; few statements."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onegrid.events import actions as events
from onegrid.events.models import Event
from onegrid.events.queries import end_of_today
from onegrid.insight import actions, queries
from onegrid.insight.models import Cell
from onegrid.insight.queries import Wish, points
from onegrid.insight.rules import signs
from onegrid.insight.rules.signs import parent_mask
from onegrid.kit import clock, geo
from onegrid.org.roles import Actor
from onegrid.testing import matters as told
from onegrid.testing.cast import TOWNS, County, client_of

WHOLE = (104.5, 28.6, 104.8, 28.8)
SEEN = "/map/points/?box=104.5,28.6,104.8,28.8&zoom={}"


@pytest.fixture
def house(county: County) -> County:
    told.make_matters(county)
    return county


def numbers(actor: Actor, wish: Wish = Wish(), zoom: float = 14) -> set[str]:  # noqa: B008
    return {str(one[0]) for one in queries.shown(actor, wish, WHOLE, zoom).points}


def in_town(place: int, **given: Any) -> Event:
    return told.reported(lon=round(104.605 + 0.01 * place, 6), lat=28.705, **given).event


def test_a_centre_sees_its_area_and_its_neighbour_does_not(house: County) -> None:
    here, there = in_town(0), in_town(3)
    assert numbers(house.dispatcher) == {here.number, there.number}
    assert numbers(house.neighbour) == {there.number}


def test_a_unit_sees_its_own_only(house: County) -> None:
    in_town(0)
    own = told.event_in("assigned", house)
    assert numbers(house.handler) == {own.number}
    assert numbers(house.other_handler) == set()


def test_a_restricted_matter_is_on_no_map(house: County) -> None:
    """Not even for the duty officers, who may read it at the desk: no point, cell, row, neighbour, or card."""
    sealed = told.reported("楼下麻将馆天天赌博", lon=104.605, lat=28.705).event
    assert sealed.restricted
    actions.count_cells()
    client = client_of(house.duty_leader)
    pages = [
        client.get(SEEN.format(14)), client.get(SEEN.format(7)), client.get("/map/list/?box=104.5,28.6,104.8,28.8"),
        client.get("/map/near/?at=104.605,28.705&metres=1000"), client.get("/map/"),
    ]  # fmt: skip
    assert [page.status_code for page in pages] == [200] * 5
    assert not any(sealed.number in page.content.decode() for page in pages)
    assert client.get(f"/map/points/{sealed.number}/").status_code == 204
    assert client.get(f"/map/events/{sealed.number}/").status_code == 404
    assert not Cell.objects.exists()
    assert client.get(f"/desk/events/{sealed.number}/").status_code == 200


def test_the_seal_is_held_by_the_question_itself(house: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: without its condition the duty leader's map would show it."""
    sealed = told.reported("楼下麻将馆天天赌博", lon=104.605, lat=28.705).event
    real = Event.objects.filter

    def forgetful(**given: Any) -> Any:
        return real(**{name: value for name, value in given.items() if name != "restricted"})

    monkeypatch.setattr(
        Event.objects, "filter", lambda **given: real(**{k: v for k, v in given.items() if k != "restricted"})
    )
    assert sealed.number in numbers(house.duty_leader)


def test_what_is_about_an_office_is_hidden_from_it(house: County) -> None:
    about = in_town(0, about_office=True, about_unit="city")
    assert about.number in numbers(house.dispatcher)
    assert about.number not in numbers(house.unit_leader)


def test_points_carry_group_and_clock(house: County) -> None:
    with told.at():
        fresh, handled, late = in_town(0), told.event_in("handling", house), in_town(0)
        Event.objects.filter(pk=late.pk).update(due_at=clock.now() - timedelta(minutes=1))
        found = {str(one[0]): one[3:5] for one in queries.shown(house.dispatcher, Wish(), WHOLE, 14).points}
    assert found == {fresh.number: ["centre", "soon"], handled.number: ["unit", "run"], late.number: ["centre", "late"]}


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ({"group": "centre"}, "fresh"), ({"group": "unit"}, "handled"), ({"level": "3"}, "lane"),
        ({"category": told.LANE}, "lane"), ({"area": TOWNS[2]}, "lane"), ({"clock": "late"}, "handled"),
        ({"clock": "soon"}, "fresh"), ({"period": "7"}, "closed"),
    ],
)  # fmt: skip
def test_each_filter_keeps_its_own(house: County, given: dict[str, str], seen: str) -> None:
    fresh, handled = in_town(0), told.event_in("handling", house)
    lane = told.event_in("accepted", house, words="消防通道被堵", lon=104.655, lat=28.705)
    Event.objects.filter(pk=lane.pk).update(category=told.LANE, level=3, state="checking")
    Event.objects.filter(pk=handled.pk).update(due_at=handled.reported_at)
    Event.objects.filter(pk=lane.pk).update(due_at=clock.now() + timedelta(days=9))
    Event.objects.filter(pk=fresh.pk).update(due_at=end_of_today(clock.now()) - timedelta(seconds=1))
    closed = told.event_in("closed", house)
    every = {"fresh": fresh.number, "handled": handled.number, "lane": lane.number, "closed": closed.number}
    assert numbers(house.dispatcher, queries.wish_of(given)) == {every[seen]}


def test_many_become_cells_of_the_database(house: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(points, "FEW", 2)
    made = [in_town(place) for place in (0, 0, 0, 3)]
    Event.objects.update(due_at=clock.now() + timedelta(days=9))
    Event.objects.filter(pk=made[0].pk).update(due_at=made[0].reported_at)
    actions.count_cells()
    far = queries.shown(house.dispatcher, Wish(), WHOLE, 7)
    assert (far.points, [cell[2:] for cell in far.cells]) == ([], [[4, 1, 0]])
    near = queries.shown(house.dispatcher, Wish(), WHOLE, 12)
    assert sorted(cell[2] for cell in near.cells) == [1, 3]
    assert [cell[2] for cell in queries.shown(house.neighbour, Wish(), WHOLE, 7).cells] == []
    assert sum(cell[2] for cell in queries.shown(house.dispatcher, Wish(area=TOWNS[0]), WHOLE, 7).cells) == 3


def test_counted_and_grouped_cells_agree(house: County) -> None:
    for place in (0, 0, 1, 2, 3, 5):
        in_town(place)
    actions.count_cells()
    for size in (4, 5, 6, 7, 8):
        counted = sorted(points.counted(house.dispatcher, Wish(), WHOLE, size))
        grouped = sorted(points.grouped(house.dispatcher, Wish(), WHOLE, size))
        assert [(one[0], one[3]) for one in counted] == [(one[0], one[3]) for one in grouped]
        assert [one[1:3] for one in counted] == [pytest.approx(one[1:3]) for one in grouped]


def test_a_cell_is_the_parent_that_h3_names() -> None:
    import h3.api.basic_int as h3

    _wide, fine = geo.cells(104.605, 28.705)
    for size in (4, 5, 6, 7, 8):
        keep, put = parent_mask(size)
        assert fine & keep | put == h3.cell_to_parent(fine, size)


@pytest.mark.parametrize(("zoom", "size"), [(7, 4), (9, 5), (10, 6), (12.4, 6), (14, 6)])
def test_a_whole_city_never_comes_in_more_cells_than_an_answer_holds(zoom: float, size: int) -> None:
    city = (104.0, 28.2, 105.2, 29.2)
    assert signs.size_for(zoom, city) == size
    assert signs.size_for(14, (104.0, 28.2, 104.1, 28.3)) == signs.FINEST


def test_no_box_holds_more_cells_than_said() -> None:
    """Counted by H3 itself; planted fault: a size finer holds too many."""
    import h3.api.basic_int as h3

    city = (104.0, 28.2, 105.2, 29.2)
    west, south, east, north = city
    ring = [(south, west), (south, east), (north, east), (north, west)]
    size = signs.size_for(14, city)
    assert len(h3.h3shape_to_cells(h3.LatLngPoly(ring), size)) <= signs.MOST_CELLS
    assert len(h3.h3shape_to_cells(h3.LatLngPoly(ring), size + 1)) > signs.MOST_CELLS


def test_counting_again_writes_what_changed_and_takes_away_what_is_gone(house: County) -> None:
    one, other = in_town(0), in_town(3)
    assert actions.count_cells() == 10
    assert actions.count_cells() == 0
    events.take(actor=house.receiver, number=one.number, verb="refuse", given={"reason": "court", "words": "请起诉"})
    actions.count_cells()
    assert {row.area for row in Cell.objects.all()} == {other.area[:9]}


def test_the_box_takes_few_statements(house: County) -> None:
    for _n in range(3):
        in_town(0)
    client = client_of(house.dispatcher)
    client.get(SEEN.format(14))
    with CaptureQueriesContext(connection) as asked:
        body = client.get(SEEN.format(14)).json()
    assert len(body["points"]) == 3
    assert len(asked) <= 4, [one["sql"] for one in asked]


@pytest.mark.parametrize(
    "wrong", ["", "box=1,2,3", "box=a,b,c,d", "box=nan,0,1,1", "box=5,0,1,1", "box=0,0,1,1&zoom=x"]
)
def test_a_box_that_is_none_is_said_in_a_sentence(house: County, wrong: str) -> None:
    answer = client_of(house.dispatcher).get(f"/map/points/?{wrong}")
    assert (answer.status_code, "地图" in answer.content.decode()) == (422, True)


def test_the_list_shows_what_the_map_shows_most_pressing_first(house: County) -> None:
    one, other = in_town(0), in_town(0)
    Event.objects.filter(pk=other.pk).update(due_at=one.reported_at)
    html = client_of(house.dispatcher).get("/map/list/?box=104.5,28.6,104.8,28.8").content.decode()
    assert 0 < html.index(other.number) < html.index(one.number)


def test_a_point_comes_by_its_number_while_it_belongs_there(house: County) -> None:
    event, client = in_town(0), client_of(house.dispatcher)
    assert client.get(f"/map/points/{event.number}/").json()["point"][0] == event.number
    assert client.get(f"/map/points/{event.number}/?group=check").status_code == 204
    assert client_of(house.neighbour).get(f"/map/points/{event.number}/").status_code == 204


def test_a_view_is_shared_by_a_link_that_holds_no_matter(house: County) -> None:
    event = in_town(0)
    client = client_of(house.dispatcher)
    url = client.post("/map/share/?box=104.6,28.7,104.62,28.71&clock=late&event=" + event.number).json()["url"]
    token = url.split("view=")[1]
    assert event.number not in json.dumps(told_in(token))
    page = client_of(house.leader).get(f"/map/?view={token}").content.decode()
    assert 'data-bounds="104.60000,28.70000,104.62000,28.71000"' in page
    assert '<option value="late" selected>' in page
    with told.at(clock.now() + timedelta(hours=25)):
        late = client_of(house.leader).get(f"/map/?view={token}").content.decode()
    assert "失效" in late
    assert client_of(house.worker).get(f"/map/?view={token}").status_code == 403


def told_in(token: str) -> dict[str, Any]:
    import base64

    body = token.split(".")[0]
    return dict(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))


def test_the_seats_of_units(house: County) -> None:
    told_units = client_of(house.dispatcher).get("/map/units/").json()["units"]
    assert {one[0] for one in told_units} == {"centre-002", "station-001", "station-002"}


def test_an_address_that_is_nonsense_is_never_a_fault(house: County) -> None:
    client = client_of(house.dispatcher)
    for path in ("/map/points/%00/", "/map/events/%00/"):
        assert client.get(path).status_code == 404
    assert client.post("/map/events/%00/dispatch/", {"idempotency_key": "nought"}).status_code == 404
    box = "box=104.5,28.6,104.8,28.8"
    assert client.get(f"/map/things/?{box}&layer=%00").json() == {"things": [], "more": False}
    for wrong in ("nan,1,2,3", "-inf,-90,inf,90", "104.8,28.8,104.5,28.6", "1,2,3", ""):
        assert client.get(f"/map/points/?box={wrong}").status_code == 422


def test_the_map_says_that_a_matter_is_not_on_it_and_not_whether_there_is_one(house: County) -> None:
    """Restricted, of another town, unknown, no number at all: one sentence."""
    here, sealed = in_town(3), told.reported("楼下麻将馆天天赌博", lon=104.605, lat=28.705).event
    there = in_town(0)
    sentence = "该事项不在地图上显示"
    client = client_of(house.neighbour)
    asked = (here.number, "", sealed.number, there.number, "WG51152020261130000099", "x" * 300)
    said = [sentence in client.get("/map/", {"event": number}).content.decode() for number in asked]
    assert said == [False, False, True, True, True, True]
    assert sentence in client_of(house.duty_leader).get("/map/", {"event": sealed.number}).content.decode()
    assert sentence not in client_of(house.dispatcher).get("/map/", {"event": there.number}).content.decode()
