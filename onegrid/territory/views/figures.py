"""Matters by the areas as they were when these were reported, and as they are now: a table, and the same as a file."""

import csv
import io
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onegrid.kit.text import cell
from onegrid.org import queries as org
from onegrid.org.doors import Request, door
from onegrid.org.roles import LEADER
from onegrid.territory import queries
from onegrid.territory.models import Redivision
from onegrid.territory.views import redivisions
from onegrid.territory.views.around import frame

LEVELS = {15: gettext_lazy("grid"), 12: gettext_lazy("village or community"), 9: gettext_lazy("town")}
USUAL = timedelta(days=365)
EARLIEST = 2000


@door(LEADER)
def figures(request: Request, redivision_id: int) -> HttpResponse:
    found = in_effect(request, redivision_id)
    since, until, fault = period(request)
    rows = lines(request, found, since, until)
    shown = {
        **frame(request), "found": found, "rows": rows, "since": since.isoformat(), "until": until.isoformat(),
        "fault": fault, "levels": LEVELS.items(), "digits": digits(request),
        "then": sum(row["then"] for row in rows), "now": sum(row["now"] for row in rows),
    }  # fmt: skip
    return render(request, "territory/figures.html", shown)


@door(LEADER)
def figures_file(request: Request, redivision_id: int) -> HttpResponse:
    """The same lines; a table program opens it as it is."""
    found = in_effect(request, redivision_id)
    since, until, _fault = period(request)
    out = io.StringIO()
    table = csv.writer(out)
    head = (_("Code of the area"), _("Area"), _("Code ended"), _("As reported"), _("As they lie now"), _("Difference"))
    table.writerow(head)
    for row in lines(request, found, since, until):
        ended = _("yes") if row["ended"] else ""
        table.writerow([row["code"], cell(row["name"]), ended, row["then"], row["now"], row["more"]])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"areas-{found.pk}-{since}-{until}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def in_effect(request: Request, redivision_id: int) -> Redivision:
    found = redivisions.seen(request, redivision_id)
    if found.state != "effective":
        raise Http404
    return found


def lines(request: Request, found: Redivision, since: date, until: date) -> list[dict[str, Any]]:
    calendar = org.calendar(found.area)
    rows = queries.twins(
        request.actor, found, digits=digits(request), since=calendar.moment(since), until=calendar.end_of(until)
    )
    return [{**row._asdict(), "more": row.now - row.then, "name": name_of(row.code)} for row in rows]


def name_of(code: str) -> str:
    place = org.area_then(code)
    return place.name if place else code


def digits(request: Request) -> int:
    given = request.GET.get("by", "")
    return next((digits for digits in LEVELS if str(digits) == given), 15)


def period(request: Request) -> tuple[date, date, str]:
    """The days asked for, both included; the last twelve months where none or impossible ones are."""
    today = org.day()
    usual = (today - USUAL, today)
    try:
        since, until = (
            date.fromisoformat(text) if (text := request.GET.get(name, "")) else day
            for name, day in zip(("since", "until"), usual, strict=True)
        )
    except ValueError:
        return *usual, _("A date like 2026-11-30.")
    if since > until or since.year < EARLIEST or until.year > today.year + 2:
        return *usual, _("The first day comes before the last.")
    return since, until, ""
