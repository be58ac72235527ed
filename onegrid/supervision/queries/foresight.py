"""A rule before it is kept: how often it would have spoken in the last month, from what the steps recorded."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from onegrid.events import queries as events
from onegrid.events.models import Event
from onegrid.events.rules.deadlines import CLOCK_OF, Clock, Move
from onegrid.events.rules.deadlines import clocks as read_clocks
from onegrid.events.rules.deadlines import standing as stands
from onegrid.kit import clock
from onegrid.org import queries as org
from onegrid.org.roles import Actor
from onegrid.supervision.models import OrderStep, SupervisionRule
from onegrid.supervision.queries.rules import moment, moves_of

MONTH = timedelta(days=31)
EVENTS_MOST = 2000
NUMBERS_SHOWN = 20


@dataclass(frozen=True)
class Foreseen:
    """It would have spoken so many times on so many matters; their numbers, the first twenty."""

    times: int
    numbers: list[str]
    looked_at: int
    capped: bool

    @property
    def shown(self) -> list[str]:
        return self.numbers[:NUMBERS_SHOWN]


def foresee(actor: Actor, rule: SupervisionRule) -> Foreseen:
    """Against the last month of matters that the actor sees; nothing is written and nobody is told."""
    now = clock.now()
    rows = events.seen_by(actor, Event.objects.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=now - MONTH)))
    rows = rows.filter(area__startswith=rule.area, category__startswith=rule.category, reported_at__lte=now)
    rows = rows.filter(level=rule.level) if rule.level else rows
    found = list(rows.order_by("-reported_at", "-id")[: EVENTS_MOST + 1])
    matters = {event.pk: event for event in found[:EVENTS_MOST]}
    hits = silences(matters) if rule.trigger == "unanswered" else spoken(rule, matters)
    numbers = [matters[pk].number for pk in matters if hits.get(pk)]
    return Foreseen(sum(hits.values()), numbers, len(matters), len(found) > EVENTS_MOST)


def silences(matters: dict[int, Event]) -> dict[int, int]:
    """How often orders on each of them were not answered in time."""
    rows = OrderStep.objects.filter(verb="climb", at__gt=clock.now() - MONTH, order__event__in=matters)
    found: dict[int, int] = {}
    for pk in rows.values_list("order__event_id", flat=True):
        found[pk] = found.get(pk, 0) + 1
    return found


def spoken(rule: SupervisionRule, matters: dict[int, Event]) -> dict[int, int]:
    """How often the rule's moment came in each of them while that clock was the one to watch."""
    found = {}
    for pk, moves in moves_of(matters).items():
        event = matters[pk]
        history = stands(moves)
        runs = read_clocks(moves, org.calendar(event.area)).clocks
        found[pk] = sum(came(rule, run, history, event.area) for run in runs)
    return found


def came(rule: SupervisionRule, run: Clock, history: list[Move], area: str) -> bool:
    if run.due_at is None:
        return False
    now = clock.now()
    at = moment(rule, run, area)
    return now - MONTH < at <= min(now, run.ended_at or now) and watched(run, history, at)


def watched(run: Clock, history: list[Move], at: datetime) -> bool:
    """Whether this clock was the holder's at that moment: a matter that waits to be dispatched runs two."""
    state = next((move.to_state for move in reversed(history) if move.at <= at), "")
    return CLOCK_OF.get(state) == run.name
