"""A unit without an account answers one matter: it reads what it must know, signs, asks, objects, hands in.

The code travels in the body of a POST only, as a receipt does; whatever opens nothing gets one and the same answer.
"""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from onegrid.events import actions as events
from onegrid.events import queries
from onegrid.events.models import Link
from onegrid.events.rules import clock_words, deadlines
from onegrid.kit import attachment, codes, crypto
from onegrid.kit.workflow import NotAllowed
from onegrid.org import actions as org
from onegrid.org import doors
from onegrid.org import queries as places
from onegrid.org.doors import open_door
from onegrid.public.forms import pictures
from onegrid.public.views.house import resizable

PHOTO_SECONDS = 600
GIVEN = ("words", "reason", "result")


@open_door(methods=("GET", "POST"))
@resizable
def answer(request: HttpRequest) -> HttpResponse:
    """Ask for the code, or show the one matter that it opens."""
    if request.method != "POST":
        return private(render(request, "public/answer_form.html"))
    org.spend(address=doors.address(request), kind="answer")
    return shown(request)


def shown(request: HttpRequest, faults: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    """Every showing is an opening, and leaves its line on the trail."""
    code = request.POST.get("code", "")
    found = events.open_link(code=code)
    if found is None:
        return closed(request)
    context = {
        "found": found, "code": codes.tidy_receipt(code), "faults": faults or {}, "key": uuid4().hex,
        "place": " ".join(place.name for place in places.area_names(found.event.area)[1:]),
        "clock": clock_words.label(deadlines.CLOCK_OF[found.event.state]),
        "photos": [ticket_of(found, one.public_sha256 or one.sha256) for one in found.photos],
        "reasons": queries.reasons("object") if "object" in found.can else [],
        "typed": {name: request.POST.get(name, "") for name in GIVEN} if faults else {},
        "verb": request.POST.get("verb", ""),
    }  # fmt: skip
    return private(render(request, "public/answer.html", context, status=status))


def closed(request: HttpRequest) -> HttpResponse:
    """Mistyped, unknown, revoked, expired, answered: nobody learns which."""
    sentence = _("This code opens nothing, or nothing any more. Please compare it, or call the centre that sent it.")
    return private(render(request, "public/answer_form.html", {"fault": sentence}, status=404))


def ticket_of(found: queries.Opened, sha256: str) -> str:
    carried = {"f": sha256, "l": found.link.pk}
    return crypto.sign(carried, PHOTO_SECONDS, key=settings.SECRET_KEY.encode(), purpose="answer photo")


def private(page: HttpResponse) -> HttpResponse:
    page.headers["Cache-Control"] = "no-store"
    return page


@open_door(methods=("POST",))
def act(request: HttpRequest) -> HttpResponse:
    """Sign, object, ask the centre or hand in; a repeated sending is answered as the first one."""
    org.spend(address=doors.address(request), kind="step")
    code, verb, key = (request.POST.get(name, "") for name in ("code", "verb", "idempotency_key"))
    link_id = queries.link_known(code)
    if link_id is None or not 1 <= len(key) <= org.LONGEST_KEY:
        return closed(request)
    photos, wrong = pictures(request.FILES.getlist("photos"))
    if wrong:
        return shown(request, {"photos": wrong}, status=422)
    try:
        org.answer_once(
            actor_key=f"link:{link_id}", key=key, fingerprint=doors.print_of(request),
            produce=lambda: taken(request, code, verb, photos),
        )  # fmt: skip
    except Link.DoesNotExist:
        return closed(request)
    except (events.NotGiven, events.Stale, NotAllowed, org.InFlight, org.KeyReused) as error:
        return again(request, error)
    if verb == "resolve":
        return private(render(request, "public/answer_done.html"))
    return shown(request)


def again(request: HttpRequest, error: Exception) -> HttpResponse:
    """The matter once more, with what stood in the way and what was typed."""
    if isinstance(error, events.NotGiven):
        return shown(request, error.fields, status=422)
    if isinstance(error, events.Stale):
        return shown(request, {"verb": _("The matter has changed meanwhile; please read it again.")}, status=409)
    if isinstance(error, NotAllowed):
        return shown(request, {"verb": str(error.refusal.reason)}, status=409)
    return shown(request, {"verb": _("It is being sent already; please wait a moment.")}, status=409)


def taken(request: HttpRequest, code: str, verb: str, photos: list[Any]) -> org.Answer:
    read = request.POST.get("version", "")
    version = int(read) if read.isdecimal() and len(read) < 10 else 0
    given = {name: request.POST[name] for name in GIVEN if request.POST.get(name)}
    events.answer_by_link(code=code, verb=verb, version=version, given=given, photos=photos)
    return 200, {"verb": verb}


@open_door()
def answer_photo(request: HttpRequest, ticket: str) -> HttpResponseBase:
    """A photo of the one matter, by a ticket of ten minutes, while its link is open."""
    try:
        carried = crypto.unsign(ticket, key=settings.SECRET_KEY.encode(), purpose="answer photo")
        if not queries.link_is_open(int(carried["l"])):
            raise Http404
        page = FileResponse(attachment.fetch(str(carried["f"])), content_type="image/jpeg", filename="photo.jpg")
    except (crypto.Tampered, FileNotFoundError, ValueError) as error:
        raise Http404 from error
    page.headers["Cache-Control"] = "private, no-store"
    page.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return page
