"""The page of the map, and a view of it that is shared by a link."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from onegrid.gazetteer import queries as gazetteer
from onegrid.insight import queries
from onegrid.insight.rules.signs import CLOCK_LABELS, GROUP_LABELS, GROUPS
from onegrid.insight.views.asked import SEEING, NotAsked, box_of, not_asked, wish_of
from onegrid.insight.views.points import as_json
from onegrid.kit import codes, crypto, text
from onegrid.org import queries as org
from onegrid.org.doors import Request, door, frame

DAY_SECONDS = 86_400
FILTERS = ("group", "clock", "level", "category", "area", "period")
PURPOSE = "map view"


@door(*SEEING)
def page(request: Request) -> HttpResponse:
    actor = request.actor
    given, said = opened(request)
    said = said or not_shown(request)
    wish, bounds = queries.wish_of(given), box_in(given) or queries.bounds_of(actor.area)
    rows = queries.rows_in(actor, wish, bounds) if bounds else []
    return render(request, "insight/map.html", {
        **frame(request), "said": said,
        "bounds": ",".join(f"{edge:.5f}" for edge in bounds) if bounds else "",
        "rows": [queries.row_of(event) for event in rows], "chosen": {name: getattr(wish, name) for name in FILTERS},
        "groups": [(name, GROUP_LABELS[name]) for name in GROUPS],
        "layers": gazetteer.layers(actor), "clocks": list(CLOCK_LABELS.items()),
        "levels": ("1", "2", "3", "4"), **queries.choices(actor),
    })  # fmt: skip


def opened(request: Request) -> tuple[dict[str, Any], str]:
    """The view of a shared link, or what the address asks for; and a sentence when the link is not good any more."""
    token = request.GET.get("view", "")
    if not token:
        return request.GET.dict(), ""
    try:
        return crypto.unsign(token, key=settings.SECRET_KEY.encode(), purpose=PURPOSE), ""
    except (crypto.Tampered, ValueError):
        return {}, _("This link to a view of the map is over or not whole; you see your own area.")


def not_shown(request: Request) -> str:
    """A sentence where the matter of the address stands on no map of this reader, whether there is one or not."""
    asked = request.GET.get("event", "")
    if not asked or queries.stands(request.actor, codes.tidy_number(asked) or ""):
        return ""
    return _("The matter of this address is not shown on the map; you see your own area.")


def box_in(given: dict[str, Any]) -> queries.Box | None:
    box = given.get("box")
    return (box[0], box[1], box[2], box[3]) if isinstance(box, list) and len(box) == 4 else None


@door(*SEEING, methods=("POST",))
def share(request: Request) -> HttpResponse:
    """A link to this box with these filters: nothing of any matter, for who signs in, for a day."""
    try:
        box = box_of(request)
    except NotAsked:
        return not_asked()
    wish = wish_of(request)
    state = {"box": [round(edge, 5) for edge in box], **{name: str(getattr(wish, name) or "") for name in FILTERS}}
    token = crypto.sign(state, DAY_SECONDS, key=settings.SECRET_KEY.encode(), purpose=PURPOSE)
    return JsonResponse({"url": request.build_absolute_uri(f"{reverse('insight:map')}?view={token}")})


@door(*SEEING)
def units(request: Request) -> HttpResponse:
    """Where units sit: [code, name, longitude, latitude, whether it is their own seat]."""
    seats = [(unit, queries.seat_of(unit)) for unit in org.units().values() if unit.active]
    told = [[unit.code, unit.name, seat.lon, seat.lat, seat.exact] for unit, seat in seats if seat is not None]
    return as_json({"units": told})


@door(*SEEING)
def things(request: Request) -> HttpResponse:
    """Things of one layer in a box: [name, longitude, latitude]."""
    try:
        found = gazetteer.in_box(request.actor, box_of(request), layers=[text.tidy(request.GET.get("layer", ""))])
    except NotAsked:
        return not_asked()
    return as_json({"things": [[one.name, one.lon, one.lat] for one in found.things], "more": found.more})
