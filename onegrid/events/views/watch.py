"""What must be empty, and what one was told."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from onegrid.events import queries
from onegrid.events.views import inbox, panes
from onegrid.notices import actions as notices_actions
from onegrid.notices import queries as notices
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import AUDITOR, DUTY_LEADER, LEADER


@door(LEADER, DUTY_LEADER, AUDITOR)
def watch(request: Request) -> HttpResponse:
    """Open events that nobody holds, that no clock drives or that have no next step."""
    rows = [panes.row(event) for event in queries.watchdog(request.actor)]
    return render(request, "events/watch.html", {**panes.frame(request), "rows": rows, "queue": "open"})


@door(*inbox.SEEING)
def messages(request: Request) -> HttpResponse:
    """The newest messages to this posting."""
    told = notices.inbox(request.actor, get_language() or settings.LANGUAGE_CODE)
    return render(request, "events/messages.html", {**panes.frame(request), "told": told, "key": panes.fresh_key()})


@door(*inbox.SEEING, methods=("POST",))
@once
def read_message(request: Request, message_id: int) -> HttpResponse:
    """Mark one message as read, and go where it points."""
    assert request.actor.posting_id is not None
    notices_actions.read(posting_id=request.actor.posting_id, message_id=message_id)
    return redirect(notices.page_for(request.actor, message_id) or "events:messages")
