"""Messages that did not arrive, or of which nobody knows: the centre decides, one by one, with a reason."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from onegrid.events.views import panes
from onegrid.kit.workflow import NotAllowed
from onegrid.notices import actions, queries
from onegrid.notices.models import Message
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import DISPATCHER, LEADER

HOME = "events:outgoing"
ALL = -1
DEEDS: dict[str, Callable[..., Message]] = {"again": actions.send_again, "leave": actions.leave}


@door(DISPATCHER, LEADER)
def outgoing(request: Request) -> HttpResponse:
    """What is unknown, undelivered or failed, newest first, and how much is still on its way."""
    return page(request)


@door(DISPATCHER, LEADER, methods=("POST",))
@once
def decide_message(request: Request, outgoing_id: int) -> HttpResponse:
    """Send it once more, or leave it: both by a person only, both with a reason."""
    deed = DEEDS.get(request.POST.get("deed", ""))
    if deed is None:
        raise Http404
    try:
        deed(actor=request.actor, message_id=outgoing_id, reason=request.POST.get("reason", ""))
    except Message.DoesNotExist as error:
        raise Http404 from error
    except actions.NoReason as error:
        return page(request, failed=outgoing_id, fault=str(error), status=422)
    except NotAllowed as error:
        return page(request, failed=outgoing_id, fault=str(error.refusal.reason), status=409)
    return redirect(HOME)


@door(DISPATCHER, LEADER, methods=("POST",))
@once
def send_all_again(request: Request) -> HttpResponse:
    """After an outage: once more everything that surely did not go out, with one reason."""
    try:
        actions.send_all_again(actor=request.actor, reason=request.POST.get("reason", ""))
    except actions.NoReason as error:
        return page(request, failed=ALL, fault=str(error), status=422)
    return redirect(HOME)


def page(request: Request, *, failed: int = 0, fault: str = "", status: int = 200) -> HttpResponse:
    later, due = queries.on_the_way(request.actor)
    troubles = queries.troubles(request.actor, get_language() or settings.LANGUAGE_CODE)
    shown: dict[str, Any] = {
        **panes.frame(request), "key": panes.fresh_key(), "failed": failed, "fault": fault,
        "all": ALL, "surely_not": sum(one.state == "failed" and one.can_go_again for one in troubles),
        "typed": request.POST.get("reason", ""), "later": later, "due": due,
        "rows": [(one, what_it_means(one.state)) for one in troubles],
    }  # fmt: skip
    return render(request, "events/outgoing.html", shown, status=status)


def what_it_means(state: str) -> str:
    return {
        "unknown": _("The provider took it or did not; it said nothing. Sent again it may arrive twice."),
        "undelivered": _("The network could not bring it; the number may be wrong or switched off."),
        "failed": _("The provider refused it each time; nothing went out."),
    }[state]
