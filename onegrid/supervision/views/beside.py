"""What supervision says of one matter: a panel beside it on the desk, and a page of its own without scripts."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from onegrid.events.models import Event
from onegrid.org.doors import Request, door
from onegrid.org.roles import Actor
from onegrid.supervision.views import hard, meetings, orders, place_work, plans, rulings, tasks
from onegrid.supervision.views.frame import SEEING, frame
from onegrid.supervision.views.matters import seen

# Template of a part -> what it shows of this event to this actor. Each part of the room adds its own.
PARTS: tuple[tuple[str, Callable[[Actor, Event], dict[str, Any]]], ...] = (
    ("supervision/_beside_tasks.html", tasks.beside),
    ("supervision/_rulings_beside.html", rulings.beside),
    ("supervision/_plans_beside.html", plans.beside),
    ("supervision/_orders_beside.html", orders.beside),
    ("supervision/_beside_meetings.html", meetings.beside),
    ("supervision/_beside_hard.html", hard.beside),
    ("supervision/_beside_places.html", place_work.beside),
)


@door(*SEEING)
def beside(request: Request, number: str) -> HttpResponse:
    event = seen(request, number)
    parts = [(template, show(request.actor, event)) for template, show in PARTS]
    shown = {"event": event, "parts": [(template, part) for template, part in parts if part]}
    if request.headers.get("HX-Request"):
        return render(request, "supervision/_beside.html", shown)
    return render(request, "supervision/beside.html", {**frame(request, ""), **shown})
