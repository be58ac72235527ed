"""What rules do, each once for a matter and a round of its clock, by any worker and after any standstill.

1. Where a clock is another one than before, the next moment at which a rule speaks is looked for and kept.
2. Where that moment has come, under the lock of the matter every rule whose moment has passed speaks: the row of its
   hit is unique, so a second worker finds it there.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from onegrid.events.models import Event
from onegrid.events.rules.deadlines import Clocks
from onegrid.kit import clock, later
from onegrid.kit.workflow import Step as Row
from onegrid.org.roles import Actor
from onegrid.supervision import queries
from onegrid.supervision.actions.orders import answer_by, put
from onegrid.supervision.models import ClockMark, Order, RuleHit, SupervisionRule
from onegrid.supervision.rules.light import running
from onegrid.supervision.rules.order_life import BY_THE_HOUSE, ORDER, higher, next_kind
from onegrid.supervision.rules.rule_words import WARNINGS

BATCH = 500
MARKS_MOST = 5000
CLOCK_TRIGGERS = ("percent", "after_due")
HOUSE = Actor.system()


@dataclass
class Applied:
    """How much one sweep did."""

    marked: int = 0
    hits: int = 0
    dropped: int = 0


def sweep_rules() -> Applied:
    """One round over all matters, safe to run at any time and by many at once."""
    done = Applied()
    if any(rule.trigger in CLOCK_TRIGGERS and rule.action != "light" for rule in queries.active_rules()):
        done.marked = mark_clocks()
    for pk in list(queries.marked_and_due().order_by("next_at").values_list("pk", flat=True)[:BATCH]):
        done.hits += apply_rules(event_id=pk)
    done.dropped = queries.groundless().update(decided_at=clock.now())
    return done


def mark_clocks() -> int:
    """Look for the next moment of matters whose clock changed; another worker's mark does no harm."""
    events = list(queries.unmarked().order_by("id")[:MARKS_MOST])
    found = queries.clocks_of(events)
    for event in events:
        # A moment that has passed already is kept: the sweep that stood still comes late, but comes.
        at = min((at for _rule, at in moments(event, found[event.pk])), default=None)
        values = {"clock_from": event.clock_from, "due_at": event.due_at, "next_at": at}
        ClockMark.objects.update_or_create(event=event, defaults=values)
    return len(events)


def moments(event: Event, clocks: Clocks) -> list[tuple[SupervisionRule, datetime]]:
    """Every rule that has something to say on the present clock and when; what lay before the rule, never."""
    clock_now = running(clocks)
    if clock_now is None:
        return []
    found = [(rule, queries.moment(rule, clock_now, event.area)) for rule in queries.speaking(event, *CLOCK_TRIGGERS)]
    return [(rule, at) for rule, at in found if at > rule.since]


@transaction.atomic
def apply_rules(*, event_id: int) -> int:
    """Let every rule speak whose moment has come on this matter, and keep the next moment."""
    event = Event.objects.select_for_update(of=("self",)).get(pk=event_id)
    if not event.is_open:
        return 0
    found = moments(event, queries.clocks_of([event])[event.pk])
    now, round_ = clock.now(), str(event.clock_from.isoformat() if event.clock_from else "")
    made = sum(speak(rule, event, round_) for rule, at in found if at <= now)
    upcoming = min((at for _rule, at in found if at > now), default=None)
    values = {"clock_from": event.clock_from, "due_at": event.due_at, "next_at": upcoming}
    ClockMark.objects.filter(event=event).update(**values)
    return made


def speak(rule: SupervisionRule, event: Event, round_: str, order: Order | None = None) -> bool:
    """Do what the rule says, once in this round; the caller holds the lock of the matter."""
    unit_id = order.unit_id if order else next(iter(queries.owing_units(event)), None)
    hit, new = RuleHit.objects.get_or_create(
        rule=rule, event=event, round=round_,
        defaults={"action": rule.action, "at": clock.now(), "unit_id": unit_id, "order": order},
    )  # fmt: skip
    if not new:
        return False
    if rule.action in WARNINGS:
        later.react("supervision.rule_warns", hit_id=hit.pk)
    elif unit_id is not None:
        step_up(hit, unit_id, kind_of(rule, order))
    return True


def kind_of(rule: SupervisionRule, order: Order | None) -> str:
    if rule.action == "next":
        return next_kind(order.kind) if order else ""
    return rule.action.partition("_")[2]


def step_up(hit: RuleHit, unit_id: int, kind: str) -> None:
    """The two mildest kinds the house issues itself; what is above, a person decides."""
    if not kind:
        return
    draft = queries.draft(hit.event, unit_id, kind)
    if kind in BY_THE_HOUSE:
        if isinstance(ORDER.may("issue_order", draft, HOUSE), Row):
            hit.order = put(hit.event, unit_id, kind, HOUSE, "", answer_by(hit.event, kind, ""))
            hit.save(update_fields=("order",))
    elif higher(kind, draft.highest) and draft.concerned and not draft.about:
        hit.kind = kind
        hit.save(update_fields=("kind",))
        later.react("supervision.rule_proposes", hit_id=hit.pk)
