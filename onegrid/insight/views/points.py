"""What stands in a box of the map, as JSON for the drawing and as rows for the list beside it."""

import json

from django.http import HttpResponse
from django.shortcuts import render

from onegrid.insight import queries
from onegrid.insight.views.asked import SEEING, NotAsked, box_of, known, not_asked, wish_of, zoom_of
from onegrid.org.doors import Request, door


@door(*SEEING)
def points(request: Request) -> HttpResponse:
    """Points, or cells where they are many; see queries.Shown."""
    try:
        found = queries.shown(request.actor, wish_of(request), box_of(request), zoom_of(request))
    except NotAsked:
        return not_asked()
    return as_json({"points": found.points, "cells": found.cells, "more": found.more})


@door(*SEEING)
def point(request: Request, number: str) -> HttpResponse:
    """One matter that has just moved; 204 when it does not belong on this map."""
    found = queries.point_of(request.actor, wish_of(request), known(number))
    return HttpResponse(status=204) if found is None else as_json({"point": found})


@door(*SEEING)
def listing(request: Request) -> HttpResponse:
    try:
        rows = queries.rows_in(request.actor, wish_of(request), box_of(request))
    except NotAsked:
        return not_asked()
    return render(request, "insight/_list.html", {"rows": [queries.row_of(event) for event in rows]})


def as_json(told: dict[str, object]) -> HttpResponse:
    return HttpResponse(json.dumps(told, separators=(",", ":")), content_type="application/json")
