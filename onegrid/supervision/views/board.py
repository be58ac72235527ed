"""The notice board: read by everybody in the area, kept by the dispatchers and leaders of a centre."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from onegrid.org.doors import Request, door, once
from onegrid.org.roles import DISPATCHER, LEADER
from onegrid.supervision import actions, queries
from onegrid.supervision.models import BoardNotice
from onegrid.supervision.views.frame import SEEING, frame

HOME = "supervision:board"
FIELDS = ("title", "words", "since", "until", "circular", "pinned")


@door(*SEEING)
def board(request: Request) -> HttpResponse:
    return page(request)


def page(request: Request, *, status: int = 200, **more: Any) -> HttpResponse:
    notices = queries.board(request.actor)
    readable = queries.circulars_to_read(request.actor, notices)
    rows = [
        {"one": one, "circular": one.circular if one.circular_id in readable else None,
         "own": one.unit_id == request.actor.unit_id}
        for one in notices
    ]  # fmt: skip
    shown = {
        **frame(request, HOME), "rows": rows, "keeps": queries.may_put_up(request.actor),
        "besides": queries.put_up_besides(request.actor), **more,
    }  # fmt: skip
    return render(request, "supervision/board.html", shown, status=status)


@door(DISPATCHER, LEADER, methods=("GET", "POST"))
@once
def new(request: Request) -> HttpResponse:
    if request.method != "POST":
        return form(request)
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    chosen = typed["circular"]
    try:
        actions.put_up(
            actor=request.actor, title=typed["title"], words=typed["words"], since=typed["since"],
            until=typed["until"], pinned=typed["pinned"] == "yes",
            circular_id=(int(chosen) if chosen.isdecimal() and len(chosen) < 19 else 0) if chosen else None,
        )  # fmt: skip
    except actions.NotAllowed as refused:
        return form(request, status=409, refusal=str(refused.refusal.reason))
    except actions.NotGiven as missing:
        return form(request, status=422, faults=missing.fields)
    return redirect(HOME)


def form(request: Request, *, status: int = 200, **more: Any) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    today = queries.today(request.actor).isoformat()
    shown = {
        **frame(request, HOME), "typed": {**typed, "since": typed["since"] or today},
        "circulars": queries.circulars_to_hang(request.actor), **more,
    }  # fmt: skip
    return render(request, "supervision/board_new.html", shown, status=status)


@door(DISPATCHER, LEADER, methods=("POST",))
@once
def take_down(request: Request, board_id: int) -> HttpResponse:
    try:
        actions.take_down(actor=request.actor, board_id=board_id)
    except BoardNotice.DoesNotExist as error:
        raise Http404 from error
    except actions.NotAllowed as refused:
        return page(request, status=409, refusal=str(refused.refusal.reason))
    return redirect(HOME)
