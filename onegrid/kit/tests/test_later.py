from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext, override_settings
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from onegrid.kit import later

pytestmark = pytest.mark.django_db

TABLE = {"events.closed": ("notices.tasks.tell", "insight.tasks.count")}


def jobs() -> list[tuple[str, dict[str, Any]]]:
    return list(ProcrastinateJob.objects.order_by("id").values_list("task_name", "args"))


def test_a_job_is_written_by_name_without_importing_its_task() -> None:
    later.enqueue("nowhere.tasks.after_step", step_id=7, words="李")
    assert jobs() == [("nowhere.tasks.after_step", {"step_id": 7, "words": "李"})]


def test_a_job_costs_one_statement() -> None:
    with CaptureQueriesContext(connection) as captured:
        later.enqueue("events.tasks.after_step", step_id=7)
    assert len(captured) == 1


def test_a_delay_is_written_with_the_job() -> None:
    later.enqueue("events.tasks.undo_is_over", delay_seconds=10)
    assert ProcrastinateJob.objects.get().scheduled_at is not None


def test_a_happening_wakes_every_job_named_for_it_and_no_other() -> None:
    with override_settings(REACTIONS=f"{__name__}.TABLE"):
        later.react("events.closed", event_id=3)
        later.react("events.unheard_of", event_id=3)
    assert jobs() == [("notices.tasks.tell", {"event_id": 3}), ("insight.tasks.count", {"event_id": 3})]


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


def test_a_task_is_registered_under_its_dotted_name_and_stays_a_function() -> None:
    sweep.__module__ = "onegrid.events.tasks"
    assert later.task(sweep) is sweep
    assert "events.tasks.sweep" in later.names()
    assert app.tasks["events.tasks.sweep"].retry_strategy is not None


def test_a_task_may_come_by_itself() -> None:
    sweep.__module__ = "onegrid.registers.tasks"
    assert later.every("* * * * *")(sweep) is sweep
    assert ("registers.tasks.sweep", "") in app.periodic_registry.periodic_tasks


def test_a_job_of_a_killed_worker_is_given_back() -> None:
    later.enqueue("events.tasks.after_step", step_id=7)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 hour')"
            " returning id"
        )
        worker = cursor.fetchone()[0]
        cursor.execute("update procrastinate_jobs set status = 'doing', worker_id = %s", [worker])
    assert later.revive_stalled() == 1
    assert ProcrastinateJob.objects.get().status == "todo"
    assert later.revive_stalled() == 0
