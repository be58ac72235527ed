"""Mass notices: write, freeze, look, release by a second person where it is large, watch how far it has come."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from onegrid.events import actions, queries
from onegrid.events.models import MassNotice, MassRow
from onegrid.events.rules import filling
from onegrid.events.rules.mass_life import LARGE, MASS
from onegrid.events.views import panes
from onegrid.events.workflow import EVENT, OPEN
from onegrid.org import queries as org
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import DISPATCHER, DUTY_LEADER, LEADER, Actor

RELEASERS = (DISPATCHER, LEADER, DUTY_LEADER)
NAMED = ("category", "area", "state")


@door(*RELEASERS)
def notices(request: Request) -> HttpResponse:
    """The newest, with their state."""
    rows = [
        {"notice": one, "label": str(MASS.labels[one.state]), "unit": panes.unit_name(one.unit_id)}
        for one in queries.mass_notices(request.actor)
    ]
    may = request.actor.at_centre and request.actor.has(DISPATCHER)
    return render(request, "events/mass_list.html", {**panes.frame(request), "rows": rows, "may": may})


@door(DISPATCHER, methods=("GET", "POST"))
@once
def new(request: Request) -> HttpResponse:
    """Words and audience; a POST freezes both and shows them."""
    if request.method != "POST":
        return form(request)
    words = request.POST.get("words", "")
    try:
        made = actions.freeze(actor=request.actor, words=words, filters=filters_of(request))
    except actions.NotGiven as missing:
        return form(request, faults=missing.fields, status=422)
    except actions.NotAllowed as refused:
        return form(request, refusal=str(refused.refusal.reason), status=409)
    return HttpResponseRedirect(reverse("events:mass", args=[made.pk]), status=303)


def form(request: Request, *, status: int = 200, **more: Any) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in ("words", *NAMED)}
    shown = {
        **panes.frame(request), "typed": typed, "key": panes.fresh_key(), "large": LARGE,
        "names": [f"{{{name}}}" for name in filling.NAMES],
        "groups": [one for one in queries.categories().values() if one.active],
        "places": [one for one in org.areas().values() if one.kind in ("town", "village")],
        "states": [(state, str(EVENT.labels[state])) for state in (*OPEN, "closed")], **more,
    }  # fmt: skip
    return render(request, "events/mass_new.html", shown, status=status)


def filters_of(request: Request) -> queries.Filters:
    """Only codes that exist; what else is given narrows nothing and is shown so before anything is sent."""
    category, area, state = (request.POST.get(name, "") for name in NAMED)
    return queries.Filters(
        category=category if category in queries.categories() else "",
        area=area if org.area(area) is not None else "",
        state=state if state in (*OPEN, "closed") else "",
    )


@door(*RELEASERS)
def notice(request: Request, notice_id: int) -> HttpResponse:
    return page(request, notice_id)


def page(request: Request, notice_id: int, *, status: int = 200, **more: Any) -> HttpResponse:
    """One notice as it stands fast, and where each of its events has come to."""
    try:
        found = queries.mass(request.actor, notice_id)
    except MassNotice.DoesNotExist as error:
        raise Http404 from error
    shown = {
        **panes.frame(request), "found": found, "label": str(MASS.labels[found.notice.state]), "key": panes.fresh_key(),
        "aim": aim(found.notice), "made_in": panes.unit_name(found.notice.unit_id), "large": LARGE,
        "rows": [{"row": row, "why": why(row)} for row in found.rows],
        "told": found.counts.get("told", 0), "skipped": found.counts.get("skipped", 0),
        **verbs(request.actor, found.notice), **more,
    }  # fmt: skip
    return render(request, "events/mass.html", shown, status=status)


def verbs(actor: Actor, notice: MassNotice) -> dict[str, Any]:
    """What the reader may do with it now, and why not."""
    release, withdraw = MASS.may("release", notice, actor), MASS.may("withdraw", notice, actor)
    return {
        "may_release": bool(release), "may_withdraw": bool(withdraw),
        "why_not": "" if release or notice.state != "frozen" else str(getattr(release, "reason", "")),
    }  # fmt: skip


def aim(notice: MassNotice) -> list[str]:
    """The audience in words: what it was narrowed down to."""
    kept = notice.audience
    place, state = org.area(kept.get("area", "")), kept.get("state", "")
    named = [place.name if place else "", queries.category_name(kept.get("category", ""))]
    return [one for one in (*named, str(EVENT.labels[state]) if state else _("all open events")) if one]


def why(row: MassRow) -> str:
    words = {
        "gone": _("It has gone to another centre, or is not there any more."),
        "sealed": _("It has become a sealed matter."),
        "not_now": _("In its state nothing is said to the reporter."),
        "blank": _("A part of the words would have stayed empty."),
        "no_maker": _("Whoever wrote the notice holds the post no longer."),
    }
    return words.get(row.why, row.why)


@door(*RELEASERS, methods=("POST",))
@once
def release(request: Request, notice_id: int) -> HttpResponse:
    return moved(request, notice_id, "release")


@door(*RELEASERS, methods=("POST",))
@once
def withdraw(request: Request, notice_id: int) -> HttpResponse:
    return moved(request, notice_id, "withdraw")


def moved(request: Request, notice_id: int, verb: str) -> HttpResponse:
    try:
        actions.move_mass(actor=request.actor, notice_id=notice_id, verb=verb)
    except MassNotice.DoesNotExist as error:
        raise Http404 from error
    except actions.NotAllowed as refused:
        return page(request, notice_id, status=409, refusal=str(refused.refusal.reason))
    return HttpResponseRedirect(reverse("events:mass", args=[notice_id]), status=303)
