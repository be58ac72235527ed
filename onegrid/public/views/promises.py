"""How promises are kept: the page, its twin for machines, and every leaf, field and question of this house."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from onegrid.events import queries as events
from onegrid.kit.few import LEAST
from onegrid.org.doors import open_door
from onegrid.public import queries
from onegrid.public.queries import Cell, Line
from onegrid.public.rules.collected import COLLECTED

MINUTES_KEPT = 600


@open_door()
def promises(request: HttpRequest) -> HttpResponse:
    """The figures of a month for people."""
    month = asked_month(request)
    context: dict[str, Any] = {"months": queries.months(), "month": month, "least": LEAST}
    if month is not None:
        context["found"] = queries.promises(month)
    return render(request, "public/promises.html", context)


@open_door()
def promises_data(request: HttpRequest) -> HttpResponse:
    """The same figures for machines: a hidden count is null, a rate without data is null with a count of 0."""
    month = asked_month(request)
    body: dict[str, Any] = {
        "months": [known.isoformat()[:7] for known in queries.months()], "least": LEAST,
        "unit": "matters", "rates": "per cent of the count beside them",
    }  # fmt: skip
    if month is not None:
        body |= figures(queries.promises(month))
    answer = JsonResponse(body, json_dumps_params={"ensure_ascii": False})
    answer.headers["Cache-Control"] = f"public, max-age={MINUTES_KEPT}"
    answer.headers["Vary"] = "Cookie"
    return answer


@open_door()
def tasks(request: HttpRequest) -> HttpResponse:
    """Every leaf, every field that is collected and every question of this deployment."""
    return render(request, "public/tasks.html", {"branches": events.leaves_told(), "groups": COLLECTED})


def asked_month(request: HttpRequest) -> date | None:
    """The month of the address; one without figures does not exist."""
    given = request.GET.get("month", "")
    if not given:
        return queries.usual_month()
    found = next((known for known in queries.months() if known.isoformat()[:7] == given), None)
    if found is None:
        raise Http404
    return found


def figures(found: queries.Promises) -> dict[str, Any]:
    return {
        "month": found.month.isoformat()[:7], "counted_at": found.counted_at.isoformat(timespec="seconds"),
        "total": {name: plain(one) for name, one in found.total.items()},
        "leaves": [row(line) for line in found.leaves], "towns": [row(line) for line in found.towns],
        "reasons": {name: [row(line) for line in lines] for name, lines in found.reasons.items()},
        "looks": {"total": plain(found.all_looks), "towns": [row(line) for line in found.looks]},
        "sealed": plain(found.sealed),
    }  # fmt: skip


def row(line: Line) -> dict[str, Any]:
    return {"code": line.code, "name": line.name} | {name: plain(one) for name, one in line.cells.items()}


def plain(one: Cell) -> dict[str, Any]:
    return {"count": None if one.hidden else one.amount, "rate": one.rate}
