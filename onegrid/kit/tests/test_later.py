from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext, override_settings
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Status

from onegrid.kit import later

pytestmark = pytest.mark.django_db

TABLE = {"events.closed": ("notices.tasks.tell", "insight.tasks.count")}


@pytest.fixture
def forget_task() -> Iterator[None]:
    yield
    app.tasks.pop("nowhere.tasks.sweep", None)
    app.periodic_registry.periodic_tasks.pop(("nowhere.tasks.sweep", ""), None)


@pytest.fixture(autouse=True)
def no_other_jobs(db: None) -> None:
    """Tests that commit leave jobs behind: the tables of the job queue are not emptied between tests."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def jobs() -> list[tuple[str, dict[str, Any]]]:
    return list(ProcrastinateJob.objects.order_by("id").values_list("task_name", "args"))


def test_a_job_is_written_by_name_without_importing_its_task() -> None:
    later.enqueue("nowhere.tasks.after_step", step_id=7, words="李")
    assert jobs() == [("nowhere.tasks.after_step", {"step_id": 7, "words": "李"})]


def test_a_job_costs_one_statement() -> None:
    with CaptureQueriesContext(connection) as captured:
        later.enqueue("events.tasks.after_step", step_id=7)
    assert len(captured) == 1


def test_of_jobs_with_one_lock_one_is_done_at_a_time_and_others_go_by(db: None) -> None:
    for name, lock in (("first", "files"), ("second", "files"), ("other", "")):
        later.enqueue(f"nowhere.tasks.{name}", lock=lock)
    manager = app.job_manager
    worker = async_to_sync(manager.register_worker)()
    fetched = [async_to_sync(manager.fetch_job)(queues=None, worker_id=worker) for _ in range(3)]
    assert [job and job.task_name for job in fetched] == ["nowhere.tasks.first", "nowhere.tasks.other", None]
    assert fetched[0] is not None
    async_to_sync(manager.finish_job)(fetched[0], Status.SUCCEEDED, delete_job=False)
    following = async_to_sync(manager.fetch_job)(queues=None, worker_id=worker)
    assert following is not None
    assert following.task_name == "nowhere.tasks.second"


def test_a_delay_is_written_with_the_job() -> None:
    later.enqueue("events.tasks.undo_is_over", delay_seconds=10)
    assert ProcrastinateJob.objects.get().scheduled_at is not None


def test_a_happening_wakes_every_job_named_for_it_and_no_other() -> None:
    with override_settings(REACTIONS=f"{__name__}.TABLE"):
        later.react("events.closed", event_id=3)
        later.react("events.closed", delay_seconds=10, event_id=4)
        later.react("events.unheard_of", event_id=3)
    assert ProcrastinateJob.objects.filter(scheduled_at__isnull=False).count() == 2
    assert jobs()[:2] == [("notices.tasks.tell", {"event_id": 3}), ("insight.tasks.count", {"event_id": 3})]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_transaction_leaves_no_job() -> None:
    @transaction.atomic
    def action() -> None:
        later.enqueue("events.tasks.after_step", step_id=7)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        action()
    assert jobs() == []


def sweep() -> None:
    """A job of no room."""


@pytest.mark.usefixtures("forget_task")
def test_a_task_is_registered_under_its_dotted_name_and_stays_a_function() -> None:
    sweep.__module__ = "onegrid.nowhere.tasks"
    assert later.task(sweep) is sweep
    assert "nowhere.tasks.sweep" in later.names()
    assert app.tasks["nowhere.tasks.sweep"].retry_strategy is not None


@pytest.mark.usefixtures("forget_task")
def test_a_task_may_come_by_itself() -> None:
    sweep.__module__ = "onegrid.nowhere.tasks"
    assert later.every("* * * * *")(sweep) is sweep
    assert ("nowhere.tasks.sweep", "") in app.periodic_registry.periodic_tasks


def kill_worker_of(job_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 hour') returning id"
        )
        worker = cursor.fetchone()[0]
        cursor.execute("update procrastinate_jobs set status = 'doing', worker_id = %s where id = %s", [worker, job_id])


def test_a_job_of_a_killed_worker_is_given_back() -> None:
    later.enqueue("events.tasks.after_step", step_id=7)
    kill_worker_of(ProcrastinateJob.objects.get().pk)
    assert later.revive_stalled() == 1
    assert ProcrastinateJob.objects.get().status == "todo"
    assert later.revive_stalled() == 0


def test_a_killed_job_that_comes_by_itself_makes_way_for_the_next() -> None:
    for _round in range(2):
        app.configure_task(name="events.tasks.sweep", queueing_lock="sweep").defer()
        kill_worker_of(ProcrastinateJob.objects.latest("id").pk)
    app.configure_task(name="events.tasks.sweep", queueing_lock="sweep").defer()
    assert later.revive_stalled() == 2
    assert sorted(ProcrastinateJob.objects.values_list("status", flat=True)) == ["failed", "failed", "todo"]
