"""The side card of one matter, what is near a point, and dispatch with reasons."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from onegrid.events.models import Event
from onegrid.events.workflow import EVENT
from onegrid.insight import actions, queries
from onegrid.insight.views.asked import SEEING, NotAsked, known, metres_of, not_asked, point_of
from onegrid.insight.views.words import asked_words, passed_words, sent_words
from onegrid.kit import chance
from onegrid.kit.workflow import Step
from onegrid.org import queries as org
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import DISPATCHER


@door(*SEEING)
def card(request: Request, number: str) -> HttpResponse:
    return shown(request, number)


def shown(request: Request, number: str, *, status: int = 200, **more: Any) -> HttpResponse:
    try:
        event = queries.on_map(request.actor, known(number))
    except Event.DoesNotExist as error:
        raise Http404 from error
    may = isinstance(EVENT.may("dispatch", event, request.actor), Step)
    told = {
        "row": queries.row_of(event), "event": event, "reaches": queries.REACHES, "may": may,
        "sent": sent_words(queries.why_sent(event)), "key": chance.base32(26), **more,
    }  # fmt: skip
    if may:
        weighed = queries.weighed(request.actor, event)
        told |= {"asked": asked_words(weighed.asked), "passed": passed_words(weighed.passed, event)}
    return render(request, "insight/_card.html", told, status=status)


@door(*SEEING)
def near(request: Request) -> HttpResponse:
    """What is near a point within so many metres; from a matter, that one is left out. `card`: the frame of it."""
    try:
        (lon, lat), metres = point_of(request), metres_of(request)
    except NotAsked:
        return not_asked()
    if request.GET.get("card"):
        return render(request, "insight/_near_page.html", {"lon": lon, "lat": lat, "reaches": queries.REACHES})
    found = queries.nearby(request.actor, lon, lat, metres, without=request.GET.get("without", ""))
    rows = {
        "open": [(one, queries.row_of(one.event)) for one in found.open],
        "past": [(one, queries.row_of(one.event)) for one in found.past],
    }
    grid = org.area(org.territory().locate(lon, lat).code or "")
    return render(request, "insight/_near.html", {"found": found, "grid": grid, **rows})


@door(DISPATCHER, methods=("POST",))
@once
def dispatch(request: Request, number: str) -> HttpResponse:
    """Dispatch to a unit of the list; what stands in the way is said on the card."""
    version = request.POST.get("version", "")
    try:
        event = actions.dispatch_nearest(
            actor=request.actor, number=known(number), unit=request.POST.get("unit", ""),
            version=int(version) if version.isdecimal() and len(version) < 10 else -1,
        )  # fmt: skip
    except Event.DoesNotExist as error:
        raise Http404 from error
    except actions.Stale as stale:
        return shown(request, number, status=409, refusal=str(stale))
    except actions.NotAllowed as refused:
        return shown(request, number, status=409, refusal=str(refused.refusal.reason))
    except actions.NotGiven as missing:
        return shown(request, number, status=422, refusal=" ".join(map(str, missing.fields.values())))
    return redirect("insight:card", event.number)
