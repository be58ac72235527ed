"""The leader's page, for a phone: who is called for, what waits for a decision, what is late and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from onegrid.events import actions, queries
from onegrid.events.models import Alert, Event, Viewing
from onegrid.events.queries.lead import Late, Waiting
from onegrid.events.rules import clock_words
from onegrid.events.rules.deadlines import CLOCK_OF
from onegrid.events.views import event as pages
from onegrid.events.views import panes, verbs, viewing
from onegrid.events.views.panes import Row
from onegrid.events.workflow import ASKED, VERB_LABELS
from onegrid.kit import clock
from onegrid.notices import queries as notices
from onegrid.org import queries as org
from onegrid.org.doors import Request, door, once
from onegrid.org.models import Unit
from onegrid.org.roles import DUTY_LEADER, LEADER, Actor


@dataclass(frozen=True)
class Calling:
    """A matter that calls for somebody."""

    alert: Alert
    row: Row
    place: str
    centre: str
    mine: bool


@dataclass(frozen=True)
class Card:
    """A request with what is needed to decide it."""

    waiting: Waiting
    row: Row
    place: str
    label: str
    unit: str
    asked: str
    result: str = ""
    typed: str = ""
    wrong: str = ""


@dataclass(frozen=True)
class ViewCard:
    """Somebody asks to be shown a sealed matter for a while."""

    viewing: Viewing
    row: Row
    place: str
    span: str
    typed: str = ""
    wrong: str = ""


@dataclass(frozen=True)
class LateRow:
    row: Row
    clock: str
    due_at: datetime | None


@dataclass(frozen=True)
class LateUnit:
    unit: Unit | None
    late: Late
    rows: list[LateRow]


@door(LEADER, DUTY_LEADER)
def lead(request: Request) -> HttpResponse:
    return page(request)


@door(LEADER, DUTY_LEADER, methods=("POST",))
@once
def acknowledge(request: Request, number: str) -> HttpResponse:
    """In one tap: it is in hand, nobody further is called."""
    try:
        actions.acknowledge(actor=request.actor, number=pages.known(number))
    except Event.DoesNotExist as error:
        raise Http404 from error
    except actions.NotAllowed as refused:
        return page(request, status=409, refusal=str(refused.refusal.reason))
    return redirect("lead:lead")


@door(LEADER, DUTY_LEADER, methods=("POST",))
@once
def decide(request: Request, number: str, verb: str) -> HttpResponse:
    """Grant or deny on the card itself; what does not go through stands on the card again, with what was typed."""
    if verb not in ASKED:
        raise Http404
    number, grant = pages.known(number), request.POST.get("grant") == "yes"
    failed: dict[str, Any] = {"failed": (number, verb), "typed": request.POST.get("words", "")}
    try:
        actions.decide(
            actor=request.actor, number=number, kind=verb, grant=grant, version=version(request),
            words=request.POST.get("words", "").strip(),
        )  # fmt: skip
    except Event.DoesNotExist as error:
        raise Http404 from error
    except actions.Stale as stale:
        return page(request, status=409, refusal=str(stale), **failed)
    except actions.NotAllowed as refused:
        return page(request, status=409, refusal=str(refused.refusal.reason), **failed)
    except actions.NotGiven as missing:
        return page(request, status=422, wrong=" ".join(missing.fields.values()), **failed)
    return redirect("lead:lead")


@door(LEADER, DUTY_LEADER, methods=("POST",))
@once
def decide_view(request: Request, viewing_id: int) -> HttpResponse:
    """Grant or deny a restricted view on its card."""
    grant, words = request.POST.get("grant") == "yes", request.POST.get("words", "").strip()
    failed: dict[str, Any] = {"failed": viewing_id, "typed": words}
    try:
        actions.decide_viewing(actor=request.actor, viewing_id=viewing_id, grant=grant, words=words)
    except Viewing.DoesNotExist as error:
        raise Http404 from error
    except actions.NotAllowed as refused:
        return page(request, status=409, refusal=str(refused.refusal.reason), **failed)
    except actions.NotGiven as missing:
        return page(request, status=422, wrong=" ".join(missing.fields.values()), **failed)
    return redirect("lead:lead")


def version(request: Request) -> int:
    read = request.POST.get("version", "")
    return int(read) if read.isdecimal() and len(read) < 10 else 0


def page(request: Request, *, status: int = 200, **more: Any) -> HttpResponse:
    """Everything at once, few statements; `more` is what did not go through."""
    actor = request.actor
    asked, late = queries.asked(actor), queries.late(actor)
    views = [view_card(one, more) for one in queries.waiting_viewings(actor)]
    calling = sorted((calling_row(alert, actor) for alert in queries.calling(actor)), key=lambda one: not one.mine)
    shown = {
        "actor": actor, "unit": panes.unit_name(actor.unit_id), "moment": clock.now(), "key": panes.fresh_key(),
        "unread": notices.unread(actor), "minutes": settings.ALERT_MINUTES, "calling": calling,
        "cards": [card(one, more) for one in asked.mine], "others": asked.others,
        "climbed": [card(one, {}) for one in asked.climbed],
        "late": [late_unit(one) for one in late], "late_count": sum(one.count for one in late),
        "views": views, "to_decide": len(asked.mine) + len(views),
        "quiet": not (calling or views or asked.mine or asked.climbed or late), **more,
    }  # fmt: skip
    if shown["quiet"]:
        shown["still_open"] = queries.still_open(actor)
    return render(request, "events/lead.html", shown, status=status)


def calling_row(alert: Alert, actor: Actor) -> Calling:
    return Calling(
        alert=alert, row=panes.row(alert.event), place=panes.place_of(alert.event.area, fine=True),
        centre=panes.unit_name(alert.centre_id), mine=queries.may_acknowledge(alert, actor),
    )  # fmt: skip


def card(waiting: Waiting, more: dict[str, Any]) -> Card:
    """The words of a sealed matter stand on no card: they are read on its own page."""
    request, event = waiting.request, waiting.event
    failed = more.get("failed") == (event.number, request.kind)
    return Card(
        waiting=waiting, row=panes.row(event), place=panes.place_of(event.area),
        label=label(waiting), unit=panes.unit_name(request.unit_id),
        asked="" if event.restricted else verbs.said(request),
        result=event.result if request.kind == "pass_check" and not event.restricted else "",
        typed=more.get("typed", "") if failed else "", wrong=more.get("wrong", "") if failed else "",
    )  # fmt: skip


def view_card(one: Viewing, more: dict[str, Any]) -> ViewCard:
    assert one.event is not None
    failed = more.get("failed") == one.pk
    return ViewCard(
        viewing=one, row=panes.row(one.event), place=panes.place_of(one.event.area), span=viewing.span(one.hours),
        typed=more.get("typed", "") if failed else "", wrong=more.get("wrong", "") if failed else "",
    )  # fmt: skip


def label(waiting: Waiting) -> str:
    """What is asked for; the end of a grave matter by its level."""
    if waiting.request.kind == "pass_check":
        return _("Close a matter of level %(level)s") % {"level": waiting.event.level}
    return str(VERB_LABELS[waiting.request.kind])


def late_unit(one: Late) -> LateUnit:
    rows = [LateRow(panes.row(event), clock_words.label(CLOCK_OF[event.state]), event.due_at) for event in one.rows]
    return LateUnit(org.unit_by_id(one.unit_id), one, rows)
