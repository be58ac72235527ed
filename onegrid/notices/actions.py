"""Send a message: one row by its name, so that nothing goes out twice; a worker carries it."""

import json
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.module_loading import import_string

from onegrid.kit import clock, later
from onegrid.notices.adapters import Refused, Unknown
from onegrid.notices.models import Message
from onegrid.notices.rules.words import Envelope, text_of

MOST_ATTEMPTS = 8
STUCK = timedelta(minutes=5)
# One statement that also tells whether the name is new; a question beside it could meet another writer's row.
WRITE = """
INSERT INTO notices_message (kind, dedupe, number, args, language, to_posting_id, to_report, channel, created_at,
                             state, attempts, detail)
VALUES (%s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s, 'queued', 0, '') ON CONFLICT (dedupe) DO NOTHING RETURNING id
"""


def send(
    *, kind: str, dedupe: str, number: str, args: dict[str, Any], language: str = "zh-hans",
    to_posting: int | None = None, to_report: int | None = None, channel: str = "in_app",
) -> bool:  # fmt: skip
    """Write the message and its job in the caller's transaction; False when one of this name exists already."""
    row = (kind, dedupe, number, json.dumps(args), language, to_posting, to_report, channel, clock.now())
    with connection.cursor() as cursor:
        cursor.execute(WRITE, row)
        found = cursor.fetchone()
    if found is None:
        return False
    later.enqueue("notices.tasks.deliver", message_id=found[0])
    return True


def deliver(*, message_id: int) -> str:
    """Carry one message; outside calls happen between two short transactions. Returns the state reached.

    1. Under the row lock: only a queued message is taken, and marked as sending.
    2. The adapter is called. 3. The outcome is written: sent, queued again, unknown or failed.
    A worker that dies between 1 and 3 leaves `sending`, which `settle_stuck` turns into unknown: it is not resent.
    """
    message = taken(message_id)
    if message is None:
        return "skipped"
    try:
        detail = adapter(message.channel)(envelope(message))
    except Refused as refused:
        return finish(message, "failed" if message.attempts >= MOST_ATTEMPTS else "queued", str(refused))
    except Unknown as unknown:
        return finish(message, "unknown", str(unknown))
    except Exception as broken:
        finish(message, "unknown", type(broken).__name__)
        raise
    return finish(message, "sent", detail)


@transaction.atomic
def taken(message_id: int) -> Message | None:
    message = Message.objects.select_for_update(skip_locked=True).filter(pk=message_id, state="queued").first()
    if message is None:
        return None
    message.state, message.attempts, message.sent_at = "sending", message.attempts + 1, clock.now()
    message.save(update_fields=("state", "attempts", "sent_at"))
    return message


@transaction.atomic
def finish(message: Message, state: str, detail: str) -> str:
    message.state, message.detail = state, detail
    message.sent_at = clock.now() if state == "sent" else None
    message.save(update_fields=("state", "detail", "sent_at"))
    if state == "queued":
        later.enqueue("notices.tasks.deliver", delay_seconds=2**message.attempts, message_id=message.pk)
    return state


def settle_stuck() -> int:
    """A message that has been 'sending' for five minutes: its worker died, the outcome is unknown."""
    rows = Message.objects.filter(state="sending", sent_at__lt=clock.now() - STUCK)
    return rows.update(state="unknown", detail="worker died while sending", sent_at=None)


def read(*, posting_id: int, message_id: int) -> None:
    Message.objects.filter(pk=message_id, to_posting_id=posting_id).update(read_at=clock.now())


def adapter(channel: str) -> Any:
    return import_string(f"onegrid.notices.adapters.{channel}.deliver")


def envelope(message: Message) -> Envelope:
    receiver = f"posting:{message.to_posting_id}" if message.to_posting_id else f"report:{message.to_report}"
    text = text_of(message.kind, message.number, message.args, message.language)
    return Envelope(message.kind, message.number, receiver, text, message.dedupe)
