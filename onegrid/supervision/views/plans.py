"""Response plans: the list, one as a form, switched on or off; and, beside a matter, the one that fits it."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from onegrid.events import actions as events
from onegrid.events import queries as matters
from onegrid.events.models import Event
from onegrid.kit import chance
from onegrid.org import queries as org
from onegrid.org.doors import Request, door, once
from onegrid.org.models import Unit
from onegrid.org.roles import CHECKER, DISPATCHER, DUTY_LEADER, HANDLER, LABELS, LEADER, RECEIVER, Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import Plan
from onegrid.supervision.views.frame import SEEING, frame
from onegrid.supervision.views.matters import seen

STEPPERS = (RECEIVER, DISPATCHER, CHECKER, HANDLER, DUTY_LEADER, LEADER)
ROWS = 6  # units that a form has room for


@door(*SEEING)
def plans(request: Request) -> HttpResponse:
    shown = {
        **frame(request, "supervision:plans"), "plans": queries.plans(request.actor),
        "keeps": queries.keeps_plans(request.actor),
    }  # fmt: skip
    return render(request, "supervision/plans.html", shown)


@door(DISPATCHER, LEADER, methods=("GET", "POST"))
@once
def new_plan(request: Request) -> HttpResponse:
    """For who keeps the plans of a centre; what is no centre has none."""
    if not queries.keeps_plans(request.actor):
        raise Http404
    return kept(request, None) if request.method == "POST" else form(request, None)


@door(DISPATCHER, LEADER, methods=("GET", "POST"))
@once
def plan(request: Request, plan_id: int) -> HttpResponse:
    """One of the own centre's plans as a form; a POST changes it."""
    row = own(request, plan_id)
    return kept(request, row) if request.method == "POST" else form(request, row)


@door(DISPATCHER, LEADER, methods=("POST",))
@once
def switch_plan(request: Request, plan_id: int) -> HttpResponse:
    row = own(request, plan_id)
    try:
        actions.switch_plan(
            actor=request.actor, plan_id=row.pk, active=request.POST.get("active") == "yes",
            version=number(request.POST.get("version", "")),
        )  # fmt: skip
    except events.NotAllowed as refused:
        return form(request, row, refusal=str(refused.refusal.reason), status=409)
    return HttpResponseRedirect(reverse("supervision:plans"), status=303)


def own(request: Request, plan_id: int) -> Plan:
    try:
        row = queries.plan(request.actor, plan_id)
    except Plan.DoesNotExist as error:
        raise Http404 from error
    if not queries.may_keep_plan(request.actor, row):
        raise Http404
    return row


def number(given: str) -> int:
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def kept(request: Request, row: Plan | None) -> HttpResponse:
    try:
        actions.keep_plan(
            actor=request.actor, given=typed(request), plan_id=row.pk if row else None,
            version=number(request.POST.get("version", "")) if row else None,
        )  # fmt: skip
    except events.NotGiven as missing:
        return form(request, row, faults=missing.fields, status=422)
    except events.NotAllowed as refused:
        return form(request, row, refusal=str(refused.refusal.reason), status=409)
    return HttpResponseRedirect(reverse("supervision:plans"), status=303)


def typed(request: Request) -> dict[str, Any]:
    """What the form holds; the units stand in rows."""
    columns = (request.POST.getlist(name) for name in ("assist", "task", "days"))
    return {
        **{name: request.POST.get(name, "") for name in ("name", "category", "area", "steps")},
        "levels": request.POST.getlist("levels"), "tells": request.POST.getlist("tells"),
        "assists": list(zip(*columns, strict=False)),
    }  # fmt: skip


def values(row: Plan) -> dict[str, Any]:
    """The same as it stands in the plan."""
    lines, known = list(row.lines.all()), org.units()
    code = {line.pk: known[line.unit_id].code if line.unit_id else "" for line in lines}
    return {
        "name": row.name, "category": row.category, "area": row.area, "levels": [str(one) for one in row.levels],
        "tells": [f"{one.role}@{code[one.pk]}".rstrip("@") for one in lines if one.kind == "tell"],
        "assists": [(code[one.pk], one.words, one.days or "") for one in lines if one.kind == "assist"],
        "steps": "\n".join(one.words for one in lines if one.kind == "step"),
    }  # fmt: skip


def form(request: Request, row: Plan | None, *, status: int = 200, **more: Any) -> HttpResponse:
    filled = typed(request) if "name" in request.POST else values(row) if row else {"levels": ["1", "2"]}
    rows = list(filled.get("assists", []))
    shown = {
        **frame(request, "supervision:plans"), "row": row, "typed": filled,
        "rows": rows + [("", "", "")] * max(ROWS - len(rows), 1), "places": queries.plan_places(request.actor),
        "categories": matters.categories().values(), "unit_groups": unit_groups(), "tells": tells(request.actor),
        **more,
    }  # fmt: skip
    return render(request, "supervision/plan.html", shown, status=status)


def unit_groups() -> list[tuple[str, list[Unit]]]:
    kinds = dict(Unit.KINDS)
    fit = [one for one in org.units().values() if one.active and one.kind != Unit.CENTRE]
    rows = sorted(fit, key=lambda one: (list(kinds).index(one.kind), one.code))
    return [(str(kinds[kind]), list(found)) for kind, found in groupby(rows, key=lambda one: one.kind)]


def tells(actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """Who can be told: at the centre that holds the matter, and at the centre that keeps the plan."""
    unit, roles = org.unit_by_id(actor.unit_id), [(role, str(LABELS[role])) for role in actions.TOLD_ROLES]
    here = [(f"{role}@{unit.code}", label) for role, label in roles] if unit else []
    return [("", roles), (unit.name if unit else "", here)]


@door(*STEPPERS, methods=("POST",))
@once
def apply_plan(request: Request, number: str) -> HttpResponse:
    """In one click; what was done and what was refused stands beside the matter."""
    event = seen(request, number)
    return tried(request, event, lambda: actions.apply_plan(
        actor=request.actor, number=event.number, plan_id=posted(request, "plan"), version=posted(request, "version"),
        plan_version=posted(request, "plan_version"),
    ))  # fmt: skip


@door(*STEPPERS, methods=("POST",))
@once
def tick(request: Request, number: str, line_id: int) -> HttpResponse:
    event = seen(request, number)
    deed = actions.untick if request.POST.get("deed") == "untick" else actions.tick
    return tried(request, event, lambda: deed(actor=request.actor, line_id=line_id))


def posted(request: Request, name: str) -> int:
    return number(request.POST.get(name, ""))


def tried(request: Request, event: Event, deed: Callable[[], object]) -> HttpResponse:
    """Back to the matter, or its supervision with what stood in the way."""
    try:
        deed()
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except events.Stale as stale:
        return refused(request, event, str(stale))
    except events.NotAllowed as no:
        return refused(request, event, str(no.refusal.reason))
    return HttpResponseRedirect(reverse("events:event", args=[event.number]), status=303)


def refused(request: Request, event: Event, why: str) -> HttpResponse:
    part = beside(request.actor, seen(request, event.number))
    parts = [("supervision/_plans_beside.html", part)] if part else []
    shown = {**frame(request, ""), "event": event, "parts": parts, "refusal": why}
    return render(request, "supervision/beside.html", shown, status=409)


def beside(actor: Actor, event: Event) -> dict[str, Any]:
    """The plan that fits, and what was applied before."""
    found, applied = queries.fit(actor, event), queries.applied(actor, event)
    if found is None and not applied:
        return {}
    return {"fit": found, "applied": applied, "event": event, "key": chance.base32(26)}
