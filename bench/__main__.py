"""`python -m bench --events 100000`: fill, serve, measure, print. DATABASE_URL names the server to use."""

import argparse
import os
import tempfile
import time

import django
import psycopg

from bench import city, database, machine, server

DEFAULT = "postgresql://app:app@127.0.0.1:55432/postgres"
BARE, WEB = "onegrid_bench_bare", "onegrid_bench_web"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure OneGrid at size; see bench/README.md.")
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=600, help="per row, over HTTP")
    parser.add_argument("--rows", default="P1,P2,P3,P4,P5,P5c,P6,P10")
    parser.add_argument("--port", type=int, default=8150)
    return parser.parse_args()


def main() -> None:
    wanted, began, load = options(), time.monotonic(), machine.load()
    base = os.environ.get("DATABASE_URL", DEFAULT)
    source = database.filled(base, wanted.events)
    url, bare = database.copied(base, source, WEB), database.copied(base, source, BARE)
    notes = [described(base, wanted.events, source)]
    os.environ.update(server.environment(url, tempfile.mkdtemp(prefix="onegrid-bench-")))
    django.setup()
    figures = measured(wanted, url, bare, notes)
    if "P10" in wanted.rows.split(","):
        notes.append(city.measured(base, source))
    for name in (WEB, BARE):
        database.dropped(base, name)
    from bench import report

    path = report.written(wanted.events, time.monotonic() - began, figures, notes, load)
    print(f"kept in {path.relative_to(database.ROOT)}")


def measured(wanted: argparse.Namespace, url: str, bare: str, notes: list[str]) -> list:  # type: ignore[type-arg]
    """Log, serve, replay; what the worker does afterwards is measured by itself."""
    from bench import measure, rows, worker

    chosen = tuple(row for row in rows.ROWS if row.name in wanted.rows.split(","))
    who = rows.Wanted(wanted.events)
    logged = measure.log_all(who, chosen)
    figures = []
    with server.Server(wanted.port) as running:
        for row in chosen:
            figures.append(measure.over_http(row, who, logged[row.name], running, url, wanted.requests))
            print(f"{row.name}: {figures[-1].cpu_ms:.2f} CPU ms, {figures[-1].outcome.rate:.0f}/s", flush=True)
    for one in figures:
        measure.beside(one, bare)
    notes.append(worker.measured(url))
    return figures


def described(base: str, events: int, source: str) -> str:
    with psycopg.connect(database.url_of(base, source)) as connection:
        row = connection.execute(
            "SELECT current_setting('server_version'), pg_size_pretty(pg_database_size(current_database())),"
            " (SELECT count(*) FROM events_step), (SELECT count(*) FROM events_event WHERE closed_at IS NULL),"
            " current_setting('fsync'), current_setting('synchronous_commit'), current_setting('shared_buffers')"
        ).fetchone()
    assert row is not None
    return (
        f"PostgreSQL {row[0]}, {row[1]}: {events} events ({row[3]} open), {row[2]} steps; fsync {row[4]},"
        f" synchronous_commit {row[5]}, shared_buffers {row[6]}"
    )


if __name__ == "__main__":
    main()
