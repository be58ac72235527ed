"""What has been done, for everybody: the list by the stranger rule, a page at a time."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from onegrid.events import queries
from onegrid.events.queries import Seen, Wanted
from onegrid.kit import paging
from onegrid.org import actions as org
from onegrid.org import doors
from onegrid.org import queries as places
from onegrid.org.doors import open_door
from onegrid.public import actions
from onegrid.public.views.track import Photo, photo_of


@dataclass(frozen=True)
class Row:
    """A matter and the links of its released photos."""

    seen: Seen
    photos: list[Photo]


@open_door()
def matters(request: HttpRequest) -> HttpResponse:
    """A page of matters, narrowed by town, kind and state."""
    org.spend(address=doors.address(request), kind="open")
    wanted = wanted_of(request)
    try:
        found, following = queries.open_matters(wanted, request.GET.get("after"))
    except paging.BadCursor as error:
        raise Http404 from error
    kept = {name: value for name, value in vars(wanted).items() if value}
    answer = render(request, "public/open.html", {
        **choices(), "wanted": wanted, "narrowed": bool(kept), "further": request.GET.get("after"),
        "rows": [Row(one, [photo_of(photo) for photo in one.photos]) for one in found],
        "next": urlencode({**kept, "after": following}) if following else "", "query": urlencode(kept),
        "can_follow": actions.can_follow(),
    })  # fmt: skip
    # A title or a photo that is taken back must be gone with the next look.
    answer.headers["Cache-Control"] = "no-store"
    return answer


def wanted_of(request: HttpRequest) -> Wanted:
    """What is asked for; what is in none of the lists of the form is left out."""
    given = {name: request.GET.get(name, "") for name in ("area", "category", "state")}
    known = {
        "area": {town.code for town in towns()}, "state": set(queries.OPEN_STATES),
        "category": {one.code for group, leaves in queries.listed_branches() for one in (group, *leaves)},
    }  # fmt: skip
    return Wanted(**{name: value for name, value in given.items() if value in known[name]})


def choices() -> dict[str, Any]:
    states = [(state, queries.state_label(state)) for state in queries.OPEN_STATES]
    return {"towns": towns(), "branches": queries.listed_branches(), "states": states}


def towns() -> list[Any]:
    return [one for one in places.areas().values() if one.kind == "town"]
