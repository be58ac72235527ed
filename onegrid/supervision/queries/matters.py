"""The matter that something here is about, as far as the actor may see it."""

from onegrid.events import queries as events
from onegrid.events.models import Event
from onegrid.kit import codes
from onegrid.org.roles import Actor


def matter(actor: Actor, number: str) -> Event:
    """The event of this number; raises Event.DoesNotExist for no number and outside the actor's scope."""
    return events.seen_by(actor, Event.objects.all()).get(number=codes.tidy_number(number) or "")
