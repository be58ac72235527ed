"""Plans are kept by the leader and the dispatchers of a centre; applied to a matter, every line has its outcome."""

from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onegrid.events import actions as events
from onegrid.events import queries as matters
from onegrid.events.actions import NotAllowed, NotGiven, Stale
from onegrid.events.models import Event
from onegrid.events.workflow import EVENT
from onegrid.kit import clock, text
from onegrid.kit.workflow import Refusal, allowed
from onegrid.notices import actions as notices
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.roles import CHECKER, DISPATCHER, DUTY_LEADER, LEADER, RECEIVER, Actor
from onegrid.org.rules import closed_list
from onegrid.org.scope import visible_to
from onegrid.supervision import queries
from onegrid.supervision.models import AppliedLine, AppliedPlan, Plan, PlanLine

Given = dict[str, Any]
MAX_NAME, MAX_WORDS, MOST_LINES, MOST_DAYS = 60, 500, 30, 60
TOLD_ROLES = (RECEIVER, DISPATCHER, CHECKER, DUTY_LEADER, LEADER)
URGENT_LEVEL = 2
# Kept as the sentence that is translated for each reader.
UNSEEN = gettext_lazy("Nobody there may see this matter.")
CLOSED_UNIT = gettext_lazy("This unit does not work any more.")


@transaction.atomic
def keep_plan(*, actor: Actor, given: Given, plan_id: int | None = None, version: int | None = None) -> Plan:
    """Write a plan, new or changed; raises Plan.DoesNotExist, NotAllowed, NotGiven."""
    plan = own_plan(actor, plan_id, version)
    clean, lines = checked(actor, given)
    for name, value in clean.items():
        setattr(plan, name, value)
    kept(plan, actor)
    plan.lines.all().delete()
    PlanLine.objects.bulk_create(PlanLine(plan=plan, n=n, **line) for n, line in enumerate(lines, start=1))
    return plan


@transaction.atomic
def switch_plan(*, actor: Actor, plan_id: int, active: bool, version: int | None = None) -> Plan:
    """In use or not; what was applied stays as it is."""
    plan = own_plan(actor, plan_id, version)
    plan.active = active
    kept(plan, actor)
    return plan


def own_plan(actor: Actor, plan_id: int | None, version: int | None) -> Plan:
    """A new plan of the actor's centre, or one of it, locked."""
    if not queries.keeps_plans(actor) or actor.unit_id is None:
        raise NotAllowed(Refusal("role", _("The leader or a dispatcher of a centre keeps its plans.")))
    if plan_id is None:
        return Plan(centre_id=actor.unit_id, version=0)
    plan = visible_to(actor, Plan.objects.select_for_update(of=("self",))).get(pk=plan_id)
    if not queries.may_keep_plan(actor, plan):
        raise NotAllowed(Refusal("unit", _("The centre that made this plan keeps it.")))
    if version is not None and version != plan.version:
        raise NotAllowed(Refusal("version", _("Somebody else has changed this plan; read it again.")))
    return plan


def kept(plan: Plan, actor: Actor) -> None:
    assert actor.posting_id is not None
    plan.version, plan.kept_by_id, plan.kept_at = plan.version + 1, actor.posting_id, clock.now()
    plan.save()
    org.record(actor, "keep_plan", "plan", plan.pk, active=plan.active, version=plan.version)


def checked(actor: Actor, given: Given) -> tuple[Given, list[Given]]:
    """The columns of the plan and its lines, tidied; raises NotGiven with all that is wrong at once."""
    faults: dict[str, str] = {}
    clean: Given = {"category": str(given.get("category", "")), "area": str(given.get("area", ""))}
    clean["name"] = text.tidy(str(given.get("name", "")))
    clean["levels"] = [level for level in (1, 2, 3, 4) if str(level) in given.get("levels", ())]
    if fault := words_fault(clean["name"], MAX_NAME):
        faults["name"] = fault
    if clean["category"] and clean["category"] not in matters.categories():
        faults["category"] = _("Choose a category from the list.")
    if clean["area"] not in {one.code for one in queries.plan_places(actor)}:
        faults["area"] = _("Choose a place from the list.")
    if not clean["levels"]:
        faults["levels"] = _("Choose at least one level.")
    lines = [*assists(given, faults), *tells(given, faults), *steps(given, faults)]
    if not faults and not 0 < len(lines) <= MOST_LINES:
        faults["steps"] = _("A plan has at least one line and at most %(n)s.") % {"n": MOST_LINES}
    if faults:
        raise NotGiven(faults)
    return clean, lines


def words_fault(value: str, longest: int) -> str:
    if not value:
        return _("This is needed.")
    if len(value) > longest:
        return _("At most %(n)s characters.") % {"n": longest}
    return closed_list.refuse(value) or ""


def assists(given: Given, faults: dict[str, str]) -> list[Given]:
    """Rows of (unit, task, days); a row without a unit and a task is empty."""
    found: list[Given] = []
    for code, task, days in given.get("assists", ()):
        words, unit = text.tidy(str(task)), places.unit(str(code))
        if not code and not words:
            continue
        if unit is None or not unit.active or unit.pk in {one["unit_id"] for one in found}:
            faults["assists"] = _("Choose each unit from the list, and once.")
        elif fault := words_fault(words, MAX_WORDS):
            faults["assists"] = fault
        elif days and not (str(days).isdecimal() and 1 <= int(days) <= MOST_DAYS):
            faults["assists"] = _("A whole number of days between 1 and 60.")
        else:
            found.append({"kind": "assist", "unit_id": unit.pk, "words": words, "days": int(days) if days else None})
    return found


def tells(given: Given, faults: dict[str, str]) -> list[Given]:
    """Roles at the centre that holds the matter, or, as role@unit, at another centre."""
    found: list[Given] = []
    for one in dict.fromkeys(given.get("tells", ())):
        role, _at, code = str(one).partition("@")
        unit = places.unit(code) if code else None
        if role not in TOLD_ROLES or (code and (unit is None or unit.kind != "centre")):
            faults["tells"] = _("Choose from the list who is told.")
        else:
            found.append({"kind": "tell", "role": role, "unit_id": unit.pk if unit else None})
    return found


def steps(given: Given, faults: dict[str, str]) -> list[Given]:
    """The checklist, a line each."""
    found = [words for words in map(text.tidy, str(given.get("steps", "")).splitlines()) if words]
    wrong = next((fault for fault in (words_fault(words, MAX_WORDS) for words in found) if fault), "")
    if wrong:
        faults["steps"] = wrong
    return [{"kind": "step", "words": words} for words in found]


@transaction.atomic
def apply_plan(
    *, actor: Actor, number: str, plan_id: int, version: int | None = None, plan_version: int | None = None
) -> AppliedPlan:
    """Ask each unit, tell whom the plan names, lay out the first steps; each line keeps its outcome.

    Raises Event.DoesNotExist, Plan.DoesNotExist, Stale, NotAllowed: then nothing happened. What the workflow refuses
    to one line stands on that line with its reason, the others are done.
    """
    event = matters.seen_by(actor, Event.objects.select_for_update(of=("self",))).get(number=number)
    plan = visible_to(actor, Plan.objects.select_for_update(of=("self",))).get(pk=plan_id)
    if version is not None and version != event.version:
        raise Stale(event, version)
    may_apply(actor, event, plan, plan_version)
    assert actor.posting_id is not None
    made = AppliedPlan.objects.create(
        event=event, plan=plan, plan_version=plan.version, name=plan.name, applied_by_id=actor.posting_id,
        applied_at=clock.now(),
    )  # fmt: skip
    for line in plan.lines.order_by("n"):
        write(made, line, actor, OUTCOMES[line.kind](made, line, actor))
    org.record(actor, "apply_plan", "event", event.pk, number=event.number, plan=plan.pk)
    return made


def may_apply(actor: Actor, event: Event, plan: Plan, plan_version: int | None) -> None:
    allowed(EVENT.may("assist", event, actor))
    if AppliedPlan.objects.filter(event=event, plan=plan).exists():
        raise NotAllowed(Refusal("state", _("This plan has been applied already.")))
    if plan_version is not None and plan_version != plan.version:
        raise NotAllowed(Refusal("version", _("Somebody else has changed this plan; read it again.")))
    if plan.pk not in {one.pk for one in queries.plans_for(actor, event)}:
        raise NotAllowed(Refusal("state", _("This plan does not fit the matter any more.")))


def write(made: AppliedPlan, line: PlanLine, actor: Actor, why: str) -> None:
    outcome = "refused" if why else ("open" if line.kind == "step" else "done")
    finished = outcome == "done"
    AppliedLine.objects.create(
        applied=made, n=line.n, kind=line.kind, unit_id=line.unit_id, role=line.role, words=line.words, days=line.days,
        outcome=outcome, why=why, done_at=clock.now() if finished else None,
        done_by_id=actor.posting_id if finished else None,
    )  # fmt: skip


def assist(made: AppliedPlan, line: PlanLine, actor: Actor) -> str:
    """Ask the unit in the life of the matter; returns why not, in the language that is translated from."""
    unit = places.unit_by_id(line.unit_id)
    with translation.override("en"):
        if unit is None or not unit.active:
            return str(CLOSED_UNIT)
        given = {"unit": unit.code, "words": line.words} | ({"days": line.days} if line.days else {})
        try:
            with transaction.atomic():
                events.take(actor=actor, number=made.event.number, verb="assist", given=given)
        except NotAllowed as refused:
            return str(refused.refusal.reason)
        except NotGiven as missing:
            return next(iter(missing.fields.values()))
    return ""


def tell(made: AppliedPlan, line: PlanLine, actor: Actor) -> str:
    """Everybody in the role there who may see the matter; a number and nothing else is said."""
    event = Event.objects.get(pk=made.event_id)
    found = queries.told_for(line, event)
    for posting in places.postings_with(line.role, line.unit_id or event.owner_id):
        if posting.pk in found:
            notices.send(
                kind="plan", dedupe=f"plan:{made.pk}:posting:{posting.pk}", number=event.number, args={},
                language=posting.user.language, to_posting=posting.pk, urgent=event.level <= URGENT_LEVEL,
                unit=event.owner_id,
            )  # fmt: skip
    with translation.override("en"):
        return "" if found else str(UNSEEN)


def lay_out(made: AppliedPlan, line: PlanLine, actor: Actor) -> str:
    """A first step waits to be ticked."""
    return ""


OUTCOMES = {"assist": assist, "tell": tell, "step": lay_out}


@transaction.atomic
def tick(*, actor: Actor, line_id: int) -> AppliedLine:
    """A first step is done: by the centre or the handling unit, once. Raises AppliedLine.DoesNotExist, NotAllowed."""
    line = step_for(actor, line_id)
    if line.outcome != "open":
        raise NotAllowed(Refusal("state", _("It has been ticked already.")))
    line.outcome, line.done_by_id, line.done_at = "done", actor.posting_id, clock.now()
    line.save(update_fields=("outcome", "done_by", "done_at"))
    org.record(actor, "tick", "applied_line", line.pk, number=line.applied.event.number)
    return line


@transaction.atomic
def untick(*, actor: Actor, line_id: int) -> AppliedLine:
    """It was not done after all: said by whoever ticked it, while the matter goes on; that it happened stays there."""
    line = step_for(actor, line_id)
    if line.outcome != "done":
        raise NotAllowed(Refusal("state", _("It is not ticked.")))
    if line.done_by_id != actor.posting_id:
        raise NotAllowed(Refusal("role", _("Whoever ticked it takes it back.")))
    line.outcome, line.done_by, line.done_at = "open", None, None
    line.undone_by_id, line.undone_at = actor.posting_id, clock.now()
    line.save(update_fields=("outcome", "done_by", "done_at", "undone_by", "undone_at"))
    org.record(actor, "untick", "applied_line", line.pk, number=line.applied.event.number)
    return line


def step_for(actor: Actor, line_id: int) -> AppliedLine:
    """A first step, locked, for who may tick it; raises AppliedLine.DoesNotExist, NotAllowed."""
    rows = AppliedLine.objects.select_for_update(of=("self",)).select_related("applied__event")
    line = visible_to(actor, rows.filter(kind="step")).get(pk=line_id)
    if not queries.may_tick(actor, line.applied.event):
        raise NotAllowed(Refusal("role", _("The centre or the handling unit ticks it, while the matter goes on.")))
    return line
