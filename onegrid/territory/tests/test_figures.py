"""After a re-division its figures can be read by the old and by the new areas, as a table and as a file."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onegrid.events import actions as events
from onegrid.org.roles import LEADER, Actor
from onegrid.territory import queries
from onegrid.territory.models import Redivision
from onegrid.territory.tests.made import applied, begin, split_first
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import GRIDS, SOUTH, STEP, TOWNS, VILLAGES, WEST, County, client_of

pytestmark = pytest.mark.django_db
WESTERN, EASTERN = f"{VILLAGES[0]}003", f"{VILLAGES[0]}004"


@pytest.fixture(autouse=True)
def hand(county: County) -> Iterator[told.Hand]:
    told.make_matters(county)
    with told.at() as hand:
        yield hand


def reported(place: float, words: str = told.WORDS) -> None:
    events.report(actor=Actor.stranger(), words=words, lon=WEST + STEP * place, lat=SOUTH + STEP / 2, category="")


def divided(county: County, hand: told.Hand) -> Redivision:
    """Three matters in the first grid, which is split; a restricted one, and one beside it."""
    for place in (0.2, 0.8, 0.9, 1.5):
        reported(place)
    reported(0.8, "楼下麻将馆天天赌博")
    return applied(county, split_first(county, begin(county)), hand)


def test_matters_are_counted_where_they_were_reported_and_where_they_lie(county: County, hand: told.Hand) -> None:
    one = divided(county, hand)
    span = {"since": hand.moment - timedelta(days=30), "until": hand.moment + timedelta(days=1)}
    rows = queries.twins(county.dispatcher, one, digits=15, **span)
    assert rows == [(GRIDS[0], 3, 0, True), (WESTERN, 0, 1, False), (EASTERN, 0, 2, False)]
    assert queries.twins(county.dispatcher, one, digits=12, **span) == [(VILLAGES[0], 4, 4, False)]
    early = {"since": hand.moment - timedelta(days=30), "until": hand.moment - timedelta(days=20)}
    assert {row.then + row.now for row in queries.twins(county.dispatcher, one, digits=15, **early)} == {0}


def test_the_page_and_the_file_say_the_same(county: County, hand: told.Hand) -> None:
    one = divided(county, hand)
    leader = client_of(county.leader)
    address = f"/settings/areas/{one.pk}/figures/"
    assert address in leader.get(f"/settings/areas/{one.pk}/").content.decode()
    with CaptureQueriesContext(connection) as seen:
        page = leader.get(address).content.decode()
    assert sum("events_event" in row["sql"] for row in seen.captured_queries) == 2
    for code in (GRIDS[0], WESTERN, EASTERN):
        assert code in page
    assert "已停用" in page
    file = leader.get(f"{address}table.csv")
    assert file.headers["Content-Type"].startswith("text/csv")
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "区域编码,区域,编码已停用,按上报时,按现在,增减"
    assert lines[1].startswith(f"{GRIDS[0]},第1网格,是,")
    assert len(lines) == 4


@pytest.mark.parametrize(
    "asked", ["since=x", "since=2026-12-01&until=2026-01-01", "until=9999-01-01", "since=0001-01-01"]
)
def test_impossible_days_are_answered_with_a_sentence(county: County, hand: told.Hand, asked: str) -> None:
    one = divided(county, hand)
    answer = client_of(county.leader).get(f"/settings/areas/{one.pk}/figures/?{asked}")
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()


def test_who_sees_no_matters_or_another_centre_reads_no_figures(county: County, hand: told.Hand) -> None:
    one = divided(county, hand)
    other = cast.post(county, "other_leader", "centre-002", TOWNS[1], (LEADER,))
    for who, status in ((county.admin_system, 403), (county.worker, 403), (other, 404)):
        assert client_of(who).get(f"/settings/areas/{one.pk}/figures/").status_code == status
        assert client_of(who).get(f"/settings/areas/{one.pk}/figures/table.csv").status_code == status


def test_before_it_takes_effect_there_is_nothing_to_compare(county: County) -> None:
    one = split_first(county, begin(county))
    assert client_of(county.leader).get(f"/settings/areas/{one.pk}/figures/").status_code == 404
