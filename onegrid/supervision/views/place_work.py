"""Joint work on places: the list, one of them with its measures and its effect, and the form of a proposal."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from onegrid.events import queries as events
from onegrid.events.models import Event
from onegrid.kit import clock
from onegrid.org import queries as org
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import DISPATCHER, DUTY_LEADER, LEADER, Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import PlaceWork
from onegrid.supervision.rules.place_life import RADII
from onegrid.supervision.views.circular_figure import row as listed
from onegrid.supervision.views.frame import AT_A_UNIT, frame
from onegrid.supervision.views.tasks import usual_day

HOME = "supervision:place_works"
PROPOSERS = (LEADER, DUTY_LEADER, DISPATCHER)
WISHED = ("title", "problem", "plan", "lead", "charge", "since", "until", "area", "point", "radius")
SAID = ("deed", "words", "owner", "due", "until", "measure", "done")
ROWS, FREE_ROWS = 4, 2  # measures that an empty form has room for, and how many more a filled one
USUAL = timedelta(weeks=8)


@door(*AT_A_UNIT)
def place_works(request: Request) -> HttpResponse:
    """What goes on in sight; with `?ended` what has ended."""
    ended = "ended" in request.GET
    shown = {
        **frame(request, HOME), "rows": queries.place_works(request.actor, ended=ended), "ended": ended,
        "proposes": queries.proposes_places(request.actor),
    }  # fmt: skip
    return render(request, "supervision/place_works.html", shown)


@door(*PROPOSERS, methods=("GET", "POST"))
@once
def new(request: Request) -> HttpResponse:
    """The form, with the spot of the matter from whose page it was opened; a POST proposes."""
    if not queries.proposes_places(request.actor):
        raise Http404
    if request.method != "POST":
        return form(request, first(request))
    return kept(request, None, lambda wish: actions.propose_place_work(actor=request.actor, wish=wish))


@door(*PROPOSERS, methods=("GET", "POST"))
@once
def edit(request: Request, work_id: int) -> HttpResponse:
    """The same form for a proposal of the own centre that is not approved yet."""
    work = seen(request, work_id).row.work
    if not queries.proposes_places(request.actor) or work.centre_id != request.actor.unit_id:
        raise Http404
    if request.method != "POST":
        if work.state != "proposed":
            raise Http404
        return form(request, values(work), work)
    version = request.POST.get("version", "")
    read = int(version) if version.isdecimal() and len(version) < 9 else 0

    def change(wish: actions.PlaceWish) -> PlaceWork:
        return actions.change_place_work(actor=request.actor, work_id=work_id, version=read, wish=wish)

    return kept(request, work, change)


def kept(request: Request, work: PlaceWork | None, keep: Callable[[actions.PlaceWish], PlaceWork]) -> HttpResponse:
    """Kept, or the form again with what was typed and what is wrong with it."""
    given = typed_in(request)
    try:
        made = keep(actions.PlaceWish(**given))
    except actions.NotAllowed as refused:
        return form(request, given, work, status=409, refusal=str(refused.refusal.reason))
    except actions.NotGiven as missing:
        return form(request, given, work, status=422, faults=missing.fields)
    return redirect("supervision:place_work", made.pk)


def typed_in(request: Request) -> dict[str, Any]:
    columns = (request.POST.getlist(name) for name in ("measure_words", "measure_unit", "measure_due"))
    return {
        **{name: request.POST.get(name, "") for name in WISHED}, "units": request.POST.getlist("unit"),
        "leaves": request.POST.getlist("leaf"), "measures": list(zip(*columns, strict=False)),
    }  # fmt: skip


def first(request: Request) -> dict[str, Any]:
    """What an empty form proposes: from today on for eight weeks."""
    today = org.calendar(request.actor.area).date_of(clock.now())
    return {
        **dict.fromkeys(WISHED, ""), "since": today.isoformat(), "until": (today + USUAL).isoformat(),
        "point": request.GET.get("event", ""), "radius": "300", "units": [], "leaves": [], "measures": [],
    }  # fmt: skip


def values(work: PlaceWork) -> dict[str, Any]:
    """A proposal as its form would have been typed."""
    codes = {unit.pk: unit.code for unit in org.units().values()}
    around = work.radius is not None
    return {
        "title": work.title, "problem": work.problem, "plan": work.plan, "lead": codes[work.lead_id],
        "charge": str(work.charge_id), "since": work.since.isoformat(), "until": work.until.isoformat(),
        "area": "" if around else work.area, "point": f"{work.lon} {work.lat}" if around else "",
        "radius": str(work.radius or 300), "leaves": work.leaves,
        "units": [codes[one] for one in work.unit_ids if one != work.lead_id],
        "measures": [(one.words, codes[one.unit_id], one.due.isoformat()) for one in queries.planned_measures(work)],
    }  # fmt: skip


def form(
    request: Request, typed: dict[str, Any], work: PlaceWork | None = None, *, status: int = 200, **more: Any
) -> HttpResponse:  # fmt: skip
    units = queries.invitable(request.actor)
    own = org.unit_by_id(request.actor.unit_id)
    filled = typed["measures"]
    shown = {
        **frame(request, HOME), "typed": typed, "work": work, "units": units, "radii": [str(one) for one in RADII],
        "owners": [*units, *([own] if own else [])], "areas": queries.place_areas(request.actor),
        "charges": queries.charges(request.actor), "kinds": events.leaves(),
        "rows": [*filled, *[("", "", "")] * max(ROWS - len(filled), FREE_ROWS)], **more,
    }  # fmt: skip
    return render(request, "supervision/place_form.html", shown, status=status)


@door(*AT_A_UNIT, methods=("GET", "POST"))
@once
def place_work(request: Request, work_id: int) -> HttpResponse:
    """One of them, or a verb of it."""
    if request.method != "POST":
        return page(request, work_id)
    deed = DEEDS.get(request.POST.get("deed", ""))
    if deed is None:
        raise Http404
    try:
        deed(request.actor, work_id, {name: request.POST.get(name, "") for name in SAID})
    except (PlaceWork.DoesNotExist, queries.NoMeasure) as error:
        raise Http404 from error
    except actions.NotAllowed as refused:
        return page(request, work_id, status=409, refusal=str(refused.refusal.reason))
    except actions.NotGiven as missing:
        return page(request, work_id, status=422, faults=missing.fields)
    return redirect("supervision:place_work", work_id)


def ticked(who: Actor, of: int, said: dict[str, str]) -> Any:
    number = said["measure"]
    measure = int(number) if number.isdecimal() and len(number) < 18 else 0
    return actions.tick_measure(actor=who, work_id=of, measure_id=measure, words=said["done"])


DEEDS: dict[str, Callable[[Actor, int, dict[str, str]], Any]] = {
    "approve_place": lambda who, of, said: actions.approve_place_work(actor=who, work_id=of),
    "add_measure": lambda who, of, said: actions.add_measure(
        actor=who, work_id=of, words=said["words"], owner=said["owner"], due=said["due"]
    ),
    "tick_measure": ticked,
    "extend_place": lambda who, of, said: actions.extend_place_work(
        actor=who, work_id=of, until=said["until"], words=said["words"]
    ),
    "sum_up_place": lambda who, of, said: actions.sum_up_place_work(actor=who, work_id=of, words=said["words"]),
    "send_place_back": lambda who, of, said: actions.send_place_work_back(actor=who, work_id=of, words=said["words"]),
    "close_place": lambda who, of, said: actions.close_place_work(actor=who, work_id=of),
    "drop_place": lambda who, of, said: actions.drop_place_work(actor=who, work_id=of, words=said["words"]),
}


def page(request: Request, work_id: int, *, status: int = 200, **more: Any) -> HttpResponse:
    """With what was typed, when it did not go through."""
    found = seen(request, work_id)
    typed = {name: request.POST.get(name, "") for name in SAID}
    typed["due"] = typed["due"] or usual_day(found.row.work.area)
    shown = {
        **frame(request, HOME), "found": found, "row": found.row, "of": found.row.work, "typed": typed,
        "owners": queries.measure_owners(found.row.work), **more,
    }  # fmt: skip
    return render(request, "supervision/place_work.html", shown, status=status)


def seen(request: Request, work_id: int) -> queries.PlaceTold:
    try:
        return queries.place_work(request.actor, work_id)
    except PlaceWork.DoesNotExist as error:
        raise Http404 from error


@door(*AT_A_UNIT)
def figure(request: Request, work_id: int, name: str) -> HttpResponse:
    """The matters behind one number: number, kind, place and state; of a sealed matter its number only."""
    found = seen(request, work_id)
    try:
        told = queries.behind_place(request.actor, found.row.work, name)
    except queries.NoPlaceFigure as error:
        raise Http404 from error
    shown = {
        **frame(request, HOME), "row": found.row, "of": found.row.work, "told": told, "most": queries.MOST,
        "rows": [listed(event) for event in told.rows],
    }  # fmt: skip
    return render(request, "supervision/place_figure.html", shown)


def beside(actor: Actor, event: Event) -> dict[str, Any]:
    """The work that goes on where a matter lies; for whoever may propose one, the way to it."""
    rows = queries.place_works_at(actor, event) if actor.has(*AT_A_UNIT) else []
    may = queries.proposes_places(actor) and event.is_open and not event.restricted and event.lon is not None
    return {"rows": rows, "may": may, "event": event} if rows or may else {}
