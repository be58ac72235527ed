"""What is grave calls who is on duty by the roster: main, deputy, then the standing list; later the next shift."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from onegrid.events import actions as events
from onegrid.events import queries as heart
from onegrid.events.models import Call, Event, OnDuty
from onegrid.notices.models import Message
from onegrid.org.models import Posting
from onegrid.org.roles import DUTY_LEADER, LEADER, Actor
from onegrid.supervision import actions
from onegrid.supervision.models import Shift
from onegrid.supervision.rules.roster import LEADS, Slot
from onegrid.testing import cast
from onegrid.testing.cast import COUNTY, County
from onegrid.testing.matters import MORNING, at, make_matters, reported

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
GRAVE = "楼道里有燃气味，怕是漏气"
TWENTY = datetime(2026, 10, 14, 12, 0, tzinfo=UTC)  # 20:00 in the county
TWO = datetime(2026, 10, 14, 18, 0, tzinfo=UTC)  # 02:00 of the next day
EIGHT = datetime(2026, 10, 15, 0, 0, tzinfo=UTC)
HALF_A_DAY = timedelta(hours=12)


def of(who: Actor) -> int:
    assert who.posting_id is not None
    return who.posting_id


@pytest.fixture
def night(county: County) -> County:
    """20:00 to 08:00: a main duty leader and a deputy; from 08:00 another one; the leader on the standing list."""
    make_matters(county)
    with at(MORNING):
        for name in ("night", "deputy", "day"):
            cast.post(county, name, "centre", COUNTY, (DUTY_LEADER,))
        events.put_on_call(actor=county.leader, posting_id=of(county.leader))
        put(county, "night", TWENTY)
        put(county, "deputy", TWENTY, place=2)
        put(county, "day", EIGHT)
    return county


def put(county: County, name: str, begins: datetime, place: int = 1) -> Shift:
    slots = [Slot(of(county.people[name]), begins, begins + HALF_A_DAY)]
    return actions.roster(actor=county.leader, kind=LEADS, place=place, slots=slots)[0]


def work() -> None:
    """Do the jobs of alerts and calls that wait, each once."""
    while jobs := ProcrastinateJob.objects.filter(task_name__in=DONE).exclude(pk__in=SEEN).order_by("id"):
        for job in jobs:
            SEEN.add(job.pk)
            DONE[job.task_name](**job.args)


SEEN: set[int] = set()
DONE: dict[str, Callable[..., object]] = {
    "events.tasks.raise_alert": events.raise_alert,
    "events.tasks.tell_of_call": events.tell_of_call,
}


def called(county: County, event: Event) -> list[str]:
    names = {actor.posting_id: name for name, actor in county.people.items()}
    rows = Call.objects.filter(alert__event=event).order_by("alert", "n")
    return [names[posting] for posting in rows.values_list("posting_id", flat=True)]


def grave() -> Event:
    said = reported(GRAVE)
    work()
    return Event.objects.get(number=said.number)


def test_the_night_of_a_gas_leak(night: County) -> None:
    """Reported at 02:00 and acknowledged by nobody; the sweeps of both rooms come every minute."""
    with at(TWO) as hand:
        event = grave()
        assert called(night, event) == ["night"]
        for _minute in range(29):
            hand.on(minutes=1)
            actions.sweep_rosters()
            events.sweep()
            work()
        assert called(night, event) == ["night", "deputy", "leader"]
        hand.to(EIGHT)
        events.sweep()
        work()
        assert called(night, event)[3] == "day"
        assert called(night, grave()) == ["day"]
        told = Message.objects.filter(kind="alert").order_by("id").values_list("to_posting_id", flat=True)
        assert next(iter(told)) == of(night.night)


def test_at_the_end_of_a_shift_the_next_is_called_though_no_sweep_came(night: County) -> None:
    with at(EIGHT - timedelta(seconds=1)) as hand:
        assert heart.line(night.units["centre"].pk) == [of(night.night), of(night.deputy), of(night.leader)]
        hand.on(seconds=1)
        assert heart.line(night.units["centre"].pk) == [of(night.day), of(night.leader)]
        hand.on(hours=12)
        assert heart.line(night.units["centre"].pk) == [of(night.leader)]


def test_a_change_of_the_roster_changes_the_calls_at_once(night: County) -> None:
    with at(TWO):
        shift = Shift.objects.get(posting_id=of(night.night))
        actions.withdraw_shift(actor=night.leader, shift_id=shift.pk)
        assert called(night, grave()) == ["deputy"]


def test_who_has_left_the_office_is_not_called(night: County) -> None:
    with at(TWO):
        Posting.objects.filter(pk=of(night.night)).update(until=TWO)
        assert called(night, grave()) == ["deputy"]


def test_who_is_away_by_the_standing_list_is_not_called_on_duty_either(night: County) -> None:
    with at(TWO):
        events.put_on_call(actor=night.leader, posting_id=of(night.night))
        away = {"since": "2026-10-15T01:00", "until": "2026-10-15T03:00"}
        events.set_away(actor=night.leader, posting_id=of(night.night), **away)
        assert called(night, grave()) == ["deputy"]
        assert [one.posting_id for one in heart.on_duty(night.receiver)] == [of(night.deputy)]


def test_a_department_has_no_calls(night: County) -> None:
    with at(TWO):
        slots = [Slot(of(night.unit_leader), TWO, EIGHT)]
        actions.roster(actor=night.unit_leader, kind=LEADS, place=1, slots=slots)
    assert set(OnDuty.objects.values_list("centre_id", flat=True)) == {night.units["centre"].pk}


def test_the_neighbour_sees_nobody_of_this_roster(night: County) -> None:
    with at(TWO):
        theirs = cast.post(night, "town_leader", "centre-002", cast.TOWNS[1], (LEADER,))
        assert heart.on_duty(night.neighbour) == []
        assert heart.line(night.units["centre-002"].pk) == [of(theirs)]


def test_the_page_of_the_calls_shows_who_is_on_duty_by_the_roster(night: County, browser_of: Browser) -> None:
    with at(TWO):
        page = browser_of(night.receiver).get("/desk/oncall/")
        assert [one.posting_id for one in page.context["duty"]] == [of(night.night), of(night.deputy)]
        assert [one.next for one in page.context["line"]] == [False]
        assert "按值班安排" in page.content.decode()
    with at(TWO + timedelta(days=9)):
        page = browser_of(night.receiver).get("/desk/oncall/")
        assert page.context["duty"] == []
        assert [one.next for one in page.context["line"]] == [True]


def test_what_is_set_twice_is_written_once(night: County) -> None:
    with at(TWO):
        duties = [events.Duty(of(night.day), 1, TWO, EIGHT)]
        events.set_on_duty(centre_id=night.units["centre"].pk, duties=duties)
        (first,) = OnDuty.objects.values_list("pk", flat=True)
        events.set_on_duty(centre_id=night.units["centre"].pk, duties=duties)
        assert list(OnDuty.objects.values_list("pk", flat=True)) == [first]
        events.set_on_duty(centre_id=night.units["centre"].pk, duties=[])
        assert not OnDuty.objects.exists()
