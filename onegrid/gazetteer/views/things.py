"""The things of a layer, and named places, from a file: uploaded here, then looked at and written by jobs."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from onegrid.gazetteer.actions import SYSTEMS
from onegrid.gazetteer.adapters.files import Unreadable
from onegrid.gazetteer.forms import uploads
from onegrid.gazetteer.views.shared import layer_of
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.doors import Request, door, frame, once
from onegrid.org.models import Import
from onegrid.org.roles import ADMIN_SYSTEM


@door(ADMIN_SYSTEM, methods=("GET", "POST"))
@once
def page(request: Request, code: str) -> HttpResponse:
    """Things of one layer: the form and its last files; a file that came has a page of its own."""
    layer = layer_of(request, code)
    home = reverse("gazetteer:things", args=(layer.code,))
    if request.method != "POST":
        return shown(request, home, layer=layer)
    typed = uploads.typed_in(request)
    try:
        file = uploads.fit(request.FILES.get("file"), typed)
    except Unreadable as error:
        return shown(request, home, layer=layer, typed=typed, status=422, refusal=str(error))
    return begun(request, Import.THINGS, home, file, layer.code, typed)


@door(ADMIN_SYSTEM, methods=("GET", "POST"))
@once
def names(request: Request) -> HttpResponse:
    """Named places of one source: the form and the last files."""
    home = reverse("gazetteer:names")
    if request.method != "POST":
        return shown(request, home)
    typed = uploads.typed_in(request)
    try:
        file = uploads.fit(request.FILES.get("file"), typed)
        if not typed["source"]:
            raise Unreadable(_("Say which source the names are from."))
    except Unreadable as error:
        return shown(request, home, typed=typed, status=422, refusal=str(error))
    return begun(request, Import.NAMES, home, file, typed["source"], typed)


def begun(
    request: Request, kind: str, home: str, file: "UploadedFile[bytes]", target: str, typed: dict[str, str]
) -> HttpResponse:
    asked = {"system": typed["system"], "whole": typed["whole"]}
    task = f"gazetteer.tasks.import_{kind}"
    upload = org.Upload(kind, task, home, file.name or "", file.chunks(), target=target, asked=asked)
    return redirect("org:import", org.begin_import(request.actor, upload).pk)


def shown(
    request: Request, home: str, *, typed: dict[str, str] | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    given = {
        **frame(request), "typed": typed or {}, "systems": SYSTEMS.items(),
        "imports": places.last_imports(request.actor, home), **more,
    }  # fmt: skip
    return render(request, "gazetteer/things.html" if "layer" in more else "gazetteer/names.html", given, status=status)
