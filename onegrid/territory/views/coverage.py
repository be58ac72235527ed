"""Whether the grids cover the land, fault by fault with a picture, and how evenly the work lies on them."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from django.http import HttpResponse
from django.shortcuts import redirect, render

from onegrid.kit import coverage as check
from onegrid.kit.coverage import Finding
from onegrid.org import queries as org
from onegrid.org.actions import Refused
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import ADMIN_SYSTEM
from onegrid.territory import actions, queries
from onegrid.territory.rules import words
from onegrid.territory.rules.pictures import picture
from onegrid.territory.views.below import below
from onegrid.territory.views.frame import READERS, frame, only_centres

HOME = "territory:coverage"
# Faults drawn on one page; the rest is counted, and comes nearer as these are mended.
MOST_SHOWN = 40


@door(*READERS)
def coverage(request: Request) -> HttpResponse:
    """The faults in the area of the reader's centre, the gravest first."""
    only_centres(request)
    return page(request)


@door(ADMIN_SYSTEM, methods=("POST",))
@once
def mend(request: Request) -> HttpResponse:
    """Mend one sliver, shift or strip outside; what was there before stays on the trail."""
    only_centres(request)
    given = request.POST
    try:
        actions.mend(request.actor, area=request.actor.area, key=given.get("fault", ""), deed=given.get("deed", ""))
    except Refused as refused:
        return page(request, status=409, refusal=refused.message)
    return redirect(HOME)


@door(*READERS)
def balance(request: Request) -> HttpResponse:
    """Households, matters and workers of each grid, with quartiles per town."""
    only_centres(request)
    towns = queries.balance(request.actor.area)
    return render(request, "territory/balance.html", {**frame(request, "territory:balance"), "towns": towns})


def page(request: Request, *, status: int = 200, **more: Any) -> HttpResponse:
    area = request.actor.area
    found = queries.check_area(area)
    wanted = request.GET.get("kind", "")
    kinds = Counter(one.kind for one in found)
    shown = [one for one in found if wanted not in check.KINDS or one.kind == wanted]
    return render(request, "territory/coverage.html", {
        **frame(request, HOME), "total": len(found), "wanted": wanted,
        "kinds": [(kind, words.KINDS[kind], kinds[kind]) for kind in check.KINDS if kinds[kind]],
        "rows": rows_of(shown[:MOST_SHOWN], area), "more": max(0, len(shown) - MOST_SHOWN),
        "mends": request.actor.has(ADMIN_SYSTEM), **more,
    }, status=status)  # fmt: skip


def rows_of(found: Sequence[Finding], area: str) -> list[dict[str, Any]]:
    """Each fault with its words, its picture and what may mend it."""
    if not found:
        return []
    grids, _parents = queries.land(area)
    outlines = np.array([grid.outline for grid in grids if grid.outline is not None], dtype=object)
    tree = shapely.STRtree(outlines)
    return [row_of(one, outlines, tree) for one in found]


def row_of(one: Finding, outlines: Any, tree: shapely.STRtree) -> dict[str, Any]:
    near = [] if one.outline is None else outlines[tree.query(one.outline.buffer(0.002))]
    drawn = picture(one.outline, near)
    return {
        "key": queries.key_of(one), "kind": one.kind, "label": words.kind(one), "size": words.size(one),
        "place": words.place(one.at), "grids": [(code, name_of(code)) for code in one.codes],
        "picture": drawn, "under": below(drawn), "deeds": actions.deeds(one),
    }  # fmt: skip


def name_of(code: str) -> str:
    place = org.area(code)
    return place.name if place else ""
