"""How long things are kept: one matter with its rules, sums and holds; and what the next run would erase."""

from collections.abc import Callable

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from onegrid.events import actions, queries
from onegrid.events.models import Event
from onegrid.events.views import event as pages
from onegrid.events.views import inbox, matter, panes
from onegrid.kit import clock
from onegrid.kit.workflow import NotAllowed
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import AUDITOR, DUTY_LEADER, LEADER


@door(LEADER, DUTY_LEADER, AUDITOR)
def times(request: Request) -> HttpResponse:
    """The rules, and the dry run: what would go now, what is held, what is gone."""
    seen = queries.foresight(request.actor)
    shown = {"seen": seen, "rules": [(one, queries.category_name(one.category)) for one in seen.rules]}
    return render(request, "events/keeping.html", {**panes.frame(request), **shown})


@door(*inbox.SEEING)
def kept(request: Request, number: str) -> HttpResponse:
    return kept_page(request, pages.known(number))


def kept_page(request: Request, number: str, *, status: int = 200, **more: object) -> HttpResponse:
    """One matter: until when its contacts and words are kept, its sum, its holds, what strangers see and why."""
    try:
        found = queries.keeping(request.actor, number)
    except Event.DoesNotExist as error:
        raise Http404 from error
    leads = request.actor.has(LEADER) and request.actor.unit_id == found.event.owner_id
    shown = {
        "found": found, "event": found.event, "row": panes.row(found.event), "key": panes.fresh_key(),
        "history": [matter.decision(one) for one in found.releases], "first_day": clock.local(clock.now()).date(),
        "can_hold": leads and found.event.erased_at is None,
    }  # fmt: skip
    return render(request, "events/kept.html", {**panes.frame(request), **shown, **more}, status=status)


@door(LEADER, methods=("POST",))
@once
def hold(request: Request, number: str) -> HttpResponse:
    """Stop every erasure of this matter until a day."""
    number, given = pages.known(number), {name: request.POST.get(name, "") for name in ("reason", "until")}
    return decided(request, number, lambda: actions.hold(actor=request.actor, number=number, **given))


@door(LEADER, methods=("POST",))
@once
def lift(request: Request, number: str) -> HttpResponse:
    """End the hold."""
    number = pages.known(number)
    return decided(request, number, lambda: actions.lift_hold(actor=request.actor, number=number))


def decided(request: Request, number: str, deed: Callable[[], object]) -> HttpResponse:
    """Lead back to the page, or show it with what stood in the way and what was typed."""
    try:
        deed()
    except Event.DoesNotExist as error:
        raise Http404 from error
    except actions.NotGiven as missing:
        return kept_page(request, number, status=422, faults=missing.fields, typed=request.POST)
    except NotAllowed as refused:
        return kept_page(request, number, status=409, refusal=str(refused.refusal.reason))
    return HttpResponseRedirect(reverse("events:kept", args=[number]), status=303)
