"""Which grid am I in, who works there, whom do I call; and the places that a stranger finds while typing.

The point travels in the body of a POST and is kept nowhere.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from onegrid.gazetteer import queries as gazetteer
from onegrid.org import actions as house
from onegrid.org import doors
from onegrid.org import queries as org
from onegrid.org.doors import open_door
from onegrid.public.forms import Draft
from onegrid.public.queries import my_grid as questions
from onegrid.public.views.house import resizable

MOST_TYPED = 80


@open_door()
def places(request: HttpRequest) -> HttpResponse:
    """At most ten places for what was typed so far."""
    house.spend(address=doors.address(request), kind="places")
    found = gazetteer.search(request.GET.get("q", "")[:MOST_TYPED])
    return JsonResponse({"rows": [gazetteer.row_of(one) for one in found]})


@open_door(methods=("GET", "POST"))
@resizable
def my_grid(request: HttpRequest) -> HttpResponse:
    """A form; then the grid of the point, or the places that the words may mean."""
    if request.method != "POST":
        return page(request, {})
    draft = Draft.read(request.POST)
    if not (draft.point or draft.address):
        return page(request, {"draft": draft})
    house.spend(address=doors.address(request), kind="grid")
    if draft.point:
        return at_point(request, draft)
    found = questions.places_of(draft.address)
    if len(found) == 1 and found[0].match == 0:
        return at_point(request, draft.at_spot(f"{found[0].lon},{found[0].lat}"))
    return page(request, {"draft": draft, "found": found, "asked": True})


def at_point(request: HttpRequest, draft: Draft) -> HttpResponse:
    point = draft.point
    assert point is not None
    found = org.territory().locate(*point)
    code = found.code or found.special
    if code is None:
        wrong = _("This place lies in no grid of the county. Type an address here, or call the governance centre.")
        return page(request, {"draft": draft.without_place(), "wrong": wrong})
    return page(request, {"draft": draft, "grid": questions.grid(code, point)})


def page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    answer = render(request, "public/my_grid.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer
