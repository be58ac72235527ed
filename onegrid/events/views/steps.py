"""The deeds of the desk: a step, a request, a decision, an undo; what goes wrong comes back with what was typed."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from onegrid.events import actions, queries
from onegrid.events.rules.protection import ASKERS, DECIDERS
from onegrid.events.views import event as pages
from onegrid.events.views import matter, photos
from onegrid.events.workflow import ASKED, EVENT
from onegrid.kit.images import BadPicture
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import CHECKER, DISPATCHER, DUTY_LEADER, HANDLER, LEADER, RECEIVER

STEPPERS = (RECEIVER, DISPATCHER, CHECKER, HANDLER, DUTY_LEADER, LEADER)
GIVEN = (
    "words", "category", "level", "title", "unit", "reason", "days", "review_on", "result", "into", "article",
    "address", "longitude", "latitude", "area", "hand_over",
)  # fmt: skip
SPOT = ("address", "longitude", "latitude")
Deed = Callable[[], object]


@door(*STEPPERS, methods=("POST",))
@once
def take(request: Request, number: str, verb: str) -> HttpResponse:
    """Take the step of this verb."""
    if verb not in EVENT.verbs():
        raise Http404
    number, said = pages.known(number), given(request)
    return done(request, number, verb, lambda: actions.take(
        actor=request.actor, number=number, verb=verb, version=version(request), given=said,
        photos=photos.pictures(request),
    ))  # fmt: skip


@door(*STEPPERS, methods=("POST",))
@once
def ask_for(request: Request, number: str, verb: str) -> HttpResponse:
    """Ask for a step that is decided by somebody else."""
    if verb not in ASKED:
        raise Http404
    number, said = pages.known(number), given(request)
    return done(request, number, verb, lambda: actions.ask_for(
        actor=request.actor, number=number, kind=verb, version=version(request), given=said,
    ))  # fmt: skip


@door(*STEPPERS, methods=("POST",))
@once
def decide(request: Request, number: str, verb: str) -> HttpResponse:
    """Grant or deny what was asked for."""
    if verb not in ASKED:
        raise Http404
    number, grant = pages.known(number), request.POST.get("grant") == "yes"
    return done(request, number, verb, lambda: actions.decide(
        actor=request.actor, number=number, kind=verb, grant=grant, version=version(request),
        words=request.POST.get("words", "").strip(),
        given={"unit": request.POST["unit"]} if request.POST.get("unit") else {},
    ))  # fmt: skip


@door(*STEPPERS, methods=("POST",))
@once
def undo(request: Request, number: str) -> HttpResponse:
    number = pages.known(number)
    return done(request, number, "undo", lambda: actions.undo(actor=request.actor, number=number))


@door(RECEIVER, DISPATCHER, methods=("POST",))
@once
def part(request: Request, number: str, voice: str) -> HttpResponse:
    """Take a voice off this event; it becomes an event of its own again."""
    number, voice = pages.known(number), pages.known(voice)
    return done(request, number, "part", lambda: actions.part(actor=request.actor, number=number, voice=voice))


@door(RECEIVER, DISPATCHER, DUTY_LEADER, methods=("POST",))
def reveal(request: Request, number: str, voice: str) -> HttpResponse:
    """Show a contact once, in this answer only; every call is a look of its own on the trail."""
    number, voice, seen = pages.known(number), pages.known(voice), {}
    purpose = request.POST.get("purpose", "")

    def look() -> None:
        seen[voice] = actions.reveal(actor=request.actor, number=number, voice=voice, purpose=purpose)

    failed = tried(request, number, "reveal", look)
    return failed or pages.page(request, number, revealed=seen[voice], revealed_voice=voice)


@door(*ASKERS, methods=("POST",))
@once
def ask_unsealing(request: Request, number: str, voice: str) -> HttpResponse:
    """Ask a second person to open the contact of a protected reporter."""
    number, voice = pages.known(number), pages.known(voice)
    purpose = request.POST.get("purpose", "")
    return done(request, number, "ask_unsealing", lambda: actions.ask_unsealing(
        actor=request.actor, number=number, voice=voice, purpose=purpose))  # fmt: skip


@door(*DECIDERS, methods=("POST",))
@once
def decide_unsealing(request: Request, number: str, voice: str) -> HttpResponse:
    """Grant or deny it, as the second person."""
    number, voice = pages.known(number), pages.known(voice)
    grant, words = request.POST.get("grant") == "yes", request.POST.get("words", "").strip()
    return done(request, number, "decide_unsealing", lambda: actions.decide_unsealing(
        actor=request.actor, number=number, voice=voice, grant=grant, words=words))  # fmt: skip


def done(request: Request, number: str, verb: str, deed: Deed) -> HttpResponse:
    """Lead back to the event, or show it with what stood in the way."""
    return tried(request, number, verb, deed) or HttpResponseRedirect(back(request, number), status=303)


def back(request: Request, number: str) -> str:
    queue = request.POST.get("queue", "")
    address = reverse("events:event", args=[number])
    return f"{address}?queue={queue}" if queue in queries.QUEUES else address


def tried(request: Request, number: str, verb: str, deed: Deed) -> HttpResponse | None:
    """None when it went well; else the page of the event with the reason, and the typed text kept."""
    kept: dict[str, Any] = {"failed": verb, "typed": typed(request)}
    try:
        deed()
    except ObjectDoesNotExist as error:
        # The event, the voice, or a contact that was never given or is erased.
        raise Http404 from error
    except actions.Stale as stale:
        changed = [matter.told(step) for step in queries.difference(stale.event, stale.read_version)]
        return pages.page(request, number, status=409, refusal=str(stale), changed=changed, **kept)
    except actions.NotAllowed as refused:
        return pages.page(request, number, status=409, refusal=str(refused.refusal.reason), **kept)
    except actions.NotGiven as missing:
        return pages.page(request, number, status=422, faults=missing.fields, **kept)
    except BadPicture as bad:
        return pages.page(request, number, status=422, faults={"photos": str(bad)}, **kept)
    return None


def typed(request: Request) -> dict[str, str]:
    names = (*GIVEN, "other_category", "other_unit", "other_into", "purpose")
    kept = filled(request, names)
    return kept | ({"assisting": ",".join(request.POST.getlist("assisting"))} if "assisting" in request.POST else {})


def given(request: Request) -> dict[str, Any]:
    """What the form gives; a choice from the long list goes before a proposal."""
    said = filled(request, GIVEN)
    for name in ("category", "unit", "into"):
        if request.POST.get(f"other_{name}"):
            said[name] = request.POST[f"other_{name}"]
    return said | ({"assisting": request.POST.getlist("assisting")} if "assisting" in request.POST else {})


def filled(request: Request, names: Iterable[str]) -> dict[str, str]:
    """The fields that say something; those of a place also when they were emptied."""
    return {name: request.POST[name] for name in names if name in request.POST and (request.POST[name] or name in SPOT)}


def version(request: Request) -> int:
    """The version that the reader saw; a form without one is not from this desk."""
    read = request.POST.get("version", "")
    if not read.isdecimal() or len(read) > 9:
        raise actions.NotGiven({"version": _("The page is out of date; load it anew.")})
    return int(read)
