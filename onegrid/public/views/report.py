"""One question a page: what, where, is it the same matter, who may ask back; then one sending.

Nothing is stored before it is sent: each page carries the answers so far in its own form.
"""

import base64
import io
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from onegrid.events import actions as events
from onegrid.events import queries
from onegrid.gazetteer import queries as gazetteer
from onegrid.kit import codes
from onegrid.org import actions as org
from onegrid.org import doors
from onegrid.org import queries as places
from onegrid.org.doors import open_door
from onegrid.org.roles import Actor
from onegrid.public.forms import Draft, pictures
from onegrid.public.views.house import resizable

PAGES = ("what", "where", "which", "same", "further", "contact")


@open_door(methods=("GET", "POST"))
@resizable
def report(request: HttpRequest) -> HttpResponse:
    """Show the next question, or the same one with what is wrong."""
    if request.method != "POST":
        return page(request, "what", Draft())
    draft, here = Draft.read(request.POST), request.POST.get("page", "what")
    if "size" in request.POST:
        return again(request, here, draft)
    if request.POST.get("go") == "back":
        return page(request, before(here, draft), draft)
    faults = draft.faults()
    if faults:
        return page(request, "where" if "category" in faults else "what", draft, faults)
    faults = further_faults(draft) if here == "further" else {}
    if faults:
        return page(request, "further", draft, faults)
    if here == "what" and not draft.warned and (call := queries.emergency(draft.words, draft.category)):
        return page(request, "emergency", replace(draft, warned="yes"), call=call)
    return page(request, after(here, draft), draft)


def again(request: HttpRequest, here: str, draft: Draft) -> HttpResponse:
    """The same page once more, as it was filled in so far."""
    if here == "emergency" and (call := queries.emergency(draft.words, draft.category)):
        return page(request, here, draft, call=call)
    return page(request, here if here in PAGES else "what", draft)


def after(here: str, draft: Draft) -> str:
    return next(name for name in PAGES[place_of(here) + 1 :] if wanted(name, draft))


def before(here: str, draft: Draft) -> str:
    return next((name for name in reversed(PAGES[: place_of(here)]) if wanted(name, draft)), "what")


def place_of(here: str) -> int:
    """Where a page stands in the order; what is none, like the emergency page, stands at the beginning."""
    return min(PAGES.index(here), len(PAGES) - 2) if here in PAGES else 0


def wanted(name: str, draft: Draft) -> bool:
    """Three pages are shown only where there is something to ask."""
    if name == "which":
        return bool(meant(draft))
    if name == "same":
        return bool(twins(draft))
    if name == "further":
        return not draft.ref and bool(queries.questions(leaf_of(draft)))
    return True


def further_faults(draft: Draft) -> dict[str, str]:
    asked = queries.questions(leaf_of(draft))
    return events.answer_faults(asked, draft.answered(one.key for one in asked))


def page(
    request: HttpRequest, name: str, draft: Draft, faults: dict[str, str] | None = None, **more: Any
) -> HttpResponse:
    context: dict[str, Any] = {"draft": draft, "faults": faults or {}, "page": name, **more}
    if name == "where":
        found = queries.reading(draft.words)
        context |= {"suggestions": found, "chosen": draft.category or (found[0].category if found else "")}
        context |= {"groups": category_groups(), "towns": towns()}
    if name == "which":
        context |= {"meant": meant(draft)}
    if name == "same":
        context |= {"twins": twins(draft)}
    if name == "further":
        asked = queries.questions(leaf_of(draft))
        context |= {"asked": queries.question_fields(asked, draft.answered(one.key for one in asked), faults or {})}
        context |= {"leaf_name": queries.category_name(leaf_of(draft))}
    if name == "contact":
        context |= {"offices": offices(), "shown": shown(draft), "idempotency_key": uuid4().hex}
        context |= {"ways": settings.NOTICES_CHANNELS}
    answer = render(request, f"public/report_{name}.html", context, status=422 if faults else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def meant(draft: Draft) -> list[gazetteer.Candidate]:
    """The places that an address without a point may mean."""
    return [] if draft.point or not draft.address else gazetteer.candidates(draft.address, area=draft.area)


def twins(draft: Draft) -> list[Any]:
    point = draft.point
    return queries.similar_for_strangers(
        words=draft.words, category=leaf_of(draft), lon=point[0] if point else None, lat=point[1] if point else None,
        area=draft.area, address=draft.address,
    )  # fmt: skip


def leaf_of(draft: Draft) -> str:
    """The leaf that the resident chose, else what the word list proposes."""
    if draft.category:
        return draft.category
    found = queries.reading(draft.words)
    return found[0].category if found else ""


def shown(draft: Draft) -> dict[str, str]:
    """How others will see it: a leaf, a place no finer than the village, a week; never words, name or pin."""
    place = places.area(draft.area[:12]) if draft.area else None
    point = draft.point
    if place is None and point is not None:
        code = places.territory().locate(*point).code
        place = places.area(code[:12]) if code else None
    return {"leaf": queries.category_name(leaf_of(draft)), "place": place.name if place else ""}


def category_groups() -> list[tuple[str, list[Any]]]:
    named = queries.categories()
    groups: dict[str, list[Any]] = {}
    for leaf in queries.leaves():
        groups.setdefault(leaf.code[:2], []).append(leaf)
    return [(named[code].name if code in named else code, leaves) for code, leaves in groups.items()]


def towns() -> list[tuple[Any, list[Any]]]:
    """Towns with their villages, for who has no point to give."""
    areas = places.areas()
    villages = [one for one in areas.values() if one.kind == "village"]
    return [
        (town, [one for one in villages if one.code.startswith(town.code)])
        for town in areas.values()
        if town.kind == "town"
    ]


def offices() -> list[Any]:
    return sorted((one for one in places.units().values() if one.kind != "contractor"), key=lambda one: one.name)


@open_door(methods=("POST",))
def send(request: HttpRequest) -> HttpResponse:
    """Receive the report once; a repeated sending shows the same receipt again."""
    draft, key = Draft.read(request.POST), request.POST.get("idempotency_key", "")
    photos, wrong = pictures(request.FILES.getlist("photos"))
    faults = draft.faults() | ({"photos": wrong} if wrong else {})
    if not 1 <= len(key) <= org.LONGEST_KEY:
        faults["words"] = _("Please start again: this page is too old.")
    if faults:
        return page(request, "contact" if "photos" in faults else "what", draft, faults)
    try:
        _status, kept, _replayed = org.answer_once(
            actor_key="stranger", key=key, fingerprint=doors.print_of(request),
            produce=lambda: received(request, draft, photos),
        )  # fmt: skip
    except events.NotGiven as error:
        return page(request, "contact", draft, error.fields)
    except (org.InFlight, org.KeyReused):
        return page(request, "contact", draft, {"words": _("It is being sent already; please wait a moment.")})
    return done(request, kept)


def received(request: HttpRequest, draft: Draft, photos: list[Any]) -> org.Answer:
    org.spend(address=doors.address(request), kind="report")
    point = draft.point
    given: dict[str, Any] = {
        "actor": Actor.stranger(), "words": draft.words, "address": draft.address, "contact": draft.contact,
        "pictures": photos, "lon": point[0] if point else None, "lat": point[1] if point else None,
        "language": get_language() or settings.LANGUAGE_CODE, "channel": "web", "protect": draft.protect == "yes",
    }  # fmt: skip
    number = queries.number_of(draft.ref) if draft.ref else None
    if number is not None and queries.is_open(number):
        made = events.join(number=number, **given)
    else:
        made = events.report(
            category=draft.category, area=draft.area, about_unit=draft.about_unit,
            about_office=bool(draft.about_unit), answers=answers(draft), **given,
        )  # fmt: skip
    promised = made.promised_by.isoformat() if made.promised_by else ""
    return 201, {"number": made.number, "counter": made.report.receipt_counter, "promised_by": promised}


def answers(draft: Draft) -> dict[str, Any] | None:
    """None where nothing was asked."""
    asked = queries.questions(leaf_of(draft))
    return draft.answered(one.key for one in asked) if asked else None


def done(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    receipt = codes.receipt(kept["number"], kept["counter"], key=settings.SECRET_KEY.encode())
    answer = render(request, "public/done.html", receipt_context(kept["number"], receipt, kept["promised_by"]))
    answer.status_code = 201
    answer.headers["Cache-Control"] = "no-store"
    return answer


def receipt_context(number: str, receipt: str, promised: str) -> dict[str, Any]:
    link = f"{settings.PUBLIC_URL}/track/#{receipt}"
    moment = datetime.fromisoformat(promised) if promised else None
    return {"number": number, "receipt": receipt, "promised_by": moment, "link": link, "qr": qr(link)}


def qr(link: str) -> str:
    """The link as an image inside the page: nothing is fetched, nothing is logged."""
    out = io.BytesIO()
    segno.make(link, error="m").save(out, kind="svg", scale=4, border=2)
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()
