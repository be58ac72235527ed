"""Grids were divided anew: matters move to the grid in which they lie now, each by one step of its history.

Set by set and not matter by matter, because a re-division may touch a hundred thousand. `reported_area` stays, nobody
is told one by one, and a stale page notices by the version.
"""

import json
from collections.abc import Sequence
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.actions import duty, placing, sweeping
from onegrid.events.models import Alert, Event
from onegrid.kit import clock, text
from onegrid.org import queries as org
from onegrid.org import roles
from onegrid.org.actions import Refused, record
from onegrid.org.roles import Actor

BATCH = 20_000
# More than this, and open pages are asked to load anew instead of being told row by row.
TOLD_ONE_BY_ONE = 150


class Move(NamedTuple):
    """A matter, the grid in which it was seen, and the one in which it lies now."""

    event_id: int
    was: str
    area: str


@transaction.atomic
def rezone(*, actor: Actor, moves: Sequence[Move], facts: dict[str, Any]) -> int:
    """Move what is still where it was seen; return how many. Only the house may; done again it does nothing.

    A centre that drives a matter because of its place hands it on; one to which it was sent up keeps it. What can
    never come back (archived, void, joined) keeps its centre in the file.
    """
    if not actor.has(roles.SYSTEM):
        raise Refused("wrong_role", _("Your role may not do this."))
    quiet = len(moves) > TOLD_ONE_BY_ONE
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('onegrid.in_bulk', %s, true)", ["on" if quiet else ""])
    rows, moved = iter(moves), 0
    while batch := list(islice(rows, BATCH)):
        moved += move_batch(batch, facts)
    if quiet and moved:
        with connection.cursor() as cursor:
            cursor.execute(RELOAD)
    record(actor, "rezone", "event", moved=moved, **facts)
    return moved


def move_batch(batch: list[Move], facts: dict[str, Any]) -> int:
    """Lock, decide the centres, write event, dependants, search and step."""
    wanted = {one.event_id: one for one in batch}
    driving = cache(queries.centre_of)
    rows = Event.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    columns = ("pk", "area", "owner_id", "about_unit_ids", "unit_ids")
    found = [row for row in rows.values_list(*columns) if row[1] == wanted[row[0]].was]
    if not found:
        return 0
    hands = [
        handed_on(driving(was, tuple(about)), driving(wanted[pk].area, tuple(about)), owner, unit_ids)
        for pk, was, owner, about, unit_ids in found
    ]
    given: dict[str, Any] = {
        "ids": [row[0] for row in found], "was": [row[1] for row in found],
        "areas": [wanted[row[0]].area for row in found], "owners": [after for after, _leaving in hands],
        "leaving": [leaving for _after, leaving in hands],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(EVENTS, given)
        placing.follow(cursor, given["ids"], given["areas"])
        cursor.execute(STEPS, given | {"now": clock.now(), "facts": json.dumps(facts)})
    follow_alerts([row[0] for row, (after, _leaving) in zip(found, hands, strict=True) if after])
    for (was, area), pks in by_way(found, wanted).items():
        follow_in_search(was, area, pks)
        rewind(was, area, pks)
    return len(found)


def by_way(found: list[Any], wanted: dict[int, Move]) -> dict[tuple[str, str], list[int]]:
    """The matters by where they were and where they lie now."""
    groups: dict[tuple[str, str], list[int]] = {}
    for pk, was, *_rest in found:
        groups.setdefault((was, wanted[pk].area), []).append(pk)
    return groups


def handed_on(before: int | None, after: int | None, owner: int, unit_ids: list[int]) -> tuple[int | None, int | None]:
    """The centre that drives it from now on, and the one that no longer sees it; None where nothing changes."""
    if before == after or owner != before:
        return None, None
    return after, before if before in unit_ids else None


def follow_alerts(pks: list[int]) -> None:
    """A grave matter that nobody has acknowledged calls the centre that drives it now."""
    for alert in Alert.objects.filter(event__in=pks, ended_at__isnull=True).order_by("event_id"):
        duty.raise_alert(event_id=alert.event_id, cause=alert.cause)


def follow_in_search(was: str, area: str, pks: list[int]) -> None:
    """Another town has another token."""
    gone, come = text.area_tokens(was), text.area_tokens(area)
    statement = SEARCH_AREA if gone == come else SEARCH
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": pks, "area": area, "gone": gone, "come": come})


def rewind(was: str, area: str, pks: list[int]) -> None:
    """Where the other place has another calendar, open clocks are wound anew; a promise never moves later."""
    special = org.calendar_areas()
    if special.intersection(org.prefixes(was)) != special.intersection(org.prefixes(area)):
        for pk in pks:
            sweeping.rewind(pk)


WANTED = """unnest(%(ids)s::bigint[], %(was)s::text[], %(areas)s::text[], %(owners)s::bigint[], %(leaving)s::bigint[])
    AS w(id, was, area, owner, leaving)"""
# A unit that works on it, or did, goes on seeing it, whatever centre it is.
EVENTS = f"""
WITH w AS (
    SELECT w.*, coalesce(e.state IN ('archived', 'void') OR e.joined_into_id IS NOT NULL, false) AS over,
           w.leaving IS NOT NULL AND NOT EXISTS (
               SELECT FROM events_assignment a WHERE a.event_id = w.id AND a.unit_id = w.leaving
           ) AS leaves
    FROM {WANTED} JOIN events_event e ON e.id = w.id
)
UPDATE events_event e SET area = w.area, version = e.version + 1,
    owner_id = CASE WHEN w.over THEN e.owner_id ELSE coalesce(w.owner, e.owner_id) END,
    holder_id = CASE WHEN e.holder_id = e.owner_id AND e.state NOT IN ('assigned', 'handling', 'suspended')
        THEN coalesce(w.owner, e.holder_id) ELSE e.holder_id END,
    unit_ids = CASE WHEN w.owner IS NULL THEN e.unit_ids ELSE (
        SELECT array_agg(DISTINCT one ORDER BY one) FROM unnest(e.unit_ids || w.owner) AS one
        WHERE NOT (w.leaves AND one = w.leaving)
    ) END
FROM w WHERE e.id = w.id
"""  # nosec B608
# What the history keeps of it names codes only.
STEPS = f"""
INSERT INTO events_step (event_id, area, n, verb, from_state, to_state, actor_kind, at, due_at, promised_by, words,
                         public, facts)
SELECT e.id, e.area, coalesce((SELECT max(n) FROM events_step s WHERE s.event_id = e.id), 0) + 1, 'rezone', e.state,
       e.state, 'house', %(now)s, e.due_at, e.promised_by, '', false,
       %(facts)s::jsonb || jsonb_build_object('limits', '{{}}'::jsonb, 'from', w.was, 'to', e.area)
FROM {WANTED} JOIN events_event e ON e.id = w.id ORDER BY e.id
"""  # nosec B608
SEARCH_AREA = "UPDATE events_search SET area = %(area)s WHERE event_id = ANY (%(ids)s::bigint[])"
SEARCH = """
UPDATE events_search SET area = %(area)s,
    tokens = (SELECT array_agg(DISTINCT one ORDER BY one) FROM unnest(tokens || %(come)s::int4[]) AS one
              WHERE one <> ALL (%(gone)s::int4[]) OR one = ANY (%(come)s::int4[]))
WHERE event_id = ANY (%(ids)s::bigint[])
"""
# Every open page that may be concerned loads anew; the newest step tells where its memory ends.
RELOAD = "SELECT pg_notify('onegrid', json_build_object('reload', coalesce(max(id), 0))::text) FROM events_step"
