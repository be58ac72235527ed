"""Heat and change: what is compared, who sees what of it, and that no share says more than there is."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from onegrid.events.models import Event
from onegrid.insight.queries import heat
from onegrid.insight.queries.heat import Heat
from onegrid.insight.rules import heat as rules
from onegrid.org.roles import Actor
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import County, client_of

pytestmark = pytest.mark.django_db
SEPTEMBER, AUGUST = datetime(2026, 9, 10, 4, tzinfo=UTC), datetime(2026, 8, 10, 4, tzinfo=UTC)
VILLAGE = {"lon": 104.605, "lat": 28.705}
ELSEWHERE = {"lon": 104.635, "lat": 28.705}


@pytest.fixture
def matters(county: County) -> County:
    told.make_matters(county)
    return county


def report(moment: datetime, count: int = 1, **given: Any) -> None:
    with told.at(moment):
        for _ in range(count):
            told.reported(**given)


def seen(actor: Actor, **wish: Any) -> tuple[int, int]:
    with told.at():
        cells = heat.hexagons(actor, Heat(**wish))
    return sum(one.now for one in cells), sum(one.before for one in cells)


def test_a_month_stands_against_the_month_before(matters: County) -> None:
    report(SEPTEMBER, 3)
    report(AUGUST, 2)
    assert seen(matters.dispatcher) == (3, 2)
    assert seen(matters.dispatcher, back=2) == (2, 0)


def test_of_a_period_that_runs_only_as_much_of_the_one_before_is_counted(matters: County) -> None:
    """The morning is the 14th of October: what came on the 20th of September belongs to no comparison."""
    report(datetime(2026, 9, 5, 4, tzinfo=UTC), 2)
    report(datetime(2026, 9, 20, 4, tzinfo=UTC), 7)
    report(datetime(2026, 10, 5, 4, tzinfo=UTC), 4)
    assert seen(matters.dispatcher, back=0) == (4, 2)


def test_restricted_and_joined_matters_are_in_no_heat(matters: County) -> None:
    report(SEPTEMBER, 2)
    report(SEPTEMBER, 1, words="楼下麻将馆天天赌博")
    assert Event.objects.filter(restricted=True).count() == 1
    for who in ("dispatcher", "leader", "duty_leader", "analyst"):
        assert seen(matters.people[who]) == (2, 0)


def test_each_reader_counts_what_they_may_open(matters: County) -> None:
    report(SEPTEMBER, 2)
    report(SEPTEMBER, 3, **ELSEWHERE)
    with told.at(SEPTEMBER):
        told.event_in("handling", matters)
    assert seen(matters.dispatcher) == (6, 0)
    assert seen(matters.neighbour) == (3, 0)
    assert seen(matters.handler) == (1, 0)
    assert seen(matters.other_handler) == (0, 0)
    assert seen(matters.admin_system) == (0, 0)


def test_what_is_about_an_office_is_in_no_heat_of_that_office(matters: County) -> None:
    report(SEPTEMBER, 1, about_office=True, about_unit="city")
    assert seen(matters.dispatcher) == (1, 0)
    Event.objects.update(holder=matters.units["city"])
    assert seen(matters.handler) == (0, 0)


def test_filters_by_group_and_area(matters: County) -> None:
    report(SEPTEMBER, 2)
    report(SEPTEMBER, 1, words="消防通道堵住了")
    report(SEPTEMBER, 4, **ELSEWHERE)
    assert seen(matters.dispatcher, group="03") == (1, 0)
    assert seen(matters.dispatcher, group="05") == (6, 0)
    assert seen(matters.dispatcher, area=cast.TOWNS[1]) == (4, 0)
    assert seen(matters.neighbour, area=cast.TOWNS[0]) == (0, 0)


def test_hexagons_grow_and_are_named_by_their_largest_grid(matters: County) -> None:
    report(SEPTEMBER, 2)
    report(SEPTEMBER, 1, **ELSEWHERE)
    with told.at():
        sizes = {size: heat.hexagons(matters.dispatcher, Heat(size=size)) for size in rules.SIZES}
    assert [len(cells) for cells in sizes.values()] == sorted(len(cells) for cells in sizes.values())
    assert sizes[8][0].name == "城关街道 · 东门社区 · 第1网格"
    assert sizes[8][0].ring[0] == sizes[8][0].ring[-1]
    assert all(heat.cell_of(one.key) == one.cell for one in sizes[8])


@pytest.mark.parametrize(("now", "before", "change", "percent"), [
    (0, 0, "same", None), (1, 0, "same", None), (4, 1, "more", None), (0, 4, "much_less", None),
    (100, 104, "same", -4), (130, 100, "more", 30), (60, 100, "much_less", -40), (5, 5, "same", 0),
    (20, 4, "much_more", None), (4, 20, "much_less", None),
])  # fmt: skip
def test_a_difference_means_something_only_beyond_chance(now: int, before: int, change: str, percent: Any) -> None:
    assert rules.change(now, before) == change
    assert rules.percent(now, before) == percent


def test_weeks_begin_on_monday_and_months_go_over_the_year() -> None:
    assert rules.span("week", 0, date(2026, 10, 14)) == rules.Span(date(2026, 10, 12), date(2026, 10, 19))
    assert rules.span("month", 10, date(2026, 10, 14)) == rules.Span(date(2025, 12, 1), date(2026, 1, 1))
    for unit, steps in rules.STEPS.items():
        spans = [rules.span(unit, back, date(2026, 3, 31)) for back in range(steps)]
        assert all(later.since == earlier.until for later, earlier in pairwise(spans))


def test_the_page_the_table_and_the_file_say_the_same(matters: County) -> None:
    report(SEPTEMBER, 6)
    report(AUGUST, 5)
    with told.at():
        browser = client_of(matters.dispatcher)
        page = browser.get("/map/heat/?size=8")
        data = browser.get("/map/heat/data/?size=8").json()
        file = browser.get("/map/heat/table.csv?size=8")
    [[key, ring, now, before, change, name]] = data["cells"]
    assert (now, before, change, len(ring)) == (6, 5, "same", 7)
    assert name in page.content.decode()
    assert name in data["table"]
    assert "+20" in data["table"]
    assert "attachment" in file.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert rows[1] == [key, name, "6", "5", "1", "20"]


def test_a_house_without_a_whole_period_behind_it_begins_with_the_one_that_runs(matters: County) -> None:
    report(datetime(2026, 10, 5, 4, tzinfo=UTC), 4)
    with told.at():
        browser = client_of(matters.dispatcher)
        begun, asked = browser.get("/map/heat/"), browser.get("/map/heat/?back=1")
    assert [page.context["wish"].back for page in (begun, asked)] == [0, 1]
    report(SEPTEMBER, 1)
    with told.at():
        assert browser.get("/map/heat/").context["wish"].back == 1


def test_a_hexagon_opens_to_the_matters_behind_it(matters: County) -> None:
    report(SEPTEMBER, 2)
    report(SEPTEMBER, 1, words="楼下麻将馆天天赌博")
    report(AUGUST, 1)
    with told.at():
        key = heat.hexagons(matters.dispatcher, Heat(size=8))[0].key
        shown = client_of(matters.dispatcher).get(f"/map/heat/{key}/?size=8").content.decode()
        hidden = client_of(matters.other_handler).get(f"/map/heat/{key}/?size=8").content.decode()
    numbers = set(Event.objects.filter(restricted=False, reported_at__gte=SEPTEMBER).values_list("number", flat=True))
    assert len(numbers) == 2
    assert set(re.findall(r"2026-\d{6}-\w{6}-\w", shown)) == numbers
    assert not re.findall(r"2026-\d{6}-\w{6}-\w", hidden)
    assert told.WORDS not in shown


@pytest.mark.parametrize("key", ["0", "zz", "f" * 40, "8928308280fffff", "-1", "851f1d4bfffffff"])
def test_what_is_no_hexagon_of_ours_is_not_there(matters: County, key: str) -> None:
    assert client_of(matters.dispatcher).get(f"/map/heat/{key}/").status_code == 404


@pytest.mark.parametrize("query", ["unit=year", "back=-1", "back=9999999999", "back=二", "size=3", "area=%00",
                                   "group='--", "sort=evil", "unit=&back=&area=&group=&size="])  # fmt: skip
def test_nonsense_in_the_address_counts_as_not_said(matters: County, query: str) -> None:
    for path in ("", "data/", "table.csv"):
        assert client_of(matters.dispatcher).get(f"/map/heat/{path}?{query}").status_code == 200


def test_no_line_of_the_file_begins_like_a_formula(matters: County) -> None:
    from onegrid.org.models import Area

    Area.objects.filter(code=cast.TOWNS[0]).update(name_zh="=cmd()")
    report(SEPTEMBER)
    with told.at(told.MORNING + timedelta(seconds=1)):
        text = client_of(matters.dispatcher).get("/map/heat/table.csv").content.decode("utf-8-sig")
    assert "'=cmd()" in text


def test_a_page_asks_few_questions(matters: County, django_assert_max_num_queries: Any) -> None:
    report(SEPTEMBER, 5)
    report(SEPTEMBER, 5, **ELSEWHERE)
    with told.at():
        browser = client_of(matters.dispatcher)
        browser.get("/map/heat/data/")
        with django_assert_max_num_queries(5):
            browser.get("/map/heat/data/")
        actor = matters.dispatcher
        with django_assert_max_num_queries(1):
            heat.hexagons(actor, Heat())
