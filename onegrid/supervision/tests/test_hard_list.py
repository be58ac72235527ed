"""The list of hard matters: put on, reviewed, handed over, taken off; who is in charge, and what time does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onegrid.events import actions as events
from onegrid.events.models import Event
from onegrid.notices.models import Message
from onegrid.org.models import Posting
from onegrid.org.roles import LEADER, Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import HardCase, HardStep, Instruction, Task, TaskStep
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, County

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
MISSING = "产权方失联，线路改造费用没有落实"
# The review is on Tuesday 2026-10-20, until 17:30 in the county; a working day later it climbs.
REVIEW = datetime(2026, 10, 20, 9, 30, tzinfo=UTC)
CLIMBS = datetime(2026, 10, 21, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def matters(county: County) -> None:
    told.make_matters(county)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is to be told is told at once, and a second time, as after a crash."""
    jobs: dict[str, Callable[..., int]] = {
        "supervision.hard": actions.tell_of_hard,
        "supervision.hard_reminder": actions.tell_of_hard_reminder,
    }

    def react(happening: str, **given: Any) -> None:
        if happening in jobs:
            jobs[happening](**given)
            jobs[happening](**given)

    monkeypatch.setattr("onegrid.kit.later.react", react)


def looked(**given: str) -> actions.Looked:
    return actions.Looked(**{"words": MISSING, "way": "court", "review": "2026-10-20", **given})


def put(county: County, event: Event | None = None, by: Actor | None = None, **given: str) -> HardCase:
    event = event or told.event_in("handling", county)
    lead = given.pop("lead", str(county.leader.posting_id))
    return actions.put_on_hard_list(actor=by or county.leader, number=event.number, looked=looked(**given), lead=lead)


def second(county: County) -> Actor:
    return cast.post(county, "second", "centre", COUNTY, (LEADER,))


def said(kind: str) -> list[int | None]:
    return list(Message.objects.filter(kind=kind, channel="in_app").values_list("to_posting_id", flat=True))


def test_a_leader_puts_a_matter_on_the_list_with_a_leader_in_charge(county: County) -> None:
    with told.at():
        other = second(county)
        case = put(county, lead=str(other.posting_id))
    assert (case.told(), case.way, case.lead_id, case.review_at) == (MISSING, "court", other.posting_id, REVIEW)
    assert [step.verb for step in case.steps.all()] == ["put_on"]
    assert said("hard_in_charge") == [other.posting_id]


@pytest.mark.parametrize("name", ["duty_leader", "dispatcher", "receiver", "handler", "unit_leader"])
def test_wrong_role(county: County, name: str) -> None:
    with told.at(), pytest.raises(actions.NotAllowed):
        put(county, by=county.people[name])
    assert not HardCase.objects.exists()


def test_a_leader_of_another_town_does_not_find_the_matter(county: County) -> None:
    with told.at():
        event = told.event_in("handling", county)
        theirs = cast.post(county, "town_leader", "centre-002", cast.TOWNS[1], (LEADER,))
        with pytest.raises(Event.DoesNotExist):
            put(county, event, by=theirs)
        case = put(county, event)
        assert queries.hard_cases(theirs) == []
        with pytest.raises(HardCase.DoesNotExist):
            actions.take_off_hard_list(actor=theirs, case_id=case.pk, words="解决了")


def test_the_county_may_take_charge_of_what_a_town_owns_and_not_the_other_way_round(county: County) -> None:
    with told.at():
        theirs = cast.post(county, "town_leader", "centre-002", cast.TOWNS[1], (LEADER,))
        of_town, of_county = told.reported(lon=104.635, lat=28.705).event, told.event_in("handling", county)
        assert put(county, of_town, by=theirs, lead=str(county.leader.posting_id)).lead_id == county.leader.posting_id
        with pytest.raises(actions.NotGiven):
            put(county, of_county, lead=str(theirs.posting_id))
        with pytest.raises(actions.NotGiven):
            put(county, of_county, lead=str(county.unit_leader.posting_id))


def test_once_at_a_time_and_only_while_it_is_open(county: County) -> None:
    with told.at():
        event = told.event_in("handling", county)
        put(county, event)
        with pytest.raises(actions.NotAllowed):
            put(county, event)
        with pytest.raises(actions.NotAllowed):
            put(county, told.event_in("closed", county))
        with pytest.raises(IntegrityError), transaction.atomic():
            HardCase.objects.create(
                event=event, centre=county.units["centre"], put_at=REVIEW, way="court", review_at=REVIEW,
                lead_id=county.leader.posting_id or 0, lead_since=REVIEW,
            )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"words": " "}, "words"),
        ({"way": "magic"}, "way"),
        ({"review": "2026-10-13"}, "review"),
        ({"lead": "0"}, "lead"),
    ],
)
def test_what_does_not_fit_is_named(county: County, given: dict[str, str], field: str) -> None:
    with told.at(), pytest.raises(actions.NotGiven) as missing:
        put(county, None, None, **given)
    assert list(missing.value.fields) == [field]


def test_a_review_says_what_comes_next_and_history_is_kept(county: County) -> None:
    with told.at() as hand:
        case = put(county)
        hand.to(REVIEW)
        again = looked(words="已找到产权方", way="mediation", review="2026-10-28")
        case = actions.review_hard_case(actor=county.leader, case_id=case.pk, looked=again)
    assert (case.told(), case.way) == ("已找到产权方", "mediation")
    assert [(step.verb, step.told(), step.way) for step in case.steps.all()] == [
        ("put_on", MISSING, "court"), ("review", "已找到产权方", "mediation"),
    ]  # fmt: skip
    for statement in ("UPDATE supervision_hardstep SET way = 'court'", "DELETE FROM supervision_hardstep"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_another_leader_comes_into_charge(county: County) -> None:
    with told.at() as hand:
        case, other = put(county), second(county)
        hand.on(days=1)
        with pytest.raises(actions.NotGiven):
            actions.hand_over_hard_case(
                actor=county.leader, case_id=case.pk, lead=str(county.leader.posting_id), words="分工调整"
            )
        case = actions.hand_over_hard_case(
            actor=county.leader, case_id=case.pk, lead=str(other.posting_id), words="分工调整"
        )
        assert (case.lead_id, case.lead_since) == (other.posting_id, hand.moment)
    assert said("hard_in_charge") == [other.posting_id]


def test_taken_off_with_a_reason_it_can_be_put_on_again(county: County) -> None:
    with told.at():
        case = put(county)
        with pytest.raises(actions.NotGiven):
            actions.take_off_hard_list(actor=county.leader, case_id=case.pk, words="")
        case = actions.take_off_hard_list(actor=county.leader, case_id=case.pk, words="费用已落实")
        assert case.outcome == "taken_off"
        assert queries.hard_cases(county.leader) == []
        assert [row.case for row in queries.hard_cases(county.leader, ended=True)] == [case]
        with pytest.raises(actions.NotAllowed):
            actions.review_hard_case(actor=county.leader, case_id=case.pk, looked=looked())
        put(county, case.event)


@pytest.mark.parametrize("name", ["dispatcher", "duty_leader", "handler", "unit_leader", "auditor"])
def test_who_sees_the_list_does_not_keep_it(county: County, name: str) -> None:
    with told.at():
        case = put(county)
        assert len(queries.hard_cases(county.people[name])) == 1
        verbs: tuple[Callable[[Actor], Any], ...] = (
            lambda who: actions.review_hard_case(actor=who, case_id=case.pk, looked=looked()),
            lambda who: actions.hand_over_hard_case(actor=who, case_id=case.pk, lead="1", words="分工"),
            lambda who: actions.take_off_hard_list(actor=who, case_id=case.pk, words="解决了"),
        )
        for verb in verbs:
            with pytest.raises(actions.NotAllowed):
                verb(county.people[name])


def test_what_has_ended_leaves_the_list_by_itself_once(county: County) -> None:
    with told.at():
        event = told.event_in("reported", county)
        case = put(county, event)
        assert actions.sweep_hard_cases() == 0
        events.take(actor=county.receiver, number=event.number, verb="refuse", given={"reason": "court", "words": "诉"})
        assert [actions.sweep_hard_cases(), actions.sweep_hard_cases()] == [1, 0]
    case.refresh_from_db()
    assert (case.outcome, case.remind_at) == ("ended", None)
    assert [step.verb for step in case.steps.all()] == ["put_on", "end"]


def test_the_leader_in_charge_is_told_and_after_a_working_day_the_leaders_of_the_centre(county: County) -> None:
    with told.at() as hand:
        other = second(county)
        case = put(county, lead=str(other.posting_id))

        def owed(who: Actor) -> list[str]:
            return [one.address for one in queries.owed(who) if "/hard/" in one.address]

        hand.to(REVIEW - timedelta(days=1, seconds=1))
        assert owed(other) == []
        hand.to(REVIEW)
        assert owed(other) == [f"/supervise/hard/{case.pk}/"]
        assert owed(county.leader) == []
        assert [actions.sweep_hard_cases(), actions.sweep_hard_cases()] == [1, 0]
        assert said("hard_review_expired") == [other.posting_id]
        hand.to(CLIMBS)
        assert [actions.sweep_hard_cases(), actions.sweep_hard_cases()] == [1, 0]
        assert sorted(said("hard_climbed"), key=lambda one: one or 0) == [county.leader.posting_id, other.posting_id]
        hand.on(days=30)
        assert actions.sweep_hard_cases() == 0


def test_after_a_standstill_both_moments_are_told_once(county: County) -> None:
    with told.at() as hand:
        put(county)
        hand.on(days=30)
        assert [actions.sweep_hard_cases(), actions.sweep_hard_cases()] == [2, 0]
    assert (len(said("hard_review_expired")), len(said("hard_climbed"))) == (1, 1)


def test_where_the_leader_in_charge_has_left_the_leaders_of_the_centre_owe_it(county: County) -> None:
    with told.at() as hand:
        other = second(county)
        put(county, lead=str(other.posting_id))
        hand.to(REVIEW)
        Posting.objects.filter(pk=other.posting_id or 0).update(until=REVIEW - timedelta(minutes=1))
        assert [one.what for one in queries.owed(county.leader)] == ["疑难事项待复查"]
        actions.sweep_hard_cases()
    assert said("hard_review_expired") == [county.leader.posting_id]


def test_a_sealed_matter_is_a_number_and_only_for_who_sees_it(county: County, browser_of: Browser) -> None:
    with told.at():
        event = told.reported("楼下麻将馆天天赌博").event
        case = put(county, event)
    for name in ("handler", "unit_leader", "auditor", "analyst"):
        client = browser_of(county.people[name])
        assert event.number not in client.get("/supervise/hard/").content.decode(), name
        assert client.get(f"/supervise/hard/{case.pk}/").status_code == 404, name
    page = browser_of(county.leader).get("/supervise/hard/").content.decode()
    assert event.number in page
    assert "受限事项" in page
    assert MISSING not in page
    assert "麻将" not in page
    assert MISSING in browser_of(county.leader).get(f"/supervise/hard/{case.pk}/").content.decode()
    with connection.cursor() as cursor:
        for table in ("supervision_hardcase", "supervision_hardstep"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            assert MISSING not in cursor.fetchone()[0]


def test_the_office_that_a_matter_is_about_does_not_see_it_on_the_list(county: County) -> None:
    with told.at():
        event = told.reported(about_office=True, about_unit="city").event
        put(county, event)
    assert queries.hard_cases(county.handler) == []
    assert len(queries.hard_cases(county.dispatcher)) == 1


def test_the_panel_shows_it_and_gives_back_what_was_typed(county: County, browser_of: Browser) -> None:
    client = browser_of(county.leader)
    event = told.event_in("handling", county)
    address = f"/supervise/events/{event.number}/hard/"
    answer = client.post(address, {"idempotency_key": "K1", "words": MISSING, "way": "court", "review": "2020-01-01"})
    assert answer.status_code == 422
    assert MISSING in answer.content.decode()
    beside = f"/supervise/events/{event.number}/"
    assert "hard/" not in browser_of(county.dispatcher).get(beside).content.decode().split("<main")[1]
    with told.at():
        put(county, event)
    assert MISSING in browser_of(county.dispatcher).get(beside).content.decode()
    assert MISSING not in browser_of(county.worker).get(beside).content.decode()


def test_when_a_matter_is_erased_all_words_of_this_room_go(county: County) -> None:
    with told.at() as hand:
        event, other = told.event_in("handling", county), told.event_in("handling", county)
        for one in (event, other):
            put(county, one)
            actions.instruct(actor=county.leader, number=one.number, words="请排查", units=["city"])
            actions.report_task(actor=county.handler, task_id=Task.objects.get(event=one).pk, words="已排查")
        assert actions.forget_words() == 0
        Event.objects.filter(pk=event.pk).update(
            state="void", closed_at=hand.moment, erased_at=hand.moment, words="", title="", address="", result="",
            lon=None, lat=None, c6=None, c8=None,
        )  # fmt: skip
        assert actions.forget_words() == 5
        assert actions.forget_words() == 0
    assert Task.objects.get(event=event).told() == ""
    assert Task.objects.get(event=other).told() == "请排查"
    for model, way in (
        (Instruction, "event"),
        (TaskStep, "task__event"),
        (HardCase, "event"),
        (HardStep, "case__event"),
    ):
        rows = model._default_manager.filter(words_sealed__isnull=False)
        assert not rows.filter(**{way: event}).exists()
        assert rows.filter(**{way: other}).exists()


def test_the_list_needs_as_many_statements_for_many_as_for_one(county: County, browser_of: Browser) -> None:
    client, counts = browser_of(county.leader), []
    with told.at():
        put(county)
        client.get("/supervise/hard/")
        for more in (0, 5):
            for _one in range(more):
                put(county)
            with CaptureQueriesContext(connection) as seen:
                client.get("/supervise/hard/")
            counts.append(len([one for one in seen.captured_queries if "SAVEPOINT" not in one["sql"]]))
    assert counts[0] == counts[1] <= 4
