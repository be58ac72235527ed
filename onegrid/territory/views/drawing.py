"""The editor of a draft: the grids of a village in list, drawing and map, a form per deed, the last deed taken back."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from onegrid.kit import partition
from onegrid.org import queries as org
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import ADMIN_SYSTEM
from onegrid.territory import actions, queries
from onegrid.territory.forms.drawing import asked_of
from onegrid.territory.models import Redivision
from onegrid.territory.queries import READERS
from onegrid.territory.rules import drafting
from onegrid.territory.rules.change_words import KIND_LABELS
from onegrid.territory.rules.drafting import GRID, Rows
from onegrid.territory.rules.outcome import differs
from onegrid.territory.rules.picture import picture
from onegrid.territory.rules.redivision_life import REDIVISION
from onegrid.territory.views import redivisions
from onegrid.territory.views.around import code_shown, draft_faults, frame, place_name, row_name, version_of

TOWN = 9


@door(ADMIN_SYSTEM)
def draw(request: Request, redivision_id: int) -> HttpResponse:
    """Choose a village and a grid, then a deed."""
    return editor(request, redivisions.seen(request, redivision_id))


def editor(request: Request, found: Redivision, *, status: int = 200, **more: Any) -> HttpResponse:
    may = REDIVISION.may("edit", found, request.actor)
    if not may:
        return redivisions.page(request, found, status=409, refusal=str(getattr(may, "reason", "")))
    current = queries.current_rows(found.area)
    rows = queries.draft_rows(found, current)
    key = request.POST.get("key") or request.GET.get("key", "")
    village = village_of(request, found, rows, key)
    own = {one: rows[one] for one in sorted(rows, key=listed_last) if rows[one]["parent"] == village}
    changes = list(found.changes.order_by("n"))
    shown = {
        **frame(request), "found": found, "village": village, "villages": villages(found), "chosen": rows.get(key),
        "chosen_key": key if key in rows else "", "chosen_name": row_name(rows[key]) if key in rows else "",
        "chosen_code": code_shown(key),
        "grids": [(one, row_name(row), row, one == key, code_shown(one)) for one, row in own.items()],
        "drawing": picture({one: row["outline"] for one, row in own.items()}, [key]),
        "names": {one: row_name(row) for one, row in own.items()},
        "last": str(KIND_LABELS[changes[-1].kind]) if changes else "", "many": len(changes),
        "draft_faults": draft_faults(found, current, rows) if changes else [],
        "bounds": bounds(own), "typed": request.POST if request.method == "POST" else {}, **more,
    }  # fmt: skip
    if key in rows:
        shown |= tools(found, rows, key)
    return render(request, "territory/draw.html", shown, status=status)


def listed_last(key: str) -> tuple[bool, str]:
    """Grids with a code first, new ones behind them."""
    return key.startswith("n"), key.zfill(6)


def village_of(request: Request, found: Redivision, rows: Rows, key: str) -> str:
    """The village that is asked for, or that of the chosen grid, or where something was changed last."""
    if key in rows:
        return str(rows[key]["parent"])
    asked = request.POST.get("parent") or request.GET.get("village", "")
    known = [place.code for place in queries.villages(found.area)]
    if asked in known:
        return asked
    last = found.changes.order_by("-n").first()
    return next((row["parent"] for row in (last.after if last else {}).values()), known[0] if known else "")


def villages(found: Redivision) -> list[tuple[str, list[tuple[str, str]]]]:
    """Villages by town, for a list."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for place in queries.villages(found.area):
        groups.setdefault(place.code[:TOWN], []).append((place.code, place.name))
    return [(name.name if (name := org.area(town)) else town, inside) for town, inside in groups.items()]


def tools(found: Redivision, rows: Rows, key: str) -> dict[str, Any]:
    """What the forms of one grid offer: its neighbours, its shared points, the workers of its town."""
    row = rows[key]
    near = drafting.around(rows, [drafting.box_of(row)]) if row["kind"] == GRID and row["outline"] else {}
    net = drafting.net_of(near)
    beside = partition.neighbours(net, [key]) if key in net else []
    town = queries.workers_to_choose(row["parent"][:TOWN])
    everybody = town if set(row["workers"]) <= set(town) else queries.workers_to_choose(found.area)
    return {
        "beside": [(one, row_name(near[one])) for one in beside if near[one]["parent"] == row["parent"]],
        "points": [f"{x:.7f}, {y:.7f}" for x, y in partition.vertices(net[key])] if key in net else [],
        "workers": [(user, name, user in row["workers"]) for user, name in everybody.items()
                    if user in town or user in row["workers"]],
        "special": row["kind"] != GRID, "home": place_name(row["parent"]),
    }  # fmt: skip


def bounds(rows: Rows) -> str:
    boxes = [drafting.box_of(row) for row in rows.values() if row["outline"]]
    if not boxes:
        return ""
    west, south, east, north = zip(*boxes, strict=True)
    return f"{min(west):.5f},{min(south):.5f},{max(east):.5f},{max(north):.5f}"


@door(*READERS)
def grids(request: Request, redivision_id: int) -> HttpResponse:
    """The grids of a town as the draft has them, as GeoJSON for the map."""
    found = redivisions.seen(request, redivision_id)
    town = request.GET.get("town", "")[:TOWN]
    current = queries.current_rows(found.area)
    features = [
        feature(key, row, current.get(key))
        for key, row in queries.draft_rows(found, current).items()
        if row["outline"] and len(town) == TOWN and row["parent"].startswith(town)
    ]  # fmt: skip
    return JsonResponse({"type": "FeatureCollection", "features": features}, content_type="application/geo+json")


def feature(key: str, row: drafting.Row, was: drafting.Row | None) -> dict[str, Any]:
    changed = was is None or differs(was, row)
    told = {"key": key, "name": row_name(row), "kind": row["kind"], "changed": changed}
    return {"type": "Feature", "geometry": row["outline"], "properties": told}


@door(ADMIN_SYSTEM, methods=("POST",))
@once
def change(request: Request, redivision_id: int, kind: str) -> HttpResponse:
    """One deed; the editor again, at the village of what came of it."""
    found = redivisions.seen(request, redivision_id)
    asked = asked_of(kind, request.POST)
    try:
        actions.add_change(
            actor=request.actor, redivision_id=found.pk, version=version_of(request), kind=kind, asked=asked
        )
    except actions.NotAllowed as refused:
        return editor(request, found, status=409, refusal=str(refused.refusal.reason), tried=kind)
    except actions.NotGiven as missing:
        return editor(request, found, status=422, faults=missing.fields, tried=kind)
    return HttpResponseRedirect(back_to(found), status=303)


@door(ADMIN_SYSTEM, methods=("POST",))
@once
def drop(request: Request, redivision_id: int) -> HttpResponse:
    """The last deed is taken back."""
    found = redivisions.seen(request, redivision_id)
    village = request.POST.get("village", "")
    try:
        actions.drop_change(actor=request.actor, redivision_id=found.pk, version=version_of(request))
    except actions.NotAllowed as refused:
        return editor(request, found, status=409, refusal=str(refused.refusal.reason))
    address = reverse("territory:draw", args=[found.pk])
    return HttpResponseRedirect(f"{address}?village={village}" if village.isdecimal() else address, status=303)


def back_to(found: Redivision) -> str:
    """Where the last deed was done, its first grid chosen."""
    last = found.changes.order_by("-n").first()
    address = reverse("territory:draw", args=[found.pk])
    keys = list(last.after) if last else []
    own = [key for key in keys if last and key not in last.before] or keys
    return f"{address}?key={own[0]}" if own else address
