"""Put a place right: what may be meant, where a point lies, the form, the step."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render

from onegrid.events import actions, queries
from onegrid.events.models import Event
from onegrid.events.views import event as pages
from onegrid.events.views import inbox, panes, spots, steps
from onegrid.events.workflow import EVENT
from onegrid.gazetteer.queries import Candidate
from onegrid.kit.workflow import Refusal
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import DISPATCHER, GRID_HEAD, RECEIVER, WORKER, Actor

PLACERS = (RECEIVER, DISPATCHER, WORKER, GRID_HEAD)


@door(*PLACERS)
def meant(request: Request, number: str) -> HttpResponse:
    """Places that the written words may mean; nothing where none fits or the step is not this reader's."""
    event = seen(request.actor, number)
    found = queries.meant(event) if EVENT.may("place", event, request.actor) else []
    if not found:
        return HttpResponse("")
    rows = [row(event, one) for one in found]
    return render(request, "events/_meant.html", {"event": event, "rows": rows, "queue": queue(request)})


def row(event: Event, one: Candidate) -> dict[str, Any]:
    """One place that may be meant; pressed, it fills in its point, and its name where no address was written."""
    point = {"longitude": f"{one.place.lon:.6f}", "latitude": f"{one.place.lat:.6f}"}
    return {
        "one": one, "filled": urlencode({**point, "address": event.address or one.place.label}),
        "grid": panes.place_of(one.place.area, fine=True),
        "metres": None if one.place.metres is None else round(one.place.metres),
    }  # fmt: skip


@door(*PLACERS)
def lies(request: Request, number: str) -> HttpResponse:
    """Where it lies with what the form says so far, and whose it is there."""
    event = seen(request.actor, number)
    said = {name: request.GET.get(name, "") for name in ("longitude", "latitude", "area")}
    try:
        area = actions.would_lie(actor=request.actor, event=event, given=said)
    except actions.NotGiven as missing:
        return render(request, "events/_lies.html", {"faults": missing.fields})
    hands = request.actor.unit_id == event.owner_id and request.actor.has(RECEIVER, DISPATCHER)
    shown = {"lies": spots.lying(event, area), "hands": hands, "ticked": request.GET.get("hand_over", "")}
    return render(request, "events/_lies.html", shown)


@door(*PLACERS, methods=("GET", "POST"))
@once
def place(request: Request, number: str) -> HttpResponse:
    """The form, filled with a place that was pressed; sent, the step."""
    number = pages.known(number)
    if request.method == "POST":
        return steps.done(request, number, "place", lambda: actions.take(
            actor=request.actor, number=number, verb="place", version=steps.version(request),
            given=steps.given(request),
        ))  # fmt: skip
    event, typed = seen(request.actor, number), {one: request.GET[one] for one in spots.FIELDS if request.GET.get(one)}
    answer = EVENT.may("place", event, request.actor)
    if isinstance(answer, Refusal):
        return pages.page(request, number, status=409, refusal=str(answer.reason))
    if not inbox.partial(request):
        return pages.page(request, number, failed="place", typed=typed)
    filled = {"event": event, "queue": queue(request), "place_form": spots.form(request.actor, event, typed)}
    return render(request, "events/_place.html", filled)


def queue(request: Request) -> str:
    asked = request.GET.get("queue", "")
    return asked if asked in queries.QUEUES else panes.first_queue(request.actor)


def seen(actor: Actor, number: str) -> Event:
    """The event of this number, if it exists for this actor; raises Http404."""
    try:
        return queries.one_seen(actor, pages.known(number))
    except Event.DoesNotExist as error:
        raise Http404 from error
