"""Why this limit, why this unit, who looked; and the work order on paper."""

import base64
import io
from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from onegrid.events import queries
from onegrid.events.models import Event
from onegrid.events.queries import Explanation
from onegrid.events.rules import clock_words
from onegrid.events.views import event as pages
from onegrid.events.views import inbox, matter, panes
from onegrid.kit import clock
from onegrid.org.doors import Request, door


@door(*inbox.SEEING)
def explain(request: Request, number: str) -> HttpResponse:
    """The account of the clocks in sentences, the rules that fit, and every look at the contact."""
    try:
        found = queries.explanation(request.actor, pages.known(number))
    except Event.DoesNotExist as error:
        raise Http404 from error
    return render(request, "events/explain.html", {**panes.frame(request), **account(found)})


def account(found: Explanation) -> dict[str, Any]:
    clocks = [
        {
            "label": clock_words.label(one.name),
            "clock": one,
            "sentences": queries.account(one, found.zone),
        }
        for one in found.clocks.clocks
    ]
    rules = [
        {
            "words": matter.rule_words(rule.area, rule.category),
            "unit": panes.unit_name(rule.unit_id),
            "hit": found.hit is not None and found.hit.rule == rule,
            "about": rule.unit_id in found.event.about_unit_ids,
        }
        for rule in found.rules
    ]
    return {"event": found.event, "row": panes.row(found.event), "clocks": clocks, "rules": rules, "looks": found.looks}


@door(*inbox.SEEING)
def work_order(request: Request, number: str) -> HttpResponse:
    """One sheet of paper with large type, a code that leads back, and the mark of whoever printed it."""
    try:
        found = queries.detail(request.actor, pages.known(number))
    except Event.DoesNotExist as error:
        raise Http404 from error
    address = settings.PUBLIC_URL.rstrip("/") + reverse("events:event", args=[found.event.number])
    shown = {
        "event": found.event, "row": panes.row(found.event), "words": found.event.told(), "qr": qr(address),
        "place": panes.place_of(found.event.area, fine=True), "steps": matter.timeline(found.steps),
        "voices": [matter.voice(found.event, one) for one in found.voices],
        "handler": panes.unit_name(found.event.handler_id), "owner": panes.unit_name(found.event.owner_id),
        "actor": request.actor, "unit": panes.unit_name(request.actor.unit_id), "moment": clock.now(),
    }  # fmt: skip
    return render(request, "events/print.html", shown)


def qr(text: str) -> str:
    """A code as an address that an image can show without a file."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="svg", scale=4, border=2, xmldecl=False)
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode()
