"""The wall: nothing of a person, nothing restricted, its own area only; and what it counts."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import h3.api.basic_int as h3
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onegrid.events import actions as events
from onegrid.events.models import Category, Event
from onegrid.insight import actions
from onegrid.insight.queries import wall
from onegrid.insight.rules import wall as rules
from onegrid.kit import clock, reference
from onegrid.kit.working_time import Calendar, Day
from onegrid.org import actions as house
from onegrid.supervision import actions as supervision
from onegrid.supervision.rules.roster import Slot
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
# Each is planted somewhere and must be nowhere on a wall.
WORDS, TITLE, ADDRESS = "胡桃木楼梯间漏水声音", "紫藤巷旧案", "紫藤巷八十八号三单元"
NAME, PHONE, RESULT = "欧阳种植", "13998765432", "已约住户周五上门"
PLANTED = (WORDS, TITLE, ADDRESS, NAME, PHONE, RESULT)


@pytest.fixture
def matters(county: County) -> County:
    told.make_matters(county)
    actions.draw_outlines()
    return county


def code_for(county: County, area: str = cast.COUNTY) -> str:
    return actions.make_wall_link(actor=county.leader, area=area, name="大厅", days="30")[1]


def asked(code: str, language: str = "zh-hans") -> Any:
    reference.clear_all()
    return Client().get("/wall/data/", {"language": language}, headers={"Wall-Code": code})


def panels(code: str) -> dict[str, str]:
    return {one["name"]: one["html"] for one in asked(code).json()["panels"]}


def planted(county: County, state: str = "handling", **given: Any) -> Event:
    given = {"words": WORDS, "address": ADDRESS, "contact": {"name": NAME, "phone": PHONE}, **given}
    event = told.event_in(state, county, **given)
    Event.objects.filter(pk=event.pk, restricted=False).update(title=TITLE, result=RESULT)
    return event


def on_duty(county: County) -> None:
    now = clock.now()
    slots = [Slot(county.duty_leader.posting_id or 0, now - timedelta(hours=1), now + timedelta(hours=5))]
    supervision.roster(actor=county.leader, kind="duty_leader", place=1, slots=slots)


def full(county: County) -> None:
    """Eight weeks of reports, six clocks, thanks, promises, an order, somebody on duty: every panel has something."""
    for week in range(8, 0, -1):
        with told.at(told.MORNING - timedelta(weeks=week, hours=1)):
            told.reported()
    events = [planted(county) for _ in range(6)]
    planted(county, "closed")
    supervision.issue_order(actor=county.leader, number=events[0].number, unit="city", kind="red", words=WORDS)
    on_duty(county)


def circles_of(area: str) -> wall.Clusters | None:
    return wall.clusters(area, wall.open_now(area))


def test_no_word_name_phone_or_address_reaches_a_wall(matters: County) -> None:
    with told.at():
        full(matters)
        code = code_for(matters)
        for language in ("zh-hans", "en"):
            body = asked(code, language).content.decode("unicode_escape", "surrogatepass")
            raw = asked(code, language).json()
            text = str(raw) + body
            numbers = Event.objects.values_list("number", flat=True)
            people = [actor.name for actor in matters.people.values()]
            assert [one for one in (*PLANTED, *numbers, *people) if one in text] == []
            assert not re.search(r"1[3-9]\d{9}", text.replace(str(raw["now"]), ""))
        # The guard itself: were it there, it would be found.
        assert "云麓县" in str(asked(code).json())
        names = set(panels(code))
    assert names == {"clocks", "today", "map", "thanks", "lights", "duty"}


def test_what_is_restricted_about_an_office_or_of_homes_is_on_no_wall(matters: County) -> None:
    with told.at():
        code = code_for(matters)
        planted(matters, "handling", category=told.NEIGHBOURS)
        Event.objects.update(category=told.NEIGHBOURS)
        assert "clocks" not in panels(code)
        for _ in range(6):
            told.reported("楼下麻将馆天天赌博")
            told.reported(about_office=True, about_unit="city")
        before = wall.open_now(cast.COUNTY).counts
        assert before["open"] == 1
        assert circles_of(cast.COUNTY) is None
        assert "黄赌毒" not in asked(code).content.decode("unicode_escape", "surrogatepass")
        Category.objects.filter(code=told.NEIGHBOURS).update(listed=True)
        assert "邻里纠纷" in panels(code)["clocks"]


def test_a_sealed_matter_with_an_order_counts_on_no_light(matters: County) -> None:
    with told.at():
        event = planted(matters)
        supervision.issue_order(actor=matters.leader, number=event.number, unit="city", kind="yellow", words="请说明")
        assert [one[0] for one in wall.lights(cast.COUNTY)] == ["yellow"]
        Event.objects.filter(pk=event.pk).update(about_office=True)
        assert wall.lights(cast.COUNTY) == []
        Event.objects.filter(pk=event.pk).update(about_office=False, restricted=True, words="", title="")
        assert wall.lights(cast.COUNTY) == []


def test_a_wall_shows_its_own_area_only(matters: County) -> None:
    with told.at():
        planted(matters)
        there = planted(matters, "reported", lon=104.635, lat=28.705)
        events.take(actor=matters.neighbour_receiver, number=there.number, verb="accept", given={"category": told.LANE})
        town = panels(code_for(matters, cast.TOWNS[1]))["clocks"]
        assert "消防通道堵塞" in town
        assert "路灯" not in town
        assert wall.open_now(cast.TOWNS[1]).counts["open"] == 1
        assert wall.open_now(cast.COUNTY).counts["open"] == 2


def test_few_matters_stand_nowhere_by_themselves(matters: County) -> None:
    with told.at():
        for _ in range(4):
            told.reported()
        assert circles_of(cast.COUNTY) is None
        told.reported()
        found = circles_of(cast.COUNTY)
        assert found is not None
        assert [circle[3] for circle in found.circles] == [5]
        exact = found.plan.sheet.place(104.605, 28.705)
        assert (found.circles[0][0], found.circles[0][1]) != exact


def test_what_stands_at_one_place_is_one_circle(matters: County) -> None:
    """A wider cell has its middle where the cell in its middle has it: one circle would hide the other."""
    lat, lon = 28.705, 104.605
    wide = h3.latlng_to_cell(lat, lon, 5)
    middle = h3.cell_to_center_child(wide, 6)
    first, second = [one for one in h3.cell_to_children(wide, 6) if one != middle][:2]
    cells = {middle: 26, first: 3, second: 2}
    found = wall.clusters(cast.COUNTY, wall.OpenNow({"open": 31, "late": 0, "today": 0}, cells))
    assert found is not None
    assert [circle[3] for circle in found.circles] == [31]


def test_small_cells_go_together_into_wider_ones() -> None:
    parents = [lambda cell: cell // 10] * 2
    assert rules.folded({111: 7, 112: 2, 113: 3, 121: 1}, parents) == ({111: 7, 11: 5}, 1)
    assert rules.folded({111: 2, 121: 3, 211: 4}, parents) == ({1: 5}, 4)
    assert rules.folded({}, parents) == ({}, 0)


def test_today_is_measured_against_days_that_worked_alike() -> None:
    wednesday, long_ago = date(2026, 10, 14), date(2020, 1, 1)
    plain = Calendar()
    same = rules.days_like(wednesday, plain, long_ago)
    assert same == [wednesday - timedelta(weeks=number) for number in range(1, 9)]
    # The holiday week falls out, the others stay.
    resting = Calendar({date(2026, 10, 7): Day(works=False)})
    assert date(2026, 10, 7) not in rules.days_like(wednesday, resting, long_ago)
    assert len(rules.days_like(wednesday, resting, long_ago)) == 7
    # A make-up Saturday is measured against working days, not against Saturdays.
    saturday = date(2026, 10, 10)
    made_up = Calendar({saturday: Day(works=True)})
    found = rules.days_like(saturday, made_up, long_ago)
    assert len(found) == 8
    assert all(made_up.is_working(day) for day in found)
    # A house without enough days has nothing usual.
    assert rules.days_like(wednesday, plain, wednesday - timedelta(days=3)) == []


def test_the_usual_is_the_median_until_this_second() -> None:
    days = [[10.0, 20.0], [10.0], [], [5.0, 6.0, 7.0]]
    assert rules.usual(days, 15) == 1
    assert rules.usual(days, 4) == 0
    assert rules.usual([], 15) is None


def test_today_against_the_usual_begins_anew_after_midnight(matters: County) -> None:
    for week in range(8, 0, -1):
        with told.at(told.MORNING - timedelta(weeks=week)) as hand:
            told.reported()
            hand.on(hours=6)
            told.reported()
    with told.at() as hand:
        told.reported()
        hand.on(minutes=1)
        reference.clear_all()
        found = wall.against(cast.COUNTY, wall.REPORTED)
        assert (found.today, found.usual) == (1, 1)
        hand.to(datetime(2026, 10, 14, 16, 1, tzinfo=UTC))  # one minute past midnight at the place
        reference.clear_all()
        assert wall.against(cast.COUNTY, wall.REPORTED).today == 0


def test_promises_of_fewer_than_five_are_not_told(matters: County) -> None:
    with told.at() as hand:
        events = [planted(matters, "rating") for _ in range(4)]
        assert events
        hand.on(days=10)
        reference.clear_all()
        assert wall.promises(cast.COUNTY) is None
        planted(matters, "rating")
        hand.on(days=5)
        reference.clear_all()
        assert wall.promises(cast.COUNTY) == wall.Kept(due=5, kept=5)
        assert wall.promises(cast.TOWNS[1]) is None
        assert wall.promises(cast.VILLAGES[0]) is None


def test_duty_is_told_as_unit_and_role(matters: County) -> None:
    with told.at():
        assert wall.duty(cast.COUNTY) == []
        on_duty(matters)
        [(unit, role, _until)] = wall.duty(cast.COUNTY)
        assert (unit, role) == ("云麓县综治中心", "带班领导")


def test_the_questions_stay_few(matters: County, django_assert_max_num_queries: Any) -> None:
    """However many matters; the days that went and the promises are asked for once an hour."""
    with told.at():
        full(matters)
        code = code_for(matters)
        asked(code)
        with django_assert_max_num_queries(30):
            assert asked(code).status_code == 200
        # The link of the screen, and what its address has asked for already.
        with django_assert_max_num_queries(2):
            assert Client().get("/wall/data/", {"language": "zh-hans"}, headers={"Wall-Code": code}).status_code == 200


def figures(code: str) -> list[str]:
    """The three numbers of the strip."""
    return re.findall(r"<b>(.*?)</b>", asked(code, "en").json()["strip"])


def test_a_village_is_told_no_small_count(matters: County) -> None:
    """Nought is nought and five are five, as on the public pages; a county and a town are told every count."""
    with told.at() as hand:
        village, town, county = (code_for(matters, area) for area in (cast.VILLAGES[0], cast.TOWNS[0], cast.COUNTY))
        assert figures(village) == ["0", "0", "0"]
        event = planted(matters)
        supervision.issue_order(actor=matters.leader, number=event.number, unit="city", kind="red", words=WORDS)
        assert event.area.startswith(cast.VILLAGES[0])
        assert figures(village)[0] == "&lt;5"
        assert "<b>少于5</b>" in panels(village)["lights"]
        assert figures(town)[0] == figures(county)[0] == "1"
        assert "<b>1</b>" in panels(town)["lights"]
        hand.on(days=25)
        assert figures(village)[1] == "&lt;5"
        assert 'class="late"' not in asked(village).json()["strip"]
        assert 'class="late"' in asked(town).json()["strip"]
        for _ in range(4):
            planted(matters)
        assert figures(village)[0] == "5"


def test_a_small_count_is_written_in_the_language_of_the_wall(matters: County) -> None:
    with told.at():
        planted(matters)
        code = code_for(matters, cast.VILLAGES[0])
        assert "<b>少于5</b>" in asked(code).json()["strip"]
        assert "<b>&lt;5</b>" in asked(code, "en").json()["strip"]


def test_today_in_a_village_draws_no_line_and_tells_no_small_usual(matters: County) -> None:
    with told.at():
        full(matters)
        village, town = (panels(code_for(matters, area))["today"] for area in (cast.VILLAGES[0], cast.TOWNS[0]))
        assert figures_of(town) == [("今日上报", "7", "平常此时 1 件"), ("今日办结", "1", "平常此时 0 件")]
        # Nought is told, one to four are not; a line over the hours would tell each report by itself.
        assert figures_of(village) == [("今日上报", "7", "平常此时 少于5 件"), ("今日办结", "少于5", "平常此时 0 件")]
        assert town.count("<polyline") == 4
        assert not re.search("<svg|<polyline|<path|points=", village)


def figures_of(panel: str) -> list[tuple[str, ...]]:
    """What the panel of today says: of what, so many, and the usual."""
    found = r"<figcaption>(.*?)</figcaption>\s*<p[^>]*><b>(.*?)</b>\s*<span>(.*?)</span>"
    return re.findall(found, panel)


def test_an_address_that_asks_without_end_is_told_to_wait(matters: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several screens hang behind one address; who asks more than a hall of them waits, and is answered again."""
    monkeypatch.setitem(house.MOST, "wall", 3)
    with told.at() as hand:
        code = code_for(matters)
        asks = [("/wall/data/", code), ("/wall/ticket/", code), ("/wall/data/", "2222"), ("/wall/data/", code)]
        answers = [Client().get(path, headers={"Wall-Code": given}) for path, given in asks]
        assert [one.status_code for one in answers] == [200, 200, 404, 429]
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
        elsewhere = Client(REMOTE_ADDR="203.0.113.9").get("/wall/data/", headers={"Wall-Code": code})
        assert elsewhere.status_code == 200
        hand.on(seconds=int(answers[-1].headers["Retry-After"]))
        assert Client().get("/wall/data/", headers={"Wall-Code": code}).status_code == 200


def test_strip_and_map_are_counted_by_one_statement(matters: County) -> None:
    with told.at():
        full(matters)
        code = code_for(matters)
        asked(code)
        reference.clear_all()
        with CaptureQueriesContext(connection) as statements:
            wall.clusters(cast.COUNTY, wall.open_now(cast.COUNTY))
        assert len([one for one in statements if "count(*)" in one["sql"].lower()]) == 1
        found = wall.open_now(cast.COUNTY)
        assert sum(found.cells.values()) == found.counts["open"] == wall.open_now(cast.COUNTY).counts["open"] > 0
        nowhere = planted(matters, lon=None, lat=None)
        assert nowhere.c8 is None
        assert wall.open_now(cast.COUNTY).counts["open"] == found.counts["open"] + 1
        assert wall.open_now(cast.COUNTY).cells == found.cells


PARTS = [
    # open, late, due today; whether the two may stand beside the whole in a village
    ((11, 5, 5), False),
    ((6, 1, 5), False),
    ((9, 1, 0), False),
    ((10, 5, 5), True),
    ((15, 5, 5), True),
    ((9, 0, 0), True),
    ((9, 0, 9), True),
    ((4, 1, 3), True),
    ((0, 0, 0), True),
]


@pytest.mark.parametrize(("counts", "may"), PARTS)
def test_of_a_village_no_small_part_can_be_computed(counts: tuple[int, int, int], may: bool) -> None:
    named = dict(zip(("open", "late", "today"), counts, strict=True))
    assert rules.parts_told(cast.VILLAGES[0], named) == may
    assert rules.parts_told(cast.TOWNS[0], named)


def test_a_village_is_not_told_how_many_are_overdue_where_one_would_be_left(
    matters: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eleven in progress, five overdue, five due today: the eleventh would stand there alone."""
    for counts, told_of in (((11, 5, 5), 1), ((10, 5, 5), 3)):
        named = dict(zip(("open", "late", "today"), counts, strict=True))
        monkeypatch.setattr(wall, "open_now", lambda area, named=named: wall.OpenNow(named, {}))
        village, town = (code_for(matters, area) for area in (cast.VILLAGES[0], cast.TOWNS[0]))
        assert len(figures(village)) == told_of
        assert len(figures(town)) == 3


def test_the_circles_of_a_village_leave_no_small_rest(matters: County) -> None:
    """Nine in progress and a circle of six: three would stand elsewhere."""
    with told.at():
        planted_at = [planted(matters) for _ in range(6)]
        assert planted_at[0].area.startswith(cast.VILLAGES[0])
        nowhere = [planted(matters, lon=None, lat=None) for _ in range(3)]
        Event.objects.filter(pk__in=[one.pk for one in nowhere]).update(
            area=planted_at[0].area, town=planted_at[0].town
        )
        village, town = cast.VILLAGES[0], cast.TOWNS[0]
        assert wall.open_now(village).counts["open"] == 9
        assert "map" not in panels(code_for(matters, village))
        assert "map" in panels(code_for(matters, town))
        Event.objects.filter(pk__in=[one.pk for one in nowhere]).update(closed_at=clock.now(), state="closed")
        assert "map" in panels(code_for(matters, village))
        more = [planted(matters, lon=None, lat=None) for _ in range(5)]
        Event.objects.filter(pk__in=[one.pk for one in more]).update(area=planted_at[0].area, town=planted_at[0].town)
        found = circles_of(village)
        assert found is not None
        assert ([circle[3] for circle in found.circles], found.elsewhere) == ([6], 5)
