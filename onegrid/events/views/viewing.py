"""Restricted views: ask by number, look while it is open, end it; the same answer whatever stands under a number."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from onegrid.events import actions, queries
from onegrid.events.models import Viewing
from onegrid.events.rules.viewing import ASKERS, DECIDERS, SPANS
from onegrid.events.views import event as pages
from onegrid.events.views import matter, panes
from onegrid.kit import clock, codes
from onegrid.org.doors import Request, door, once

STANDINGS: dict[str, str | Promise] = {
    "waits": gettext_lazy("waits for a decision"),
    "open": gettext_lazy("granted"),
    "over": gettext_lazy("granted; its time is over"),
    "ended": gettext_lazy("granted; ended early"),
    "closed": gettext_lazy("not granted"),
}
HOURS_OF_A_DAY = 24


@door(*ASKERS)
def views(request: Request) -> HttpResponse:
    return page(request)


@door(*ASKERS, methods=("POST",))
@once
def ask(request: Request) -> HttpResponse:
    """Ask for a view of one matter; what is no number is said, what no matter is not."""
    number, hours = codes.tidy_number(request.POST.get("number", "")), request.POST.get("hours", "")
    typed = {name: request.POST.get(name, "") for name in ("number", "purpose", "hours")}
    if number is None:
        faults = {"number": gettext_lazy("This is no number of a matter; look at it again.")}
        return page(request, status=422, faults=faults, typed=typed)
    try:
        actions.ask_viewing(
            actor=request.actor, number=number, purpose=request.POST.get("purpose", ""),
            hours=int(hours) if hours.isdecimal() and len(hours) < 4 else 0,
        )  # fmt: skip
    except actions.NotGiven as missing:
        return page(request, status=422, faults=missing.fields, typed=typed)
    except actions.NotAllowed as refused:
        return page(request, status=409, refusal=str(refused.refusal.reason), typed=typed)
    return redirect("events:views")


@door(*ASKERS)
def look(request: Request, number: str) -> HttpResponse:
    """The one matter, to read; the look is counted and stands on the trail and on the matter."""
    try:
        found = actions.look(actor=request.actor, number=pages.known(number))
    except Viewing.DoesNotExist as error:
        raise Http404 from error
    event = found.event
    shown = {
        "found": found, "event": event, "row": panes.row(event), "place": panes.place_of(event.area),
        "course": matter.timeline(found.steps), "key": panes.fresh_key(),
    }  # fmt: skip
    return render(request, "events/view.html", {**panes.frame(request), **shown})


@door(*ASKERS, methods=("POST",))
@once
def end(request: Request, viewing_id: int) -> HttpResponse:
    """End it early; leads back to where it was asked from."""
    try:
        ended = actions.end_viewing(actor=request.actor, viewing_id=viewing_id)
    except Viewing.DoesNotExist as error:
        raise Http404 from error
    except actions.NotAllowed as refused:
        return page(request, status=409, refusal=str(refused.refusal.reason))
    if ended.asked_by_id == request.actor.posting_id:
        return redirect("events:views")
    return redirect("events:event", ended.number)


def page(request: Request, *, status: int = 200, **more: Any) -> HttpResponse:
    own = [(one, STANDINGS[one.standing]) for one in queries.own_viewings(request.actor)]
    shown = {"own": own, "spans": spans(), "key": panes.fresh_key(), "leads": request.actor.has(*DECIDERS)}
    return render(request, "events/views.html", {**panes.frame(request), **shown, **more}, status=status)


def spans() -> list[tuple[int, str]]:
    return [(hours, span(hours)) for hours in SPANS]


def span(hours: int) -> str:
    """One hour, four hours, one day, three days."""
    if hours % HOURS_OF_A_DAY:
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    days = hours // HOURS_OF_A_DAY
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


def lines(viewings: list[Viewing]) -> list[dict[str, Any]]:
    """What the page of a matter tells of each."""
    now = clock.now()
    return [{"viewing": one, "span": span(one.hours), "open": is_open(one, now)} for one in viewings]


def is_open(one: Viewing, now: Any) -> bool:
    return bool(one.granted and one.ended_at is None and one.until is not None and one.until > now)
