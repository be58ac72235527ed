"""What an address of the map asks for; what cannot be read is answered with one sentence."""

import math

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from onegrid.insight import queries
from onegrid.kit import codes
from onegrid.org.roles import ANALYST, AUDITOR, CHECKER, DISPATCHER, DUTY_LEADER, HANDLER, LEADER, RECEIVER

# Whoever sees matters of more than the own round: centres, units, leaders, and who looks at their work.
SEEING = (RECEIVER, DISPATCHER, CHECKER, HANDLER, DUTY_LEADER, LEADER, ANALYST, AUDITOR)


class NotAsked(ValueError):
    """A number is missing, is none, or lies outside the earth."""


def numbers(text: str, count: int) -> list[float]:
    try:
        found = [float(one) for one in text.split(",")]
    except ValueError as error:
        raise NotAsked from error
    if len(found) != count or not all(math.isfinite(one) for one in found):
        raise NotAsked
    return found


def box_of(request: HttpRequest) -> queries.Box:
    west, south, east, north = numbers(request.GET.get("box", ""), 4)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise NotAsked
    return west, south, east, north


def zoom_of(request: HttpRequest) -> float:
    return numbers(request.GET.get("zoom", "10"), 1)[0]


def point_of(request: HttpRequest) -> tuple[float, float]:
    lon, lat = numbers(request.GET.get("at", ""), 2)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise NotAsked
    return lon, lat


def metres_of(request: HttpRequest) -> int:
    return max(1, min(queries.FARTHEST, round(numbers(request.GET.get("metres", "200"), 1)[0])))


def known(number: str) -> str:
    """The number in its one form; what is none does not exist."""
    tidied = codes.tidy_number(number)
    if tidied is None:
        raise Http404
    return tidied


def wish_of(request: HttpRequest) -> queries.Wish:
    return queries.wish_of(request.GET.dict())


def not_asked() -> HttpResponse:
    return HttpResponse(_("This part of the map cannot be read from the address."), status=422)
