"""A second objection is ruled by the leader: decision, reason and the precedent for all others, in one transaction."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events import actions as events
from onegrid.events.actions import NotAllowed, NotGiven
from onegrid.events.models import Event, Request, Step
from onegrid.events.workflow import EVENT
from onegrid.kit import clock, text
from onegrid.kit.workflow import Refusal, allowed
from onegrid.kit.workflow import Step as Row
from onegrid.notices import actions as notices
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.models import Unit
from onegrid.org.roles import LEADER, Actor
from onegrid.org.rules import closed_list
from onegrid.org.scope import visible_to
from onegrid.supervision import queries
from onegrid.supervision.models import Precedent, Ruling
from onegrid.supervision.rules.ruling_life import RULING

MAX_WORDS = 2000
Given = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """What the leader gave, tidied: the unit, the words for the units, and the precedent if there is to be one."""

    unit: Unit
    words: str
    area: str = ""
    reason: str = ""
    basis: str = ""


@transaction.atomic
def follow_objection(*, event_id: int, n: int) -> None:
    """A second objection opens a ruling and tells the leader; decided on another page, its ruling is settled."""
    step = Step.objects.select_related("event").get(event_id=event_id, n=n)
    if "object" not in (step.verb, step.facts.get("kind")) or "request" not in step.facts:
        return
    asked = Request.objects.get(pk=step.facts["request"])
    if Request.objects.filter(event_id=event_id, kind="object", pk__lt=asked.pk).exists():
        ruling, new = Ruling.objects.get_or_create(
            request=asked, defaults={"event": step.event, "opened_at": clock.now()}
        )
        if asked.decided_at is not None:
            settle(ruling_id=ruling.pk)
        elif new:
            tell_leaders(ruling)


def tell_leaders(ruling: Ruling) -> None:
    for posting in places.postings_with(LEADER, ruling.event.owner_id):
        notices.send(
            kind="to_rule", dedupe=f"ruling:{ruling.pk}:posting:{posting.pk}", number=ruling.event.number, args={},
            language=posting.user.language, to_posting=posting.pk, unit=ruling.event.owner_id,
        )  # fmt: skip


@transaction.atomic
def settle(*, ruling_id: int) -> bool:
    """What was decided elsewhere, or need not be decided any more, waits no longer."""
    ruling = Ruling.objects.select_for_update(of=("self",)).select_related("request", "event").get(pk=ruling_id)
    verb = "settle" if ruling.request.decision in ("granted", "denied") else "lapse"
    row = RULING.may(verb, ruling, Actor.system())
    if not isinstance(row, Row) or ruling.request.decided_at is None:
        return False
    ruling.state = row.target
    ruling.save(update_fields=("state",))
    return True


def settle_rulings() -> int:
    """By the minute: every ruling whose request was decided, or lapsed with its state."""
    return sum(settle(ruling_id=pk) for pk in queries.settled_rulings())


@transaction.atomic
def rule(*, actor: Actor, ruling_id: int, given: Given, version: int | None = None) -> Ruling:
    """Say whose the matter is and why; of one that was decided elsewhere, why. Raises Ruling.DoesNotExist, NotAllowed,
    NotGiven, or events' Stale: then nothing happened."""
    rows = Ruling.objects.select_for_update(of=("self",)).select_related("event", "request")
    ruling = visible_to(actor, rows).get(pk=ruling_id)
    verb = "rule" if ruling.state == RULING.start else "explain"
    row = allowed(RULING.may(verb, ruling, actor))
    said = checked(ruling, given)
    if verb == "rule":
        ruling.step_n = decided(ruling, actor, said, version)
    else:
        fits_the_decision(ruling, said)
        ruling.step_n = noted(ruling.event, actor, said.words)
    ruling.state, ruling.unit = row.target, said.unit
    ruling.ruled_by_id, ruling.ruled_at = actor.posting_id, clock.now()
    ruling.save()
    if said.reason:
        precede(ruling, actor, said)
    learnt, number = bool(said.reason), ruling.event.number
    org.record(actor, "rule", "ruling", ruling.pk, number=number, unit=said.unit.code, precedent=learnt)
    return ruling


def decided(ruling: Ruling, actor: Actor, said: Said, version: int | None) -> int:
    """Take the decision in the life of the matter; returns the step that carries the reason.

    The unit that objected keeps it: not granted. Another's: granted, the reason is an inner note, and who may
    dispatch as well does so at once; otherwise the dispatcher finds the ruling beside the matter.
    """
    event, keeps = ruling.event, said.unit.pk == ruling.event.handler_id
    common: Given = {"actor": actor, "number": event.number, "kind": "object", "version": version}
    if keeps:
        return last_step(events.decide(**common, grant=False, words=said.words))
    n = noted(events.decide(**common, grant=True), actor, said.words)
    event.refresh_from_db()
    if EVENT.may("dispatch", event, actor):
        events.take(actor=actor, number=event.number, verb="dispatch", given={"unit": said.unit.code})
    return n


def noted(event: Event, actor: Actor, words: str) -> int:
    return last_step(events.take(actor=actor, number=event.number, verb="note", given={"words": words}))


def last_step(event: Event) -> int:
    return event.steps.order_by("-n").values_list("n", flat=True)[0]


def precede(ruling: Ruling, actor: Actor, said: Said) -> None:
    assert actor.posting_id is not None
    Precedent.objects.create(
        ruling=ruling, area=said.area, category=ruling.event.category, unit=said.unit, centre_id=ruling.event.owner_id,
        reason=said.reason, basis=said.basis, made_at=clock.now(), made_by_id=actor.posting_id,
    )  # fmt: skip


def checked(ruling: Ruling, given: Given) -> Said:
    """Everything that was given, tidied; raises NotGiven with all that is wrong at once."""
    faults: dict[str, str] = {}
    words = {name: text.tidy(str(given.get(name, ""))) for name in ("reason", "basis", "for_all")}
    unit = places.unit(str(given.get("unit", "")))
    wanted = given.get("precedent") == "yes"
    needed = ("reason", "for_all") if wanted else ("reason",)
    for name, value in words.items():
        if fault := words_fault(name, value, needed):
            faults[name] = fault
    if fault := unit_fault(ruling.event, unit):
        faults["unit"] = fault
    if wanted and (refusal := queries.no_precedent(ruling.event)):
        faults["precedent"] = refusal
    area = str(given.get("area", ""))
    if wanted and area not in {place.code for place in queries.places_of(ruling.event)}:
        faults["area"] = _("Choose a place from the list.")
    if faults or unit is None:
        raise NotGiven(faults)
    said = words["reason"] if not words["basis"] else f"{words['reason']}\n{_('Basis')}: {words['basis']}"
    return Said(unit, said, area, words["for_all"], words["basis"]) if wanted else Said(unit, said)


def words_fault(name: str, value: str, needed: tuple[str, ...]) -> str:
    if not value:
        return _("This is needed.") if name in needed else ""
    if len(value) > MAX_WORDS:
        return _("At most %(n)s characters.") % {"n": MAX_WORDS}
    return (closed_list.refuse(value) or "") if name != "reason" else ""


def unit_fault(event: Event, unit: Unit | None) -> str:
    if unit is None or not unit.active or unit.pk == event.owner_id:
        return _("Choose a unit from the list.")
    if unit.pk in event.about_unit_ids:
        return _("The matter is about this office or one of its contractors.")
    return ""


def fits_the_decision(ruling: Ruling, said: Said) -> None:
    """Afterwards the reason is given, the decision is not changed."""
    own = said.unit.pk == ruling.request.unit_id
    if ruling.request.decision == "denied" and not own:
        raise NotGiven({"unit": _("It was decided that the unit which objected keeps it.")})
    if ruling.request.decision == "granted" and own:
        raise NotGiven({"unit": _("The objection of this unit was upheld.")})


@transaction.atomic
def withdraw_precedent(*, actor: Actor, ruling_id: int, why: str) -> Precedent:
    """It holds no longer; it stays readable, with the reason. The matters decided by it stay decided."""
    rows = visible_to(actor, Precedent.objects.select_for_update(of=("self",)))
    precedent = rows.get(ruling_id=ruling_id)
    if not queries.keeps_precedent(actor, precedent):
        raise NotAllowed(Refusal("role", _("The leader of the centre that ruled withdraws it.")))
    if precedent.withdrawn_at is not None:
        raise NotAllowed(Refusal("state", _("It has been withdrawn already.")))
    why = text.tidy(why)
    if fault := words_fault("why", why, ("why",)):
        raise NotGiven({"why": fault})
    precedent.withdrawn_at, precedent.withdrawn_by_id, precedent.withdrawn_why = clock.now(), actor.posting_id, why
    precedent.save(update_fields=("withdrawn_at", "withdrawn_by", "withdrawn_why"))
    org.record(actor, "withdraw_precedent", "precedent", precedent.pk, category=precedent.category)
    return precedent
