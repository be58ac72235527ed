"""Heat and change: matters per hexagon against the period before, as a map, a table, a file, and the matters behind."""

import csv
import io
import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from onegrid.events import queries as events
from onegrid.insight import queries
from onegrid.insight.queries import heat
from onegrid.insight.queries.heat import Heat, Hexagon
from onegrid.insight.rules.heat import MONTH, SIZES, STEPS, WEEK, Span
from onegrid.insight.views.asked import SEEING
from onegrid.kit.text import cell as cell_text
from onegrid.org import queries as org
from onegrid.org.doors import Request, door, frame

TABLE_MOST = 100


@door(*SEEING)
def page(request: Request) -> HttpResponse:
    wish = wished(request)
    found = told(request, wish)
    if "back" not in request.GET and not found["now"] and not found["before"]:
        # A new house has no whole period behind it yet.
        wish = replace(wish, back=0)
        found = told(request, wish)
    bounds = queries.bounds_of(wish.area or request.actor.area)
    shown = {
        **frame(request), **found, "periods": json.dumps({unit: labels(request, unit) for unit in STEPS}),
        "areas": areas(request), "groups": groups(), "bounds": ",".join(f"{edge:.5f}" for edge in bounds or ()),
        "now_labels": labels(request, wish.unit),
    }  # fmt: skip
    return render(request, "insight/heat.html", shown)


@door(*SEEING)
def data(request: Request) -> JsonResponse:
    """The hexagons of the map, and the table beside it as it is drawn."""
    wish = wished(request)
    shown = told(request, wish)
    table = render_to_string("insight/_heat_table.html", shown, request=request)
    cells = [[one.key, one.ring, one.now, one.before, one.change, one.name] for one in shown["cells"]]
    return JsonResponse({"cells": cells, "table": table, "label": shown["label"], "file": shown["file"]})


@door(*SEEING)
def file(request: Request) -> HttpResponse:
    """Every hexagon as a line; a table program opens it as it is."""
    wish, out = wished(request), io.StringIO()
    lines = csv.writer(out)
    lines.writerow([_("Hexagon"), _("Place"), _("This period"), _("Period before"), _("Difference"), _("Per cent")])
    for one in heat.hexagons(request.actor, wish):
        share = "" if one.percent is None else one.percent
        lines.writerow([one.key, cell_text(one.name), one.now, one.before, one.more, share])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"heat-{wish.unit}-{span_of(request, wish).since}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@door(*SEEING)
def cell(request: Request, cell: str) -> HttpResponse:
    """The matters behind one hexagon, as far as this reader may open them."""
    wish, known = wished(request), heat.cell_of(cell)
    if known is None:
        raise Http404
    found = heat.behind(request.actor, wish, known)
    rows = [{"event": one, "leaf": leaf(one), "place": heat.place_name(one.area)} for one in found.rows]
    shown = {**frame(request), "rows": rows, "count": found.count, "label": label(span_of(request, wish), wish.unit),
             "query": urlencode(asked(wish))}  # fmt: skip
    return render(request, "insight/heat_cell.html", shown)


def wished(request: HttpRequest) -> Heat:
    """What the address says; what is unknown counts as not said."""
    given = request.GET
    unit = given.get("unit") if given.get("unit") in STEPS else MONTH
    assert unit is not None
    area, group = given.get("area", ""), given.get("group", "")
    return Heat(
        unit=unit, back=number(given.get("back", ""), range(STEPS[unit]), 1),
        area=area if area in org.areas() else "", group=group if group in events.categories() else "",
        size=number(given.get("size", ""), SIZES, 7),
        sort=given["sort"] if given.get("sort") in heat.SORTS else "now",
    )  # fmt: skip


def number(text: str, allowed: Any, usual: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 and int(text) in allowed else usual


def asked(wish: Heat) -> dict[str, str | int]:
    return {"unit": wish.unit, "back": wish.back, "area": wish.area, "group": wish.group, "size": wish.size}


def told(request: Request, wish: Heat) -> dict[str, Any]:
    cells: list[Hexagon] = heat.hexagons(request.actor, wish)
    times = heat.compared(wish, wish.area or request.actor.area)
    query = urlencode(asked(wish))
    return {
        "wish": wish, "cells": cells, "rows": cells[:TABLE_MOST], "more": max(len(cells) - TABLE_MOST, 0),
        "now": sum(one.now for one in cells), "before": sum(one.before for one in cells),
        "label": label(times.span, wish.unit), "before_label": label(times.earlier, wish.unit),
        "running": times.until < org.calendar(wish.area or request.actor.area).moment(times.span.until),
        "query": query, "file": f"table.csv?{query}", "sorts": sorts(wish, query),
    }  # fmt: skip


def sorts(wish: Heat, query: str) -> list[dict[str, Any]]:
    names = {"place": _("Place"), "now": _("This period"), "before": _("Period before"), "change": _("Difference")}
    return [{"by": by, "name": name, "on": by == wish.sort, "address": f"?{query}&sort={by}"}
            for by, name in names.items()]  # fmt: skip


def span_of(request: Request, wish: Heat) -> Span:
    return heat.compared(wish, wish.area or request.actor.area).span


def labels(request: Request, unit: str) -> list[str]:
    return [label(one, unit) for one in heat.periods(unit, heat.today(request.actor))]


def label(span: Span, unit: str) -> str:
    if unit == MONTH:
        return date_format(span.since, "YEAR_MONTH_FORMAT")
    assert unit == WEEK
    return f"{date_format(span.since, 'MONTH_DAY_FORMAT')}–{date_format(span.last, 'MONTH_DAY_FORMAT')}"


def areas(request: Request) -> list[org.Place]:
    """The reader's own area and the towns in it."""
    own = request.actor.area
    return [one for one in org.areas().values() if one.code.startswith(own) and (one.code == own or one.kind == "town")]


def groups() -> list[tuple[str, str]]:
    """The branches of two digits of which there are leaves."""
    codes = dict.fromkeys(one.code[:2] for one in events.leaves())
    return [(code, events.category_name(code) or code) for code in codes]


def leaf(event: Any) -> str:
    return events.category_name(event.category) or _("Kind not decided")
