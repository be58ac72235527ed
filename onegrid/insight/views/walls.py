"""The screens of an area: made, shown once, listed, revoked."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation

from onegrid.insight import actions, queries
from onegrid.insight.models import WallLink
from onegrid.insight.rules.wall import PANELS
from onegrid.org import queries as org
from onegrid.org.doors import Request, door, frame, once
from onegrid.org.roles import ADMIN_SYSTEM, LEADER

FIELDS = ("area", "name", "days")
USUAL_DAYS = "90"


@door(LEADER, ADMIN_SYSTEM, methods=("GET", "POST"))
@once
def walls(request: Request) -> HttpResponse:
    if request.method != "POST":
        return listed(request)
    given = {name: request.POST.get(name, "") for name in FIELDS}
    try:
        link, code = actions.make_wall_link(actor=request.actor, **given)
    except actions.NotAllowed as refused:
        return listed(request, status=409, refusal=str(refused.refusal.reason))
    except actions.NotGiven as missing:
        return listed(request, status=422, faults=missing.fields, typed=given)
    return shown_once(request, link, code)


def listed(request: Request, *, status: int = 200, **more: Any) -> HttpResponse:
    rows = [
        {"link": one, "open": queries.is_open(one), "place": place_name(one.area)}
        for one in queries.listed_walls(request.actor)
    ]
    areas = queries.wall_areas(request.actor)
    typed = more.pop("typed", {"area": request.actor.area, "name": "", "days": USUAL_DAYS})
    shown = {**frame(request), "rows": rows, "areas": areas, "typed": typed, "panels": len(PANELS), **more}
    return render(request, "insight/walls.html", shown, status=status)


def shown_once(request: Request, link: WallLink, code: str) -> HttpResponse:
    """A repeated request leads to the list: the code is kept nowhere."""
    language = str(translation.get_language())
    asked = "" if language == settings.LANGUAGE_CODE else f"?language={language}"
    address = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('wall:wall')}{asked}#{code}"
    context = {**frame(request), "link": link, "address": address, "place": place_name(link.area)}
    answer = render(request, "insight/wall_made.html", context)
    answer.headers["Content-Location"] = reverse("wall:links")
    return answer


@door(LEADER, ADMIN_SYSTEM, methods=("POST",))
@once
def revoke(request: Request, link_id: int) -> HttpResponse:
    try:
        actions.revoke_wall_link(actor=request.actor, link_id=link_id)
    except WallLink.DoesNotExist as error:
        raise Http404 from error
    except actions.NotAllowed as refused:
        return listed(request, status=409, refusal=str(refused.refusal.reason))
    return redirect("wall:links")


def place_name(code: str) -> str:
    place = org.area(code)
    return place.name if place else code
