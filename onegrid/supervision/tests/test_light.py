"""The light of a matter: a pure function of its clock, never of a person."""

from datetime import UTC, datetime, timedelta

import pytest

from onegrid.events.models import Event
from onegrid.events.rules.deadlines import Move, clocks
from onegrid.kit.working_time import Calendar, Limit
from onegrid.org import queries as org
from onegrid.supervision import queries
from onegrid.supervision.rules.light import light
from onegrid.testing import matters as told
from onegrid.testing.cast import County

CALENDAR = Calendar()
# Wednesday 10:00 in the county; ten hours later the clock of the example ends.
BEGUN = datetime(2026, 10, 14, 2, 0, tzinfo=UTC)


def clocks_with(limit: Limit, *moves: Move) -> object:
    first = Move(1, "report", "", "reported", BEGUN, {"accept": limit})
    return clocks([first, *moves], CALENDAR)


@pytest.mark.parametrize(
    ("hours", "shown"), [(0, "green"), (7.99, "green"), (8, "yellow"), (9.99, "yellow"), (10, "red"), (99, "red")]
)
def test_in_plain_time(hours: float, shown: str) -> None:
    found = clocks_with(Limit("clock", 10, "hours"))
    assert light(found, 80, CALENDAR, BEGUN + timedelta(hours=hours)) == shown  # type: ignore[arg-type]


def test_in_working_time_a_night_uses_nothing() -> None:
    """Ten working hours: six on Wednesday from 10:00, four on Thursday until 14:30; eight at 11:00."""
    found = clocks_with(Limit("clock", 10, "working_hours"))
    moments = {(14, 17, 30): "green", (15, 9, 0): "green", (15, 10, 59): "green", (15, 11, 0): "yellow",
               (15, 13, 30): "yellow", (15, 14, 29): "yellow", (15, 14, 30): "red"}  # fmt: skip
    for (day, hour, minute), shown in moments.items():
        at = datetime(2026, 10, day, hour - 8, minute, tzinfo=UTC)
        assert light(found, 80, CALENDAR, at) == shown, (day, hour, minute)  # type: ignore[arg-type]


def test_no_light_where_no_clock_runs() -> None:
    gone = Move(2, "withdraw", "reported", "void", BEGUN)
    assert light(clocks_with(Limit("clock", 10, "hours"), gone), 80, CALENDAR, BEGUN) == ""  # type: ignore[arg-type]


@pytest.mark.django_db
def test_of_many_matters_by_one_statement(county: County, django_assert_num_queries: object) -> None:
    with told.at() as hand:
        told.make_matters(county)
        events = [told.event_in("handling", county) for _two in range(2)]
        closed = told.event_in("closed", county)
        queries.active_rules(), [org.calendar(one.area) for one in events]
        with django_assert_num_queries(1):  # type: ignore[operator]
            assert queries.lights_of([*events, closed]) == {one.pk: "green" for one in events}
        hand.to(events[0].due_at or BEGUN)
        assert set(queries.lights_of(Event.objects.filter(pk=events[0].pk)).values()) == {"red"}
