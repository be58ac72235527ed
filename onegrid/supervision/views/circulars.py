"""Circulars: the list, a new one with its figures, its words, its steps, and who has read it."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from onegrid.org import queries as org
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import SECTIONS, Circular
from onegrid.supervision.rules.circular_life import CIRCULAR, DO_LABELS, READERS, VERB_LABELS, WRITERS
from onegrid.supervision.rules.circular_tables import tables
from onegrid.supervision.rules.circular_text import SECTION_LABELS
from onegrid.supervision.rules.period import PRESETS
from onegrid.supervision.views.frame import SEEING, frame

HOME = "supervision:circulars"
LOOKS = {"draft": "", "submitted": "live", "approved": "live", "published": "is-done", "withdrawn": "is-paused"}


@door(*SEEING)
def circulars(request: Request) -> HttpResponse:
    return listing(request)


def listing(request: Request, *, status: int = 200, **more: Any) -> HttpResponse:
    rows = [
        {"one": row.circular, "label": label(row.circular), "look": LOOKS.get(row.circular.state, ""),
         "place": place_name(row.circular), "unit": unit_name(row.circular.unit_id), "sent": row.sent,
         "read": row.read}
        for row in queries.circulars(request.actor)
    ]  # fmt: skip
    writes = request.actor.at_centre and request.actor.has(*WRITERS)
    series = queries.series(request.actor.unit_id) if writes else None
    typed = request.POST.get("prefix") or (series.prefix if series else "")
    shown = {**frame(request, HOME), "rows": rows, "writes": writes, "series": series, "prefix": typed, **more}
    return render(request, "supervision/circulars.html", shown, status=status)


@door(*WRITERS, methods=("POST",))
@once
def prefix(request: Request) -> HttpResponse:
    """How the numbers of the centre begin."""
    try:
        actions.set_prefix(actor=request.actor, prefix=request.POST.get("prefix", ""))
    except actions.NotAllowed as refused:
        return listing(request, status=409, refusal=str(refused.refusal.reason))
    except actions.NotGiven as missing:
        return listing(request, status=422, faults=missing.fields)
    return redirect(HOME)


@door(*WRITERS, methods=("GET", "POST"))
@once
def new(request: Request) -> HttpResponse:
    """Place and period; a POST counts and freezes."""
    if request.method != "POST":
        return new_form(request)
    given = {name: request.POST.get(name, "") for name in ("place", "span", "since", "until", "language")}
    try:
        made = actions.draft_circular(actor=request.actor, **given)
    except actions.NotAllowed as refused:
        return new_form(request, status=409, refusal=str(refused.refusal.reason))
    except actions.NotGiven as missing:
        return new_form(request, status=422, faults=missing.fields)
    return HttpResponseRedirect(reverse("supervision:edit_circular", args=[made.pk]), status=303)


def new_form(request: Request, *, status: int = 200, **more: Any) -> HttpResponse:
    unit = org.unit_by_id(request.actor.unit_id)
    typed = {name: request.POST.get(name, "") for name in ("place", "span", "since", "until", "language")}
    typed["language"] = typed["language"] or get_language() or "zh-hans"
    shown = {
        **frame(request, HOME), "places": queries.places(unit.area) if unit else [], "typed": typed,
        "spans": PRESETS, "span": typed["span"] or PRESETS[0], **more,
    }  # fmt: skip
    return render(request, "supervision/circular_new.html", shown, status=status)


@door(*SEEING)
def circular(request: Request, circular_id: int) -> HttpResponse:
    return page(request, circular_id)


def page(request: Request, circular_id: int, *, status: int = 200, **more: Any) -> HttpResponse:
    """One circular as it stands: words, figures, readers, history, and what the reader may do with it."""
    found = seen(request, circular_id)
    receipts = queries.receipts(found) if found.sent_to else []
    own = next((one for one in receipts if one.unit_id == request.actor.unit_id), None)
    shown = {
        **frame(request, HOME), "found": found, "label": label(found), "look": LOOKS.get(found.state, ""),
        "place": place_name(found), "sender": unit_name(found.unit_id),
        "written": written(found), "tables": tables(found.figures),
        "receipts": receipts, "unread": sum(one.read_at is None for one in receipts),
        "to_confirm": own is not None and own.read_at is None and found.state == "published"
        and request.actor.has(*READERS),
        "goes_to": [unit_name(unit) for unit in found.unit_ids],
        "history": [(row, str(VERB_LABELS[row.verb])) for row in queries.history(found)],
        "verbs": verbs(request.actor, found), **more,
    }  # fmt: skip
    return render(request, "supervision/circular.html", shown, status=status)


def seen(request: Request, circular_id: int) -> Circular:
    try:
        return queries.circular(request.actor, circular_id)
    except Circular.DoesNotExist as error:
        raise Http404 from error


def verbs(actor: Actor, circular: Circular) -> list[dict[str, Any]]:
    """What can be done in this state, for the own centre only: with the reason where it is not this reader's."""
    if actor.unit_id != circular.unit_id or not actor.has(*WRITERS):
        return []
    found = []
    for verb in CIRCULAR.verbs():
        rows = [row for row in CIRCULAR.rows(verb) if circular.state in row.sources]
        if rows:
            may = CIRCULAR.may(verb, circular, actor)
            found.append({"verb": verb, "label": str(DO_LABELS[verb]), "words": "words" in rows[0].needs,
                          "why_not": "" if may else str(getattr(may, "reason", ""))})  # fmt: skip
    return found


@door(*WRITERS, methods=("GET", "POST"))
@once
def edit(request: Request, circular_id: int) -> HttpResponse:
    """Title, four parts and where it goes; figures are not among them."""
    found = seen(request, circular_id)
    if request.method != "POST":
        return edit_form(request, found)
    words = {name: request.POST.get(name, "") for name in SECTIONS}
    try:
        actions.edit_circular(
            actor=request.actor, circular_id=circular_id, version=number(request, "version"),
            title=request.POST.get("title", ""), written=words, unit_ids=units_given(request),
        )  # fmt: skip
    except actions.NotAllowed as refused:
        return page(request, circular_id, status=409, refusal=str(refused.refusal.reason), typed=words)
    except actions.NotGiven as missing:
        return edit_form(request, found, status=422, faults=missing.fields)
    return HttpResponseRedirect(reverse("supervision:circular", args=[circular_id]), status=303)


def edit_form(request: Request, found: Circular, *, status: int = 200, **more: Any) -> HttpResponse:
    refused = CIRCULAR.may("edit", found, request.actor)
    if not refused:
        return page(request, found.pk, status=409, refusal=str(getattr(refused, "reason", "")))
    posted = request.method == "POST"
    chosen = units_given(request) if posted else found.unit_ids
    faults = more.get("faults", {})
    parts = [
        {"name": name, "label": str(SECTION_LABELS[name]), "fault": faults.get(name, ""),
         "words": request.POST.get(name, "") if posted else words}
        for name, words in found.written.items()
    ]  # fmt: skip
    shown = {
        **frame(request, HOME), "found": found, "parts": parts, "tables": tables(found.figures),
        "title": request.POST.get("title", "") if posted else found.title, "place": place_name(found),
        "units": [{"unit": one, "on": one.pk in chosen} for one in queries.receivers(found.area, found.unit_id)],
        **more,
    }  # fmt: skip
    return render(request, "supervision/circular_edit.html", shown, status=status)


def units_given(request: Request) -> list[int]:
    return [int(one) for one in request.POST.getlist("unit") if one.isdecimal() and len(one) < 19]


def number(request: Request, name: str) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


@door(*WRITERS, methods=("POST",))
@once
def move(request: Request, circular_id: int, verb: str) -> HttpResponse:
    """Any step of its life but editing."""
    if verb not in CIRCULAR.verbs() or verb == "edit":
        raise Http404
    words = request.POST.get("words", "")
    try:
        actions.move_circular(
            actor=request.actor, circular_id=circular_id, verb=verb, version=number(request, "version"), words=words
        )
    except Circular.DoesNotExist as error:
        raise Http404 from error
    except actions.NotAllowed as refused:
        return page(request, circular_id, status=409, refusal=str(refused.refusal.reason))
    except actions.NotGiven as missing:
        return page(request, circular_id, status=422, faults=missing.fields, wrong=verb, words=words)
    if verb == "discard":
        return redirect(HOME)
    return HttpResponseRedirect(reverse("supervision:circular", args=[circular_id]), status=303)


@door(*READERS, methods=("POST",))
@once
def read(request: Request, circular_id: int) -> HttpResponse:
    """The unit says that it was read."""
    try:
        actions.confirm_read(actor=request.actor, circular_id=circular_id)
    except Circular.DoesNotExist as error:
        raise Http404 from error
    except actions.NotAllowed as refused:
        return page(request, circular_id, status=409, refusal=str(refused.refusal.reason))
    return HttpResponseRedirect(reverse("supervision:circular", args=[circular_id]), status=303)


def label(circular: Circular) -> str:
    return str(CIRCULAR.labels[circular.state])


def place_name(circular: Circular) -> str:
    place = org.area(circular.place)
    return place.name if place else circular.place


def unit_name(unit_id: int) -> str:
    unit = org.unit_by_id(unit_id)
    return unit.name if unit else ""


def written(circular: Circular) -> list[tuple[str, str]]:
    return [(str(SECTION_LABELS[name]), words) for name, words in circular.written.items()]
