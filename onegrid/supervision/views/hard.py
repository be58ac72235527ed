"""The list of hard matters, one of them with its history, and the part of it beside a matter."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from onegrid.events.models import Event
from onegrid.kit import chance
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import LEADER, Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import HardCase
from onegrid.supervision.rules.hard_ways import WAYS
from onegrid.supervision.views.frame import AT_A_UNIT, frame
from onegrid.supervision.views.matters import seen

SAID = ("words", "way", "review", "lead", "deed")


@door(*AT_A_UNIT)
def hard_list(request: Request) -> HttpResponse:
    """What is on the list in sight; `?mine` what one is in charge of, `?ended` what left it."""
    shown = next((name for name in ("mine", "ended") if name in request.GET), "all")
    rows = queries.hard_cases(request.actor, ended=shown == "ended", mine=shown == "mine")
    given = {**frame(request, "supervision:hard_list"), "rows": rows, "shown": shown}
    return render(request, "supervision/hard_list.html", {**given, "leads": leads(request.actor)})


def leads(actor: Actor) -> bool:
    return actor.at_centre and actor.has(LEADER)


@door(*AT_A_UNIT, methods=("GET", "POST"))
@once
def hard_case(request: Request, case_id: int) -> HttpResponse:
    """One of them, or a verb of it."""
    if request.method != "POST":
        return page(request, case_id)
    deed = DEEDS.get(request.POST.get("deed", ""))
    if deed is None:
        raise Http404
    try:
        deed(request.actor, case_id, typed_in(request))
    except HardCase.DoesNotExist as error:
        raise Http404 from error
    except actions.NotAllowed as refused:
        return page(request, case_id, status=409, refusal=str(refused.refusal.reason))
    except actions.NotGiven as missing:
        return page(request, case_id, status=422, faults=missing.fields)
    return redirect("supervision:hard_case", case_id)


def typed_in(request: Request) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in SAID}


def looked(said: dict[str, str]) -> actions.Looked:
    return actions.Looked(said["words"], said["way"], said["review"])


DEEDS: dict[str, Callable[[Actor, int, dict[str, str]], Any]] = {
    "review": lambda who, of, said: actions.review_hard_case(actor=who, case_id=of, looked=looked(said)),
    "hand_over": lambda who, of, said: actions.hand_over_hard_case(
        actor=who, case_id=of, lead=said["lead"], words=said["words"]
    ),
    "take_off": lambda who, of, said: actions.take_off_hard_list(actor=who, case_id=of, words=said["words"]),
}


def page(request: Request, case_id: int, *, status: int = 200, **more: Any) -> HttpResponse:
    """With what was typed, when it did not go through."""
    try:
        found = queries.hard_case(request.actor, case_id)
    except HardCase.DoesNotExist as error:
        raise Http404 from error
    typed, case = typed_in(request), found.row.case
    again = typed if typed["deed"] == "review" else {"words": found.row.words, "way": case.way, "review": ""}
    shown = {
        **frame(request, "supervision:hard_list"), "found": found, "row": found.row, "typed": typed, "again": again,
        "ways": WAYS.items(), "leaders": queries.leads(case.event) if found.keeps else [], **more,
    }  # fmt: skip
    return render(request, "supervision/hard_case.html", shown, status=status)


@door(LEADER, methods=("POST",))
@once
def put_on(request: Request, number: str) -> HttpResponse:
    event = seen(request, number)
    said = typed_in(request)
    try:
        made = actions.put_on_hard_list(actor=request.actor, number=number, looked=looked(said), lead=said["lead"])
    except actions.NotAllowed as refused:
        return put_on_page(request, event, status=409, refusal=str(refused.refusal.reason))
    except actions.NotGiven as missing:
        return put_on_page(request, event, status=422, faults=missing.fields)
    return redirect("supervision:hard_case", made.pk)


def put_on_page(request: Request, event: Event, *, status: int, **more: Any) -> HttpResponse:
    """The form again, by itself, with what was typed."""
    part = {**beside(request.actor, event), **more, "open": True, "typed": typed_in(request)}
    shown = {**frame(request, ""), "event": event, "parts": [("supervision/_beside_hard.html", part)], **more}
    return render(request, "supervision/beside.html", shown, status=status)


def beside(actor: Actor, event: Event) -> dict[str, Any]:
    """Whether the matter is on the list; for a leader who may put it there, the form."""
    row = queries.hard_case_of(actor, event) if actor.has(*AT_A_UNIT) else None
    may = row is None and event.is_open and leads(actor) and actor.unit_id in queries.keepers(event)
    if row is None and not may:
        return {}
    part: dict[str, Any] = {"row": row, "may": may, "event": event}
    return part | {"ways": WAYS.items(), "leaders": queries.leads(event), "key": chance.base32(26)} if may else part
