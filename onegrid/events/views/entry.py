"""The typed entry for whoever is asked first: what was said, by which way, and the receipt that is read out."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from onegrid.events import actions, queries
from onegrid.events.actions import Reported
from onegrid.events.models import Event, Report
from onegrid.events.views import event as pages
from onegrid.events.views import explain, panes, photos
from onegrid.events.views.panes import ASKED_FIRST
from onegrid.gazetteer import queries as gazetteer
from onegrid.kit import clock, codes
from onegrid.kit.images import BadPicture
from onegrid.org import queries as org
from onegrid.org.doors import Request, door, once
from onegrid.org.models import Unit
from onegrid.org.roles import DISPATCHER, HANDLER, RECEIVER

FIELDS = (
    "words", "way", "name", "phone", "email", "address", "area", "category", "about_unit", "longitude", "latitude",
    "result", "article", "protect",
)  # fmt: skip
SHORTEST = 4
ANSWER = "answers."
WAYS: dict[str, str | Promise] = {
    "phone": gettext_lazy("Phone call"),
    "visit": gettext_lazy("Visit"),
    "letter": gettext_lazy("Letter"),
    "station": gettext_lazy("Village or community station"),
    "worker": gettext_lazy("Met on a round"),
}


@door(*ASKED_FIRST, methods=("GET", "POST"))
@once
def new(request: Request) -> HttpResponse:
    """An empty form, or the way to the receipt of what was typed."""
    if request.method != "POST":
        return form(request)
    try:
        made = typed(request)
    except actions.NotGiven as missing:
        return form(request, faults=missing.fields, status=422)
    except BadPicture as bad:
        return form(request, faults={"photos": str(bad)}, status=422)
    except actions.NotAllowed as refused:
        return form(request, faults={"": str(refused.refusal.reason)}, status=409)
    except Event.DoesNotExist as error:
        raise Http404 from error
    return HttpResponseRedirect(reverse("events:receipt", args=[made.number]), status=303)


def form(request: Request, *, faults: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    said = {name: request.POST.get(name, "") for name in FIELDS}
    said["way"] = way_of(request)
    shown = {
        **panes.frame(request), "faults": faults or {}, "key": panes.fresh_key(), "typed": said, "ways": WAYS,
        "places": [place for place in org.areas().values() if place.kind in ("town", "village")],
        "offices": [unit for unit in org.units().values() if unit.active and unit.kind != Unit.CENTRE],
        "branches": panes.branches(), **about_leaf(request, faults or {}),
    }  # fmt: skip
    return render(request, "events/new.html", shown, status=status)


def way_of(request: Request) -> str:
    """The way that was chosen, else the usual one of this post."""
    usual = "phone" if request.actor.has(RECEIVER, DISPATCHER) else "visit" if request.actor.has(HANDLER) else "worker"
    given = request.POST.get("way", "")
    return given if given in WAYS else usual


def typed(request: Request) -> Reported:
    """A new matter, a voice on one that is known, or a question answered in the same call."""
    said = {name: request.POST.get(name, "").strip() for name in FIELDS}
    given = {
        **told(request, said), "words": said["words"], "address": said["address"],
        "lon": number(said["longitude"]), "lat": number(said["latitude"]), "pictures": photos.pictures(request),
        "protect": said["protect"] == "yes",
    }  # fmt: skip
    if request.POST.get("same"):
        return actions.add_voice(actor=request.actor, number=pages.known(request.POST["same"]), **given)
    given |= {
        "area": said["area"], "category": said["category"], "about_unit": said["about_unit"],
        "about_office": bool(said["about_unit"]), "answers": answers(request),
    }  # fmt: skip
    if request.POST.get("go") == "answer":
        return actions.report_finished(actor=request.actor, result=said["result"], article=said["article"], **given)
    return actions.report(actor=request.actor, **given)


def told(request: Request, said: dict[str, str]) -> dict[str, Any]:
    """Who said it, by which way, in which language."""
    contact = {name: said[name] for name in ("name", "phone", "email") if said.get(name)}
    language = get_language() or settings.LANGUAGE_CODE
    return {"contact": contact or None, "channel": way_of(request), "language": language}


def number(text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        raise actions.NotGiven({"longitude": _("This is no number.")}) from None


def answers(request: Request) -> dict[str, Any] | None:
    """What was answered to the further questions; None where none were shown."""
    if "asked_leaf" not in request.POST:
        return None
    names = [name for name in request.POST if name.startswith(ANSWER)]
    return {name.removeprefix(ANSWER): request.POST.getlist(name) for name in names}


@door(*ASKED_FIRST, methods=("POST",))
def alike(request: Request) -> HttpResponse:
    """While it is typed: whom to call first, what the word list proposes, and what is likely the same matter."""
    words, category = request.POST.get("words", "").strip(), request.POST.get("category", "")
    if len(words) < SHORTEST:
        return HttpResponse("")
    proposed = queries.reading(words)[:2]
    category = category or (proposed[0].category if proposed else "")
    draft = Event(
        words=words, category=category, area=request.POST.get("area") or settings.COUNTY,
        address=request.POST.get("address", ""), reported_at=clock.now(),
    )  # fmt: skip
    shown = {
        "emergency": queries.emergency(words, category),
        "proposed": proposed,
        "articles": queries.articles(category),
        **meant(request),
        "twins": [(panes.row(one.event), one) for one in queries.twins(request.actor, draft) if one.likely],
    }
    return render(request, "events/_alike.html", shown)


def meant(request: Request) -> dict[str, Any]:
    """The places that the address may mean, our own and those of the outside service; none once a point is taken."""
    address = request.POST.get("address", "").strip()
    if not address or request.POST.get("longitude"):
        return {}
    found = gazetteer.candidates(address, area=request.POST.get("area", ""))
    return {"meant": found, "outside": [] if found else gazetteer.outside(address)}


@door(*ASKED_FIRST, methods=("POST",))
def further(request: Request) -> HttpResponse:
    """The further questions of the leaf; nothing when it is the one that is shown already."""
    shown = about_leaf(request, {})
    if shown["leaf"] == request.POST.get("asked_leaf", ""):
        return HttpResponse(status=204)
    return render(request, "events/_further.html", {**shown, "typed": {}, "faults": {}})


def about_leaf(request: Request, faults: dict[str, str]) -> dict[str, Any]:
    """What hangs on the leaf that was chosen or is proposed: its questions, and whether it may be answered now."""
    leaf, given = leaf_of(request), answers(request) or {}
    category = queries.categories().get(leaf)
    consulting = category is not None and category.consulting and request.actor.has(RECEIVER)
    return {
        "leaf": leaf, "leaf_name": queries.category_name(leaf),
        "asked": queries.question_fields(queries.questions(leaf), given, faults),
        "may_answer": consulting, "articles": queries.articles(leaf) if consulting else [],
    }  # fmt: skip


def leaf_of(request: Request) -> str:
    chosen = request.POST.get("category", "")
    if chosen:
        return chosen
    proposed = queries.reading(request.POST.get("words", "").strip())
    return proposed[0].category if proposed else ""


@door(*ASKED_FIRST)
def receipt(request: Request, number: str) -> HttpResponse:
    """The receipt of what one took in oneself, as often as the page is loaded within the hour."""
    try:
        voice = queries.own_voice(request.actor, pages.known(number))
    except Report.DoesNotExist as error:
        raise Http404 from error
    event = voice.event
    said = codes.receipt(voice.number, voice.receipt_counter, key=settings.SECRET_KEY.encode())
    address = f"{settings.PUBLIC_URL.rstrip('/')}/track/#{said}"
    shown = {
        "number": voice.number, "receipt": said, "promised_by": event.promised_by, "row": panes.row(event),
        "qr": explain.qr(address), "public_url": settings.PUBLIC_URL, "event": event,
        "seen": queries.sees(request.actor, event), "joined": voice.number != event.number,
    }  # fmt: skip
    return render(request, "events/receipt.html", {**panes.frame(request), **shown})
