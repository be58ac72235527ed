"""A series of meetings and rest days: shown when it is made, moved to the next working day, its rhythm kept."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from onegrid.kit.working_time import Calendar, Day
from onegrid.org import queries as org
from onegrid.org.models import CalendarDay
from onegrid.org.roles import Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import Meeting
from onegrid.supervision.rules.series import ahead, moved
from onegrid.supervision.tests.test_meetings import form
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, County

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
# Fridays at nine in the county; Friday the 23rd is made a rest day, and so is the Monday after it.
FRIDAY = datetime(2026, 10, 16, 1, tzinfo=UTC)
WEEK = timedelta(weeks=1)
REST = (date(2026, 10, 23), date(2026, 10, 26))


@pytest.fixture(autouse=True)
def rests(county: County) -> None:
    told.make_matters(county)
    for day in REST:
        CalendarDay.objects.create(area=COUNTY, date=day, kind="rest", name="县庆", name_en="County Day")
    org.forget_reference()


def call(county: County, **given: Any) -> Meeting:
    said = {**form(county), "series": "weekly", "units": ["city"], **given}
    return actions.call_meeting(actor=county.dispatcher, called=actions.Called(**said))


def held(county: County, hand: told.Hand, meeting: Meeting) -> Meeting:
    hand.to(meeting.starts_at)
    actions.hold_meeting(actor=county.dispatcher, meeting_id=meeting.pk, words="纪要")
    return Meeting.objects.get(follows=meeting)


def test_on_a_rest_day_it_is_on_the_next_working_day_and_goes_on_by_its_rhythm(county: County) -> None:
    with told.at() as hand:
        first = call(county, rest="move")
        second = held(county, hand, first)
        third = held(county, hand, second)
        fourth = held(county, hand, third)
    tuesday = datetime(2026, 10, 27, 1, tzinfo=UTC)
    assert [first.starts_at, second.starts_at] == [FRIDAY, tuesday]
    assert [first.rhythm_at, second.rhythm_at, third.rhythm_at] == [None, FRIDAY + WEEK, None]
    assert [third.starts_at, fourth.starts_at] == [FRIDAY + 2 * WEEK, FRIDAY + 3 * WEEK]


def test_who_keeps_the_day_meets_on_it(county: County) -> None:
    with told.at() as hand:
        second = held(county, hand, call(county, rest="keep"))
    assert (second.starts_at, second.moves) == (FRIDAY + WEEK, False)


def test_the_first_of_a_series_is_moved_too_and_a_single_meeting_never(county: County) -> None:
    with told.at():
        series = call(county, starts="2026-10-23T09:00", rest="move")
        single = call(county, starts="2026-10-23T09:00", rest="move", series="none")
    assert series.starts_at == datetime(2026, 10, 27, 1, tzinfo=UTC)
    assert (single.starts_at, single.rhythm_at) == (FRIDAY + WEEK, None)


def test_when_one_makes_it_the_rest_days_are_shown_and_the_next_working_day_offered(
    county: County, browser_of: Browser
) -> None:
    client = browser_of(county.dispatcher)
    typed = {**form(county), "series": "weekly", "unit": ["city"]}
    del typed["units"]
    with told.at():
        shown = client.post("/supervise/meetings/new/", {**typed, "idempotency_key": "K1"})
        page = shown.content.decode().split('id="resting"')[1].split("</fieldset>")[0]
        assert shown.status_code == 422
        assert "2026-10-23" in page
        assert "县庆" in page
        assert "2026-10-27" in page
        assert not Meeting.objects.exists()
        done = client.post("/supervise/meetings/new/", {**typed, "rest": "move", "idempotency_key": "K2"})
        assert done.status_code == 302
    assert Meeting.objects.get().moves


@pytest.mark.parametrize(
    ("series", "starts"), [("none", "2026-10-23T09:00"), ("weekly", "soon"), ("weekly", "2026-10-20T09:00")]
)
def test_nothing_is_asked_where_no_day_is_a_rest_day(county: County, series: str, starts: str) -> None:
    assert queries.rest_days(county.dispatcher, starts, series) == []


def test_the_moments_ahead_and_the_hour_on_the_wall() -> None:
    calendar = Calendar({one: Day(works=False) for one in REST})
    assert ahead(FRIDAY, "weekly", "Asia/Shanghai", 3) == [FRIDAY, FRIDAY + WEEK, FRIDAY + 2 * WEEK]
    assert ahead(FRIDAY, "none", "Asia/Shanghai", 3) == [FRIDAY]
    assert moved(FRIDAY, calendar) == FRIDAY
    assert moved(FRIDAY + WEEK, calendar) == datetime(2026, 10, 27, 1, tzinfo=UTC)
