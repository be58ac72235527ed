"""Layers of useful things: all of them, a new one, and one with its settings and who sees it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from onegrid.gazetteer import actions, queries
from onegrid.gazetteer.forms import layers as forms
from onegrid.gazetteer.models import Layer
from onegrid.gazetteer.views.shared import layer_of
from onegrid.org.doors import Request, door, frame, once
from onegrid.org.roles import ADMIN_SYSTEM

EMPTY = {"icon": "dot", "seen": forms.STAFF}


@door(ADMIN_SYSTEM, methods=("GET", "POST"))
@once
def layers(request: Request) -> HttpResponse:
    """The list; its form makes a new layer, which nobody but staff sees until somebody says otherwise."""
    if request.method != "POST":
        return listed(request, EMPTY)
    typed = forms.typed_in(request.POST)
    wish = forms.wish_of(typed, code=typed["code"], public=typed["seen"] == forms.PUBLIC)
    try:
        made = actions.keep_layer(request.actor, wish=wish, version=0)
    except actions.NotGiven as refused:
        return listed(request, typed, faults=refused.fields)
    messages.success(request, _("The layer is made. Now its things: upload a file."))
    return redirect("gazetteer:layer", made.code)


def listed(request: Request, typed: dict[str, str], *, faults: dict[str, str] | None = None) -> HttpResponse:
    rows = [
        {"layer": one, "count": getattr(one, "count", 0), "icon": forms.ICONS.get(one.icon, one.icon),
         "seen": forms.seen_of(one), "label": forms.SEEN[forms.seen_of(one)]}
        for one in queries.all_layers(request.actor)
    ]  # fmt: skip
    given = {**frame(request), **choices(), "rows": rows, "typed": typed, "faults": faults}
    return render(request, "gazetteer/layers.html", given, status=422 if faults else 200)


def choices() -> dict[str, Any]:
    return {"icons": forms.ICONS.items(), "sights": forms.SEEN.items()}


@door(ADMIN_SYSTEM, methods=("GET", "POST"))
@once
def layer(request: Request, code: str) -> HttpResponse:
    """One layer with its form; its code stays."""
    one = layer_of(request, code)
    if request.method != "POST":
        return shown(request, one)
    typed = {**forms.typed_in(request.POST), "code": one.code}
    wish = forms.wish_of(typed, code=one.code, public=one.public)
    try:
        actions.keep_layer(request.actor, wish=wish, version=forms.version_of(request.POST))
    except actions.NotGiven as refused:
        return shown(request, one, typed=typed, faults=refused.fields, status=422)
    except actions.OtherVersion:
        return shown(request, layer_of(request, code), typed=typed, refusal=meanwhile(), status=409)
    messages.success(request, _("The layer is kept."))
    return redirect("gazetteer:layer", one.code)


@door(ADMIN_SYSTEM, methods=("POST",))
@once
def show(request: Request, code: str) -> HttpResponse:
    """Who sees a layer: everybody, staff, or nobody."""
    one, seen = layer_of(request, code), request.POST.get("seen", "")
    if seen not in forms.SEEN:
        raise Http404
    public, hidden = seen == forms.PUBLIC, seen == forms.HIDDEN
    version = forms.version_of(request.POST)
    try:
        actions.show_layer(request.actor, code=one.code, version=version, public=public, hidden=hidden)
    except actions.OtherVersion:
        return shown(request, layer_of(request, code), refusal=meanwhile(), status=409)
    messages.success(request, _("Seen by: %(who)s.") % {"who": forms.SEEN[seen]})
    return redirect("gazetteer:layer", one.code)


def meanwhile() -> str:
    return _("The layer was changed meanwhile. What you typed is below; look at it again and send it once more.")


def shown(request: Request, one: Layer, *, status: int = 200, **more: Any) -> HttpResponse:
    seen = forms.seen_of(one)
    given = {
        **frame(request), **choices(), "layer": one, "seen": seen, "label": forms.SEEN[seen],
        "count": queries.count_of(request.actor, one), "typed": forms.typed_of(one), **more,
    }  # fmt: skip
    return render(request, "gazetteer/layer.html", given, status=status)
