"""Area codes and boundaries from a file: uploaded here, then looked at and written by jobs."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from onegrid.kit import text
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.doors import Request, door, once
from onegrid.org.models import Import
from onegrid.org.roles import ADMIN_SYSTEM
from onegrid.territory.adapters.tables import Unreadable
from onegrid.territory.forms import uploads
from onegrid.territory.rules import codes, words
from onegrid.territory.views.frame import frame

HOME = "territory:import"
ADDRESS = "/settings/areas/import/"
LONGEST = 60
FIELDS = ("what", "system", "code_field", "level")
TASKS = {Import.AREAS: "territory.tasks.import_areas", Import.BOUNDARIES: "territory.tasks.import_boundaries"}
LEVELS = (*codes.LEVELS.values(), codes.GRID)


@door(ADMIN_SYSTEM, methods=("GET", "POST"))
@once
def page(request: Request) -> HttpResponse:
    """The form and the last files; a file that came has a page of its own."""
    if request.method != "POST":
        return shown(request)
    typed = {name: text.tidy(request.POST.get(name, ""))[:LONGEST] for name in FIELDS}
    if typed["what"] not in TASKS:
        raise Http404
    try:
        file = uploads.fit(request.FILES.get("file"))
    except Unreadable as error:
        return shown(request, typed=typed, status=422, refusal=str(error))
    kind = typed["what"]
    upload = org.Upload(kind, TASKS[kind], ADDRESS, file.name or "", file.chunks(), asked=asked(typed))
    return redirect("org:import", org.begin_import(request.actor, upload).pk)


def asked(typed: dict[str, str]) -> dict[str, str]:
    """How the file is to be read; what is no system and no level is none."""
    return {
        "system": typed["system"] if typed["system"] in words.SYSTEMS else "", "code_field": typed["code_field"],
        "level": typed["level"] if typed["level"] in LEVELS else "",
    }  # fmt: skip


def shown(request: Request, *, typed: dict[str, str] | None = None, status: int = 200, **more: Any) -> HttpResponse:
    given = {
        **frame(request, HOME), "typed": typed or {"what": Import.BOUNDARIES}, "systems": words.SYSTEMS.items(),
        "imports": places.last_imports(request.actor, ADDRESS), **more,
    }  # fmt: skip
    return render(request, "territory/import.html", given, status=status)
