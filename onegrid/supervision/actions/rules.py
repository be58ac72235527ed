"""Rules of supervision: kept by the leader of a centre for its area; what they propose is taken up or left."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events import queries as events
from onegrid.events.actions import NotAllowed, NotGiven
from onegrid.kit import clock
from onegrid.kit.workflow import Refusal
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.roles import LEADER, Actor
from onegrid.supervision import queries
from onegrid.supervision.models import ClockMark, RuleHit, SupervisionRule
from onegrid.supervision.rules.rule_words import FITTING, amount_fits


@dataclass(frozen=True)
class Wish:
    """A rule as a form gives it: texts."""

    area: str = ""
    category: str = ""
    level: str = ""
    trigger: str = ""
    amount: str = ""
    action: str = ""


@transaction.atomic
def keep_rule(*, actor: Actor, wish: Wish, rule_id: int | None = None, version: str = "") -> SupervisionRule:
    """Add a rule, or change one that is as it was read. Raises SupervisionRule.DoesNotExist, NotAllowed, NotGiven."""
    rule = drawn(actor, wish)
    if rule_id is not None:
        known = locked(actor, rule_id)
        if str(known.version) != version:
            raise NotAllowed(Refusal("version", _("Somebody changed this rule meanwhile; read it again.")))
        rule.pk, rule.version, rule.active = known.pk, known.version + 1, known.active
    rule.save()
    settled(actor, rule, "keep_rule")
    return rule


@transaction.atomic
def switch_rule(*, actor: Actor, rule_id: int, on: bool) -> None:
    """A rule that is off says nothing; on again, it speaks of what comes from now on."""
    rule = locked(actor, rule_id)
    rule.active, rule.since, rule.version = on, clock.now(), rule.version + 1
    rule.save(update_fields=("active", "since", "version"))
    settled(actor, rule, "switch_rule")


def drawn(actor: Actor, wish: Wish) -> SupervisionRule:
    """The rule of these texts, not kept yet: for keeping and for trying alike."""
    may_keep(actor)
    assert actor.posting_id is not None
    faults = faults_of(actor, wish)
    if faults:
        raise NotGiven(faults)
    return SupervisionRule(
        area=wish.area or actor.area, category=wish.category, level=int(wish.level) if wish.level else None,
        trigger=wish.trigger, amount=amount_of(wish), action=wish.action, since=clock.now(),
        kept_by_id=actor.posting_id,
    )  # fmt: skip


def may_keep(actor: Actor) -> None:
    if not actor.at_centre or not actor.has(LEADER):
        raise NotAllowed(Refusal("role", _("The leader of a centre keeps its rules.")))


def faults_of(actor: Actor, wish: Wish) -> dict[str, str]:
    """Every fault at once, each with its field."""
    faults: dict[str, str] = {}
    area = wish.area or actor.area
    if not area.startswith(actor.area) or places.area(area) is None:
        faults["area"] = _("Choose an area of your centre.")
    if wish.category and not any(code.startswith(wish.category) for code in events.categories()):
        faults["category"] = _("Choose a category from the list.")
    if wish.level not in ("", "1", "2", "3", "4"):
        faults["level"] = _("The level is 1, 2, 3 or 4.")
    if wish.action not in FITTING.get(wish.trigger, ()):
        faults["action"] = _("This cannot be done at that moment; choose another one.")
    elif not amount_fits(wish.trigger, amount_of(wish)):
        faults["amount"] = _("Percent from 1 to 100; minutes up to 31 days.")
    return faults


def amount_of(wish: Wish) -> int:
    """The number, -1 for none; an order that was not answered needs none."""
    if wish.trigger == "unanswered":
        return 0
    return int(wish.amount) if wish.amount.isdecimal() and len(wish.amount) < 7 else -1


def locked(actor: Actor, rule_id: int) -> SupervisionRule:
    may_keep(actor)
    queries.rule_of(actor, rule_id)
    return SupervisionRule.objects.select_for_update().get(pk=rule_id)


def settled(actor: Actor, rule: SupervisionRule, verb: str) -> None:
    """The moments that were looked for are looked for anew, also in other processes within seconds."""
    ClockMark.objects.filter(event__area__startswith=rule.area).delete()
    queries.active_rules.clear()
    org.record(actor, verb, "rule", rule.pk, area=rule.area, active=rule.active)


@transaction.atomic
def leave_proposal(*, actor: Actor, hit_id: int) -> RuleHit:
    """Whoever might issue it does not want to; raises RuleHit.DoesNotExist outside what the actor decides."""
    found = queries.proposals_for(actor).get(pk=hit_id)
    hit = queries.proposals().select_for_update(of=("self",)).filter(pk=found.pk).first()
    if hit is None:
        raise NotAllowed(Refusal("state", _("It was decided meanwhile.")))
    hit.decided_at, hit.decided_by_id = clock.now(), actor.posting_id
    hit.save(update_fields=("decided_at", "decided_by"))
    org.record(actor, "leave_proposal", "event", hit.event_id, kind=hit.kind)
    return hit
