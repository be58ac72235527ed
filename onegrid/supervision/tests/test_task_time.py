"""What time does with a task: reminded a day before and when it is due, climbed after a working day; each once."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onegrid.events.models import Event
from onegrid.notices.models import Message
from onegrid.supervision import actions
from onegrid.supervision.actions import task_time
from onegrid.supervision.models import Task
from onegrid.testing import matters as told
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
WORDS = "排查东门巷线路"
# Given on Wednesday morning, due on Tuesday at 17:30 in the county, climbed on Wednesday at 17:30.
DUE = datetime(2026, 10, 20, 9, 30, tzinfo=UTC)
BEFORE = datetime(2026, 10, 19, 9, 30, tzinfo=UTC)
CLIMBS = datetime(2026, 10, 21, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def matters(county: County) -> None:
    told.make_matters(county)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is enqueued is done at once, and a second time, as after a crash."""
    jobs: dict[str, Callable[..., int]] = {
        "supervision.task": actions.tell_of_task,
        "supervision.task_reminder": actions.tell_of_task_reminder,
    }

    def react(happening: str, **given: Any) -> None:
        if happening in jobs:
            jobs[happening](**given)
            jobs[happening](**given)

    monkeypatch.setattr("onegrid.kit.later.react", react)


def given(county: County, unit: str = "city", event: Event | None = None) -> Task:
    event = event or told.event_in("handling", county)
    made = actions.instruct(actor=county.leader, number=event.number, words=WORDS, units=[unit], due="2026-10-20")
    return Task.objects.get(instruction=made)


def said(*, besides: tuple[str, ...] = ()) -> list[tuple[str, int]]:
    """Kind and receiver of every message about tasks."""
    rows = Message.objects.filter(kind__startswith="task_", channel="in_app").exclude(kind__in=besides)
    return list(rows.order_by("id").values_list("kind", "to_posting_id"))


def test_the_unit_hears_of_it_once_with_number_and_day_and_without_its_words(county: County) -> None:
    with told.at():
        task = given(county)
    assert said() == [("task_to_do", county.handler.posting_id)]
    message = Message.objects.get(kind="task_to_do")
    assert task.event is not None
    assert message.number == task.event.number
    assert "10-20 17:30" in str(message.args)
    assert WORDS not in str(message.args)


def test_each_moment_is_told_once_to_those_whom_it_concerns(county: County) -> None:
    with told.at() as hand:
        given(county)
        for moment in (BEFORE, DUE, CLIMBS):
            hand.to(moment)
            hand.on(seconds=-1)
            assert actions.remind_of_tasks() == 0
            hand.on(seconds=1)
            assert actions.remind_of_tasks() == 1
            assert actions.remind_of_tasks() == 0
        hand.on(days=30)
        assert actions.remind_of_tasks() == 0
    assert said(besides=("task_to_do",)) == [
        ("task_day_before", county.handler.posting_id),
        ("task_expired", county.handler.posting_id),
        ("task_climbed", county.unit_leader.posting_id),
        ("task_climbed", county.leader.posting_id),
    ]


def test_after_a_standstill_nobody_hears_tomorrow_of_what_is_late(county: County) -> None:
    with told.at() as hand:
        given(county)
        hand.to(datetime(2026, 11, 9, 2, tzinfo=UTC))
        actions.remind_of_tasks()
        actions.remind_of_tasks()
    assert [kind for kind, _who in said(besides=("task_to_do",))] == ["task_expired", "task_climbed", "task_climbed"]


def test_what_was_told_meanwhile_by_another_worker_is_not_told_again(county: County) -> None:
    with told.at() as hand:
        task = given(county)
        hand.to(BEFORE)
        assert [task_time.remind(task.pk), task_time.remind(task.pk)] == [1, 0]


def test_reported_in_time_it_reminds_no_more(county: County) -> None:
    with told.at() as hand:
        task = given(county)
        actions.report_task(actor=county.handler, task_id=task.pk, words="已办")
        hand.to(CLIMBS)
        assert actions.remind_of_tasks() == 0
    assert said(besides=("task_to_do",)) == [("task_reported", county.leader.posting_id)]


def test_a_job_that_comes_late_does_not_remind_of_what_was_reported(county: County) -> None:
    with told.at():
        task = given(county)
        actions.report_task(actor=county.handler, task_id=task.pk, words="已办")
        assert actions.tell_of_task_reminder(task_id=task.pk, kind="expired", at=DUE.isoformat()) == 0


def test_sent_back_and_cancelled_the_unit_hears_of_it(county: County) -> None:
    with told.at():
        task = given(county)
        actions.report_task(actor=county.handler, task_id=task.pk, words="已办")
        actions.send_task_back(actor=county.leader, task_id=task.pk, words="不够", due="2026-10-23")
        actions.cancel_task(actor=county.leader, task_id=task.pk, words="不再需要")
    assert said(besides=("task_to_do", "task_reported")) == [
        ("task_sent_back", county.handler.posting_id), ("task_cancelled", county.handler.posting_id),
    ]  # fmt: skip


def test_a_centre_hears_by_its_receivers_and_dispatchers(county: County) -> None:
    with told.at():
        given(county, "centre")
    assert {who for _kind, who in said()} == {county.receiver.posting_id, county.dispatcher.posting_id}


def test_a_unit_that_does_not_have_the_matter_hears_no_number(county: County) -> None:
    with told.at():
        given(county, "fire")
    assert Message.objects.get(kind="task_to_do").number == ""


def test_a_unit_that_the_matter_turned_out_to_be_about_hears_nothing_more(county: County) -> None:
    with told.at() as hand:
        task = given(county)
        Event.objects.filter(pk=task.event_id or 0).update(about_unit_ids=[county.handler.unit_id])
        hand.to(CLIMBS)
        actions.remind_of_tasks()
    assert {who for _kind, who in said(besides=("task_to_do",))} == {county.leader.posting_id}


def test_a_moment_is_told_under_the_lock_of_its_task(county: County) -> None:
    with told.at() as hand:
        task = given(county)
        hand.to(BEFORE)
        with CaptureQueriesContext(connection) as seen:
            task_time.remind(task.pk)
    asked = [one["sql"] for one in seen.captured_queries if one["sql"].startswith("SELECT")]
    assert asked[0].endswith('FOR UPDATE OF "supervision_task"')
