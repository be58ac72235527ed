"""Who is told what of an order: numbers and days only, each message once."""

from onegrid.events.models import Event
from onegrid.kit import clock
from onegrid.notices import actions as notices
from onegrid.org import queries as org
from onegrid.org.models import Posting
from onegrid.org.roles import DISPATCHER, HANDLER, LEADER
from onegrid.supervision.models import Order, RuleHit
from onegrid.supervision.rules.order_life import ISSUERS


def tell_of_order(*, order_id: int, n: int) -> int:
    """One step of an order: issued or sent back, to the unit; replied, to whoever judges. Returns how many were new."""
    order = read(order_id)
    verb = order.steps.get(n=n).verb
    if order.state != ("replied" if verb == "reply_to_order" else "open"):
        return 0
    if verb == "reply_to_order":
        return told(order, "order_replied", n, judges(order))
    return told(order, "order_issued" if verb == "issue_order" else "order_back", n, addressed(order))


def tell_of_silence(*, order_id: int, n: int) -> int:
    """The day of the reply has passed: to the leaders of the unit, and to the centre."""
    order = read(order_id)
    if order.state != "open":
        return 0
    owner = order.event.owner_id
    centre = [one for role in (DISPATCHER, LEADER) for one in org.postings_with(role, owner)]
    return told(order, "order_unanswered", n, leaders_of(order) + centre)


def read(order_id: int) -> Order:
    return Order.objects.select_related("event", "issued_by__user").get(pk=order_id)


def addressed(order: Order) -> list[Posting]:
    return org.postings_with(HANDLER, order.unit_id)


def leaders_of(order: Order) -> list[Posting]:
    """The leaders of the unit; of a sealed matter its handlers, for a leader there does not see it."""
    return org.postings_with(HANDLER if order.event.restricted else LEADER, order.unit_id)


def judges(order: Order) -> list[Posting]:
    """Whoever issued it, else everybody at the centre who might have, by the first rank that is there."""
    if order.issued_by is not None and not order.issuer_gone:
        return [order.issued_by]
    ranks = (org.postings_with(rank, order.event.owner_id) for rank in ISSUERS[order.kind])
    return next((found for found in ranks if found), [])


def told(order: Order, kind: str, n: int, people: list[Posting]) -> int:
    event: Event = order.event
    due = clock.local(order.reply_by).strftime("%m-%d %H:%M")
    return sum(
        notices.send(
            kind=kind, dedupe=f"order:{order.pk}:{n}:{kind}:posting:{posting.pk}", number=event.number,
            args={"due": due}, language=posting.user.language, to_posting=posting.pk, unit=event.owner_id,
        )
        for posting in people
    )  # fmt: skip


def tell_of_rule(*, hit_id: int) -> int:
    """What a rule warns of or proposes, to those whom it names."""
    hit = RuleHit.objects.select_related("event").get(pk=hit_id)
    event = hit.event
    if not event.is_open or hit.decided_at is not None:
        return 0
    people = decide_by_rank(hit) if hit.kind else warned(hit)
    due = clock.local(event.due_at).strftime("%m-%d %H:%M") if event.due_at else ""
    kind = "rule_proposes" if hit.kind else "rule_warns"
    return sum(
        notices.send(
            kind=kind, dedupe=f"rule:{hit.pk}:{kind}:posting:{posting.pk}", number=event.number, args={"due": due},
            language=posting.user.language, to_posting=posting.pk, unit=event.owner_id,
        )
        for posting in people
    )  # fmt: skip


def decide_by_rank(hit: RuleHit) -> list[Posting]:
    return [one for rank in ISSUERS[hit.kind] for one in org.postings_with(rank, hit.event.owner_id)]


def warned(hit: RuleHit) -> list[Posting]:
    """Of a sealed matter the leader of a unit, who does not see it, hears nothing: its handlers do."""
    event = hit.event
    if hit.action == "warn_unit_leader":
        role = HANDLER if event.restricted else LEADER
    else:
        role = {"warn_handler": HANDLER, "warn_dispatcher": DISPATCHER, "warn_leader": LEADER}[hit.action]
    unit_id = hit.unit_id if hit.action in ("warn_handler", "warn_unit_leader") else event.owner_id
    return [] if unit_id is None else org.postings_with(role, unit_id)
