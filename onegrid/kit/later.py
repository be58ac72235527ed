"""Work for later: jobs named by a dotted path, written in the caller's transaction, done by a worker.

A job that was written with the caller's rows is there if and only if they are: nothing is lost, nothing is
done for what was rolled back. After a crash a job may be done twice, so every task must bear that.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from asgiref.sync import async_to_sync
from django.conf import settings
from django.utils.module_loading import import_string
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

Function = TypeVar("Function", bound=Callable[..., Any])

PACKAGE = "onegrid."
# 2, 4, 8 … seconds: the tenth attempt comes about 17 minutes after the first.
DAYS_KEPT = 30
RETRY = RetryStrategy(max_attempts=10, exponential_wait=2)


def enqueue(name: str, *, delay_seconds: int = 0, lock: str = "", **args: Any) -> None:
    """Write the job `name`, such as "events.tasks.after_step": one statement in the caller's transaction.

    Of jobs with the same `lock` one is done at a time, in the order in which they were written.
    """
    options: dict[str, Any] = {"schedule_in": {"seconds": delay_seconds}} if delay_seconds else {}
    if lock:
        options["lock"] = lock
    app.configure_task(name=name, **options).defer(**args)


def react(happening: str, *, delay_seconds: int = 0, **args: Any) -> None:
    """Write every job that settings.REACTIONS names for a happening such as "events.closed"."""
    for name in _reactions().get(happening, ()):
        enqueue(name, delay_seconds=delay_seconds, **args)


def task(function: Function) -> Function:
    """Make a function of a room's tasks.py a job under its dotted name, such as "events.tasks.sweep"."""
    app.task(name=_name(function), retry=RETRY)(function)
    return function


def every(cron: str) -> Callable[[Function], Function]:
    """Make a function without arguments a job that comes by itself, such as "* * * * *" each minute (UTC).

    It is not tried again: the next one comes anyway. Two of a kind never wait side by side.
    """

    def register(function: Function) -> Function:
        name = _name(function)

        def run(timestamp: int) -> None:
            function()

        periodic = app.task(name=name, queueing_lock=name)(run)
        app.periodic(cron=cron)(periodic)
        return function

    return register


def revive_stalled() -> int:
    """Give back the jobs whose worker was killed, return how many; a room's task calls it each minute."""
    return async_to_sync(_revive_stalled)()


def forget_finished() -> None:
    """Delete the jobs that ended more than thirty days ago; their arguments name events and people by number."""
    async_to_sync(app.job_manager.delete_old_jobs)(
        nb_hours=24 * DAYS_KEPT, include_failed=True, include_cancelled=True, include_aborted=True
    )


def names() -> frozenset[str]:
    """Return the names of all jobs that rooms have registered."""
    return frozenset(name for name in app.tasks if not name.startswith("builtin"))


async def _revive_stalled() -> int:
    stalled = list(await app.job_manager.get_stalled_jobs())
    for job in stalled:
        if job.queueing_lock:
            # It comes by itself, and the next one may wait already: two may not.
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
        else:
            await app.job_manager.retry_job(job)
    return len(stalled)


def _name(function: Callable[..., Any]) -> str:
    return f"{function.__module__.removeprefix(PACKAGE)}.{function.__name__}"


def _reactions() -> Mapping[str, tuple[str, ...]]:
    # Found by name when needed: the table stands in the roof, which kit must not know.
    table: Mapping[str, tuple[str, ...]] = import_string(settings.REACTIONS)
    return table
