"""The link by which the unit of a matter answers without an account: made, shown once, revoked."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from onegrid.events import actions
from onegrid.events.models import Link
from onegrid.events.views import event as pages
from onegrid.events.views import explain, panes, steps
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import DISPATCHER


@door(DISPATCHER, methods=("POST",))
@once
def link(request: Request, number: str) -> HttpResponse:
    """Make a link and show it this once, or revoke the one there is."""
    number, made = pages.known(number), list[tuple[Link, str]]()

    def deed() -> None:
        if request.POST.get("deed") == "revoke":
            actions.revoke_link(actor=request.actor, number=number)
            return
        days = request.POST.get("days", "")
        made.append(actions.make_link(actor=request.actor, number=number, days=days, version=steps.version(request)))

    failed = steps.tried(request, number, "link", deed)
    if failed is not None:
        return failed
    return shown_once(request, *made[0]) if made else HttpResponseRedirect(steps.back(request, number), status=303)


def shown_once(request: Request, made: Link, code: str) -> HttpResponse:
    """A repeated request leads to the event: the code is kept nowhere."""
    address = f"{settings.PUBLIC_URL.rstrip('/')}/answer/#{code}"
    context = {
        **panes.frame(request), "link": made, "code": code, "address": address, "qr": explain.qr(address),
        "row": panes.row(made.event), "unit_name": panes.unit_name(made.unit_id), "public_url": settings.PUBLIC_URL,
        "number": made.event.number, "place": panes.place_of(made.event.area, fine=True),
    }  # fmt: skip
    answer = render(request, "events/link.html", context)
    answer.headers["Content-Location"] = reverse("events:event", args=[made.event.number])
    answer.headers["Cache-Control"] = "no-store"
    return answer
