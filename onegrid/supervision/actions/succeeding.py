"""Grids were divided anew: what supervision keeps for an ended grid goes to those that follow it; the house only.

Done again it finds nothing to do. What is not clear stays as it is and is listed beside the re-division.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.kit import clock
from onegrid.kit.succession import Following, Heirs, Ruled, following
from onegrid.kit.workflow import NotAllowed, Refusal
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org import roles
from onegrid.org.models import Unit
from onegrid.org.roles import Actor
from onegrid.supervision import queries
from onegrid.supervision.models import (
    BoardNotice,
    ClockMark,
    Plan,
    PlanLine,
    Precedent,
    Roster,
    SupervisionRule,
)
from onegrid.supervision.models import PlaceWork as Work

# A rule of supervision is the same as another one if it says the same.
RULE = ("category", "level", "trigger", "amount", "action")


@transaction.atomic
def succeed_grids(*, actor: Actor, heirs: Heirs) -> int:
    """Rules and plans to every grid that follows, the rest where one follows alone or a point says where it lies."""
    if not actor.has(roles.SYSTEM):
        raise NotAllowed(Refusal("role", _("Your role may not do this.")))
    moved = succeed_rules(heirs) + succeed_plans(heirs) + succeed_works(heirs) + succeed_rosters(heirs)
    alone = {was: after[0] for was, after in heirs.items() if len(after) == 1}
    for was, after in alone.items():
        moved += Precedent.objects.filter(area=was, withdrawn_at__isnull=True).update(area=after)
        moved += BoardNotice.objects.filter(area=was, taken_down_at__isnull=True).update(area=after)
    if moved:
        org.record(actor, "succeed_grids", "rule", moved=moved)
    return moved


def succeed_rules(heirs: Heirs) -> int:
    rows = SupervisionRule.objects.filter(area__in=heirs, active=True)
    said = rows.values_list("pk", "area", *RULE)
    found = following([Ruled(pk, area, tuple(rule)) for pk, area, *rule in said], heirs)
    for rule in SupervisionRule.objects.select_for_update().filter(pk__in=found.goes):
        first, *others = found.goes[rule.pk]
        SupervisionRule.objects.filter(pk=rule.pk).update(area=first, version=rule.version + 1)
        # A copy speaks of what comes from now on: on what lay there the first one has spoken.
        rule.pk, rule.version, rule.since = None, 1, clock.now()
        SupervisionRule.objects.bulk_create(with_area(rule, area) for area in others)
    SupervisionRule.objects.filter(pk__in=found.doubled).update(active=False)
    if found.goes or found.doubled:
        ClockMark.objects.filter(event__area__in=[area for to in found.goes.values() for area in to]).delete()
        queries.active_rules.clear()
    return len(found.goes)


def with_area(rule: SupervisionRule, area: str) -> SupervisionRule:
    values = {one.attname: getattr(rule, one.attname) for one in rule._meta.concrete_fields}
    return SupervisionRule(**(values | {"area": area}))


def succeed_plans(heirs: Heirs) -> int:
    """Each plan by itself, with its lines."""
    rows = Plan.objects.filter(area__in=heirs, active=True).values_list("pk", "area")
    found: Following = following([Ruled(pk, area, pk) for pk, area in rows], heirs)
    for plan in Plan.objects.select_for_update().filter(pk__in=found.goes):
        first, *others = found.goes[plan.pk]
        Plan.objects.filter(pk=plan.pk).update(area=first, version=plan.version + 1)
        lines = list(plan.lines.all())
        for area in others:
            plan.pk, plan.area, plan.version = None, area, 1
            plan.save(force_insert=True)
            PlanLine.objects.bulk_create(line_of(line, plan) for line in lines)
    return len(found.goes)


def line_of(line: PlanLine, plan: Plan) -> PlanLine:
    values = {one.attname: getattr(line, one.attname) for one in line._meta.concrete_fields}
    return PlanLine(**(values | {"id": None, "plan_id": plan.pk}))


def succeed_works(heirs: Heirs) -> int:
    """Joint work around a point lies in the grid that holds it; other work where one grid follows alone."""
    moved = 0
    for work in Work.objects.select_for_update(of=("self",)).filter(area__in=heirs, ended_at__isnull=True):
        held = grid_at(work, heirs)
        after = held or (heirs[work.area][0] if len(heirs[work.area]) == 1 else "")
        moved += Work.objects.filter(pk=work.pk).update(area=after) if after else 0
    return moved


def grid_at(work: Work, heirs: Heirs) -> str | None:
    """The grid that holds the work's point today; another process may have divided the land a moment ago."""
    if work.lon is None or work.lat is None:
        return None
    held = places.territory().locate(work.lon, work.lat).code
    if held in heirs:
        places.forget_reference()
        held = places.territory().locate(work.lon, work.lat).code
    return held if held not in heirs else None


def succeed_rosters(heirs: Heirs) -> int:
    """A roster lies where its unit lies."""
    moved = 0
    for roster in Roster.objects.filter(area__in=heirs):
        area = Unit.objects.values_list("area", flat=True).get(pk=roster.unit_id)
        moved += Roster.objects.filter(pk=roster.pk).update(area=area) if area != roster.area else 0
    return moved
