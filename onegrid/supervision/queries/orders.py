"""Questions about orders: the list, one of them, what may be issued on a matter and why not, what one owes."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from onegrid.events.models import Assignment, Event
from onegrid.kit import clock
from onegrid.kit.workflow import Refusal
from onegrid.kit.workflow import Step as Row
from onegrid.org import queries as org
from onegrid.org.models import Unit
from onegrid.org.roles import (
    ANALYST,
    AUDITOR,
    CHECKER,
    DISPATCHER,
    DUTY_LEADER,
    HANDLER,
    LEADER,
    RECEIVER,
    SYSTEM,
    Actor,
)
from onegrid.org.scope import sees_by_area, visible_to
from onegrid.supervision.models import Order, OrderStep
from onegrid.supervision.queries.owing import Owed, numbered
from onegrid.supervision.rules.order_life import (
    CENTRE_RANKS,
    ISSUERS,
    KIND_LABELS,
    KINDS,
    LIVE,
    ORDER,
    VERB_LABELS,
    Draft,
)

LIST_MOST = 50
OWED_MOST = 50
READERS = (RECEIVER, DISPATCHER, CHECKER, HANDLER, DUTY_LEADER, LEADER, ANALYST, AUDITOR)
DUE_TO_SIGN = ("assigned", "handling", "suspended")
# What a reader of one order may do with it, as buttons; issuing has its own form.
DECISIONS = ("reply_to_order", "accept_reply", "send_reply_back", "cancel_order")


@dataclass(frozen=True)
class Decision:
    """A verb of one order as a reader sees it: may, or why not."""

    verb: str
    label: str
    may: bool
    why: str


@dataclass(frozen=True)
class Choice:
    """A kind that could be issued to one unit, or why not."""

    kind: str
    label: str
    why: str

    @property
    def may(self) -> bool:
        return not self.why


@dataclass(frozen=True)
class Addressee:
    """A unit that owes something on the matter, and every kind of order to it."""

    unit: Unit
    choices: list[Choice]

    @property
    def may(self) -> bool:
        return any(one.may for one in self.choices)


@dataclass(frozen=True)
class Listed:
    """The first of a list, live ones first by the day of the reply, and how many there are."""

    rows: list[Order]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def seen_orders(actor: Actor) -> QuerySet[Order]:
    """Orders on matters the actor sees; a unit reads those to itself, whoever sees by area all of them."""
    if not actor.has(*READERS, SYSTEM):
        return Order.objects.none()
    rows = visible_to(actor, Order.objects.select_related("event", "issued_by__user"))
    if actor.has(SYSTEM) or (sees_by_area(actor) and not only_in_a_unit(actor)):
        return rows
    return rows.filter(unit_id=actor.unit_id or 0)


def only_in_a_unit(actor: Actor) -> bool:
    """Who sees an area as a grid worker reads the orders of their own unit only, like everybody in it."""
    return not actor.at_centre and not actor.has(ANALYST, AUDITOR)


def order(actor: Actor, order_id: int) -> Order:
    """One order; raises Order.DoesNotExist for none and outside the actor's scope."""
    return seen_orders(actor).get(pk=order_id)


def listed_orders(actor: Actor, *, kind: str = "", state: str = "") -> Listed:
    """The list: live ones first by the day of the reply, then the latest that ended."""
    rows = seen_orders(actor)
    rows = rows.filter(kind=kind) if kind in KINDS else rows
    if state in ORDER.labels:
        rows = rows.filter(state=state)
    found = list(rows.order_by(F("ended_at").desc(nulls_first=True), "reply_by", "id")[: LIST_MOST + 1])
    return Listed(found[:LIST_MOST], rows.count() if len(found) > LIST_MOST else len(found))


def orders_on(actor: Actor, event: Event) -> list[Order]:
    """The orders on one matter that the actor may read, the latest first."""
    return list(seen_orders(actor).filter(event=event).order_by("-issued_at", "-id"))


def history_of(order: Order) -> list[OrderStep]:
    return list(OrderStep.objects.filter(order=order).select_related("actor__user").order_by("n"))


def decisions(actor: Actor, order: Order) -> list[Decision]:
    """What somebody of this reader's post can do with it in its state; with the reason where this one may not."""
    found = []
    for verb in DECISIONS:
        if not any(order.state in row.sources for row in ORDER.rows(verb)):
            continue
        answer = ORDER.may(verb, order, actor)
        if isinstance(answer, Refusal) and answer.code in ("role", "unit"):
            # It is another one's to do, which is no news to this reader.
            continue
        why = "" if isinstance(answer, Row) else str(answer.reason)
        found.append(Decision(verb, str(VERB_LABELS[verb]), not why, why))
    return found


def owing_units(event: Event) -> list[int]:
    """Units that owe something on the matter now: who is accountable, who has to sign or lead, who assists.

    Never the centre itself: what it owes it asks of nobody else.
    """
    if not event.is_open:
        return []
    found = [event.accountable_id]
    found += [event.handler_id] if event.state in DUE_TO_SIGN else []
    found += Assignment.objects.filter(event=event, role="assist", open=True).values_list("unit_id", flat=True)
    return list(dict.fromkeys(one for one in found if one is not None and one != event.owner_id))


def highest(event: Event, unit_id: int) -> str:
    """The highest order to the unit on the matter so far; cancelled ones and those of an earlier stay do not count."""
    kinds = Order.objects.filter(event=event, unit_id=unit_id).exclude(state="cancelled")
    kinds = kinds.exclude(ending__in=("event_ended", "left_unit"))
    return max(kinds.values_list("kind", flat=True), key=KINDS.index, default="")


def draft(event: Event, unit_id: int, kind: str) -> Draft:
    return Draft(
        kind=kind, owner_id=event.owner_id, unit_id=unit_id, about=unit_id in event.about_unit_ids,
        concerned=unit_id in owing_units(event), highest=highest(event, unit_id),
    )  # fmt: skip


def prospects(actor: Actor, event: Event) -> list[Addressee]:
    """For the form beside a matter: every unit that owes something, every kind, and why one is off."""
    if actor.unit_id != event.owner_id or not actor.has(*CENTRE_RANKS):
        return []
    found = []
    for unit_id in owing_units(event):
        unit = org.unit_by_id(unit_id)
        assert unit is not None
        first = draft(event, unit_id, KINDS[0])
        found.append(Addressee(unit, [choice(actor, first, kind) for kind in KINDS]))
    return found


def choice(actor: Actor, first: Draft, kind: str) -> Choice:
    answer = ORDER.may("issue_order", replace(first, kind=kind), actor)
    return Choice(kind, str(KIND_LABELS[kind]), "" if isinstance(answer, Row) else str(answer.reason))


def orphans() -> QuerySet[Order]:
    """Live orders whose matter ended, or left the unit for another one."""
    part = Assignment.objects.filter(event=OuterRef("event"), unit=OuterRef("unit"), role="assist", open=True)
    there = Q(event__handler=F("unit")) | Q(event__passed_by=F("unit")) | Exists(part)
    return Order.objects.filter(state__in=LIVE).exclude(Q(event__closed_at__isnull=True) & there)


def unanswered() -> QuerySet[Order]:
    """Orders whose day has passed without a reply and without anybody having been told."""
    return Order.objects.filter(state="open", unanswered_at__isnull=True, reply_by__lte=clock.now())


def replies_owed(actor: Actor) -> list[Owed]:
    """Orders that wait for a reply of the actor's unit."""
    if actor.unit_id is None or not actor.has(HANDLER, LEADER):
        return []
    rows = seen_orders(actor).filter(unit_id=actor.unit_id, state="open").order_by("reply_by", "id")
    return [owed(one, _("Reply to an order: %(kind)s"), one.reply_by) for one in rows[:OWED_MOST]]


def replies_to_judge(actor: Actor) -> list[Owed]:
    """Replies that wait for the judgement of the actor's centre, as far as the actor's rank reaches."""
    kinds = [kind for kind in KINDS if actor.has(*ISSUERS[kind])]
    if actor.unit_id is None or not actor.at_centre or not actor.has(*CENTRE_RANKS):
        return []
    rows = seen_orders(actor).filter(event__owner_id=actor.unit_id, state="replied", kind__in=kinds)
    return [owed(one, _("A reply to judge: %(kind)s"), None) for one in rows.order_by("reply_by", "id")[:OWED_MOST]]


def owed(order: Order, what: str, due_at: datetime | None) -> Owed:
    address = reverse("supervision:order", args=(order.pk,))
    return Owed(what % {"kind": KIND_LABELS[order.kind]}, numbered(order.event), address, due_at)


def unit_name(unit_id: int | None) -> str:
    unit = org.unit_by_id(unit_id)
    return unit.name if unit else ""
