"""Tasks: those of a unit and those it gave, one of them with its history; and the words of a leader on a matter."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from onegrid.events.models import Event
from onegrid.kit import chance, clock
from onegrid.org import queries as org
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import DUTY_LEADER, LEADER, Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import Task
from onegrid.supervision.rules import task_clock
from onegrid.supervision.views.frame import AT_A_UNIT, frame
from onegrid.supervision.views.matters import seen

LEADERS = (LEADER, DUTY_LEADER)
TYPED = ("words", "due")


@door(*AT_A_UNIT)
def tasks(request: Request) -> HttpResponse:
    """What the own unit must do; with `?given` what it gave to others."""
    given = "given" in request.GET
    rows = queries.tasks(request.actor, given=given)
    shown = {**frame(request, "supervision:tasks"), "rows": rows, "given": given}
    return render(request, "supervision/tasks.html", shown)


@door(*AT_A_UNIT, methods=("GET", "POST"))
@once
def task(request: Request, task_id: int) -> HttpResponse:
    """One task, or a verb of it."""
    if request.method != "POST":
        return page(request, task_id)
    said = {name: request.POST.get(name, "") for name in TYPED}
    try:
        actions.take_task(actor=request.actor, task_id=task_id, verb=request.POST.get("deed", ""), **said)
    except Task.DoesNotExist as error:
        raise Http404 from error
    except actions.NotAllowed as refused:
        return page(request, task_id, status=409, refusal=str(refused.refusal.reason))
    except actions.NotGiven as missing:
        return page(request, task_id, status=422, faults=missing.fields)
    return redirect("supervision:task", task_id)


def page(request: Request, task_id: int, *, status: int = 200, **more: Any) -> HttpResponse:
    """With what was typed, when it did not go through."""
    try:
        found = queries.task(request.actor, task_id)
    except Task.DoesNotExist as error:
        raise Http404 from error
    typed = {name: request.POST.get(name, "") for name in (*TYPED, "deed")}
    typed["due"] = typed["due"] or usual_day(found.row.task.area)
    shown = {**frame(request, "supervision:tasks"), "found": found, "row": found.row, "typed": typed, **more}
    return render(request, "supervision/task.html", shown, status=status)


def usual_day(area: str) -> str:
    """The day that a form proposes: three working days from now."""
    calendar = org.calendar(area)
    return calendar.date_of(task_clock.after(clock.now(), task_clock.GIVEN, calendar)).isoformat()


@door(*LEADERS, methods=("POST",))
@once
def instruct(request: Request, number: str) -> HttpResponse:
    event = seen(request, number)
    given = {name: request.POST.get(name, "") for name in TYPED}
    try:
        actions.instruct(actor=request.actor, number=number, units=request.POST.getlist("unit"), **given)
    except actions.NotAllowed as refused:
        return instruct_page(request, event, status=409, refusal=str(refused.refusal.reason))
    except actions.NotGiven as missing:
        return instruct_page(request, event, status=422, faults=missing.fields)
    return redirect("events:event", event.number)


def instruct_page(request: Request, event: Event, *, status: int, **more: Any) -> HttpResponse:
    """The form again, by itself, with what was typed."""
    part = {**beside(request.actor, event), **more, "open": True}
    part["typed"] = {**part.get("typed", {}), **{name: request.POST.get(name, "") for name in TYPED}}
    part["chosen"] = request.POST.getlist("unit")
    shown = {**frame(request, ""), "event": event, "parts": [("supervision/_beside_tasks.html", part)], **more}
    return render(request, "supervision/beside.html", shown, status=status)


def beside(actor: Actor, event: Event) -> dict[str, Any]:
    """The instructions and tasks on a matter; for a leader of a centre with the form of one more."""
    told, others = queries.instructions_of(actor, event)
    leads = actor.at_centre and actor.has(*LEADERS)
    if not told and not others and not leads:
        return {}
    part: dict[str, Any] = {"told": told, "others": others, "event": event, "leads": leads}
    if leads and event.is_open:
        units = queries.addressees(actor, event)
        accountable = [unit.code for unit in units if unit.pk == event.accountable_id]
        part |= {
            "units": units, "chosen": accountable, "key": chance.base32(26), "typed": {"due": usual_day(event.area)},
        }  # fmt: skip
    return part
