"""The matter of a page, or nothing."""

from django.http import Http404

from onegrid.events.models import Event
from onegrid.org.doors import Request
from onegrid.supervision import queries


def seen(request: Request, number: str) -> Event:
    """The event, or 404 outside the actor's scope."""
    try:
        return queries.matter(request.actor, number)
    except Event.DoesNotExist as error:
        raise Http404 from error
