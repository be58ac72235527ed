"""The duty matrix: who answers for what, and for what nobody is named."""

from django.http import HttpResponse
from django.shortcuts import render

from onegrid.org.doors import Request, door
from onegrid.supervision import queries
from onegrid.supervision.views.frame import SEEING, frame


@door(*SEEING)
def duties(request: Request) -> HttpResponse:
    """Filtered by town and branch; what is not to be chosen falls back to the whole."""
    places, branches = queries.duty_places(request.actor), queries.branches()
    area = chosen(request.GET.get("area", ""), [one.code for one in places], request.actor.area)
    branch = chosen(request.GET.get("branch", ""), [code for code, _name in branches], "")
    only = request.GET.get("only") == "unnamed"
    found = queries.duties(request.actor, area=area, branch=branch, only_unnamed=only)
    shown = {
        **frame(request, "supervision:duties"), "found": found, "places": places, "branches": branches,
        "area": area, "branch": branch, "only": only,
    }  # fmt: skip
    return render(request, "supervision/duties.html", shown)


def chosen(given: str, known: list[str], otherwise: str) -> str:
    return given if given in known else otherwise
