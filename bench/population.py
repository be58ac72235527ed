"""Fill a database: county, then events by COPY; run as `python -m bench.population EVENTS` on DATABASE_URL."""

import os
import sys
import time
from typing import Any

import django
from django.core.management import call_command
from django.db import connection

SEED = 20261121
BATCH = 5000
COLUMNS = {
    "event": "events_event (id, number, reported_area, area, state, category, category_decided, level, restricted,"
    " owner_id, handler_id, holder_id, unit_ids, about_unit_ids, about_office, words, lon, lat, c6, c8, located,"
    " result, reported_at, closed_at, clock_from, due_at, promised_by, remind_at, version)",
    "report": "events_report (event_id, area, number, receipt_hash, channel, words, at)",
    "step": "events_step (event_id, area, n, verb, from_state, to_state, actor_id, actor_kind, unit_id, at, due_at,"
    " promised_by, words, public, facts)",
    "assignment": "events_assignment (event_id, area, unit_id, role, state, open, due_at, assigned_at, because)",
    "suggestion": "events_suggestion (event_id, area, rank, category, score, because, made_at)",
    "search": "events_search (event_id, area, tokens)",
}


def defaulted(table: str) -> list[tuple[str, str]]:
    """Columns of a model that COPY leaves out but that may not be null, with what Django would write."""
    from onegrid.events import models

    model: Any = {
        "event": models.Event, "report": models.Report, "step": models.Step, "assignment": models.Assignment,
    }[table]  # fmt: skip
    named = COLUMNS[table].partition("(")[2].rstrip(")").split(", ")
    found = []
    for field in model._meta.concrete_fields:
        if field.null or field.primary_key or field.generated or field.column in named:
            continue
        found.append((field.column, str(field.get_default()).lower()))
    return found


def main() -> None:
    django.setup()
    from onegrid.kit import chance

    events = int(sys.argv[1])
    call_command("migrate", verbosity=0)
    with chance.seeded(SEED):
        write(events)


def write(events: int) -> None:
    from bench import county
    from onegrid.kit import clock

    county.make_county()
    year = clock.now().year
    call_command("load_calendar", year - 1, year, year + 1, verbosity=0)
    prepare(events)
    populate(events)
    finish()


def prepare(events: int) -> None:
    """Partitions for the words; no notices to live screens while loading; defaults for what COPY leaves out."""
    from onegrid.events.queries.search import PARTITION_ROWS

    with connection.cursor() as cursor:
        for at in range(events // PARTITION_ROWS + 2):
            low, high = at * PARTITION_ROWS, (at + 1) * PARTITION_ROWS
            cursor.execute(
                f"CREATE TABLE IF NOT EXISTS events_search_{at} PARTITION OF events_search"
                f" FOR VALUES FROM ({low}) TO ({high})"
            )
        cursor.execute("ALTER TABLE events_step DISABLE TRIGGER events_step_live")
        cursor.execute("DROP INDEX events_search_tokens")
        each_default(cursor, "SET DEFAULT '{}'")


def each_default(cursor: Any, form: str) -> None:
    for table in ("event", "report", "step", "assignment"):
        for column, value in defaulted(table):
            cursor.execute(f"ALTER TABLE events_{table} ALTER COLUMN {column} {form.format(value)}")


def populate(events: int) -> None:
    from bench.lives import Batch, Hand
    from onegrid.kit import clock

    base = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    hand, began = Hand(SEED, events, base), time.monotonic()
    for first in range(1, events + 1, BATCH):
        batch = Batch()
        for pk in range(first, min(first + BATCH, events + 1)):
            hand.fill(batch, pk)
        copy(batch)
        done = min(first + BATCH - 1, events)
        print(f"\r{done:,} events in {time.monotonic() - began:.0f} s", end="", flush=True)
    print()


def copy(batch: Any) -> None:
    connection.ensure_connection()
    with connection.cursor() as cursor:
        for table, columns in COLUMNS.items():
            with cursor.copy(f"COPY {columns} FROM STDIN") as stream:
                for row in getattr(batch, table):
                    stream.write_row(row)


def finish() -> None:
    """Put back what was taken off, let numbers go on after ours, and let the planner see it all."""
    with connection.cursor() as cursor:
        each_default(cursor, "DROP DEFAULT")
        cursor.execute("ALTER TABLE events_step ENABLE TRIGGER events_step_live")
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET maintenance_work_mem = '256MB'")
        cursor.execute(
            "CREATE INDEX events_search_tokens ON events_search USING gin (tokens) WITH (gin_pending_list_limit = 1024)"
        )
        cursor.execute("SELECT setval(pg_get_serial_sequence('events_event', 'id'), max(id)) FROM events_event")
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onegrid.settings")
    main()
