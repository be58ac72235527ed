"""The lists of the desk: a queue, its further rows, one live row, and the counters beside it."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render

from onegrid.events import queries
from onegrid.events.models import Event
from onegrid.events.views import panes
from onegrid.kit.paging import BadCursor
from onegrid.org import queries as org
from onegrid.org import roles
from onegrid.org.doors import Request, door

SEEING = tuple(role for role in roles.POSTABLE if role not in (*roles.ADMINISTRATORS, roles.CLIENT))
LEVELS = ("1", "2", "3", "4")


@door(*SEEING)
def desk(request: Request) -> HttpResponse:
    """The reader's first queue."""
    return shown(request, panes.first_queue(request.actor))


@door(*SEEING)
def queue(request: Request, queue: str) -> HttpResponse:
    return shown(request, queue)


def shown(request: Request, queue: str) -> HttpResponse:
    """A whole page, or the rows that follow a cursor."""
    listed = listing(request, queue)
    if partial(request):
        return render(request, "events/_rows.html", listed)
    return render(request, "events/list.html", {**panes.frame(request, queue), **listed})


def listing(request: Request, queue: str) -> dict[str, Any]:
    """The rows of a queue under the filters of the address; an unknown queue or cursor does not exist."""
    filters = filters_of(request)
    try:
        page = queries.inbox(request.actor, queue, filters, request.GET.get("after") or None)
    except (KeyError, BadCursor) as error:
        raise Http404 from error
    chosen = {"category": filters.category, "area": filters.area, "level": str(filters.level or "")}
    return {
        "queue": queue,
        **picks(request, queue),
        "queue_label": str(queries.QUEUES[queue].label),
        "rows": [panes.row(event) for event in page.rows],
        "next": page.next,
        "chosen": chosen,
        "filtered": any(chosen.values()),
        "kept": urlencode({name: value for name, value in chosen.items() if value}),
        "branches": [one for one in queries.categories().values() if not one.is_leaf and len(one.code) == 2],
        "towns": [place for place in org.areas().values() if place.kind == "town"],
        "levels": [(str(number), str(label)) for number, label in panes.LEVELS.items()],
    }


def picks(request: Request, queue: str) -> dict[str, Any]:
    """What can be done with ticked rows; what has ended is not ticked."""
    return {"bulk_verbs": panes.bulk_verbs(request.actor) if queue != "done" else []}


def filters_of(request: Request) -> queries.Filters:
    """Only codes that exist: what else is typed into the address counts as no filter."""
    category, area, level = (request.GET.get(name, "") for name in ("category", "area", "level"))
    return queries.Filters(
        category=category if category in queries.categories() else "",
        area=area if org.area(area) is not None else "",
        level=int(level) if level in LEVELS else None,
    )


def partial(request: Request) -> bool:
    """Whether a part of a page is asked for; going back in the browser asks for the whole."""
    return request.headers.get("HX-Request-Type") == "partial" and "HX-History-Restore-Request" not in request.headers


@door(*SEEING)
def live_row(request: Request, queue: str, number: str) -> HttpResponse:
    """One row for the live list; 204 when it is not (or no longer) of this queue and these filters."""
    try:
        event = queries.row_in(request.actor, queue, filters_of(request), number)
    except KeyError as error:
        raise Http404 from error
    except Event.DoesNotExist:
        return HttpResponse(status=204)
    return render(
        request, "events/_row.html", {"row": panes.row(event), "queue": queue, "fresh": True, **picks(request, queue)}
    )


@door(*SEEING)
def counters(request: Request) -> HttpResponse:
    """The column of queues, anew."""
    return render(request, "events/_queues.html", {**panes.frame(request, request.GET.get("queue", "")), "fresh": True})
