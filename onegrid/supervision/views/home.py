"""The first page: what one owes. Its count stands on everybody's desk."""

from django.http import HttpResponse
from django.shortcuts import render

from onegrid.org.doors import Request, door
from onegrid.supervision import queries
from onegrid.supervision.views.frame import SEEING, frame


@door(*SEEING)
def home(request: Request) -> HttpResponse:
    return render(request, "supervision/home.html", {**frame(request, "supervision:home"), "owed": rows(request)})


@door(*SEEING)
def owed(request: Request) -> HttpResponse:
    """The line on everybody's desk that leads here, with its count."""
    found = rows(request)
    return render(request, "supervision/_owed_link.html", {"count": len(found), "late": any(one.late for one in found)})


def rows(request: Request) -> list[queries.Owed]:
    return queries.owed(request.actor)
