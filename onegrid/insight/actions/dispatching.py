"""Dispatch from the map: the heart's own verb, and with its step what spoke for this unit."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from onegrid.events import actions as events
from onegrid.events.models import Event
from onegrid.insight import queries
from onegrid.insight.rules.nearest import Facts
from onegrid.kit.transactions import joined
from onegrid.kit.workflow import NotAllowed, Refusal
from onegrid.org import queries as org
from onegrid.org.roles import Actor

Stale, NotGiven = events.Stale, events.NotGiven
KEPT = ("rule", "first", "duty", "metres", "load", "done", "in_time", "here")


@joined()
def dispatch_nearest(*, actor: Actor, number: str, unit: str, version: int) -> Event:
    """Offer the matter to a unit that may be asked; the figures are counted anew, never taken from a page.

    Raises Event.DoesNotExist, NotAllowed, NotGiven, Stale.
    """
    event = queries.on_map(actor, number)
    found = queries.weighed(actor, event)
    chosen = org.unit(unit)
    place = next((n for n, one in enumerate(found.asked, 1) if chosen and one.unit_id == chosen.pk), 0)
    if not place:
        raise NotAllowed(Refusal("guard", _("This unit cannot be asked from the map; the reason stands beside it.")))
    weighed = {"place": place, "of": len(found.asked), **told(found.asked[place - 1])}
    return events.take(
        actor=actor, number=number, verb="dispatch", version=version, given={"unit": unit}, weighed=weighed
    )


def told(unit: Facts) -> dict[str, Any]:
    return {name: value for name, value in asdict(unit).items() if name in KEPT}
