"""Response plans: those of a place, the one that fits a matter with each pick and its reason, and what became of it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from onegrid.events import queries as events
from onegrid.events.models import Assignment, Event
from onegrid.events.workflow import EVENT, JOINT
from onegrid.org import queries as org
from onegrid.org.models import Unit
from onegrid.org.roles import DISPATCHER, DUTY_LEADER, HANDLER, LABELS, LEADER, RECEIVER, Actor
from onegrid.org.scope import visible_to
from onegrid.supervision.models import AppliedLine, AppliedPlan, Plan, PlanLine
from onegrid.supervision.models.plan import Line
from onegrid.supervision.queries.duties import place_name
from onegrid.supervision.queries.rulings import kind_of, unit_name

TICKERS = (RECEIVER, DISPATCHER, DUTY_LEADER, LEADER)


@dataclass(frozen=True)
class Pick:
    """One line of a plan for a matter: what would happen, or why it is left out."""

    line: PlanLine
    what: str
    skipped: str = ""


@dataclass(frozen=True)
class Fit:
    """The plan that fits a matter, why it does, its picks, and whether this reader may apply it."""

    plan: Plan
    because: str
    picks: list[Pick]
    may: bool
    why: str


@dataclass(frozen=True)
class Shown:
    """A plan in the list."""

    plan: Plan
    because: str
    lines: list[tuple[str, Line]]
    keeps: bool


@dataclass(frozen=True)
class Done:
    """One line of an applied plan."""

    line: AppliedLine
    what: str
    why: str
    may_tick: bool
    may_untick: bool


@dataclass(frozen=True)
class Applied:
    """A plan that was applied to a matter, and what became of each line."""

    applied: AppliedPlan
    lines: list[Done]
    refused: int


def keeps_plans(actor: Actor) -> bool:
    return actor.at_centre and actor.has(LEADER, DISPATCHER)


def may_keep_plan(actor: Actor, plan: Plan) -> bool:
    return keeps_plans(actor) and plan.centre_id == actor.unit_id


def plan_places(actor: Actor) -> list[org.Place]:
    """Where a plan of the actor's centre may hold: its own area and the towns in it."""
    centre = org.unit_by_id(actor.unit_id)
    within = centre.area if centre else actor.area
    found = [one for one in org.areas().values() if one.code.startswith(within)]
    return [one for one in found if one.code == within or one.kind == "town"]


def plans(actor: Actor) -> list[Shown]:
    """Every plan that touches the actor's place; those in use first. Two statements."""
    rows = visible_to(actor, Plan.objects.prefetch_related("lines")).order_by("-active", "category", "area", "id")
    return [
        Shown(one, because(one), [(what(line), line) for line in one.lines.all()], may_keep_plan(actor, one))
        for one in rows
    ]


def plan(actor: Actor, plan_id: int) -> Plan:
    """One plan; raises Plan.DoesNotExist for who is not touched by it."""
    return visible_to(actor, Plan.objects.prefetch_related("lines")).get(pk=plan_id)


def because(plan: Plan) -> str:
    """For what a plan is: kind of matter, place, levels."""
    levels = ", ".join(str(level) for level in sorted(plan.levels))
    given = {"leaf": kind_of(plan.category), "place": place_name(plan.area), "levels": levels}
    return _("%(leaf)s in %(place)s, level %(levels)s") % given


def what(line: Line) -> str:
    """A line as a sentence; what a person wrote stands apart."""
    if line.kind == "assist":
        return _("%(unit)s assists") % {"unit": unit_name(line.unit_id)}
    if line.kind == "tell":
        where = unit_name(line.unit_id) or _("the centre that holds the matter")
        return _("Told: %(role)s, %(where)s") % {"role": LABELS[line.role], "where": where}
    return _("First step")


def plans_for(actor: Actor, event: Event) -> list[Plan]:
    """Those in use that fit the matter, the finest first: longest leaf, longest place, fewest levels."""
    over = [event.area[:end] for end in range(1, len(event.area) + 1)]
    leaves = [event.category[:end] for end in (0, 2, 4, 6)]
    rows = Plan.objects.filter(active=True, area__in=over, category__in=leaves, levels__contains=[event.level])
    found = visible_to(actor, rows.prefetch_related("lines")).order_by("id")
    return sorted(found, key=lambda one: (-len(one.category), -len(one.area), len(one.levels), -one.pk))


def fit(actor: Actor, event: Event) -> Fit | None:
    """The finest plan for a matter that is being worked on, unless it has been applied."""
    if event.joined_into_id is not None or event.state not in JOINT or not event.category_decided:
        return None
    fitting = plans_for(actor, event)
    if not fitting or AppliedPlan.objects.filter(event=event, plan=fitting[0]).exists():
        return None
    first, answer = fitting[0], EVENT.may("assist", event, actor)
    parts = assisting(event)
    picks = [Pick(line, what(line), skipped(line, event, parts)) for line in first.lines.all()]
    return Fit(first, because(first), picks, bool(answer), "" if answer else str(getattr(answer, "reason", "")))


def assisting(event: Event) -> set[int]:
    rows = Assignment.objects.filter(event=event, role="assist").exclude(state__in=("ended", "undone"))
    return set(rows.values_list("unit_id", flat=True))


def skipped(line: PlanLine, event: Event, parts: set[int]) -> str:
    """Why a line would be left out; empty when it would be done."""
    unit = org.unit_by_id(line.unit_id)
    if unit is None:
        return ""
    if not unit.active:
        return _("This unit does not work any more.")
    if unit.pk in event.about_unit_ids:
        return _("The matter is about this office or one of its contractors.")
    return leads_or_assists(unit, event, parts) if line.kind == "assist" else ""


def leads_or_assists(unit: Unit, event: Event, parts: set[int]) -> str:
    if unit.pk == event.handler_id:
        return _("This unit leads here already.")
    return _("This unit assists here already.") if unit.pk in parts else ""


def applied(actor: Actor, event: Event) -> list[Applied]:
    """Every plan that was applied to this matter, with the outcome of each line."""
    rows = visible_to(actor, AppliedPlan.objects.filter(event=event)).order_by("-id")
    found = rows.select_related("applied_by__user").prefetch_related("lines__done_by__user", "lines__undone_by__user")
    ticks = may_tick(actor, event)
    return [one_applied(one, actor if ticks else None) for one in found]


def one_applied(one: AppliedPlan, ticker: Actor | None) -> Applied:
    rows = [done(line, ticker) for line in one.lines.all()]
    return Applied(one, rows, sum(row.line.outcome == "refused" for row in rows))


def done(line: AppliedLine, ticker: Actor | None) -> Done:
    why = _(line.why) if line.why else ""
    own = ticker is not None and line.kind == "step" and line.done_by_id == ticker.posting_id
    return Done(line, what(line), why, ticker is not None and line.outcome == "open", own)


def may_tick(actor: Actor, event: Event) -> bool:
    """The centre that holds the matter, or the unit that handles it, while it goes on."""
    centre = actor.unit_id == event.owner_id and actor.has(*TICKERS)
    handling = event.handler_id is not None and actor.unit_id == event.handler_id and actor.has(HANDLER)
    return event.is_open and (centre or handling)


def told_for(line: Line, event: Event) -> list[int]:
    """Postings that are told by a line: those in the role there who may see the matter."""
    postings = org.postings_with(line.role, line.unit_id or event.owner_id)
    return [one.pk for one in postings if events.sees(Actor.of(one), event)]
