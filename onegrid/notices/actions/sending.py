"""Send a message: one row by its name, so that nothing goes out twice; a worker carries it."""

import json
import math
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from onegrid.kit import chance, clock, later
from onegrid.kit.transactions import joined
from onegrid.notices import queries
from onegrid.notices.models import Message, sealed
from onegrid.notices.rules import storm
from onegrid.notices.rules.kinds import group_of
from onegrid.org import queries as org

# One statement that also tells whether the name is new; a question beside it could meet another writer's row.
WRITE = """
INSERT INTO notices_message (kind, dedupe, number, args, language, to_posting_id, to_report, to_other, unit_id, channel,
                             urgent, address_sealed, reference, created_at, due_at, gathers, state, attempts, detail)
VALUES (%s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'queued', 0, '')
ON CONFLICT (dedupe) DO NOTHING RETURNING id
"""
# The newest of this kind to this person by this way, sent or to come.
LATELY = """
SELECT due_at FROM notices_message
WHERE to_posting_id IN (SELECT b.id FROM org_posting a JOIN org_posting b ON b.user_id = a.user_id WHERE a.id = %s)
AND kind = %s AND channel = %s AND due_at > %s AND bundle_id IS NULL AND id <> %s AND NOT urgent
ORDER BY due_at DESC LIMIT 3
"""
ONE_AT_A_TIME = """
SELECT pg_advisory_xact_lock(hashtextextended('notices ' || user_id || ' ' || %s, 0)) FROM org_posting WHERE id = %s
"""


@dataclass(frozen=True)
class Words:
    """One message as it is to be written."""

    kind: str
    dedupe: str
    number: str
    args: dict[str, Any]
    language: str
    to_posting_id: int | None
    to_report: int | None
    to_other: str
    unit: int | None
    channel: str
    urgent: bool
    address: str


@joined()
def send(
    *, kind: str, dedupe: str, number: str, args: dict[str, Any], language: str = "zh-hans",
    to_posting: int | None = None, to_report: int | None = None, to_other: str = "", channel: str = "in_app",
    address: str = "", secret: str = "", urgent: bool = False, unit: int | None = None,
) -> bool:  # fmt: skip
    """Write the message and its job in one transaction; False when one of this name exists already.

    To a posting it stands in the product and goes out by the ways that the person chose. `address` is the phone or
    mail address of a way that leaves the house: sealed, and wiped once it has arrived. `secret` lies in the same seal
    and is the end of a link in the sentence: no page and no row shows it. `urgent` passes quiet hours and the storm
    rule. `unit` is the centre that answers for it, the county's without one.
    """
    given = Words(kind, dedupe, number, args, language, to_posting, to_report, to_other,
                  unit or org.centre_for(settings.COUNTY), channel, urgent,
                  f"{address}\n{secret}" if secret else address)  # fmt: skip
    if not write(given):
        return False
    if to_posting is not None and channel == "in_app":
        send_besides(given, to_posting)
    return True


def send_besides(given: Words, posting_id: int) -> None:
    """The same by the ways that the person chose for this group of kinds; a way needs its address."""
    person = queries.preference_of_posting(posting_id)
    if person is None:
        return
    for channel in person.ways_for(group_of(given.kind, urgent=given.urgent)):
        if channel in settings.NOTICES_CHANNELS and (address := person.address(channel)):
            write(replace(given, dedupe=f"{given.dedupe}:{channel}", channel=channel, address=address))


def write(given: Words) -> bool:
    """One row and its job; in a storm the row joins the bundle of its kind, which has a job of its own."""
    now = clock.now()
    due = queries.held_until(given, now) or now
    message_id = insert(given, due)
    if message_id is None:
        return False
    if given.to_posting_id is None or given.urgent or not gathered(given, message_id, due):
        enqueue(message_id, due)
    return True


def insert(given: Words, due: datetime, *, gathers: bool = False) -> int | None:
    row = (
        given.kind, given.dedupe, given.number, json.dumps(given.args), given.language, given.to_posting_id,
        given.to_report, given.to_other, given.unit, given.channel, given.urgent,
        sealed(given.address, of=given.dedupe), chance.base32(26), clock.now(), due, gathers,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(WRITE, row)
        found = cursor.fetchone()
    return found[0] if found else None


def enqueue(message_id: int, due: datetime) -> None:
    wait = math.ceil((due - clock.now()).total_seconds())
    later.enqueue("notices.tasks.deliver", delay_seconds=max(0, wait), message_id=message_id)


def gathered(given: Words, message_id: int, due: datetime) -> bool:
    """Whether the message went into a bundle.

    1. One at a time per person, kind and way: what two count together would let four through.
    2. Count what went or will go within ten minutes. 3. A bundle that still waits is locked before it is joined:
    one that is being carried has been counted already.
    """
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, (f"{given.kind} {given.channel}", given.to_posting_id))
        cursor.execute(LATELY, (given.to_posting_id, given.kind, given.channel, due - storm.SPAN, message_id))
        lately = [moment for (moment,) in cursor.fetchall()]
    opens = storm.next_place(due, lately)
    if opens is None:
        return False
    Message.objects.filter(pk=message_id).update(state="bundled", bundle=open_bundle(given, opens))
    return True


def open_bundle(given: Words, opens: datetime) -> int:
    """The bundle that waits for this person, or a new one that goes when ten minutes have room again."""
    rows = Message.objects.filter(to_posting_id=given.to_posting_id, kind=given.kind, channel=given.channel)
    waiting = rows.filter(gathers=True, state="queued").select_for_update().values_list("pk", flat=True).first()
    if waiting is not None:
        return waiting
    named = replace(given, dedupe=f"bundle:{given.dedupe}")
    bundle = insert(named, opens, gathers=True)
    assert bundle is not None
    enqueue(bundle, opens)
    return bundle


def read(*, posting_id: int, message_id: int) -> None:
    Message.objects.filter(pk=message_id, to_posting_id=posting_id).update(read_at=clock.now())
