"""The list of those whom a centre calls when it is grave: its order, and who is away."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from onegrid.events import actions, queries
from onegrid.events.views import panes
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import DISPATCHER, DUTY_LEADER, LEADER, RECEIVER

FIELDS = ("deed", "posting", "since", "until")


@door(RECEIVER, DISPATCHER, DUTY_LEADER, LEADER, methods=("GET", "POST"))
@once
def oncall(request: Request) -> HttpResponse:
    """The list of one's own centre, or a change of it; what is no centre has none."""
    if not request.actor.at_centre:
        raise Http404
    if request.method != "POST":
        return page(request)
    deed = DEEDS.get(request.POST.get("deed", ""))
    if deed is None:
        raise Http404
    try:
        deed(request, posting(request))
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except actions.NotAllowed as refused:
        return page(request, status=409, refusal=str(refused.refusal.reason))
    except actions.NotGiven as missing:
        return page(request, status=422, faults=missing.fields)
    return redirect("events:oncall")


def posting(request: Request) -> int:
    given = request.POST.get("posting", "")
    return int(given) if given.isdecimal() and len(given) < 19 else 0


DEEDS: dict[str, Callable[[Request, int], None]] = {
    "put": lambda request, who: actions.put_on_call(actor=request.actor, posting_id=who),
    "take_off": lambda request, who: actions.take_off_call(actor=request.actor, posting_id=who),
    "earlier": lambda request, who: actions.call_earlier(actor=request.actor, posting_id=who),
    "away": lambda request, who: actions.set_away(
        actor=request.actor, posting_id=who, since=request.POST.get("since", ""), until=request.POST.get("until", "")
    ),
    "here": lambda request, who: actions.set_away(actor=request.actor, posting_id=who, since="", until=""),
}


def page(request: Request, *, status: int = 200, **more: Any) -> HttpResponse:
    """With what was typed, when it did not go through."""
    shown = {
        **panes.frame(request), "line": queries.on_call(request.actor), "duty": queries.on_duty(request.actor),
        "minutes": settings.ALERT_MINUTES,
        "candidates": queries.candidates(request.actor), "keeps": request.actor.has(LEADER, DISPATCHER),
        "key": panes.fresh_key(), "typed": {name: request.POST.get(name, "") for name in FIELDS}, **more,
    }  # fmt: skip
    return render(request, "events/oncall.html", shown, status=status)
