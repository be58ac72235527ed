"""Meetings: called, held, signed; their agenda, matters, minutes, and what came of them."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from onegrid.events.models import Event
from onegrid.org import queries as org
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import Meeting
from onegrid.supervision.rules.meeting_life import KINDS
from onegrid.supervision.rules.series import SERIES
from onegrid.supervision.views.frame import frame
from onegrid.supervision.views.tasks import usual_day

CALLED = ("title", "kind", "room", "starts", "series", "chair", "numbers", "agenda", "rest")
RESTS = ("move", "keep")
SAID = ("words", "owner", "due", "number", "whole", "deed")


@door(*queries.AT_THE_TABLE)
def meetings(request: Request) -> HttpResponse:
    """Those of the own centre and those to which the own unit is invited."""
    shown = {"rows": queries.meetings(request.actor), "calls": calls(request.actor)}
    return render(request, "supervision/meetings.html", {**frame(request, "supervision:meetings"), **shown})


def calls(actor: Actor) -> bool:
    return actor.at_centre and actor.has(*queries.CALLERS)


@door(*queries.CALLERS, methods=("GET", "POST"))
@once
def new(request: Request) -> HttpResponse:
    """The form, with the matter from whose page it was opened; a POST calls the meeting."""
    if request.method != "POST":
        return form(request)
    typed = {name: request.POST.get(name, "") for name in CALLED}
    called = actions.Called(units=request.POST.getlist("unit"), **typed)
    resting = queries.rest_days(request.actor, called.starts, called.series)
    if resting and called.rest not in RESTS:
        return form(request, status=422, resting=resting)
    try:
        made = actions.call_meeting(actor=request.actor, called=called)
    except actions.NotAllowed as refused:
        return form(request, status=409, refusal=str(refused.refusal.reason))
    except actions.NotGiven as missing:
        return form(request, status=422, faults=missing.fields, resting=resting)
    return redirect("supervision:meeting", made.pk)


def form(request: Request, *, status: int = 200, **more: Any) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in CALLED}
    typed["numbers"] = typed["numbers"] or request.GET.get("event", "")
    typed["rest"] = typed["rest"] or "move"
    typed["kind"] = typed["kind"] or ("analysis" if typed["numbers"] else "regular")
    shown = {
        **frame(request, "supervision:meetings"), "typed": typed, "kinds": KINDS.items(), "every": SERIES.items(),
        "chairs": queries.chairs(request.actor), "units": queries.invitable(request.actor),
        "chosen": request.POST.getlist("unit"), "calls": calls(request.actor), **more,
    }  # fmt: skip
    return render(request, "supervision/new_meeting.html", shown, status=status)


@door(*queries.AT_THE_TABLE, methods=("GET", "POST"))
@once
def meeting(request: Request, meeting_id: int) -> HttpResponse:
    """One meeting, or a verb of it."""
    if request.method != "POST":
        return page(request, meeting_id)
    deed = DEEDS.get(request.POST.get("deed", ""))
    if deed is None:
        raise Http404
    try:
        deed(request.actor, meeting_id, {name: request.POST.get(name, "") for name in SAID})
    except Meeting.DoesNotExist as error:
        raise Http404 from error
    except actions.NotAllowed as refused:
        return page(request, meeting_id, status=409, refusal=str(refused.refusal.reason))
    except actions.NotGiven as missing:
        return page(request, meeting_id, status=422, faults=missing.fields)
    return redirect("supervision:meeting", meeting_id)


DEEDS: dict[str, Callable[[Actor, int, dict[str, str]], Any]] = {
    "hold_meeting": lambda who, of, said: actions.hold_meeting(actor=who, meeting_id=of, words=said["words"]),
    "write_minutes": lambda who, of, said: actions.write_minutes(actor=who, meeting_id=of, words=said["words"]),
    "sign_minutes": lambda who, of, said: actions.sign_minutes(actor=who, meeting_id=of),
    "cancel_meeting": lambda who, of, said: actions.cancel_meeting(
        actor=who, meeting_id=of, words=said["words"], whole=said["whole"] == "yes"
    ),
    "conclude": lambda who, of, said: actions.conclude(
        actor=who, meeting_id=of, words=said["words"], owner=said["owner"], due=said["due"], number=said["number"]
    ),
}


def page(request: Request, meeting_id: int, *, status: int = 200, **more: Any) -> HttpResponse:
    """With what was typed, when it did not go through."""
    try:
        found = queries.meeting(request.actor, meeting_id)
    except Meeting.DoesNotExist as error:
        raise Http404 from error
    typed = {name: request.POST.get(name, "") for name in SAID}
    shown: dict[str, Any] = {"found": found, "row": found.row, "of": found.row.meeting, "typed": typed}
    if any(verb.name == "conclude" and not verb.why for verb in found.verbs):
        centre = org.unit_by_id(found.row.meeting.centre_id)
        typed["due"] = typed["due"] or usual_day(centre.area if centre else "")
        shown |= {"owners": queries.owners(found.row.meeting), "colleagues": queries.colleagues(request.actor)}
    shown = {**frame(request, "supervision:meetings"), **shown, **more}
    return render(request, "supervision/meeting.html", shown, status=status)


def beside(actor: Actor, event: Event) -> dict[str, Any]:
    """The meetings on a matter; for whoever may call one, the way to it."""
    rows = queries.meetings_on(actor, event) if actor.has(*queries.AT_THE_TABLE) else []
    may = calls(actor) and event.is_open
    return {"rows": rows, "may": may, "event": event} if rows or may else {}
