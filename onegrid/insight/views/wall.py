"""The wall: an open page without anything in it, and what a code lets its screen ask for.

The code stands behind the # of the address, so that it reaches no log; the page sends it in a header with each
question. Whatever opens nothing gets one and the same answer.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext as _

from onegrid.events import queries as events
from onegrid.insight import actions
from onegrid.insight.models import WallLink
from onegrid.insight.queries import wall
from onegrid.insight.rules.wall import PANELS, least_told, parts_told
from onegrid.kit import chance, clock, crypto
from onegrid.kit.reference import reference
from onegrid.org import actions as house
from onegrid.org import doors
from onegrid.org import queries as org
from onegrid.org.doors import open_door
from onegrid.org.rules.sight import NONE, Sight

HEADER = "Wall-Code"
TICKET_SECONDS = 30
QUESTIONS = {
    "clocks": wall.clocks, "today": wall.today, "thanks": wall.thanks, "promises": wall.promises,
    "lights": wall.lights, "duty": wall.duty,
}  # fmt: skip


@open_door()
def page(request: HttpRequest) -> HttpResponse:
    """The empty page; `?language=` is for screens that keep no cookie."""
    language = request.GET.get("language", "")
    with translation.override(language if language in dict(settings.LANGUAGES) else translation.get_language()):
        answer = render(request, "insight/wall.html")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@open_door()
def data(request: HttpRequest) -> JsonResponse:
    """Every panel of the link's area that has something to say, as it is now."""
    link = opened(request)
    if link is None:
        return closed()
    language = request.GET.get("language", "")
    told = shown(link.area, language if language in dict(settings.LANGUAGES) else str(translation.get_language()))
    return private(JsonResponse({**told, "now": round(clock.now().timestamp() * 1000), "script": script()}))


@open_door()
def ticket(request: HttpRequest) -> JsonResponse:
    """The ticket with which a screen hears that something happened in its area; never what."""
    link = opened(request)
    if link is None:
        return closed()
    signed = crypto.sign(carried(link), TICKET_SECONDS, key=settings.SECRET_KEY.encode())
    return private(JsonResponse({"ticket": signed, "url": settings.STREAM_URL, "last": str(events.last_step())}))


def opened(request: HttpRequest) -> WallLink | None:
    """The link of this screen. Raises Throttled where one address asks more than a hall of screens does."""
    house.spend(address=doors.address(request), kind="wall")
    return actions.open_wall(code=request.headers.get(HEADER, ""))


def carried(link: WallLink) -> dict[str, Any]:
    """The sight of a wall: its area, nothing restricted, no posting, no unit."""
    sight = Sight(0, None, link.area, area_restricted=NONE, by_unit=False, unit_restricted=NONE)
    return {"nonce": chance.token_bytes(12).hex(), "sign_in": 0, "wall": link.pk, "area": link.area, "roles": [],
            "sight": sight.payload()}  # fmt: skip


def closed() -> JsonResponse:
    """Mistyped, unknown, revoked, expired: nobody learns which."""
    return private(JsonResponse({"code": "closed", "message": _("This link opens no wall, or no longer.")}, status=404))


def private(answer: JsonResponse) -> JsonResponse:
    answer.headers["Cache-Control"] = "no-store"
    return answer


def script() -> str:
    """The page's own script: when another one is served, the screen loads itself anew."""
    return static("map/wall.js")


@reference(seconds=5)
def shown(area: str, language: str) -> dict[str, Any]:
    """The panels as they are drawn; the same for every screen of the area."""
    with translation.override(language):
        place, now = org.area(area), wall.open_now(area)
        panels = [
            {"name": panel.name, "seconds": panel.seconds, "html": html}
            for panel in PANELS
            if (html := drawn(panel.name, area, now))
        ]
        name = place.name if place else area
        return {"area": name, "zone": org.zone(area), "strip": strip(area, now), "panels": panels}


def strip(area: str, now: wall.OpenNow) -> str:
    told = {"counts": now.counts, "parts": parts_told(area, now.counts), "least": least_told(area)}
    return render_to_string("insight/wall/strip.html", told)


def drawn(name: str, area: str, now: wall.OpenNow) -> str:
    found = wall.clusters(area, now) if name == "map" else QUESTIONS[name](area)
    return render_to_string(f"insight/wall/{name}.html", {"found": found, "least": least_told(area)}) if found else ""
