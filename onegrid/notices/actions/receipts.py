"""What a provider tells later: it arrived, or it did not. Told once or ten times, in any order, it ends the same."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from onegrid.kit import clock
from onegrid.notices.models import Message, Nonce
from onegrid.notices.rules import signature

# What has arrived stays so. A no counts only for what may have gone out: a message that waits will be tried again.
COMES_FROM = {
    "delivered": ("queued", "sending", "sent", "unknown", "undelivered", "failed"),
    "undelivered": ("sending", "sent", "unknown"),
}
KEPT_NONCE = 2 * signature.SPAN
KEPT_ADDRESS = timedelta(days=7)
SAY_ONCE = "INSERT INTO notices_nonce (value, at) VALUES (%s, %s) ON CONFLICT (value) DO NOTHING"


class Replayed(Exception):
    """A callback with this nonce was taken already: somebody plays it back, or the provider repeats itself."""


@dataclass(frozen=True)
class Receipt:
    """What the provider says of one message: its reference, `delivered` or `undelivered`, the provider's own code."""

    reference: str
    state: str
    code: str = ""


def signed_by_provider(*, timestamp: str, nonce: str, body: bytes, signature_given: str) -> bool:
    """Whether the gateway of this house signed these bytes within the last five minutes."""
    secret = settings.NOTICES_SMS_SECRET
    return signature.holds(secret, "receipt", timestamp, nonce, body, signature_given, clock.now())


@transaction.atomic
def settle(*, nonce: str, receipts: list[Receipt]) -> int:
    """Write down what the provider says; returns how many messages changed. Raises Replayed for a known nonce."""
    with connection.cursor() as cursor:
        cursor.execute(SAY_ONCE, (nonce, clock.now()))
        if cursor.rowcount != 1:
            raise Replayed
    said = sorted({(one.state, one.code) for one in receipts})
    return sum(
        settle_all(*one, [each.reference for each in receipts if (each.state, each.code) == one]) for one in said
    )


def settle_all(state: str, code: str, references: list[str]) -> int:
    """The messages of which the same is said; locked in one order, so that two callbacks do not wait for each other."""
    rows = Message.objects.filter(reference__in=references, channel="sms", state__in=COMES_FROM[state])
    found = list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    changes: dict[str, Any] = {"state": state, "settled_at": clock.now()}
    # What has arrived needs no address any more, and nobody's decision.
    changes |= {"address_sealed": None, "left_at": None} if state == "delivered" else {"detail": code[:200]}
    return Message.objects.filter(pk__in=found).update(**changes)


def forget() -> int:
    """Wipe addresses of what is a week old, whatever became of it, and nonces that can no longer be played back."""
    now = clock.now()
    Nonce.objects.filter(at__lt=now - KEPT_NONCE).delete()
    old = Message.objects.filter(created_at__lt=now - KEPT_ADDRESS, address_sealed__isnull=False)
    return old.exclude(state__in=("queued", "sending")).update(address_sealed=None)
