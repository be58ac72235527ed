"""Carry what is due: outside calls between two short transactions, every outcome written down, nothing resent alone."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string

from onegrid.kit import clock
from onegrid.notices import queries
from onegrid.notices.actions.sending import enqueue
from onegrid.notices.adapters import Final, Refused, Unknown
from onegrid.notices.models import Message
from onegrid.notices.rules.words import Envelope

MOST_ATTEMPTS = 8
# 20 seconds, 40, … : the eighth attempt comes about forty minutes after the first.
FIRST_PAUSE = 10
STUCK = timedelta(minutes=5)
# A message that is due this long and still waits has lost its job.
FORGOTTEN = timedelta(minutes=10)
AT_ONCE = 1000


def deliver(*, message_id: int) -> str:
    """Carry one message; outside calls happen between two short transactions. Returns the state reached.

    1. Under the row lock: only a queued message that is due is taken, and marked as sending.
    2. The adapter is called. 3. The outcome is written: sent, queued again, unknown or failed.
    A worker that dies between 1 and 3 leaves `sending`, which `settle_stuck` turns into unknown: it is not resent.
    """
    message = taken(message_id)
    if message is None:
        return "skipped"
    try:
        detail = adapter(message.channel)(envelope(message))
    except Final as refused:
        return finish(message, "failed", str(refused))
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
    """The message, now being sent; None when it is not due, not queued, in other hands or in quiet hours."""
    now = clock.now()
    rows = Message.objects.select_for_update(skip_locked=True, of=("self",))
    message = rows.filter(pk=message_id, state="queued", due_at__lte=now).first()
    if message is None:
        return None
    until = queries.held_until(message, now)
    if until is not None:
        wait(message, until)
        return None
    message.state, message.attempts, message.sent_at = "sending", message.attempts + 1, now
    message.save(update_fields=("state", "attempts", "sent_at"))
    return message


def wait(message: Message, until: datetime) -> None:
    Message.objects.filter(pk=message.pk).update(due_at=until)
    enqueue(message.pk, until)


@transaction.atomic
def finish(message: Message, state: str, detail: str) -> str:
    """Write the outcome of this attempt, unless a provider's receipt or a person was faster."""
    now = clock.now()
    mine = Message.objects.filter(pk=message.pk, attempts=message.attempts, state__in=("sending", "unknown"))
    changes: dict[str, Any] = {"state": state, "detail": detail[:200], "sent_at": now if state == "sent" else None}
    if state == "sent" and message.channel != "sms":
        # Nothing more will be told of it: who had to know the address has it.
        changes["address_sealed"] = None
    if state == "queued":
        changes["due_at"] = now + timedelta(seconds=FIRST_PAUSE * 2**message.attempts)
    if not mine.update(**changes):
        return "skipped"
    if state == "queued":
        enqueue(message.pk, changes["due_at"])
    return state


def settle_stuck() -> int:
    """A message that has been 'sending' for five minutes: its worker died, the outcome is unknown."""
    rows = Message.objects.filter(state="sending", sent_at__lt=clock.now() - STUCK)
    return rows.update(state="unknown", detail="worker died while sending", sent_at=None)


@transaction.atomic
def wake() -> int:
    """Give a new job to messages whose own was lost; two jobs of one message do it once."""
    now = clock.now()
    rows = Message.objects.select_for_update(skip_locked=True, of=("self",)).filter(state="queued")
    lost = list(rows.filter(due_at__lt=now - FORGOTTEN).order_by("due_at").values_list("pk", flat=True)[:AT_ONCE])
    Message.objects.filter(pk__in=lost).update(due_at=now)
    for message_id in lost:
        enqueue(message_id, now)
    return len(lost)


def adapter(channel: str) -> Any:
    return import_string(f"onegrid.notices.adapters.{channel}.deliver")


def envelope(message: Message) -> Envelope:
    return Envelope(
        kind=message.kind, number=message.number, receiver=receiver_of(message),
        text=queries.words_of(message, message.language, secret=message.secret), reference=message.reference,
        address=message.address,
        language=message.language, args=message.args,
    )  # fmt: skip


def receiver_of(message: Message) -> str:
    """Who gets it, for a log: never an address."""
    if message.to_posting_id:
        return f"posting:{message.to_posting_id}"
    return f"report:{message.to_report}" if message.to_report else message.to_other
