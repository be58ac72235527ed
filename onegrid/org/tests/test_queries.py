"""Places, offices and the calendar of an area."""

from datetime import date, time
from typing import Any

import pytest

from onegrid.org import actions, queries
from onegrid.org.models import CalendarDay
from onegrid.org.roles import HANDLER, Actor
from onegrid.testing import cast
from onegrid.testing.cast import COUNTY, GRIDS, TOWNS, County

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def test_an_area_is_known_by_its_code_with_its_line_of_places(county: County) -> None:
    assert queries.area("999") is None
    assert [place.kind for place in queries.area_names(GRIDS[0])] == ["county", "town", "village", "grid"]
    assert queries.zone(GRIDS[0]) == queries.zone("") == "Asia/Shanghai"


def test_an_area_that_has_ended_is_gone(county: County) -> None:
    actions.place_area(SYSTEM, code=GRIDS[5], valid_until=date(2020, 1, 1))
    assert queries.area(GRIDS[5]) is None


def test_the_nearest_centre_is_that_of_the_longest_code(county: County) -> None:
    assert queries.centre_for(GRIDS[0]) == county.units["centre"].pk
    assert queries.centre_for(GRIDS[3]) == county.units["centre-002"].pk
    assert queries.centre_for("99") is None


def test_a_closed_centre_gives_way_to_the_one_above(county: County) -> None:
    actions.place_unit(SYSTEM, code="centre-002", active=False)
    assert queries.centre_for(GRIDS[3]) == county.units["centre"].pk


def test_a_family_is_the_office_its_employer_and_all_contractors(county: County) -> None:
    city = county.units["city"].pk
    made = [
        actions.place_unit(SYSTEM, code=code, name_zh="公司", kind="contractor", area=COUNTY, employer_id=city).pk
        for code in ("sweepers", "gardeners")
    ]
    assert queries.unit_family(city) == queries.unit_family(made[0]) == sorted([city, *made])
    assert queries.unit_family(county.units["fire"].pk) == [county.units["fire"].pk]


def test_postings_with_a_role_are_the_active_ones_of_that_unit(
    county: County, handler: Actor, django_assert_num_queries: Any
) -> None:
    unit = county.units["city"].pk
    with django_assert_num_queries(1):
        found = queries.postings_with(HANDLER, unit)
        assert [posting.user.username for posting in found] == ["handler"]
    assert queries.postings_with("mediator", unit) == []


@pytest.mark.parametrize("place", range(6))
def test_a_point_is_located_in_its_grid(county: County, place: int) -> None:
    assert queries.territory().locate(*cast.middle(place)).code == GRIDS[place]


def test_the_territory_is_drawn_anew_only_when_an_outline_changed(county: County) -> None:
    """A county's grids take a second to draw: asking whether they changed takes one light statement."""
    first = queries.territory()
    queries.territory.clear()
    assert queries.territory() is first
    actions.place_area(SYSTEM, code=GRIDS[5], valid_until=date(2020, 1, 1))
    assert queries.territory() is not first
    assert queries.territory().locate(*cast.middle(5)).code != GRIDS[5]


def test_reference_data_costs_nothing_the_second_time(county: County, django_assert_num_queries: Any) -> None:
    queries.calendar(GRIDS[0])
    queries.centre_for(GRIDS[0])
    queries.territory()
    with django_assert_num_queries(0):
        queries.calendar(GRIDS[1])
        queries.centre_for(GRIDS[3])
        queries.territory()
        queries.unit("city")


def day(at: date, kind: str, source: str, area: str = "") -> CalendarDay:
    return CalendarDay(date=at, kind=kind, source=source, area=area, name="日")


def test_the_inner_area_decides_about_a_day(county: County) -> None:
    monday = date(2026, 3, 2)
    actions.place_days(SYSTEM, days=[day(monday, "rest", "hand"), day(monday, "work", "hand", TOWNS[0])])
    assert queries.calendar(GRIDS[0]).is_working(monday)
    assert not queries.calendar(GRIDS[3]).is_working(monday)
    assert not queries.calendar("").is_working(monday)


def test_days_set_by_hand_stay_when_a_year_is_loaded(county: County) -> None:
    monday, tuesday = date(2026, 3, 2), date(2026, 3, 3)
    actions.place_days(SYSTEM, days=[day(monday, "rest", "hand")])
    loaded = [day(monday, "work", "library"), day(tuesday, "work", "library")]
    assert actions.place_days(SYSTEM, days=loaded) == 1
    assert actions.place_days(SYSTEM, days=[day(tuesday, "rest", "library")]) == 1
    assert [row.kind for row in CalendarDay.objects.order_by("date")] == ["rest", "rest"]


def test_an_area_may_have_its_own_hours(county: County) -> None:
    actions.place_hours(SYSTEM, area=TOWNS[1], spans=[(time(8), time(12)), (time(14), time(18))])
    assert queries.calendar(GRIDS[3]).spans[0] == (time(8), time(12))
    assert queries.calendar(GRIDS[0]).spans[0] == (time(9), time(12))


def test_only_the_system_administrator_places(county: County, dispatcher: Actor, admin_system: Actor) -> None:
    actions.place_area(admin_system, code=TOWNS[0], name_en="Chengguan Street")
    for act in (
        lambda: actions.place_area(dispatcher, code=TOWNS[0], name_en="x"),
        lambda: actions.place_unit(dispatcher, code="fire", name_en="x"),
        lambda: actions.place_days(dispatcher, days=[]),
        lambda: actions.place_hours(dispatcher, area="", spans=[]),
    ):
        with pytest.raises(actions.Refused):
            act()
