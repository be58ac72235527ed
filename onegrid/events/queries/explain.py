"""Why this limit: each start, pause and calendar day and the sum; why this unit; who saw it."""

from dataclasses import dataclass

from django.db.models import QuerySet

from onegrid.events.models import Event, Report
from onegrid.events.queries.detail import knows, seen_by
from onegrid.events.queries.reference import reasons, routes, routing
from onegrid.events.rules import clock_words, deadlines
from onegrid.events.rules.routing import Hit, Rule, candidates
from onegrid.org import queries as org
from onegrid.org.models import TrailEntry
from onegrid.org.roles import Actor


@dataclass(frozen=True)
class Explanation:
    """The account of one event; `clocks` carry their lines, `rules` every routing rule that fits, finest first."""

    event: Event
    clocks: deadlines.Clocks
    hit: Hit | None
    rules: list[Rule]
    looks: list[TrailEntry]
    zone: str


def explanation(actor: Actor, number: str) -> Explanation:
    """Recomputed from the history at each reading; raises Event.DoesNotExist outside the scope."""
    event = seen_by(actor, Event.objects.select_related("owner", "handler", "holder")).get(number=number)
    return Explanation(
        event=event,
        clocks=clocks_of(event),
        hit=routing(event),
        rules=candidates(routes(), event.area, event.category),
        looks=looks_at(list(known_voices(actor, event).values_list("pk", flat=True))),
        zone=org.zone(event.area),
    )


def known_voices(actor: Actor, event: Event) -> QuerySet[Report]:
    """The voices whose looks this reader may know of: of protected ones nobody learns that there is a contact."""
    rows = Report.objects.filter(event=event)
    return rows if knows(actor, event) else rows.filter(protected=False)


def clocks_of(event: Event) -> deadlines.Clocks:
    rows = event.steps.order_by("n").values_list("n", "verb", "from_state", "to_state", "at", "facts")
    return deadlines.clocks([deadlines.Move.of(*row) for row in rows], org.calendar(event.area))


def account(clock: deadlines.Clock, zone: str) -> list[str]:
    """The sum of a clock in sentences, with the coded reasons of its pauses by name."""
    return clock_words.sentences(clock, zone, {reason.code: reason.name for reason in reasons("suspend")})


def looks_at(report_ids: list[int]) -> list[TrailEntry]:
    """Every look at the contact of these voices, newest first: who, when, what for."""
    rows = TrailEntry.objects.filter(verb="reveal", subject="report", subject_id__in=report_ids)
    return list(rows.select_related("posting__unit").order_by("-at"))
