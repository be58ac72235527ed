"""Words for reporters: hints while they are typed, and the page of the templates."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from onegrid.events import actions, queries
from onegrid.events.models import Event, ReplyTemplate
from onegrid.events.rules import filling
from onegrid.events.views import event as pages
from onegrid.events.views import panes
from onegrid.events.workflow import EVENT, STATES, VERB_LABELS
from onegrid.org import queries as org
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import CHECKER, DISPATCHER, DUTY_LEADER, HANDLER, LEADER, RECEIVER, Actor

COUNTY_DIGITS = 6
FIELDS = ("name_zh", "name_en", "words_zh", "words_en", "category")


@door(RECEIVER, DISPATCHER, CHECKER, HANDLER, DUTY_LEADER, LEADER, methods=("POST",))
def hints(request: Request, number: str, verb: str) -> HttpResponse:
    """What a good reply has, looked for in what is typed so far; kept nowhere."""
    reply = request.POST.get("result") or request.POST.get("words", "")
    try:
        found = queries.hints_for(request.actor, pages.known(number), verb, reply)
    except Event.DoesNotExist as error:
        raise Http404 from error
    return render(request, "events/_hints.html", {"hints": found})


@door(DISPATCHER, LEADER, methods=("GET", "POST"))
@once
def templates(request: Request) -> HttpResponse:
    """All templates; a POST writes a new one."""
    if request.method == "POST":
        return kept(request, None)
    rows = [shown(request.actor, row) for row in queries.reply_templates() if near(request.actor, row)]
    may = actions.may_keep(request.actor, own_place(request.actor)) is None
    return render(request, "events/templates.html", {**panes.frame(request), "rows": rows, "may": may})


@door(DISPATCHER, LEADER)
def new_template(request: Request) -> HttpResponse:
    return form(request, None)


@door(DISPATCHER, LEADER, methods=("GET", "POST"))
@once
def template(request: Request, template_id: int) -> HttpResponse:
    """One template as a form; a POST changes it."""
    row = next((one for one in queries.reply_templates() if one.pk == template_id), None)
    if row is None or not near(request.actor, row):
        raise Http404
    return kept(request, row) if request.method == "POST" else form(request, row)


def kept(request: Request, row: ReplyTemplate | None) -> HttpResponse:
    version = request.POST.get("version", "")
    try:
        actions.keep_template(
            actor=request.actor, given=typed(request), template_id=row.pk if row else None,
            version=int(version) if version.isdecimal() else None,
        )  # fmt: skip
    except actions.NotGiven as missing:
        return form(request, row, faults=missing.fields, status=422)
    except actions.NotAllowed as refused:
        return form(request, row, refusal=str(refused.refusal.reason), status=409)
    return HttpResponseRedirect(reverse("events:templates"), status=303)


def typed(request: Request) -> dict[str, Any]:
    given: dict[str, Any] = {name: request.POST.get(name, "") for name in FIELDS}
    lists = {name: request.POST.getlist(name) for name in ("verbs", "states")}
    return {**given, **lists, "active": request.POST.get("active") == "yes"}


def form(request: Request, row: ReplyTemplate | None, *, status: int = 200, **more: Any) -> HttpResponse:
    """The form with what stands in the row, or with what was typed when it did not go through."""
    area = row.area if row else own_place(request.actor)
    refusal = actions.may_keep(request.actor, area)
    filled = typed(request) if request.method == "POST" else (values(row) if row else {"active": True})
    shown = {
        **panes.frame(request), "row": row, "typed": filled, "key": panes.fresh_key(), "branches": panes.branches(),
        "verbs": [(verb, str(VERB_LABELS[verb])) for verb in actions.REPLY_VERBS],
        "states": [(state, str(EVENT.labels[state])) for state in STATES],
        "names": [f"{{{name}}}" for name in filling.NAMES], "groups": queries.categories().values(),
        "why_not": str(refusal.reason) if refusal is not None else "", **more,
    }  # fmt: skip
    return render(request, "events/template.html", shown, status=status)


def values(row: ReplyTemplate) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (*FIELDS, "verbs", "states", "active")}


def own_place(actor: Actor) -> str:
    """Where this reader's new words hold: everywhere for the county's centre, else in their own town."""
    return actor.area if len(actor.area) > COUNTY_DIGITS else ""


def near(actor: Actor, row: ReplyTemplate) -> bool:
    """The words of one's own place, of the places in it and of those over it."""
    return row.area.startswith(actor.area) or actor.area.startswith(row.area)


def shown(actor: Actor, row: ReplyTemplate) -> dict[str, Any]:
    place = org.area(row.area)
    return {
        "row": row, "words": row.words, "place": place.name if place else "",
        "verbs": [str(VERB_LABELS[verb]) for verb in row.verbs], "leaf": queries.category_name(row.category),
        "states": [str(EVENT.labels[state]) for state in row.states], "may": actions.may_keep(actor, row.area) is None,
    }  # fmt: skip
