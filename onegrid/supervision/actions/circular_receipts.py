"""Who was sent a circular says once that it was read; who has not is asked once more."""

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events.actions import NotAllowed
from onegrid.kit import clock, later
from onegrid.kit.workflow import Refusal
from onegrid.notices import actions as notices
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.models import Posting
from onegrid.org.roles import Actor
from onegrid.supervision import queries
from onegrid.supervision.models import Circular, CircularReceipt
from onegrid.supervision.rules.circular_life import READERS

AT_ONCE = 200


@transaction.atomic
def confirm_read(*, actor: Actor, circular_id: int) -> CircularReceipt:
    """For the actor's unit. Raises Circular.DoesNotExist, NotAllowed."""
    circular = queries.circular(actor, circular_id)
    if not actor.has(*READERS):
        raise NotAllowed(Refusal("role", _("Your post does not take this step.")))
    receipt = circular.receipts.select_for_update().filter(unit_id=actor.unit_id or 0).first()
    if receipt is None:
        raise NotAllowed(Refusal("unit", _("It was not sent to your unit.")))
    if circular.state != "published":
        raise NotAllowed(Refusal("state", _("It was withdrawn; nothing is to be confirmed.")))
    if receipt.read_at is not None:
        raise NotAllowed(Refusal("state", _("Your unit has confirmed it already.")))
    receipt.read_at, receipt.read_by_id = clock.now(), actor.posting_id
    receipt.save(update_fields=("read_at", "read_by"))
    org.record(actor, "circular_read", "circular", circular.pk)
    return receipt


@transaction.atomic
def remind_unread() -> int:
    """Ask once more where the moment has come; the mark under the lock keeps a second worker from doing it again."""
    rows = CircularReceipt.objects.select_for_update(of=("self",), skip_locked=True).filter(
        read_at__isnull=True, reminded_at__isnull=True, remind_at__lte=clock.now(), circular__state="published"
    )
    found = list(rows.order_by("id")[:AT_ONCE])
    for receipt in found:
        receipt.reminded_at = clock.now()
        later.react("supervision.circular_unread", receipt_id=receipt.pk)
    CircularReceipt.objects.bulk_update(found, ("reminded_at",))
    return len(found)


def tell_of_circular(*, circular_id: int, verb: str) -> int:
    """Every unit that it went to: that it is there, or that it was withdrawn."""
    circular = Circular.objects.get(pk=circular_id)
    kind = "circular" if verb == "publish" else "circular_withdrawn"
    if verb == "publish" and circular.state != "published":
        return 0
    return sum(tell_unit(circular, unit, kind) for unit in circular.sent_to)


def tell_of_unread(*, receipt_id: int) -> int:
    receipt = CircularReceipt.objects.select_related("circular").get(pk=receipt_id)
    if receipt.read_at is not None or receipt.circular.state != "published":
        return 0
    return tell_unit(receipt.circular, receipt.unit_id, "circular_unread")


def tell_unit(circular: Circular, unit_id: int, kind: str) -> int:
    return sum(
        notices.send(
            kind=kind, dedupe=f"circular:{circular.pk}:{kind}:posting:{posting.pk}", number="",
            args={"what": circular.number}, language=posting.user.language, to_posting=posting.pk,
            unit=circular.unit_id,
        )
        for posting in readers_of(unit_id)
    )  # fmt: skip


def readers_of(unit_id: int) -> list[Posting]:
    """Everybody who may confirm it there, each once."""
    found = {posting.pk: posting for role in READERS for posting in places.postings_with(role, unit_id)}
    return list(found.values())
