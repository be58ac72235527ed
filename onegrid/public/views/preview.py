"""How a resident will see what staff are about to say: the resident's own page with the draft in it, nothing sent."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from onegrid.events import actions as events
from onegrid.events import queries
from onegrid.events.models import Event
from onegrid.events.workflow import VERB_LABELS
from onegrid.kit import codes
from onegrid.org.doors import Request, door
from onegrid.org.roles import CHECKER, DISPATCHER, DUTY_LEADER, HANDLER, LEADER, RECEIVER
from onegrid.public.views.track import context_of

GIVEN = ("words", "result", "reason", "days", "review_on")


@door(RECEIVER, DISPATCHER, CHECKER, HANDLER, DUTY_LEADER, LEADER, methods=("POST",))
def preview(request: Request, number: str, verb: str) -> HttpResponse:
    """The page of the first voice as it would be after this step, with its buttons switched off."""
    tidied = codes.tidy_number(number)
    if tidied is None or verb not in events.REPLY_VERBS:
        raise Http404
    given = {name: request.POST[name].strip() for name in GIVEN if request.POST.get(name)}
    try:
        found = events.preview(actor=request.actor, number=tidied, verb=verb, given=given)
        hints = queries.hints_for(request.actor, tidied, verb, given.get("result") or given.get("words", ""))
    except Event.DoesNotExist as error:
        raise Http404 from error
    except events.NotAllowed as refused:
        return render(request, "public/preview_none.html", {"why": refused.refusal.reason}, status=409)
    shown = {
        **context_of(found, ""), "hints": hints, "verb_label": VERB_LABELS[verb],
        "back": reverse("events:event", args=[tidied]),
        "later": _("once somebody else has checked it") if verb == "resolve" else "",
    }  # fmt: skip
    return render(request, "public/preview.html", shown)
