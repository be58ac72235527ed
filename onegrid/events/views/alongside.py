"""What stands on the page of an event beside its life: who was called for it, and the link of its unit."""

from typing import Any

from onegrid.events import queries
from onegrid.events.models import Event
from onegrid.events.views import viewing
from onegrid.org.roles import DISPATCHER, Actor

DAYS = (3, 7, 14, 30)


def shown(actor: Actor, event: Event) -> dict[str, Any]:
    """Asked for only where the event has one: most have neither."""
    return alert(actor, event) | link(actor, event) | views(actor, event)


def alert(actor: Actor, event: Event) -> dict[str, Any]:
    found = queries.alert_of(event) if event.has_alerts else None  # type: ignore[attr-defined]
    calls = found is not None and found.ended_at is None
    return {"alert": found, "can_acknowledge": calls and found is not None and queries.may_acknowledge(found, actor)}


def views(actor: Actor, event: Event) -> dict[str, Any]:
    """Of a sealed matter: who was let in to read it."""
    found = queries.viewings_of(actor, event)
    return {"viewings": viewing.lines(found), "can_end_views": bool(found) and queries.decides_viewing(actor, event)}


def link(actor: Actor, event: Event) -> dict[str, Any]:
    """For the dispatcher of the centre that holds it; nobody else sees whether there is one."""
    if not actor.has(DISPATCHER) or actor.unit_id != event.owner_id:
        return {}
    can = not event.restricted and event.state in queries.LINKED and event.handler_id is not None
    given = queries.link_on(event) if event.has_links else None  # type: ignore[attr-defined]
    return {"can_link": can, "given_link": given, "link_days": DAYS}
