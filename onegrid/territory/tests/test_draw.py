"""An ordinary grid is drawn: it gets that land, the grids below lose exactly it, and the neighbours nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
import shapely
from django.http import HttpResponse
from shapely.geometry import shape

from onegrid.events import actions as events
from onegrid.events.models import Event
from onegrid.org.models import Area
from onegrid.org.roles import ADMIN_SYSTEM, Actor
from onegrid.territory import actions, queries
from onegrid.territory.models import Redivision
from onegrid.territory.tests.made import add, applied, begin, step
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import GRIDS, SOUTH, STEP, TOWNS, VILLAGES, WEST, County, client_of

pytestmark = pytest.mark.django_db
KEY = "DRAWN0000000000000000000001"


@pytest.fixture(autouse=True)
def hand(county: County) -> Iterator[told.Hand]:
    told.make_matters(county)
    with told.at() as hand:
        yield hand


def ring(west: float, east: float, south: float = 0.25, north: float = 0.75) -> list[list[float]]:
    """In sides of a grid, from the south-west corner of the county."""
    spots = ((west, south), (east, south), (east, north), (west, north))
    return [[WEST + STEP * x, SOUTH + STEP * y] for x, y in spots]


def draw(county: County, one: Redivision, drawn: list[list[float]], **more: Any) -> Redivision:
    return add(county, one, "draw", **({"ring": drawn, "parent": VILLAGES[0], "name_zh": "东门花园网格"} | more))


def sides(row: dict[str, Any]) -> float:
    """Its area, in areas of a grid."""
    return round(shape(row["outline"]).area / STEP**2, 6)


def test_over_two_grids_of_the_village_it_takes_of_both(county: County) -> None:
    one = draw(county, begin(county), ring(0.5, 1.5))
    rows = queries.draft_rows(one)
    assert {key: sides(rows[key]) for key in ("n1", GRIDS[0], GRIDS[1])} == {"n1": 0.5, GRIDS[0]: 0.75, GRIDS[1]: 0.75}
    assert (rows["n1"]["name_zh"], rows["n1"]["parent"], rows["n1"]["kind"]) == ("东门花园网格", VILLAGES[0], "grid")
    assert (rows["n1"]["households"], rows[GRIDS[0]]["households"]) == (None, None)
    found = queries.outcome_of(one)
    assert (found.made, found.ended, found.redrawn) == (["n1"], [], [GRIDS[0], GRIDS[1]])


def test_asked_for_one_grid_only_the_others_keep_theirs(county: County) -> None:
    rows = queries.draft_rows(draw(county, begin(county), ring(0.5, 1.5), only=GRIDS[0]))
    assert {key: sides(rows[key]) for key in ("n1", GRIDS[0], GRIDS[1])} == {"n1": 0.25, GRIDS[0]: 0.75, GRIDS[1]: 1}


def test_what_is_wholly_covered_ends_and_its_workers_come_with_it(county: County) -> None:
    one = draw(county, begin(county), ring(-0.5, 1.2, -0.5, 1.5))
    assert (queries.outcome_of(one).ended, queries.outcome_of(one).made) == ([GRIDS[0]], ["n1"])
    rows = queries.draft_rows(one)
    assert rows["n1"]["workers"] == [county.worker.user_id]
    assert (sides(rows["n1"]), sides(rows[GRIDS[1]])) == (1.2, 0.8)


def test_the_neighbouring_village_loses_nothing(county: County) -> None:
    rows = queries.draft_rows(draw(county, begin(county), ring(1.2, 2.4)))
    assert (sides(rows["n1"]), sides(rows[GRIDS[2]])) == (0.4, 1)
    shared = shapely.intersection(shape(rows["n1"]["outline"]), shape(rows[GRIDS[2]]["outline"]))
    corners = {tuple(spot) for spot in rows[GRIDS[2]]["outline"]["coordinates"][0]}
    assert len(corners & {tuple(spot) for spot in rows["n1"]["outline"]["coordinates"][0]}) == 2, shared


@pytest.mark.parametrize(
    ("drawn", "more", "word"),
    [
        (ring(1.8, 2.9), {}, "其他村"),
        (ring(7, 8), {}, "网格上"),
        (ring(0.2, 0.8, -1, 2), {}, "第1网格”划走后"),
        (ring(-1, 1, -1, 2), {}, "整个网格"),
        (ring(-1, 0.9999, -1, 2), {}, "平方米"),
        (ring(0.2, 0.8), {"name_zh": ""}, "中文"),
        (ring(0.2, 0.8), {"parent": "1"}, "列表"),
        (ring(0.2, 0.8), {"only": GRIDS[3]}, "草案"),
        (ring(0.2, 0.8)[:2], {}, "坐标"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_sentence(
    county: County, drawn: list[list[float]], more: dict[str, str], word: str
) -> None:
    with pytest.raises(actions.NotGiven) as refused:
        draw(county, begin(county), drawn, **more)
    assert any(word in sentence for sentence in refused.value.fields.values()), refused.value.fields


def test_on_its_day_it_begins_and_what_lies_in_it_moves_there(county: County, hand: told.Hand) -> None:
    inside, beside = (
        events.report(actor=Actor.stranger(), words=told.WORDS, lon=lon, lat=SOUTH + STEP / 2, category="").event
        for lon in (WEST + STEP * 0.6, WEST + STEP * 0.1)
    )
    one = applied(county, draw(county, begin(county), ring(0.5, 1.5)), hand)
    code = one.codes["n1"]
    assert (one.state, Area.objects.get(code=code).parent) == ("effective", VILLAGES[0])
    assert {row.pk: row.area for row in Event.objects.all()} == {inside.pk: code, beside.pk: GRIDS[0]}
    ended = Area.objects.filter(valid_until__isnull=False)
    assert not ended.exists()
    assert Area.objects.get(code=GRIDS[0]).households is None


def sent(county: County, one: Redivision, who: Actor, drawn: list[list[float]], village: str) -> HttpResponse:
    typed = "\n".join(f"{lon:.7f}, {lat:.7f}" for lon, lat in drawn)
    given = {"idempotency_key": KEY, "version": one.version, "parent": village, "name_zh": "新格", "ring": typed}
    answer: HttpResponse = client_of(who).post(f"/settings/areas/{one.pk}/change/draw/", given)  # type: ignore[assignment]
    return answer


def test_the_page_draws_it_and_chooses_it(county: County) -> None:
    one = begin(county)
    answer = sent(county, one, county.admin_system, ring(0.5, 1.5), VILLAGES[0])
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/settings/areas/{one.pk}/draw/?key=n1")
    assert [change.kind for change in one.changes.all()] == ["draw"]


def test_the_page_says_what_is_wrong_and_keeps_what_was_typed(county: County) -> None:
    answer = sent(county, begin(county), county.admin_system, ring(2.5, 2.9), VILLAGES[0])
    assert answer.status_code == 422
    assert "请先选择那个村（社区）" in answer.content.decode()
    assert "104.6250000, 28.7025000" in answer.content.decode()


def test_a_wrong_role_a_neighbour_and_a_wrong_state_draw_nothing(county: County) -> None:
    one = begin(county)
    neighbour = cast.post(county, "other_admin", "centre-002", TOWNS[1], (ADMIN_SYSTEM,))
    for who, status in ((county.leader, 403), (county.worker, 403), (neighbour, 404)):
        assert sent(county, one, who, ring(0.5, 1.5), VILLAGES[0]).status_code == status
    step(draw(county, one, ring(0.5, 1.5)), "submit", county.admin_system)
    one.refresh_from_db()
    assert sent(county, one, county.admin_system, ring(0.1, 0.2), VILLAGES[0]).status_code == 409
    assert one.changes.count() == 1
