"""The duty roster as pages show it: days, series with their preview, what was typed, other units."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from onegrid.org import queries as org
from onegrid.org.models import CalendarDay
from onegrid.org.roles import HANDLER, LEADER
from onegrid.supervision.models import Shift
from onegrid.supervision.rules.roster import LEADS, OFFICER
from onegrid.supervision.tests.test_roster import EIGHT, Browser, kept, of, put, slot
from onegrid.testing import cast
from onegrid.testing.cast import COUNTY, County
from onegrid.testing.matters import at

pytestmark = pytest.mark.django_db


def test_the_page_shows_who_is_on_duty_and_the_days(county: County, browser_of: Browser) -> None:
    with at(EIGHT - timedelta(hours=4)) as hand:
        put(county, slot(county.duty_leader), slot(county.leader, EIGHT + timedelta(hours=14), 10))
        hand.to(EIGHT + timedelta(hours=1))
        page = browser_of(county.receiver).get("/supervise/roster/")
        assert [one.posting_id for one in page.context["now"]] == [county.duty_leader.posting_id]
        first = page.context["days"][0]
        assert [one.hours for one in first.shifts[0]] == ["08:00–20:00", "22:00–次日 08:00"]
        assert first.gaps == ["20:00–22:00"]
        assert page.context["keeps"] is False


def test_holidays_and_make_up_days_are_marked(county: County, browser_of: Browser) -> None:
    """1 to 3 October are fixed by law; the rest of the holiday and the make-up Saturday are rows of the calendar."""
    CalendarDay.objects.create(date="2026-10-10", kind="work", name="国庆节调休", name_en="make-up for National Day")
    CalendarDay.objects.create(date="2026-10-04", kind="rest", name="国庆节", name_en="National Day")
    org.forget_reference()
    with at():
        page = browser_of(county.receiver).get("/supervise/roster/?from=2026-10-01")
    marks = {f"{one.on:%m-%d}": (one.why, one.rest) for one in page.context["days"]}
    assert marks["10-01"] == ("holiday", True)
    assert marks["10-04"] == ("holiday", True)
    assert marks["10-10"] == ("make_up_day", False)
    assert marks["10-11"] == ("weekend", True)
    assert marks["10-12"] == ("working_day", False)
    assert "补班" in page.content.decode()


def test_an_address_with_another_first_day_moves_two_weeks(county: County, browser_of: Browser) -> None:
    client = browser_of(county.receiver)
    with at():
        assert str(client.get("/supervise/roster/?from=2026-11-01").context["days"][-1].on) == "2026-11-14"
        for nonsense in ("yesterday", "1066-10-14", ""):
            assert str(client.get(f"/supervise/roster/?from={nonsense}").context["days"][0].on) == "2026-10-14"


def typed(county: County, **more: str) -> dict[str, str | int]:
    return {
        "kind": LEADS, "place": "1", "person1": of(county.leader), "person2": of(county.duty_leader),
        "first": "2026-10-15", "days": "4", "on": "every", "from": "20:00", "to": "08:00", **more,
    }  # fmt: skip


def test_a_series_is_shown_before_it_is_written(county: County, browser_of: Browser) -> None:
    client = browser_of(county.dispatcher)
    with at():
        page = client.get("/supervise/roster/series/", typed(county))
        plan = page.context["plan"]
        assert [one.slot.posting_id for one in plan] == [county.leader.posting_id, county.duty_leader.posting_id] * 2
        assert plan[0].slot.begins == datetime(2026, 10, 15, 12, tzinfo=UTC)
        assert plan[0].slot.ends == datetime(2026, 10, 16, 0, tzinfo=UTC)
        assert [one.why for one in plan] == ["working_day", "working_day", "weekend", "weekend"]
        assert kept() == []
        answer = client.post("/supervise/roster/", {**typed(county), "deed": "series", "idempotency_key": "S1"})
        assert answer.status_code == 302
    assert len(kept()) == 4


@pytest.mark.parametrize(("on", "days"), [("working", ["10-15", "10-16"]), ("rest", ["10-17", "10-18"])])
def test_a_series_may_leave_out_days(county: County, browser_of: Browser, on: str, days: list[str]) -> None:
    with at():
        page = browser_of(county.dispatcher).get("/supervise/roster/series/", typed(county, on=on))
    assert [f"{one.on:%m-%d}" for one in page.context["plan"]] == days
    assert [one.slot.posting_id for one in page.context["plan"]] == [
        county.leader.posting_id, county.duty_leader.posting_id
    ]  # fmt: skip


def test_a_preview_says_which_shift_is_not_possible(county: County, browser_of: Browser) -> None:
    with at():
        put(county, slot(county.duty_leader, datetime(2026, 10, 16, 12, tzinfo=UTC)), place=2)
        page = browser_of(county.dispatcher).get("/supervise/roster/series/", typed(county))
    assert [bool(one.clash) for one in page.context["plan"]] == [False, True, False, False]
    assert "deed" not in page.content.decode()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"person1": "", "person2": ""}, "people"), ({"days": "93"}, "days"), ({"days": "0"}, "days"),
        ({"first": "soon"}, "first"), ({"from": "8 o'clock"}, "from"), ({"kind": "guard"}, "kind"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_by_its_field(
    county: County, browser_of: Browser, given: dict[str, str], field: str
) -> None:
    with at():
        page = browser_of(county.dispatcher).get("/supervise/roster/series/", typed(county, **given))
    assert page.status_code == 422
    assert list(page.context["faults"]) == [field]


def test_the_form_of_one_shift_keeps_what_was_typed(county: County, browser_of: Browser) -> None:
    client = browser_of(county.dispatcher)
    given = {"deed": "put", "kind": LEADS, "place": "1", "person": county.leader.posting_id,
             "begins": "2026-10-15T08:00", "ends": "2026-10-15T07:00"}  # fmt: skip
    with at():
        answer = client.post("/supervise/roster/", {**given, "idempotency_key": "P1"})
        assert answer.status_code == 422
        assert 'value="2026-10-15T07:00"' in answer.content.decode()
        given["ends"] = "2026-10-15T20:00"
        assert client.post("/supervise/roster/", {**given, "idempotency_key": "P2"}).status_code == 302
        assert client.post("/supervise/roster/", {"deed": "no_such", "idempotency_key": "P3"}).status_code == 404
        shift = Shift.objects.get()
        assert (shift.begins, shift.ends) == (EIGHT, EIGHT + timedelta(hours=12))
        other = browser_of(county.receiver)
        answer = other.post("/supervise/roster/", {**given, "idempotency_key": "P4"})
        assert answer.status_code == 409
        gone = {"deed": "withdraw", "shift": shift.pk, "idempotency_key": "P5"}
        assert client.post("/supervise/roster/", gone).status_code == 302
        assert client.post("/supervise/roster/", {**gone, "idempotency_key": "P6"}).status_code == 404


def test_the_county_reads_the_rosters_of_its_area_and_the_town_does_not_read_the_countys(
    county: County, browser_of: Browser
) -> None:
    with at():
        theirs = cast.post(county, "town_leader", "centre-002", cast.TOWNS[1], (LEADER,))
        put(county, slot(theirs), by=county.neighbour)
        put(county, slot(county.handler), by=county.unit_leader, kind=OFFICER)
        reader = browser_of(county.dispatcher)
        page = reader.get("/supervise/roster/centre-002/")
        assert [len(day.shifts[0]) for day in page.context["days"]][:2] == [0, 1]
        assert "keeps" not in page.context
        others = reader.get("/supervise/roster/").context["others"]
        assert {one.code for one in others} == {"centre-002", "city"}
        assert browser_of(county.neighbour).get("/supervise/roster/centre/").status_code == 404
        assert browser_of(county.neighbour).get("/supervise/roster/city/").status_code == 404
        assert browser_of(county.unit_leader).get("/supervise/roster/centre/").status_code == 404
        assert browser_of(county.unit_leader).get("/supervise/roster/fire/").status_code == 404
        assert browser_of(county.unit_leader).get("/supervise/roster/city/").status_code == 302
        assert browser_of(county.receiver).get("/supervise/roster/city/").status_code == 403
        assert reader.get("/supervise/roster/no-such-unit/").status_code == 404


def test_no_phone_number_stands_on_a_roster(county: County, browser_of: Browser) -> None:
    with at():
        put(county, slot(county.leader))
        words = browser_of(county.dispatcher).get("/supervise/roster/").content.decode()
    assert "tel:" not in words


def test_the_page_needs_few_statements(
    county: County, browser_of: Browser, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    with at():
        for number in range(6):
            cast.post(county, f"handler{number}", "city", COUNTY, (HANDLER,))
            days = [slot(county.people[f"handler{number}"], EIGHT + timedelta(days=day)) for day in range(10)]
            put(county, *days, by=county.unit_leader, kind=OFFICER, place=number + 1)
        client = browser_of(county.unit_leader)
        client.get("/supervise/roster/")
        with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
            assert client.get("/supervise/roster/").status_code == 200
