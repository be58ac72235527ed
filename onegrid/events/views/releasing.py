"""What strangers may see of a matter: its title and its photos, released or taken back by the centre."""

from itertools import zip_longest
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from onegrid.events import actions, queries
from onegrid.events.models import Release
from onegrid.events.views import event as pages
from onegrid.events.views import matter, panes, steps
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import CHECKER, DISPATCHER, RECEIVER

RELEASING = (RECEIVER, DISPATCHER, CHECKER)


@door(*RELEASING, methods=("POST",))
@once
def title(request: Request, number: str) -> HttpResponse:
    """Let strangers read the title, as it stands in the form, or take it back."""
    number, shown = pages.known(number), request.POST.get("release") == "yes"
    return steps.done(request, number, "title", lambda: actions.release_title(
        actor=request.actor, number=number, release=shown, version=steps.version(request),
        title=request.POST.get("title") if shown else None,
    ))  # fmt: skip


@door(*RELEASING, methods=("POST",))
@once
def photo(request: Request, number: str, sha256: str) -> HttpResponse:
    """Let the public see a photo as it is, or take it back."""
    number, shown = pages.known(number), request.POST.get("release") == "yes"
    return steps.done(request, number, "photo", lambda: actions.release_photo(
        actor=request.actor, number=number, sha256=sha256, release=shown,
    ))  # fmt: skip


SIDES = ("left", "top", "width", "height")
ROWS = 12


@door(*RELEASING, methods=("GET", "POST"))
@once
def cover(request: Request, number: str, sha256: str) -> HttpResponse:
    """The photo in full, with boxes over what strangers must not see; released covered, as it is, or not at all."""
    number = pages.known(number)
    try:
        if request.method == "POST":
            return covered(request, number, sha256)
        return cover_page(request, number, sha256, drawn(queries.released(request.actor, number, sha256)))
    except ObjectDoesNotExist as error:
        raise Http404 from error


def covered(request: Request, number: str, sha256: str) -> HttpResponse:
    boxes = given_boxes(request)
    try:
        actions.cover_photo(actor=request.actor, number=number, sha256=sha256, boxes=boxes)
    except actions.NotGiven as missing:
        return cover_page(request, number, sha256, boxes, fault=missing.fields["boxes"], status=422)
    except actions.NotAllowed as refused:
        return pages.page(request, number, status=409, refusal=str(refused.refusal.reason))
    return HttpResponseRedirect(reverse("events:cover", args=[number, sha256]), status=303)


def given_boxes(request: Request) -> list[tuple[str, ...]]:
    """The rows of the form; those without any number are left out."""
    rows = zip_longest(*(request.POST.getlist(side) for side in SIDES), fillvalue="")
    return [row for row in rows if any(value.strip() for value in row)]


def drawn(history: list[Release]) -> list[tuple[str, ...]]:
    """The boxes of the last covering, as the form holds them."""
    last = next((one for one in history if one.deed == Release.COVER), None)
    return [tuple(f"{value:g}" for value in box) for box in last.boxes] if last else []


def cover_page(
    request: Request, number: str, sha256: str, boxes: list[tuple[str, ...]], *, fault: str = "", status: int = 200
) -> HttpResponse:
    found = queries.detail(request.actor, number)
    if not matter.may_release(request.actor, found.event):
        sentence = _("The centre that holds the event decides what the public sees.")
        return pages.page(request, number, status=409, refusal=sentence)
    blank = ("",) * len(SIDES)
    shown: dict[str, Any] = {
        "event": found.event, "photo": queries.photo(request.actor, number, sha256), "fault": fault,
        "boxes": (boxes + [blank] * ROWS)[: max(ROWS, len(boxes))], "key": panes.fresh_key(), "queue": "",
        "history": [matter.decision(one) for one in queries.released(request.actor, number, sha256)],
    }  # fmt: skip
    return render(request, "events/cover.html", {**panes.frame(request), **shown}, status=status)
