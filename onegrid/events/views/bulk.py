"""One verb on many rows: a preview with a reason for each, then an outcome for each; a reload does nothing twice."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from onegrid.events import actions, queries
from onegrid.events.actions import Chosen, Outcome
from onegrid.events.models import Event
from onegrid.events.queries import Prospect
from onegrid.events.views import event as pages
from onegrid.events.views import panes
from onegrid.org import actions as org
from onegrid.org.doors import Request, door
from onegrid.org.roles import DISPATCHER, HANDLER, RECEIVER

GIVEN = ("words", "reason")


@door(RECEIVER, DISPATCHER, HANDLER, methods=("POST",))
def bulk(request: Request) -> HttpResponse:
    """What the verb would do to each of the chosen; nothing is done."""
    numbers = [pages.known(number) for number in request.POST.getlist("number")]
    if not numbers or len(numbers) > queries.BULK_MOST:
        words = _("At most %(most)s events at once; choose fewer.") % {"most": queries.BULK_MOST}
        wrong = words if numbers else _("No event is chosen: tick some in the list, or press X.")
        return render(request, "events/bulk.html", {**asked(request), "wrong": wrong}, status=422)
    return preview(request, numbers)


def preview(request: Request, numbers: list[str], *, status: int = 200, **more: Any) -> HttpResponse:
    shown = asked(request)
    found = queries.prospects(request.actor, shown["verb"], numbers)
    going = [line(one, one.event) for one in found if not one.why]
    not_going = [line(one, one.event) for one in found if one.why]
    more = {"key": panes.fresh_key(), "going": going, "not_going": not_going, **more}
    return render(request, "events/bulk.html", {**shown, **more}, status=status)


@door(RECEIVER, DISPATCHER, HANDLER, methods=("POST",))
def do(request: Request) -> HttpResponse:
    """Take the verb on each row by itself; what stands in the way of one stops no other."""
    shown, key = asked(request), request.POST.get("idempotency_key", "")
    chosen = [read(one) for one in request.POST.getlist("row")]
    if not 1 <= len(key) <= org.LONGEST_KEY - 32 or len(chosen) > queries.BULK_MOST:
        raise Http404
    given = {name: request.POST[name].strip() for name in GIVEN if request.POST.get(name, "").strip()}
    faults = missing(shown["verb"], given)
    if faults:
        return preview(request, [one.number for one in chosen], status=422, faults=faults, typed=given)
    outcomes = actions.take_each(actor=request.actor, verb=shown["verb"], chosen=chosen, given=given, key=key)
    found = queries.prospects(request.actor, shown["verb"], [one.number for one in outcomes])
    seen = {one.number: one.event for one in found}
    done = [line(one, seen[one.number]) for one in outcomes if one.done]
    not_done = [line(one, seen[one.number]) for one in outcomes if not one.done]
    return render(request, "events/bulk_done.html", {**shown, "done": done, "not_done": not_done})


def line(one: Prospect | Outcome, event: Event | None) -> dict[str, Any]:
    return {"one": one, "row": panes.row(event) if event else None}


def asked(request: Request) -> dict[str, Any]:
    """The verb of the form and what stands around it; raises Http404 for one that is not this reader's."""
    verb = request.POST.get("verb", "")
    labels = dict(panes.bulk_verbs(request.actor))
    if verb not in labels:
        raise Http404
    queue = request.POST.get("queue", "")
    return {
        **panes.frame(request), "verb": verb, "verb_label": labels[verb], "reasons": queries.reasons(verb),
        "queue": queue if queue in queries.QUEUES else panes.first_queue(request.actor),
    }  # fmt: skip


def missing(verb: str, given: dict[str, str]) -> dict[str, str]:
    needed = {"void": "reason", "tell": "words"}.get(verb, "")
    return {needed: _("This is needed.")} if needed and needed not in given else {}


def read(row: str) -> Chosen:
    """A row as the preview wrote it: number, version and unit."""
    number, _first, rest = row.partition("|")
    version, _second, unit = rest.partition("|")
    if not version.isdecimal() or len(version) > 9:
        raise Http404
    return Chosen(pages.known(number), int(version), unit)
