"""The rules of a centre: list, add, change, switch off, each tried against the last month before it is kept."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from onegrid.events import queries as events
from onegrid.org import queries as places
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import DISPATCHER, DUTY_LEADER, LEADER
from onegrid.supervision import actions, queries
from onegrid.supervision.models import RuleHit, SupervisionRule
from onegrid.supervision.rules.rule_words import ACTIONS, TRIGGERS
from onegrid.supervision.views.frame import frame

FIELDS = ("area", "category", "level", "trigger", "amount", "action")
LEVELS = ("1", "2", "3", "4")


@door(LEADER, methods=("GET", "POST"))
@once
def rules(request: Request) -> HttpResponse:
    """The list with the form of a new rule; the leader of an office has none."""
    return answered(request, None)


@door(LEADER, methods=("GET", "POST"))
@once
def rule(request: Request, rule_id: int) -> HttpResponse:
    """One rule to change, to try or to switch off."""
    if not request.actor.at_centre:
        raise Http404
    try:
        return answered(request, queries.rule_of(request.actor, rule_id))
    except SupervisionRule.DoesNotExist as error:
        raise Http404 from error


def answered(request: Request, found: SupervisionRule | None) -> HttpResponse:
    if not request.actor.at_centre:
        raise Http404
    if request.method != "POST":
        return page(request, found)
    try:
        return done(request, found)
    except actions.NotAllowed as refused:
        return page(request, found, 409, refusal=str(refused.refusal.reason))
    except actions.NotGiven as missing:
        return page(request, found, 422, faults=missing.fields)


def done(request: Request, found: SupervisionRule | None) -> HttpResponse:
    """Try it, keep it, or switch it; trying writes nothing."""
    deed, wish = request.POST.get("deed", ""), actions.Wish(**typed(request))
    if deed == "try":
        foreseen = queries.foresee(request.actor, actions.drawn(request.actor, wish))
        return page(request, found, foreseen=foreseen)
    if deed in ("on", "off") and found is not None:
        actions.switch_rule(actor=request.actor, rule_id=found.pk, on=deed == "on")
    elif deed == "keep":
        version = request.POST.get("version", "")
        actions.keep_rule(actor=request.actor, wish=wish, rule_id=found.pk if found else None, version=version)
    else:
        raise Http404
    return redirect("supervision:rules")


def typed(request: Request) -> dict[str, str]:
    return {name: request.POST.get(name, "").strip() for name in FIELDS}


def page(request: Request, found: SupervisionRule | None, status: int = 200, **more: Any) -> HttpResponse:
    """The list, or one rule; with what was typed when it was tried or did not go through."""
    given = typed(request) if request.method == "POST" else values_of(found)
    shown = {
        **frame(request, "supervision:rules"), "rule": found, "typed": given, "triggers": TRIGGERS.items(),
        "actions": ACTIONS.items(), "areas": areas(request), "levels": LEVELS,
        "categories": sorted(events.categories().values(), key=lambda one: one.code),
        "rows": [row_of(one) for one in queries.rules_of(request.actor)] if found is None else [], **more,
    }  # fmt: skip
    return render(request, "supervision/rule.html" if found else "supervision/rules.html", shown, status=status)


def values_of(found: SupervisionRule | None) -> dict[str, str]:
    if found is None:
        return {"trigger": "percent", "amount": "80", "action": "warn_handler"}
    return {name: str(getattr(found, name) or "") for name in FIELDS}


def areas(request: Request) -> list[places.Place]:
    """The centre's own area and the towns in it."""
    own = request.actor.area
    return [one for one in places.areas().values() if one.code == own or (one.parent == own and one.kind == "town")]


def row_of(one: SupervisionRule) -> dict[str, Any]:
    place, category = places.area(one.area), events.categories().get(one.category)
    return {
        "rule": one, "place": place.name if place else one.area, "trigger": TRIGGERS[one.trigger],
        "category": category.name if category else one.category, "action": ACTIONS[one.action],
    }  # fmt: skip


@door(DISPATCHER, DUTY_LEADER, LEADER, methods=("POST",))
@once
def leave(request: Request, hit_id: int) -> HttpResponse:
    """Not now: what a rule proposed is left, by somebody who might have issued it."""
    try:
        hit = actions.leave_proposal(actor=request.actor, hit_id=hit_id)
    except (RuleHit.DoesNotExist, actions.NotAllowed) as error:
        raise Http404 from error
    return redirect("supervision:beside", hit.event.number)
