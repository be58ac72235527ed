"""Rulings: what waits for the leader, both sides of one, the decision with its reason, and a precedent withdrawn."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from onegrid.events import actions as events
from onegrid.events.models import Event
from onegrid.kit import chance
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import LEADER, Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import Ruling
from onegrid.supervision.views.frame import SEEING, frame

FIELDS = ("unit", "reason", "basis", "for_all", "precedent", "area", "why")


@door(*SEEING)
def rulings(request: Request) -> HttpResponse:
    waiting, past = queries.rulings(request.actor)
    shown = {**frame(request, "supervision:rulings"), "waiting": waiting, "past": past}
    return render(request, "supervision/rulings.html", shown)


@door(*SEEING, methods=("GET", "POST"))
@once
def ruling(request: Request, ruling_id: int) -> HttpResponse:
    """Both sides and the routing; a POST rules, or says why after a decision made elsewhere."""
    if request.method != "POST":
        return page(request, ruling_id)
    given = {name: request.POST.get(name, "") for name in FIELDS}
    return tried(request, ruling_id, lambda: actions.rule(
        actor=request.actor, ruling_id=ruling_id, given=given, version=number(request.POST.get("version", "")),
    ))  # fmt: skip


@door(LEADER, methods=("POST",))
@once
def withdraw_precedent(request: Request, ruling_id: int) -> HttpResponse:
    """The precedent of this ruling holds no longer."""
    return tried(request, ruling_id, lambda: actions.withdraw_precedent(
        actor=request.actor, ruling_id=ruling_id, why=request.POST.get("why", ""),
    ))  # fmt: skip


def number(given: str) -> int:
    return int(given) if given.isdecimal() and len(given) < 19 else 0


def tried(request: Request, ruling_id: int, deed: Callable[[], object]) -> HttpResponse:
    """Back to the ruling, or the page again with what stood in the way and what was typed."""
    try:
        deed()
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except events.Stale as stale:
        return page(request, ruling_id, status=409, refusal=str(stale))
    except events.NotAllowed as refused:
        return page(request, ruling_id, status=409, refusal=str(refused.refusal.reason))
    except events.NotGiven as missing:
        return page(request, ruling_id, status=422, faults=missing.fields)
    return HttpResponseRedirect(reverse("supervision:ruling", args=[ruling_id]), status=303)


def page(request: Request, ruling_id: int, *, status: int = 200, **more: Any) -> HttpResponse:
    try:
        heard = queries.hearing(request.actor, ruling_id)
    except Ruling.DoesNotExist as error:
        raise Http404 from error
    one = heard.line.ruling
    precedent = getattr(one, "precedent", None)
    shown = {
        **frame(request, "supervision:rulings"), "heard": heard, "one": one, "event": heard.event,
        "precedent": precedent, "withdraws": precedent and queries.keeps_precedent(request.actor, precedent),
        "town": next((place.code for place in heard.places if place.kind == "town"), ""),
        "typed": {name: request.POST[name] for name in FIELDS if name in request.POST}, **more,
    }  # fmt: skip
    return render(request, "supervision/ruling.html", shown, status=status)


def beside(actor: Actor, event: Event) -> dict[str, Any]:
    """Beside a matter: what was ruled on it, and what was ruled on others of its kind."""
    ruled = queries.rulings_of(actor, event)
    asks = event.is_open and event.state in ("accepted", "assigned")
    learnt = queries.learnt_for(actor, event) if asks else []
    if not ruled and not learnt:
        return {}
    return {"ruled": ruled, "given_to": queries.given_to(actor, event, ruled), "learnt": learnt, "event": event,
            "key": chance.base32(26)}  # fmt: skip
