"""Who answers for what: by rule, the finest wins; by ruling, with its date; and where nobody is named."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onegrid.events import queries as events
from onegrid.events.models import Route
from onegrid.org.roles import Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.queries.duties import Duty
from onegrid.supervision.tests.test_rule import objected, ruled
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, GRIDS, TOWNS, VILLAGES, County

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]


@pytest.fixture(autouse=True)
def matters(county: County) -> None:
    told.make_matters(county)


def route(area: str, category: str, unit: str, county: County) -> None:
    Route.objects.create(area=area, category=category, unit=county.units[unit])
    events.forget_reference()


def duty(actor: Actor, leaf: str, area: str = COUNTY) -> Duty:
    found = queries.duties(actor, area=area)
    return next(one for _branch, rows in found.branches for one in rows if one.leaf.code == leaf)


def test_the_rule_that_hits_names_the_unit(county: County) -> None:
    one = duty(county.dispatcher, told.LANE)
    assert one.unit == county.units["fire"].name
    assert one.rule.startswith("云麓县")
    assert duty(county.dispatcher, told.LAMP).unit == county.units["city"].name


def test_the_finer_leaf_and_the_finer_place_win(county: County) -> None:
    route(COUNTY, told.LAMP, "housing", county)
    assert duty(county.leader, told.LAMP).unit == county.units["housing"].name
    route(TOWNS[1], "", "station-002", county)
    assert duty(county.leader, told.LAMP, TOWNS[1]).unit == county.units["station-002"].name
    assert duty(county.leader, told.LAMP, TOWNS[0]).unit == county.units["housing"].name
    assert duty(county.leader, told.LAMP).elsewhere == [("青溪镇", county.units["station-002"].name)]


def test_where_nobody_is_named_it_is_said(county: County, browser_of: Browser) -> None:
    Route.objects.filter(category="").delete()
    events.forget_reference()
    found = queries.duties(county.leader, area=COUNTY)
    unnamed = {one.leaf.code for _branch, rows in found.branches for one in rows if one.nobody}
    assert unnamed == {told.VICE, told.ADVICE, told.NEIGHBOURS}
    assert found.unnamed == 3
    page = browser_of(county.leader).get("/supervise/duties/?only=unnamed").content.decode()
    assert page.count('class="card"') == 3


def test_a_ruling_stands_beside_the_rule_until_it_is_withdrawn(county: County) -> None:
    ruling = ruled(county, objected(county))
    (one,) = duty(county.handler, told.LAMP, TOWNS[0]).ruled
    assert (one.unit, one.place, one.other, one.ruling) == (
        county.units["housing"].name, "城关街道", True, ruling.pk,
    )  # fmt: skip
    assert duty(county.handler, told.RUBBISH).ruled == []
    actions.withdraw_precedent(actor=county.leader, ruling_id=ruling.pk, why="不再适用")
    assert duty(county.handler, told.LAMP, TOWNS[0]).ruled == []


def test_who_does_not_see_the_matter_reads_the_precedent_without_its_link(county: County) -> None:
    ruled(county, objected(county), area=COUNTY)
    (one,) = duty(county.neighbour, told.LAMP, TOWNS[1]).ruled
    assert (one.unit, one.ruling) == (county.units["housing"].name, 0)


def test_another_towns_ruling_is_not_in_this_towns_matrix(county: County) -> None:
    ruled(county, objected(county), area=GRIDS[0])
    assert duty(county.leader, told.LAMP, TOWNS[1]).ruled == []
    assert duty(county.neighbour, told.LAMP, TOWNS[1]).ruled == []
    assert len(duty(county.leader, told.LAMP, TOWNS[0]).ruled) == 1
    assert len(duty(county.leader, told.LAMP).ruled) == 1


def test_each_chooses_among_the_own_places(county: County, browser_of: Browser) -> None:
    assert [one.code for one in queries.duty_places(county.leader)] == [COUNTY, *TOWNS]
    assert [one.code for one in queries.duty_places(county.neighbour)] == [TOWNS[1]]
    assert [one.code for one in queries.duty_places(county.worker)] == [GRIDS[0]]
    client = browser_of(county.neighbour)
    assert client.get(f"/supervise/duties/?area={TOWNS[0]}&branch=nonsense").context["area"] == TOWNS[1]


def test_a_branch_alone_is_shown(county: County, browser_of: Browser) -> None:
    page = browser_of(county.handler).get("/supervise/duties/?branch=03")
    (branch,) = page.context["found"].branches
    assert [one.leaf.code for one in branch[1]] == [told.LANE, told.GAS]


def test_the_page_needs_few_statements_however_many_rulings_there_are(county: County, browser_of: Browser) -> None:
    client = browser_of(county.leader)
    ruled(county, objected(county))
    client.get("/supervise/duties/")
    with CaptureQueriesContext(connection) as few:
        client.get("/supervise/duties/")
    ruled(county, objected(county), unit="city", area=COUNTY)
    with CaptureQueriesContext(connection) as more:
        client.get("/supervise/duties/")
    assert len(few) == len(more) <= 4


def test_many_villages_of_a_town_are_one_line_that_opens(county: County, browser_of: Browser) -> None:
    route(TOWNS[1], told.LAMP, "station-002", county)
    for village in VILLAGES[2:4]:
        route(village, told.LAMP, "fire", county)
    (town,) = duty(county.leader, told.LAMP).by_town
    fire = county.units["fire"].name
    assert (town.name, town.unit, town.parts) == (
        "青溪镇", county.units["station-002"].name, [("溪口村", fire), ("茶园村", fire)],
    )  # fmt: skip
    page = browser_of(county.leader).get("/supervise/duties/").content.decode()
    folded = page.split("<details>")[1].split("</details>")[0]
    assert "青溪镇" in folded.split("</summary>")[0]
    assert "溪口村" in folded.split("</summary>")[1]
