"""The notice board: what is up for a reader now, and what a centre has put up besides."""

from datetime import date

from django.db.models import Q

from onegrid.kit import clock
from onegrid.org import queries as org
from onegrid.org.roles import DISPATCHER, LEADER, Actor
from onegrid.org.scope import visible_to
from onegrid.supervision.models import BoardNotice, Circular

NEWEST = 20


def today(actor: Actor) -> date:
    return org.calendar(actor.area).date_of(clock.now())


def board(actor: Actor) -> list[BoardNotice]:
    """What is up today for whoever works in the actor's area: the pinned ones first, then the newest."""
    now = today(actor)
    over = org.prefixes(actor.area)
    up = BoardNotice.objects.filter(taken_down_at__isnull=True, since__lte=now, until__gte=now, area__in=over)
    rows = visible_to(actor, up.select_related("unit", "circular").defer("circular__figures"))
    return list(rows.order_by("-pinned", "-since", "-id"))


def put_up_besides(actor: Actor) -> list[BoardNotice]:
    """What the own centre has put up for later, and what is over or was taken down."""
    if not may_put_up(actor):
        return []
    now = today(actor)
    rows = BoardNotice.objects.filter(unit_id=actor.unit_id or 0)
    rows = rows.filter(Q(since__gt=now) | Q(until__lt=now) | Q(taken_down_at__isnull=False))
    return list(visible_to(actor, rows).order_by("-id")[:NEWEST])


def may_put_up(actor: Actor) -> bool:
    return actor.at_centre and actor.has(DISPATCHER, LEADER)


def circulars_to_read(actor: Actor, notices: list[BoardNotice]) -> set[int]:
    """Of the circulars that hang on these, those that the reader may open."""
    hanging = [one.circular_id for one in notices if one.circular_id is not None]
    if not hanging:
        return set()
    return set(visible_to(actor, Circular.objects.filter(pk__in=hanging)).values_list("pk", flat=True))


def circulars_to_hang(actor: Actor) -> list[Circular]:
    """The newest published circulars of the own centre."""
    rows = Circular.objects.filter(unit_id=actor.unit_id or 0, state="published")
    return list(visible_to(actor, rows).defer("figures").order_by("-id")[:NEWEST])
