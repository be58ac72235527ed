"""What one verb would do to each of many events: shown before anything is done, with the reason where it cannot be."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from onegrid.events.models import Event, Request
from onegrid.events.queries.detail import seen_by, why, with_units
from onegrid.events.queries.reference import routing
from onegrid.events.workflow import EVENT
from onegrid.org import queries as org
from onegrid.org.models import Unit
from onegrid.org.roles import Actor

BULK_VERBS = ("dispatch", "void", "tell")
BULK_MOST = 200


@dataclass(frozen=True)
class Prospect:
    """One event of the selection; `why` is empty when the verb goes. Without an event: not there for this reader."""

    number: str
    event: Event | None
    why: str
    unit: Unit | None = None


def prospects(actor: Actor, verb: str, numbers: list[str]) -> list[Prospect]:
    """In the order of the selection."""
    rows = {event.number: event for event in seen_by(actor, Event.objects.filter(number__in=numbers))}
    asked = asked_already(verb, list(rows.values()))
    return [prospect(actor, verb, number, rows.get(number), asked) for number in dict.fromkeys(numbers)]


def asked_already(verb: str, events: list[Event]) -> set[int]:
    found = Request.objects.filter(event__in=events, kind=verb, decided_at__isnull=True)
    return set(found.values_list("event_id", flat=True)) if verb == "void" else set()


def prospect(actor: Actor, verb: str, number: str, event: Event | None, asked: set[int]) -> Prospect:
    if event is None:
        return Prospect(number, None, _("It is not there for you."))
    with_units(event, "owner", "handler", "holder")
    unit = by_rule(event) if verb == "dispatch" else None
    return Prospect(number, event, hindrance(actor, verb, event, unit, asked), unit)


def hindrance(actor: Actor, verb: str, event: Event, unit: Unit | None, asked: set[int]) -> str:
    """Why it does not go, or nothing; what is sealed is never done by the dozen."""
    if event.restricted:
        return _("A sealed matter is handled by itself, never with others.")
    answer = EVENT.may_ask(verb, event, actor) if verb == "void" else EVENT.may(verb, event, actor)
    if not answer:
        return why(answer)
    if event.pk in asked:
        return _("This has been asked for and waits for a decision.")
    return _("No rule names a unit.") if verb == "dispatch" and unit is None else ""


def by_rule(event: Event) -> Unit | None:
    hit = routing(event)
    return org.unit_by_id(hit.unit_id) if hit else None
