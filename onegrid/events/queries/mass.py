"""Whom a mass notice would reach, and how far one has come; what is sealed is never among them."""

from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q

from onegrid.events.models import Event, MassNotice, MassRow
from onegrid.events.queries.detail import seen_by
from onegrid.events.queries.inbox import Filters, narrowed
from onegrid.events.queries.replies import variables
from onegrid.events.rules import filling
from onegrid.events.workflow import EVENT
from onegrid.org.roles import Actor
from onegrid.org.scope import visible_to

MASS_MOST = 5_000
MASS_SHOWN = 50


@dataclass(frozen=True)
class Reached:
    """One event of the audience, and how many voices on it can be told."""

    event: Event
    receivers: int


@dataclass(frozen=True)
class Mass:
    """A mass notice with its first rows, those that were left out first, and how many stand where."""

    notice: MassNotice
    rows: list[MassRow]
    counts: dict[str, int]
    example: str


def audience(actor: Actor, filters: Filters) -> list[Reached]:
    """Events of the actor's own centre, open unless a state is named; at most one more than may be told."""
    rows = visible_to(actor, Event.objects.filter(owner_id=actor.unit_id, restricted=False))
    if not filters.state:
        rows = rows.filter(closed_at__isnull=True)
    rows = narrowed(rows, filters).annotate(heard=Count("reports", filter=Q(reports__reachable=True)))
    found = rows.filter(heard__gt=0).order_by("id")[: MASS_MOST + 1]
    return [Reached(one, one.heard) for one in found if EVENT.may("tell", one, actor)]


def mass_notices(actor: Actor) -> list[MassNotice]:
    """The newest of the places that the actor sees."""
    rows = visible_to(actor, MassNotice.objects.select_related("made_by__user", "unit"))
    return list(rows.order_by("-id")[:MASS_SHOWN])


def mass(actor: Actor, notice_id: int) -> Mass:
    """One of them; raises MassNotice.DoesNotExist outside the scope."""
    rows = visible_to(actor, MassNotice.objects.select_related("made_by__user", "released_by__user", "unit"))
    notice = rows.get(pk=notice_id)
    # In order of their names: left out, told, waiting.
    states = Counter(dict(notice.rows.values_list("state").annotate(n=Count("pk"))))
    first = notice.rows.order_by("id").first()
    shown = notice.rows.order_by("state", "id")[:MASS_SHOWN]
    return Mass(notice, list(shown), dict(states), words_for(actor, notice, first.number) if first else "")


def words_for(actor: Actor, notice: MassNotice, number: str) -> str:
    """The frozen words as the reporters of this event read them; empty when the event is not there."""
    event = seen_by(actor, Event.objects.all()).filter(number=number).first()
    return filling.filled(notice.words, values(actor, event)) if event else ""


def blanks(actor: Actor, words: str, reached: list[Reached]) -> list[str]:
    """What would go out unfilled: a hole that one writer overlooks would be read by thousands."""
    for one in reached:
        if left := filling.blanks(words, values(actor, one.event)):
            return left
    return []


def values(actor: Actor, event: Event) -> dict[str, str]:
    return variables(actor, event, settings.LANGUAGE_CODE)
