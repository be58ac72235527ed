"""Done where it was met: one page for a worker's phone, from the words to the photos before and after."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from onegrid.events import actions, queries
from onegrid.events.actions import Reported
from onegrid.events.views import entry, panes, photos
from onegrid.events.views.panes import IN_THE_GRID
from onegrid.kit.images import BadPicture
from onegrid.org import queries as org
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import Actor

FIELDS = ("words", "category", "area", "address", "longitude", "latitude", "result")


@door(*IN_THE_GRID, methods=("GET", "POST"))
@once
def on_the_spot(request: Request) -> HttpResponse:
    """An empty form, or back to it with the number of what was finished."""
    if request.method != "POST":
        return form(request, done=request.GET.get("done", ""))
    try:
        made = finished(request)
    except actions.NotGiven as missing:
        return form(request, faults=missing.fields, status=422)
    except BadPicture as bad:
        return form(request, faults={"photos": str(bad)}, status=422)
    except actions.NotAllowed as refused:
        return form(request, faults={"": str(refused.refusal.reason)}, status=409)
    return HttpResponseRedirect(f"{reverse('events:on_the_spot')}?done={made.number}", status=303)


def form(request: Request, *, done: str = "", faults: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    shown = {
        **panes.frame(request), "faults": faults or {}, "key": panes.fresh_key(), "done": done,
        "typed": {name: request.POST.get(name, "") for name in FIELDS},
        "leaves": [leaf for leaf in queries.leaves() if leaf.on_the_spot and leaf.level == 4],
        "places": places(request.actor),
    }  # fmt: skip
    return render(request, "events/on_the_spot.html", shown, status=status)


def places(actor: Actor) -> list[Any]:
    """The grids and villages of one's own area; a point on the map goes before."""
    kinds = ("village", "grid", "special")
    return [one for one in org.areas().values() if one.kind in kinds and one.code.startswith(actor.area)]


def finished(request: Request) -> Reported:
    said = {name: request.POST.get(name, "").strip() for name in FIELDS}
    return actions.report_finished(
        actor=request.actor, words=said["words"], category=said["category"], address=said["address"],
        area=said["area"] or request.actor.area, lon=entry.number(said["longitude"]),
        lat=entry.number(said["latitude"]), result=said["result"], channel="worker",
        language=get_language() or settings.LANGUAGE_CODE,
        pictures=list(photos.pictures(request, "before")), after=list(photos.pictures(request, "after")),
    )  # fmt: skip
