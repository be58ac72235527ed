"""The typed entry: what somebody says on the phone, in one screen, and the receipt that is read out."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from onegrid.events import actions, queries
from onegrid.events.actions import Reported
from onegrid.events.models import Event
from onegrid.events.views import explain, panes
from onegrid.kit import clock
from onegrid.org import queries as org
from onegrid.org.doors import Request, door, once
from onegrid.org.models import Unit
from onegrid.org.roles import DISPATCHER, RECEIVER

FIELDS = ("words", "name", "phone", "email", "address", "area", "category", "about_unit")
SHORTEST = 4


@door(RECEIVER, DISPATCHER, methods=("GET", "POST"))
@once
def new(request: Request) -> HttpResponse:
    """An empty form, or the number and the receipt of what was typed."""
    if request.method != "POST":
        return form(request)
    try:
        made = typed(request)
    except actions.NotGiven as missing:
        return form(request, faults=missing.fields, status=422)
    answer = render(request, "events/receipt.html", {**panes.frame(request), **receipt(made)})
    answer.headers["Content-Location"] = reverse("events:event", args=[made.number])
    return answer


def form(request: Request, *, faults: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    shown = {
        **panes.frame(request), "faults": faults or {}, "key": panes.fresh_key(),
        "typed": {name: request.POST.get(name, "") for name in FIELDS},
        "places": [place for place in org.areas().values() if place.kind in ("town", "village")],
        "offices": [unit for unit in org.units().values() if unit.active and unit.kind != Unit.CENTRE],
        "branches": panes.branches(),
    }  # fmt: skip
    return render(request, "events/new.html", shown, status=status)


def typed(request: Request) -> Reported:
    said = {name: request.POST.get(name, "").strip() for name in FIELDS}
    contact = {name: said[name] for name in ("name", "phone", "email") if said[name]}
    return actions.report(
        actor=request.actor, words=said["words"], address=said["address"], area=said["area"],
        category=said["category"], about_unit=said["about_unit"], about_office=bool(said["about_unit"]),
        contact=contact or None, channel="phone", language=get_language() or settings.LANGUAGE_CODE,
    )  # fmt: skip


def receipt(made: Reported) -> dict[str, Any]:
    address = f"{settings.PUBLIC_URL.rstrip('/')}/track/#{made.receipt}"
    return {"number": made.number, "receipt": made.receipt, "promised_by": made.promised_by,
            "row": panes.row(made.event), "qr": explain.qr(address), "public_url": settings.PUBLIC_URL}  # fmt: skip


@door(RECEIVER, DISPATCHER, methods=("POST",))
def alike(request: Request) -> HttpResponse:
    """While it is typed: whom to call first, what the word list proposes, and what is likely the same matter."""
    words, category = request.POST.get("words", "").strip(), request.POST.get("category", "")
    if len(words) < SHORTEST:
        return HttpResponse("")
    proposed = queries.reading(words)[:2]
    category = category or (proposed[0].category if proposed else "")
    draft = Event(
        words=words, category=category, area=request.POST.get("area") or settings.COUNTY,
        address=request.POST.get("address", ""), reported_at=clock.now(),
    )  # fmt: skip
    shown = {
        "emergency": queries.emergency(words, category),
        "proposed": proposed,
        "twins": [(panes.row(one.event), one) for one in queries.twins(request.actor, draft) if one.likely],
    }
    return render(request, "events/_alike.html", shown)
