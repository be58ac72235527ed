"""Questions about rules: those of an area, which speak on a matter and when, the light, and what is proposed."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from onegrid.events.models import Assignment, Event, Step
from onegrid.events.rules.deadlines import Clock, Clocks, Move, clocks
from onegrid.kit import clock
from onegrid.kit.reference import reference
from onegrid.org import queries as org
from onegrid.org.roles import Actor
from onegrid.org.scope import visible_to
from onegrid.supervision.models import ClockMark, RuleHit, SupervisionRule
from onegrid.supervision.queries.owing import Owed, numbered
from onegrid.supervision.rules import light as lights
from onegrid.supervision.rules.order_life import CENTRE_RANKS, ISSUERS, KIND_LABELS, KINDS

PROPOSALS_MOST = 50


def rules_of(actor: Actor) -> list[SupervisionRule]:
    """The rules that hold in the actor's area, those that are switched off last."""
    return list(
        visible_to(actor, SupervisionRule.objects.all()).order_by(
            "-active", "area", "category", "trigger", "amount", "id"
        )
    )


def rule_of(actor: Actor, rule_id: int) -> SupervisionRule:
    """One of them; raises SupervisionRule.DoesNotExist outside the actor's area."""
    return visible_to(actor, SupervisionRule.objects.all()).get(pk=rule_id)


@reference(seconds=5)
def active_rules() -> list[SupervisionRule]:
    return list(SupervisionRule.objects.filter(active=True).order_by("id"))


def speaking(event: Event, *triggers: str) -> list[SupervisionRule]:
    """The rules that do something on this matter at these triggers; the light alone is no deed."""
    found = [rule for rule in active_rules() if rule.trigger in triggers and rule.action != "light"]
    return [rule for rule in found if rule.covers(event)]


def moment(rule: SupervisionRule, running: Clock, area: str) -> datetime:
    """When the rule speaks on this clock."""
    assert running.due_at is not None
    if rule.trigger == "after_due":
        return running.due_at + timedelta(minutes=rule.amount)
    return lights.moment_of(running, rule.amount, org.calendar(area))


def clocks_of(events: Iterable[Event]) -> dict[int, Clocks]:
    """The clocks of many matters by one statement; of none that was never begun."""
    matters = {event.pk: event for event in events}
    return {pk: clocks(found, org.calendar(matters[pk].area)) for pk, found in moves_of(matters).items()}


def moves_of(event_ids: Iterable[int]) -> dict[int, list[Move]]:
    """Their histories as plain values, each in order."""
    moves: dict[int, list[Move]] = defaultdict(list)
    rows = Step.objects.filter(event__in=list(event_ids)).order_by("event_id", "n")
    for row in rows.values_list("event_id", "n", "verb", "from_state", "to_state", "at", "facts"):
        moves[row[0]].append(Move.of(*row[1:]))
    return moves


def lights_of(events: Iterable[Event]) -> dict[int, str]:
    """Green, yellow or red for each matter whose clock runs."""
    matters = {event.pk: event for event in events if event.is_open}
    now = clock.now()
    return {
        pk: lights.light(found, percent_for(matters[pk]), org.calendar(matters[pk].area), now)
        for pk, found in clocks_of(matters.values()).items()
    }


def percent_for(event: Event) -> int:
    """From how much of the clock on the light is yellow: the rule of the nearest area and branch, else the usual."""
    rows = [rule for rule in active_rules() if rule.action == "light" and rule.covers(event)]
    nearest = max(rows, key=lambda rule: (len(rule.area), len(rule.category), rule.level or 0, rule.pk), default=None)
    return nearest.amount if nearest else lights.USUAL_PERCENT


def unmarked() -> QuerySet[Event]:
    """Open matters whose clock is another one than when the next moment was looked for."""
    read = Q(clock_mark__clock_from=F("clock_from"), clock_mark__due_at=F("due_at"))
    return Event.objects.filter(closed_at__isnull=True, clock_from__isnull=False).exclude(read)


def marked_and_due() -> QuerySet[ClockMark]:
    return ClockMark.objects.filter(next_at__lte=clock.now(), event__closed_at__isnull=True)


def proposals() -> QuerySet[RuleHit]:
    """What rules proposed and nobody has decided."""
    return RuleHit.objects.exclude(kind="").filter(decided_at__isnull=True)


def groundless() -> QuerySet[RuleHit]:
    """Proposals whose matter ended or left the unit."""
    part = Assignment.objects.filter(event=OuterRef("event"), unit=OuterRef("unit"), role="assist", open=True)
    there = Q(event__handler=F("unit")) | Q(event__passed_by=F("unit")) | Exists(part)
    return proposals().exclude(Q(event__closed_at__isnull=True) & there)


def proposals_for(actor: Actor) -> QuerySet[RuleHit]:
    """Those that this actor may decide: of the centre's own matters, as far as the rank reaches."""
    if actor.unit_id is None or not actor.at_centre or not actor.has(*CENTRE_RANKS):
        return RuleHit.objects.none()
    kinds = [kind for kind in KINDS if actor.has(*ISSUERS[kind])]
    rows = visible_to(actor, proposals()).filter(event__owner_id=actor.unit_id, kind__in=kinds)
    return rows.select_related("event").order_by("at", "id")


def proposals_on(actor: Actor, event: Event) -> list[RuleHit]:
    return list(proposals_for(actor).filter(event=event))


def proposed(actor: Actor) -> list[Owed]:
    return [
        Owed(_("A rule proposes: %(kind)s") % {"kind": KIND_LABELS[hit.kind]}, numbered(hit.event),
             reverse("supervision:beside", args=(hit.event.number,)))
        for hit in proposals_for(actor)[:PROPOSALS_MOST]
    ]  # fmt: skip
