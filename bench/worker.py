"""What a worker does after the requests: its CPU per job, without the start of the process."""

import asyncio
import os
import resource
import subprocess
import sys

import django
import psycopg
from procrastinate import App

from bench.database import ROOT


def measured(url: str) -> str:
    """A sentence: how many jobs the requests left, and their CPU each, worker and database."""
    with psycopg.connect(url, autocommit=True) as connection:
        # A part of them is enough. Those that wait for ten seconds to be undone are due now.
        connection.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo' AND id % 8 <> 0")
        connection.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
        row = connection.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'").fetchone()
    jobs, used, start = (row[0] if row else 0), once(), once()
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'succeeded'").fetchone()
        told = connection.execute("SELECT count(*) FROM notices_message").fetchone()
    done = max(1, row[0] if row else 0)
    return (
        f"worker afterwards: {jobs} jobs waited, {done} done with {told[0] if told else 0} messages,"
        f" {(used - start) / done:.2f} CPU ms each (the worker's own part)"
    )


def once() -> float:
    """CPU ms of one worker that empties the queue and ends."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "bench.worker"], env=dict(os.environ), cwd=ROOT, check=True, timeout=180)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def work() -> None:
    """Jobs that requests wrote only: what comes by itself each minute is another matter."""
    django.setup()
    from procrastinate.contrib.django import app

    app.periodic_registry.periodic_tasks.clear()
    with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
        asyncio.run(emptied(working))


async def emptied(app: App) -> None:
    async with app.open_async():
        await app.run_worker_async(wait=False, concurrency=1, install_signal_handlers=False)


if __name__ == "__main__":
    work()
