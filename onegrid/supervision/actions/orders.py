"""Orders of supervision: issued upwards only, answered by the unit, judged by the centre, taken back by their issuer.

The event is locked first, then the order, in every action: two hands on one matter come one after the other.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events import queries as events
from onegrid.events.actions import NotGiven
from onegrid.events.models import Event
from onegrid.kit import clock, codes, later, text
from onegrid.kit.workflow import allowed
from onegrid.kit.working_time import due
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.roles import Actor
from onegrid.supervision import queries
from onegrid.supervision.models import Order, OrderStep, RuleHit
from onegrid.supervision.rules.order_life import KINDS, LIVE, ORDER, REPLY_LIMITS

MAX_WORDS = 2000
LONGEST_DAYS = 92


@transaction.atomic
def issue_order(*, actor: Actor, number: str, unit: str, kind: str, words: str = "", reply_by: str = "") -> Order:
    """Ask a unit for a reply on a matter; a lower order to it that still waits gives its place to this one.

    `reply_by` is a day (2026-11-30), empty for the default of the kind. Raises Event.DoesNotExist, NotAllowed and
    NotGiven.
    """
    rows = events.seen_by(actor, Event.objects.select_for_update(of=("self",)))
    event = rows.get(number=codes.tidy_number(number) or "")
    found = places.unit(unit)
    if found is None or kind not in KINDS:
        raise NotGiven({"kind": _("Choose the unit and the kind from the list.")})
    allowed(ORDER.may("issue_order", queries.draft(event, found.pk, kind), actor))
    asked = said(words, needed=actor.posting_id is not None)
    return put(event, found.pk, kind, actor, asked, answer_by(event, kind, reply_by))


def put(event: Event, unit_id: int, kind: str, actor: Actor, words: str, reply_by: datetime) -> Order:
    """Write an order that is already allowed, under the lock of its event."""
    for former in Order.objects.select_for_update().filter(event=event, unit_id=unit_id, state__in=LIVE):
        end(former, "raised")
    order = Order(
        event=event, unit_id=unit_id, kind=kind, issued_by_id=actor.posting_id, issued_at=clock.now(), reply_by=reply_by
    )
    order.keep_words(words, restricted=event.restricted)
    order.save(force_insert=True)
    write(order, "issue_order", actor)
    # What a rule proposed is done with this, or less than this.
    kinds = KINDS[: KINDS.index(kind) + 1]
    proposed = RuleHit.objects.filter(event=event, unit_id=unit_id, kind__in=kinds, decided_at__isnull=True)
    proposed.update(decided_at=clock.now(), decided_by=actor.posting_id)
    if actor.posting_id is not None:
        org.record(actor, "issue_order", "event", event.pk, number=event.number, kind=kind, unit=unit_id)
    later.react("supervision.order_issued", order_id=order.pk, n=1)
    return order


@transaction.atomic
def reply_to_order(*, actor: Actor, order_id: int, words: str) -> Order:
    """The unit says what it did and what comes next. Raises Order.DoesNotExist, NotAllowed, NotGiven."""
    order = locked(actor, order_id)
    return take(order, "reply_to_order", actor, words, tells="supervision.order_replied")


@transaction.atomic
def accept_reply(*, actor: Actor, order_id: int) -> Order:
    """The reply is enough: the order is settled."""
    return take(locked(actor, order_id), "accept_reply", actor)


@transaction.atomic
def send_reply_back(*, actor: Actor, order_id: int, words: str, reply_by: str = "") -> Order:
    """The reply is not enough: why, and by when again; empty for the default of the kind."""
    order = locked(actor, order_id)
    allowed(ORDER.may("send_reply_back", order, actor))
    order.reply_by, order.unanswered_at = answer_by(order.event, order.kind, reply_by), None
    return take(order, "send_reply_back", actor, words, tells="supervision.order_sent_back")


@transaction.atomic
def cancel_order(*, actor: Actor, order_id: int, words: str) -> Order:
    """Its issuer takes it back and says why; when the issuer is gone, the leader of the centre."""
    return take(locked(actor, order_id), "cancel_order", actor, words)


def locked(actor: Actor, order_id: int) -> Order:
    """The order under the locks of its event and itself, if the actor may see it."""
    event_id = queries.order(actor, order_id).event_id
    event = Event.objects.select_for_update(of=("self",)).get(pk=event_id)
    # Asked again under the lock: it may have been sealed or have left the unit while this one waited.
    order = queries.seen_orders(actor).select_for_update(of=("self",)).get(pk=order_id)
    order.event = event
    return order


def take(order: Order, verb: str, actor: Actor, words: str = "", *, tells: str = "") -> Order:
    """One step of the table: words checked, state, history, and what follows."""
    row = allowed(ORDER.may(verb, order, actor))
    given = said(words, needed="words" in row.needs)
    order.state = row.target
    order.ended_at = None if order.live else clock.now()
    order.save(update_fields=("state", "ended_at", "reply_by", "unanswered_at"))
    step = write(order, verb, actor, given)
    org.record(actor, verb, "event", order.event_id, order=order.pk)
    if tells:
        later.react(tells, order_id=order.pk, n=step.n)
    return order


def end(order: Order, ending: str) -> None:
    """By itself: a higher one took its place, the matter ended, or it left the unit."""
    row = allowed(ORDER.may("end_order", order, Actor.system()))
    order.state, order.ending, order.ended_at = row.target, ending, clock.now()
    order.save(update_fields=("state", "ending", "ended_at"))
    write(order, "end_order", Actor.system())


def write(order: Order, verb: str, actor: Actor, words: str = "") -> OrderStep:
    """One row of the history; the caller holds the lock."""
    last = order.steps.order_by("-n").values_list("n", flat=True).first() or 0
    step = OrderStep(
        order=order, n=last + 1, verb=verb, to_state=order.state, actor_id=actor.posting_id, unit_id=actor.unit_id,
        at=clock.now(), reply_by=order.reply_by if order.state == "open" else None,
    )  # fmt: skip
    step.keep_words(words, restricted=order.event.restricted)
    step.save(force_insert=True)
    return step


def said(words: str, *, needed: bool) -> str:
    tidied = text.tidy(words)
    if needed and not tidied:
        raise NotGiven({"words": _("Please say something.")})
    if len(tidied) > MAX_WORDS:
        raise NotGiven({"words": _("At most 2,000 characters.")})
    return tidied


def answer_by(event: Event, kind: str, day: str) -> datetime:
    """The close of the chosen day, else the end of the default limit of the kind."""
    calendar = places.calendar(event.area)
    if not day:
        ends = due(clock.now(), REPLY_LIMITS[kind], calendar).at
        assert ends is not None
        return ends
    try:
        chosen = date.fromisoformat(day)
        moment = calendar.close_of(chosen)
    except (ValueError, OverflowError) as error:
        raise NotGiven({"reply_by": _("A date like 2026-11-30.")}) from error
    if not clock.now() < moment <= clock.now() + timedelta(days=LONGEST_DAYS):
        raise NotGiven({"reply_by": _("The day of the reply lies ahead, at most three months.")})
    return moment
