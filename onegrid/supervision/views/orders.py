"""Orders of supervision: the list, one of them, issuing, replying, judging."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from onegrid.events.models import Event
from onegrid.kit import chance
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import DISPATCHER, DUTY_LEADER, HANDLER, LEADER, Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import Order
from onegrid.supervision.rules.order_life import ENDING_LABELS, KIND_LABELS, ORDER, VERB_LABELS
from onegrid.supervision.views.frame import frame

FIELDS = ("words", "reply_by")
LOOKS = {"open": "live", "replied": "is-paused"}


@door(*queries.READERS)
def orders(request: Request) -> HttpResponse:
    """The list, by kind and state."""
    asked = {name: request.GET.get(name, "") for name in ("kind", "state")}
    found = queries.listed_orders(request.actor, **asked)
    lights = queries.lights_of(one.event for one in found.rows)
    rows = [{**row_of(one), "light": lights.get(one.event_id, "")} for one in found.rows]
    shown = {
        **frame(request, "supervision:orders"), "found": found, "rows": rows, **asked,
        "kinds": KIND_LABELS.items(), "states": [(code, ORDER.labels[code]) for code in ORDER.states()[1:]],
    }  # fmt: skip
    return render(request, "supervision/orders.html", shown)


@door(*queries.READERS)
def order(request: Request, order_id: int) -> HttpResponse:
    return page(request, order_id)


@door(DISPATCHER, DUTY_LEADER, LEADER, methods=("POST",))
@once
def issue(request: Request, number: str) -> HttpResponse:
    """Issue an order on this matter; what was typed comes back with the reason when it does not go through."""
    given = {name: request.POST.get(name, "") for name in FIELDS}
    given["unit"], _colon, given["kind"] = request.POST.get("step", "").partition(":")
    try:
        made = actions.issue_order(actor=request.actor, number=number, **given)
    except Event.DoesNotExist as error:
        raise Http404 from error
    except actions.NotAllowed as refused:
        return issue_page(request, number, given, 409, refusal=str(refused.refusal.reason))
    except actions.NotGiven as missing:
        return issue_page(request, number, given, 422, faults=missing.fields)
    return redirect("supervision:order", made.pk)


def issue_page(request: Request, number: str, given: dict[str, str], status: int, **more: Any) -> HttpResponse:
    event = queries.matter(request.actor, number)
    shown = {**frame(request, ""), **beside(request.actor, event), "event": event, "typed": given, **more}
    return render(request, "supervision/order_new.html", shown, status=status)


@door(DISPATCHER, DUTY_LEADER, HANDLER, LEADER, methods=("POST",))
@once
def decide(request: Request, order_id: int, verb: str) -> HttpResponse:
    """Reply, accept, send back, cancel."""
    deed = DEEDS.get(verb)
    if deed is None:
        raise Http404
    typed = {"words": request.POST.get("words", ""), "reply_by": request.POST.get("reply_by", ""), "verb": verb}
    try:
        deed(request, order_id)
    except Order.DoesNotExist as error:
        raise Http404 from error
    except actions.NotAllowed as refused:
        return page(request, order_id, 409, refusal=str(refused.refusal.reason), typed=typed)
    except actions.NotGiven as missing:
        return page(request, order_id, 422, faults=missing.fields, typed=typed)
    return redirect("supervision:order", order_id)


DEEDS: dict[str, Callable[[Request, int], Any]] = {
    "reply_to_order": lambda request, pk: actions.reply_to_order(
        actor=request.actor, order_id=pk, words=request.POST.get("words", "")
    ),
    "accept_reply": lambda request, pk: actions.accept_reply(actor=request.actor, order_id=pk),
    "send_reply_back": lambda request, pk: actions.send_reply_back(
        actor=request.actor, order_id=pk, words=request.POST.get("words", ""),
        reply_by=request.POST.get("reply_by", ""),
    ),
    "cancel_order": lambda request, pk: actions.cancel_order(
        actor=request.actor, order_id=pk, words=request.POST.get("words", "")
    ),
}  # fmt: skip


def page(request: Request, order_id: int, status: int = 200, **more: Any) -> HttpResponse:
    try:
        found = queries.order(request.actor, order_id)
    except Order.DoesNotExist as error:
        raise Http404 from error
    shown = {
        **frame(request, "supervision:orders"), **row_of(found), "asked": found.told(),
        "history": [step_of(one) for one in queries.history_of(found)],
        "decisions": queries.decisions(request.actor, found), **more,
    }  # fmt: skip
    return render(request, "supervision/order.html", shown, status=status)


def row_of(one: Order) -> dict[str, Any]:
    """What every row and page says of an order."""
    return {
        "order": one, "number": one.event.number, "sealed": one.event.restricted, "late": one.late,
        "unit_to": queries.unit_name(one.unit_id), "kind_label": KIND_LABELS[one.kind],
        "state_label": ORDER.labels[one.state], "look": LOOKS.get(one.state, ""),
        "ending_label": ENDING_LABELS.get(one.ending, ""),
    }  # fmt: skip


def step_of(step: Any) -> dict[str, Any]:
    who = step.actor.whose if step.actor is not None else ""
    return {"step": step, "label": VERB_LABELS[step.verb], "who": who, "unit": queries.unit_name(step.unit_id),
            "words": step.told()}  # fmt: skip


def beside(actor: Actor, event: Event) -> dict[str, Any]:
    """The part of the panel beside a matter: its orders, and the form for a new one."""
    if not actor.has(*queries.READERS):
        return {}
    found = [row_of(one) for one in queries.orders_on(actor, event)]
    hits = [{"hit": one, "kind": KIND_LABELS[one.kind], "unit": queries.unit_name(one.unit_id)}
            for one in queries.proposals_on(actor, event)]  # fmt: skip
    light = queries.lights_of([event]).get(event.pk, "")
    addressees = queries.prospects(actor, event)
    if not (found or light or addressees):
        return {}
    return {
        "orders": found, "addressees": addressees, "number": event.number, "proposals": hits,
        "key": chance.base32(26), "light": light,
    }  # fmt: skip
