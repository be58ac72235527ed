"""The honest clock: where it is, who holds it, by when; and what the reporter may say to it.

The receipt travels in the body of a POST only: never in a path, a query or a log.
"""

from dataclasses import dataclass
from typing import Any, cast
from uuid import uuid4

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from onegrid.events import actions as events
from onegrid.events import queries
from onegrid.kit import attachment, codes, crypto
from onegrid.kit.images import Picture
from onegrid.kit.workflow import NotAllowed
from onegrid.notices import queries as notices
from onegrid.org import actions as org
from onegrid.org import doors
from onegrid.org.doors import open_door
from onegrid.org.roles import Actor
from onegrid.public.forms import pictures
from onegrid.public.views.house import resizable
from onegrid.public.views.report import receipt_context

PHOTO_SECONDS = 600
VERBS = ("answer", "rate", "reopen", "withdraw", "review")


@dataclass(frozen=True)
class Photo:
    """A released photo behind a link that lasts ten minutes."""

    link: str
    of_result: bool


@open_door(methods=("GET", "POST"))
@resizable
def track(request: HttpRequest) -> HttpResponse:
    """Ask for the receipt, or show what it opens."""
    if request.method != "POST":
        return private(render(request, "public/track_form.html"))
    org.spend(address=doors.address(request), kind="track")
    return shown(request, request.POST.get("receipt", ""))


def shown(request: HttpRequest, receipt: str, faults: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    found = queries.track(receipt)
    if found is None:
        sentence = _("No report opens with this receipt. Please compare each group of four with your paper.")
        return private(render(request, "public/track_form.html", {"fault": sentence}, status=404))
    typed = {"typed_words": request.POST.get("words", "") if faults else ""}
    return private(render(request, "public/track.html", context_of(found, receipt, faults) | typed, status=status))


def context_of(found: queries.Tracked, receipt: str, faults: dict[str, str] | None = None) -> dict[str, Any]:
    """What the page shows; a preview asks for it with a draft that nobody has sent."""
    zone = "Asia/Shanghai"
    promise = [clock for clock in found.clocks.clocks if clock.name in ("accept", "handle")]
    return {
        "found": found, "receipt": codes.tidy_receipt(receipt), "faults": faults or {}, "promise": promise[-1],
        "sentences": queries.account(promise[-1], zone), "idempotency_key": uuid4().hex,
        "photos": [photo_of(one) for one in found.photos],
        "refusal": next((one for one in queries.reasons("refuse") if one.code == found.event.reason), None),
        "messages_to_me": messages(found.report.pk) if found.told else [],
    }  # fmt: skip


def messages(report_id: int) -> list[Any]:
    return list(notices.to_reporter(report_id, get_language() or settings.LANGUAGE_CODE))


def private(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = "no-store"
    return answer


@open_door(methods=("POST",))
def act(request: HttpRequest) -> HttpResponse:
    """Answer, rate, reopen, withdraw or ask for a review, as the holder of the receipt."""
    org.spend(address=doors.address(request), kind="step")
    receipt, verb, key = (request.POST.get(name, "") for name in ("receipt", "verb", "idempotency_key"))
    row = queries.report_of(receipt)
    if row is None or verb not in VERBS or not 1 <= len(key) <= org.LONGEST_KEY:
        return shown(request, receipt)
    cast(doors.Request, request).actor = Actor.reporter(row.pk)
    photos, wrong = pictures(request.FILES.getlist("photos"))
    if wrong:
        return shown(request, receipt, {"photos": wrong}, status=422)
    try:
        org.answer_once(
            actor_key=f"report:{row.pk}", key=key, fingerprint=doors.print_of(request),
            produce=lambda: taken(row.pk, row.event.number, verb, request, photos),
        )  # fmt: skip
    except events.NotGiven as error:
        return shown(request, receipt, error.fields, status=422)
    except NotAllowed as error:
        return shown(request, receipt, {"verb": str(error.refusal.reason)}, status=409)
    except (org.InFlight, org.KeyReused):
        return shown(request, receipt, {"verb": _("It is being sent already; please wait a moment.")}, status=409)
    return shown(request, receipt)


def taken(report_id: int, number: str, verb: str, request: HttpRequest, photos: list[Picture]) -> org.Answer:
    """Not solved is said as a reopening, while that is still possible; a rating otherwise."""
    given = {name: request.POST[name] for name in ("words", "solved", "satisfied") if request.POST.get(name)}
    actor = Actor.reporter(report_id)
    if verb == "rate" and given.get("solved") == "no" and queries.may(actor, number, "reopen"):
        verb, given = "reopen", {"words": given.get("words", "")}
    if verb in ("answer", "reopen", "review"):
        given = {"words": given.get("words", "")}
    event = events.take(actor=actor, number=number, verb=verb, given=given if verb != "withdraw" else {}, photos=photos)
    return 200, {"state": event.state}


@open_door(methods=("POST",))
@resizable
def receipt(request: HttpRequest) -> HttpResponse:
    """The receipt once more, to print: large type, QR, groups of four."""
    org.spend(address=doors.address(request), kind="track")
    given = request.POST.get("receipt", "")
    found = queries.track(given)
    if found is None:
        return shown(request, given)
    promised = found.promised_by.isoformat() if found.promised_by else ""
    context = receipt_context(found.number, codes.tidy_receipt(given) or "", promised)
    return private(render(request, "public/done.html", context | {"again": True}))


def photo_of(row: Any) -> Photo:
    key = settings.SECRET_KEY.encode()
    ticket = crypto.sign({"f": row.public_sha256}, PHOTO_SECONDS, key=key, purpose="photo")
    return Photo(ticket, row.step_n is not None)


@open_door()
def photo(request: HttpRequest, ticket: str) -> HttpResponseBase:
    """A released photo, by a ticket that the track page gave out; no names, no scripts, no guessing."""
    try:
        sha256 = str(crypto.unsign(ticket, key=settings.SECRET_KEY.encode(), purpose="photo")["f"])
        answer = FileResponse(attachment.fetch(sha256), content_type="image/jpeg", filename="photo.jpg")
    except (crypto.Tampered, FileNotFoundError, ValueError) as error:
        raise Http404 from error
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
