"""The check on the page, by the command and on saving; what may be mended with one press, by whom."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import shapely
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from onegrid.kit import chance
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.models import Area, TrailEntry
from onegrid.org.roles import Actor
from onegrid.territory import actions, queries
from onegrid.testing import cast, land
from onegrid.testing import matters as told
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
PAGE = "/settings/areas/coverage/"
METRE = 1 / 97_600


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def drawn(code: str) -> Any:
    return shapely.geometry.shape(Area.objects.get(code=code).boundary or {})


def draw(code: str, outline: Any) -> None:
    Area.objects.filter(code=code).update(boundary=shapely.geometry.mapping(outline))
    places.forget_reference()


def narrow(code: str, metres: float) -> None:
    """Take a strip off the eastern edge of a grid."""
    west, south, east, north = drawn(code).bounds
    draw(code, shapely.box(west, south, east - metres * METRE, north))


def test_the_county_of_the_cast_has_no_fault(county: County, browser_of: Browser) -> None:
    answer = browser_of(county.admin_system).get(PAGE)
    assert answer.status_code == 200
    assert queries.check_area(cast.COUNTY) == []


def test_a_sliver_is_shown_with_a_picture_and_mended_with_one_press(county: County, browser_of: Browser) -> None:
    narrow(cast.GRIDS[1], 1.5)
    browser = browser_of(county.admin_system)
    page = browser.get(PAGE, headers={"Accept-Language": "en"}).content.decode()
    assert "<svg" in page
    assert cast.GRIDS[1] in page
    (fault,) = queries.check_area(cast.COUNTY)
    given = {"fault": queries.key_of(fault), "deed": "assign", "idempotency_key": chance.base32(26)}
    assert browser.post(f"{PAGE}mend/", given).status_code == 302
    assert queries.check_area(cast.COUNTY) == []
    entry = TrailEntry.objects.get(verb="place_areas")
    assert entry.facts["deed"] == "assign"
    assert len(entry.facts["codes"]) == 1


@pytest.mark.parametrize("deed", ["assign", "snap"])
def test_each_way_of_mending_a_sliver_leaves_no_fault(county: County, deed: str) -> None:
    narrow(cast.GRIDS[1], 1.5)
    (fault,) = queries.check_area(cast.COUNTY)
    actions.mend(county.admin_system, area=cast.COUNTY, key=queries.key_of(fault), deed=deed)
    assert queries.check_area(cast.COUNTY) == []


def test_what_lies_outside_is_clipped(county: County) -> None:
    west, south, east, north = drawn(cast.GRIDS[5]).bounds
    draw(cast.GRIDS[5], shapely.box(west, south, east + 50 * METRE, north))
    (fault,) = queries.check_area(cast.COUNTY)
    assert fault.kind == "outside"
    actions.mend(county.admin_system, area=cast.COUNTY, key=queries.key_of(fault), deed="clip")
    assert queries.check_area(cast.COUNTY) == []


def test_real_gaps_are_never_mended_with_one_press(county: County) -> None:
    narrow(cast.GRIDS[1], 60)
    (fault,) = queries.check_area(cast.COUNTY)
    assert fault.kind == "gap"
    assert actions.deeds(fault) == ()
    with pytest.raises(org.Refused, match="cannot be mended"):
        actions.mend(county.admin_system, area=cast.COUNTY, key=queries.key_of(fault), deed="assign")


def test_a_fault_that_is_gone_says_so(county: County, browser_of: Browser) -> None:
    given = {"fault": "0" * 16, "deed": "assign", "idempotency_key": chance.base32(26)}
    assert browser_of(county.admin_system).post(f"{PAGE}mend/", given).status_code == 409


@pytest.mark.parametrize("name", ["leader", "dispatcher", "admin_security"])
def test_only_the_system_administrator_mends(county: County, name: str) -> None:
    narrow(cast.GRIDS[1], 1.5)
    (fault,) = queries.check_area(cast.COUNTY)
    with pytest.raises(org.Refused):
        actions.mend(county.people[name], area=cast.COUNTY, key=queries.key_of(fault), deed="assign")
    assert len(queries.check_area(cast.COUNTY)) == 1


def test_a_town_centre_reads_its_own_town_only(county: County, browser_of: Browser) -> None:
    narrow(cast.GRIDS[1], 60)
    assert cast.GRIDS[1] not in browser_of(county.neighbour).get(PAGE).content.decode()
    assert cast.GRIDS[1] in browser_of(county.dispatcher).get(PAGE).content.decode()
    assert browser_of(county.unit_leader).get(PAGE).status_code == 404
    assert browser_of(county.worker).get(PAGE).status_code == 403


def test_the_command_names_faults_and_ends_with_status_one(county: County) -> None:
    out = io.StringIO()
    call_command("coverage", stdout=out)
    assert "no fault" in out.getvalue()
    narrow(cast.GRIDS[1], 60)
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("coverage", area=cast.COUNTY, json=True, stdout=out)
    assert ended.value.code == 1
    (row,) = json.loads(out.getvalue())
    assert row["kind"] == "gap"
    assert row["area_m2"] == pytest.approx(60 * 1108, rel=0.02)


def test_on_saving_only_the_neighbourhood_is_checked(county: County) -> None:
    narrow(cast.GRIDS[4], 60)
    west, south, east, north = drawn(cast.GRIDS[1]).bounds
    found = queries.check_with({cast.GRIDS[1]: shapely.box(west, south, east - 60 * METRE, north)})
    assert [(one.kind, one.codes) for one in found] == [("gap", (cast.GRIDS[1], cast.GRIDS[2]))]
    assert queries.check_with({cast.GRIDS[1]: drawn(cast.GRIDS[1])}) == []


def test_the_check_is_kept_until_a_boundary_changes(county: County) -> None:
    queries.check_area(cast.COUNTY)
    with CaptureQueriesContext(connection) as seen:
        queries.check_area(cast.COUNTY)
    assert len(seen.captured_queries) == 1


def test_the_balance_counts_grids_and_opens_to_them(county: County, browser_of: Browser) -> None:
    told.make_matters(county)
    told.event_in("handling", county)
    Area.objects.filter(code=cast.GRIDS[0]).update(households=320, phone="0831-110")
    town = next(one for one in queries.balance(cast.COUNTY) if one.code == cast.TOWNS[0])
    assert [one.households for one in town.grids] == [320, None, None]
    assert sum(one.open for one in town.grids) == 1
    assert [one.workers for one in town.grids] == [1, 0, 0]
    assert [one.phone for one in town.grids] == ["0831-110", "", ""]
    assert len(town.unserved) == len(town.silent) == 2
    assert browser_of(county.leader).get("/settings/areas/balance/").status_code == 200


def test_sealed_matters_are_counted_nowhere(county: County) -> None:
    told.make_matters(county)
    event = told.event_in("handling", county)
    type(event).objects.filter(pk=event.pk).update(restricted=True, words="")
    assert sum(one.open + one.recent for town in queries.balance(cast.COUNTY) for one in town.grids) == 0


def test_the_balance_asks_the_same_number_of_questions_at_any_size(county: County) -> None:
    queries.balance(cast.COUNTY)
    with CaptureQueriesContext(connection) as seen:
        queries.balance(cast.COUNTY)
    assert len(seen.captured_queries) <= 5


def test_a_picture_of_a_point_of_nothing_and_of_a_broken_outline() -> None:
    from onegrid.territory.rules.pictures import picture

    assert picture(None, []) is None
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    drawn_bow = picture(bow, [land.land(1, 1)], [(0.5, 0.5)])
    assert drawn_bow is not None
    assert drawn_bow.marked
    assert drawn_bow.points == [(160.0, 100.0)]
