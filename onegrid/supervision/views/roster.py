"""The duty roster: who is on duty, two weeks at a time, and what its keepers and its people may change."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from onegrid.kit import clock
from onegrid.org import queries as org
from onegrid.org.doors import Request, door, once
from onegrid.org.models import Unit
from onegrid.org.roles import DISPATCHER, LEADER, UNIT
from onegrid.supervision import actions, queries
from onegrid.supervision.forms import roster as read
from onegrid.supervision.rules import roster as rules
from onegrid.supervision.views.frame import frame

NAME = "supervision:roster"


@door(*UNIT, methods=("GET", "POST"))
@once
def roster(request: Request) -> HttpResponse:
    """The roster of one's own unit, or a change of it."""
    if request.method != "POST":
        return own_page(request)
    deed = DEEDS.get(request.POST.get("deed", ""))
    if deed is None:
        raise Http404
    try:
        deed(request)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except actions.NotAllowed as refused:
        return own_page(request, status=409, refusal=str(refused.refusal.reason))
    except actions.NotGiven as missing:
        return own_page(request, status=422, faults=missing.fields)
    return redirect(NAME)


def put(request: Request) -> None:
    add(request, read.one(request.actor, request.POST))


def put_series(request: Request) -> None:
    add(request, read.series(request.actor, request.POST))


def add(request: Request, wish: read.Wish) -> None:
    actions.roster(actor=request.actor, kind=wish.kind, place=wish.place, slots=wish.slots)


def withdraw(request: Request) -> None:
    actions.withdraw_shift(actor=request.actor, shift_id=read.number(request.POST, "shift"))


def swap(request: Request) -> None:
    shift, colleague = read.number(request.POST, "shift"), read.number(request.POST, "colleague")
    actions.swap(actor=request.actor, shift_id=shift, colleague=colleague)


def answer(request: Request) -> None:
    swap_id, verb = read.number(request.POST, "swap"), request.POST.get("deed", "")
    actions.move_swap(actor=request.actor, swap_id=swap_id, verb=verb)


def absent(request: Request) -> None:
    since, until = read.absence(request.actor, request.POST)
    actions.be_absent(actor=request.actor, since=since, until=until)


def back(request: Request) -> None:
    actions.be_back(actor=request.actor, absence_id=read.number(request.POST, "absence"))


DEEDS: dict[str, Callable[[Request], None]] = {
    "put": put, "series": put_series, "withdraw": withdraw, "swap": swap, "agree": answer, "decline": answer,
    "take_back": answer, "absent": absent, "back": back,
}  # fmt: skip


def own_page(request: Request, *, status: int = 200, **more: Any) -> HttpResponse:
    """With what was typed, when it did not go through."""
    unit = org.unit_by_id(request.actor.unit_id)
    if unit is None:
        raise Http404
    keeps = queries.keeps(request.actor)
    given = {
        **shown(request, unit), "keeps": keeps, "others": queries.units_read(request.actor),
        "typed": {name: request.POST.get(name, "") for name in read.FIELDS}, "deed": request.POST.get("deed", ""),
        **choices(unit), **own(request, unit), **(kept(unit) if keeps else {}), **more,
    }  # fmt: skip
    return render(request, "supervision/roster.html", given, status=status)


def own(request: Request, unit: Unit) -> dict[str, Any]:
    """What is one's own: shifts, absences, and what a colleague asks."""
    actor = request.actor
    return {
        "asked": queries.asked_of(actor), "own_shifts": queries.own_shifts(actor, unit),
        "absences": queries.own_absences(actor),
    }  # fmt: skip


def kept(unit: Unit) -> dict[str, Any]:
    return {"ahead": queries.ahead(unit), "swapped": queries.agreed_swaps(unit)}


@door(LEADER, DISPATCHER)
def other(request: Request, code: str) -> HttpResponse:
    """The roster of another unit of the centre's area, to read."""
    try:
        unit = queries.unit_read(request.actor, code)
    except Unit.DoesNotExist as error:
        raise Http404 from error
    if unit.pk == request.actor.unit_id:
        return redirect(NAME)
    return render(request, "supervision/roster.html", {**shown(request, unit), "reading": True})


@door(LEADER, DISPATCHER)
def series(request: Request) -> HttpResponse:
    """People in order over many days: what is typed, and every shift that it would make; nothing is written."""
    unit = org.unit_by_id(request.actor.unit_id)
    if unit is None or not queries.keeps(request.actor):
        raise Http404
    given = {
        **frame(request, NAME), **choices(unit), "typed": request.GET,
        "in_order": [(place, request.GET.get(f"person{place}", "")) for place in read.IN_ORDER],
    }  # fmt: skip
    if "kind" not in request.GET:
        return render(request, "supervision/roster_series.html", given)
    try:
        wish = read.series(request.actor, request.GET)
    except actions.NotGiven as missing:
        return render(request, "supervision/roster_series.html", {**given, "faults": missing.fields}, status=422)
    plan = queries.planned(request.actor, wish.kind, wish.place, wish.slots)
    clashes = sum(1 for one in plan if one.clash)
    return render(request, "supervision/roster_series.html", {**given, "plan": plan, "clashes": clashes})


def shown(request: Request, unit: Unit) -> dict[str, Any]:
    """Who is on duty now, and the days from the chosen one on."""
    first = first_day(request, unit)
    step = timedelta(days=queries.SHOWN)
    return {
        **frame(request, NAME), "of": unit, "centre": unit.kind == Unit.CENTRE, "kinds": rules.KINDS,
        "days": queries.days(request.actor, unit, first), "now": queries.on_duty(unit.pk, clock.now()),
        "before": first - step, "after": first + step, "first": first,
    }  # fmt: skip


def first_day(request: Request, unit: Unit) -> date:
    """The day that was asked for, within a year of today; today without one."""
    today = org.calendar(unit.area).date_of(clock.now())
    try:
        asked = date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        return today
    return asked if abs((asked - today).days) <= 366 else today


def choices(unit: Unit) -> dict[str, Any]:
    """What a keeper chooses from."""
    return {
        "people": queries.people(unit.pk, rules.OFFICER), "kinds": rules.KINDS, "ons": rules.ON,
        "places": list(rules.PLACES)[:5],
    }  # fmt: skip
