"""One event at the desk: a part for the page that is open, or the whole page by its own address."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from onegrid.events import queries
from onegrid.events.models import Event
from onegrid.events.views import inbox, matter, panes
from onegrid.kit import codes
from onegrid.org.doors import Request, door


def known(number: str) -> str:
    """The number in its one form; what is none does not exist."""
    tidied = codes.tidy_number(number)
    if tidied is None:
        raise Http404
    return tidied


@door(*inbox.SEEING)
def event(request: Request, number: str) -> HttpResponse:
    return page(request, known(number))


def page(request: Request, number: str, *, status: int = 200, **more: Any) -> HttpResponse:
    """The event with everything beside it; `more` carries what was typed, what is wrong, what has changed."""
    try:
        found = queries.detail(request.actor, number)
    except Event.DoesNotExist as error:
        raise Http404 from error
    queue = request.GET.get("queue") or request.POST.get("queue", "")
    queue = queue if queue in queries.QUEUES else panes.first_queue(request.actor)
    shown = {**matter.shown(request.actor, found, more), "queue": queue, **more}
    if inbox.partial(request):
        return render(request, "events/_event.html", shown, status=status)
    around = {**panes.frame(request, queue, unread=False), **inbox.listing(request, queue)}
    return render(request, "events/event.html", {**around, **shown}, status=status)
