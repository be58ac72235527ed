"""Alarms: one cause at one source is one matter with a count, however often it sounds; ended, it begins anew."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from onegrid.events.actions import reporting
from onegrid.events.actions.given import NotGiven
from onegrid.events.models import Alarm
from onegrid.kit import clock, text
from onegrid.kit.workflow import NotAllowed, Refusal
from onegrid.org.roles import CLIENT, Actor

LONGEST = 80
# One statement: no reading before, so that ten thousand in a minute wait for each other as short as can be.
COUNTED = """
UPDATE events_alarm AS a SET count = a.count + 1, last_at = greatest(a.last_at, %s)
FROM events_event AS e
WHERE a.client_id = %s AND a.source = %s AND a.cause = %s AND e.id = a.event_id AND e.closed_at IS NULL
RETURNING e.number, a.count
"""


@dataclass(frozen=True)
class Sounded:
    """The matter that the alarm belongs to, how often it has sounded, and whether it has just begun."""

    number: str
    count: int
    first: bool


@transaction.atomic
def sound(
    *, actor: Actor, source: str, cause: str, words: str, happened_at: datetime | None = None, **place: Any
) -> Sounded:
    """Count an alarm on its open matter, or begin one; raises NotAllowed, NotGiven: then nothing was written.

    1. The count is tried first: it is the way of all but the first.
    2. Of two first ones at once the second waits for the lock and then counts.
    """
    if not actor.has(CLIENT):
        raise NotAllowed(Refusal("role", _("Only a connected system raises alarms.")))
    named = tidied(source=source, cause=cause)
    found = counted(actor, named)
    if found is not None:
        return found
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s::bigint)", [lock_number(actor, named)])
    return counted(actor, named) or begun(actor, named, words=words, happened_at=happened_at, **place)


def tidied(**given: str) -> dict[str, str]:
    clean = {name: text.tidy(value or "") for name, value in given.items()}
    faults = {name: _("This is needed.") for name, value in clean.items() if not value}
    faults |= {name: _("At most %(n)s characters.") % {"n": LONGEST} for name, v in clean.items() if len(v) > LONGEST}
    if faults:
        raise NotGiven(faults)
    return clean


def counted(actor: Actor, named: dict[str, str]) -> Sounded | None:
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, [clock.now(), actor.posting_id, named["source"], named["cause"]])
        row = cursor.fetchone()
    return Sounded(row[0], row[1], first=False) if row else None


def begun(actor: Actor, named: dict[str, str], **said: Any) -> Sounded:
    """The first of its cause: a report like any other, by the way of an alarm."""
    assert actor.posting_id is not None
    made = reporting.report(actor=actor, channel="alarm", **said)
    now = clock.now()
    Alarm.objects.create(
        event=made.event, area=made.event.area, client_id=actor.posting_id, first_at=now, last_at=now, **named
    )
    return Sounded(made.number, 1, first=True)


def lock_number(actor: Actor, named: dict[str, str]) -> int:
    key = f"alarm:{actor.posting_id}:{named['source']}:{named['cause']}"
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big", signed=True)
