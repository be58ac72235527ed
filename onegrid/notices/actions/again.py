"""What did not arrive, or may not have: a person decides, with a reason. The house never does so by itself."""

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.kit import clock, text
from onegrid.kit.workflow import NotAllowed, Refusal
from onegrid.notices import queries
from onegrid.notices.actions.sending import enqueue
from onegrid.notices.models import OUTSIDE, TROUBLED, Message
from onegrid.org import actions as org
from onegrid.org.roles import DISPATCHER, LEADER, Actor

SHORTEST_REASON = 4
MAY = (DISPATCHER, LEADER)


class NoReason(ValueError):
    """A person decided without saying why; carries the sentence for the field."""


@transaction.atomic
def send_again(*, actor: Actor, message_id: int, reason: str) -> Message:
    """Put a troubled message back into the queue; raises NoReason, NotAllowed or Message.DoesNotExist.

    The provider gets the same reference as before, so that one that can tell a message twice sends it once.
    """
    message = decided(actor, message_id, reason, "send_again")
    if message.outside and message.address_sealed is None:
        raise NotAllowed(Refusal("state", _("The address was erased after seven days; tell them another way.")))
    now = clock.now()
    message.state, message.due_at, message.settled_at, message.detail = "queued", now, None, ""
    message.save(update_fields=("state", "due_at", "settled_at", "detail"))
    enqueue(message.pk, now)
    return message


@transaction.atomic
def send_all_again(*, actor: Actor, reason: str) -> int:
    """After an outage: everything of which it is sure that nothing went out, up to a hundred. Returns how many."""
    rows = queries.seen_by(actor, Message.objects.filter(state="failed", left_at__isnull=True))
    found = rows.exclude(channel__in=OUTSIDE, address_sealed__isnull=True).order_by("-id")
    ids = list(found.values_list("pk", flat=True)[: queries.MOST_TROUBLES])
    for message_id in sorted(ids):
        send_again(actor=actor, message_id=message_id, reason=reason)
    return len(ids)


@transaction.atomic
def leave(*, actor: Actor, message_id: int, reason: str) -> Message:
    """Take a troubled message off the list: it was told another way, or no longer matters. Its state stays."""
    message = decided(actor, message_id, reason, "leave_message")
    message.left_at = clock.now()
    message.save(update_fields=("left_at",))
    return message


def decided(actor: Actor, message_id: int, reason: str, verb: str) -> Message:
    """The message under a row lock, with the decision on the trail."""
    reason = text.tidy(reason)
    if len(reason) < SHORTEST_REASON:
        raise NoReason(_("Say why; it stays on the trail."))
    message = queries.seen_by(actor, Message.objects.select_for_update(of=("self",))).get(pk=message_id)
    if not actor.has(*MAY):
        raise NotAllowed(Refusal("role", _("Dispatchers and leaders of the centre decide this.")))
    if message.state not in TROUBLED or message.left_at is not None:
        raise NotAllowed(Refusal("state", _("Its outcome is known meanwhile; nothing is to be decided.")))
    org.record(actor, verb, "message", message.pk, purpose=reason, number=message.number, state=message.state)
    return message
