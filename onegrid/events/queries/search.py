"""One search box: a number, or words in Chinese (bigrams, newest first, checked against the text and the scope)."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Concat, Lower

from onegrid.events.models import Event
from onegrid.events.queries.detail import seen_by
from onegrid.kit import codes, text
from onegrid.org.roles import Actor

FOUND = 20
CANDIDATES = 60
MORE_CANDIDATES = 2000
TOWN_DIGITS = 9
# Rows of `events_search` in one partition, by event id.
PARTITION_ROWS = 250_000


@dataclass(frozen=True)
class Found:
    """Rows newest first; `among` is set when only the newest so many matches were looked through."""

    rows: list[Event]
    among: int | None = None


def search(actor: Actor, words: str, *, state: str = "") -> Found:
    """Find by number or by words; raises text.TooShort below two characters together."""
    number = codes.tidy_number(words)
    events = seen_by(actor, Event.objects.select_related("holder", "handler"))
    if number is not None:
        return Found(list(events.filter(number=number) | events.filter(reports__number=number))[:1])
    pieces = text.pieces(words)
    tokens = [*text.query_tokens(words), *own_area_token(actor)]
    for limit in (CANDIDATES, MORE_CANDIDATES):
        candidates = newest(tokens, limit)
        rows = checked(events, candidates, pieces, state)
        if len(rows) >= FOUND or len(candidates) < limit:
            return Found(rows[:FOUND])
    return Found(rows[:FOUND], among=MORE_CANDIDATES)


def own_area_token(actor: Actor) -> list[int]:
    """The county's (or town's) token keeps the search inside the index; a unit's reader sees across towns."""
    tokens = text.area_tokens(actor.area)
    return tokens[-1:] if actor.at_centre and len(actor.area) in (6, TOWN_DIGITS) else []


def newest(tokens: list[int], limit: int) -> list[int]:
    """The newest events that hold every token: newest partition first, stopping at the first that fills the limit."""
    arms: list[str] = []
    params: list[Any] = []
    for low, high in partitions():
        arms.append(
            "(SELECT event_id FROM events_search WHERE event_id >= %s AND event_id < %s AND tokens @> %s"
            " ORDER BY event_id DESC LIMIT %s)"
        )
        params.extend([low, high, tokens, limit])
    if not arms:
        return []
    with connection.cursor() as cursor:
        union = " UNION ALL ".join(arms)
        cursor.execute(f"SELECT event_id FROM ({union}) found LIMIT %s", [*params, limit])  # nosec B608
        return [row[0] for row in cursor.fetchall()]


def partitions() -> list[tuple[int, int]]:
    """Ranges of the partitions that can hold rows, newest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM events_event")
        top = cursor.fetchone()[0] // PARTITION_ROWS
    return [(at * PARTITION_ROWS, (at + 1) * PARTITION_ROWS) for at in range(top, -1, -1)]


def checked(events: QuerySet[Event], candidates: list[int], pieces: list[str], state: str) -> list[Event]:
    """Bigrams of a long text may be scattered: keep the rows whose text really holds each piece.

    The database compares, for most of 2,000 candidates need not come here; what is sealed has no words there.
    """
    # One array instead of 2,000 parameters; a subquery would let the planner walk the key backwards.
    rows = events.extra(where=['"events_event"."id" = ANY(%s)'], params=[candidates])  # nosec B610
    rows = rows.annotate(text=Lower(Concat("words", Value(" "), "address", output_field=TextField()))).order_by("-id")
    rows = rows.filter(state=state) if state else rows
    for piece in pieces:
        rows = rows.filter(text__contains=piece)
    return list(rows[:FOUND])
