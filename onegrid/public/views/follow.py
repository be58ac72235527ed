"""Follow a place or a kind by e-mail: asked for here, begun and ended by the one link in every message.

The code of that link travels in the body of a POST only, as a receipt does.
"""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from onegrid.events import actions as events
from onegrid.events import queries
from onegrid.org import actions as org
from onegrid.org import doors
from onegrid.org import queries as places
from onegrid.org.doors import open_door
from onegrid.public import actions
from onegrid.public.models import Follower
from onegrid.public.views.house import resizable
from onegrid.public.views.track import private

FIELDS = ("mail", "area", "category", "pace")


@open_door(methods=("GET", "POST"))
@resizable
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for an address and what it wants to hear of; the answer is the same whoever follows already."""
    if request.method != "POST":
        return form(request, {name: request.GET.get(name, "") for name in FIELDS})
    if "size" in request.POST:
        return form(request, {name: request.POST.get(name, "") for name in FIELDS})
    said, key = {name: request.POST.get(name, "") for name in FIELDS}, request.POST.get("idempotency_key", "")
    if not actions.can_follow() or not 1 <= len(key) <= org.LONGEST_KEY:
        return form(request, said, {"mail": _("Please start again: this page is too old.")})
    try:
        org.answer_once(
            actor_key="stranger", key=key, fingerprint=doors.print_of(request),
            produce=lambda: asked(request, said),
        )  # fmt: skip
    except events.NotGiven as error:
        return form(request, said, error.fields)
    except (org.InFlight, org.KeyReused):
        return form(request, said, {"mail": _("It is being sent already; please wait a moment.")})
    return private(render(request, "public/follow_asked.html"))


def asked(request: HttpRequest, said: dict[str, str]) -> org.Answer:
    org.spend(address=doors.address(request), kind="follow")
    actions.ask_to_follow(**said, language=get_language() or settings.LANGUAGE_CODE)
    return 200, {}


def form(request: HttpRequest, said: dict[str, str], faults: dict[str, str] | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "said": said, "faults": faults or {}, "idempotency_key": uuid4().hex, "branches": queries.listed_branches(),
        "county": places.area(settings.COUNTY), "towns": towns_and_villages(), "can_follow": actions.can_follow(),
        "paces": ((Follower.WEEKLY, _("Once a week, on Monday")), (Follower.AT_ONCE, _("On the day it happens"))),
    }  # fmt: skip
    return private(render(request, "public/follow.html", context, status=422 if faults else 200))


def towns_and_villages() -> list[tuple[Any, list[Any]]]:
    known = places.areas().values()
    villages = [one for one in known if one.kind == "village"]
    return [
        (town, [one for one in villages if one.code.startswith(town.code)]) for town in known if town.kind == "town"
    ]


@open_door(methods=("GET", "POST"))
@resizable
def mine(request: HttpRequest) -> HttpResponse:
    """What the link in a message opens: what is followed, and the two buttons that begin and end it."""
    if request.method != "POST":
        return private(render(request, "public/follow_mine.html"))
    org.spend(address=doors.address(request), kind="follow")
    code, deed = request.POST.get("code", ""), request.POST.get("do", "")
    if deed == "end":
        actions.end(token=code)
        return private(render(request, "public/follow_mine.html", {"ended": True}))
    row = actions.confirm(token=code) if deed == "begin" else actions.followed(token=code)
    if row is None:
        sentence = _("Nothing is followed by this link any more. It may have ended, or was never begun in three days.")
        return private(render(request, "public/follow_mine.html", {"fault": sentence}, status=404))
    shown = {"row": row, "what": actions.what_of(row), "code": code, "begun": row.confirmed_at is not None}
    return private(render(request, "public/follow_mine.html", shown))
