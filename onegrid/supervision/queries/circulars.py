"""Circulars as far as a reader sees them, their readers, and where they may go."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from onegrid.org import queries as org
from onegrid.org.models import Unit
from onegrid.org.roles import Actor
from onegrid.org.scope import visible_to
from onegrid.supervision.models import Circular, CircularReceipt, CircularSeries, CircularStep
from onegrid.supervision.queries.owing import Owed
from onegrid.supervision.rules.circular_life import READERS

NEWEST = 50


@dataclass(frozen=True)
class Listed:
    circular: Circular
    sent: int
    read: int


def circulars(actor: Actor) -> list[Listed]:
    """The newest in sight, with how many units have read each."""
    rows = visible_to(actor, Circular.objects.exclude(state="discarded")).annotate(
        sent=Count("receipts"), seen=Count("receipts", filter=Q(receipts__read_at__isnull=False))
    )
    return [Listed(one, one.sent, one.seen) for one in rows.defer("figures").order_by("-id")[:NEWEST]]


def circular(actor: Actor, circular_id: int) -> Circular:
    """One in sight; raises Circular.DoesNotExist."""
    return visible_to(actor, Circular.objects.select_related("made_by__user")).get(pk=circular_id)


def history(circular: Circular) -> list[CircularStep]:
    return list(circular.steps.select_related("actor__user").order_by("n"))


def receipts(circular: Circular) -> list[CircularReceipt]:
    """Who has read it and who has not, by the order of the units."""
    return list(circular.receipts.select_related("unit", "read_by__user").order_by("read_at", "unit__code"))


def series(unit_id: int | None) -> CircularSeries | None:
    return CircularSeries.objects.filter(unit_id=unit_id or 0).first()


def receivers(circular_area: str, own: int | None) -> list[Unit]:
    """The open units of an area, the centre itself left out."""
    found = [one for one in org.units().values() if one.active and one.area.startswith(circular_area)]
    return [one for one in found if one.pk != own]


def places(area: str) -> list[org.Place]:
    """The centre's own area and the towns in it."""
    own = org.area(area)
    towns = [one for one in org.areas().values() if one.kind == "town" and one.parent == area]
    return [*([own] if own else []), *towns]


def to_read(actor: Actor) -> list[Owed]:
    """What the actor's unit has not confirmed yet."""
    if actor.unit_id is None or not actor.has(*READERS):
        return []
    rows = CircularReceipt.objects.filter(unit_id=actor.unit_id, read_at__isnull=True, circular__state="published")
    return [
        Owed(_("Confirm that the circular was read"), f"{row.circular.number} {row.circular.title}",
             reverse("supervision:circular", args=[row.circular_id]), row.remind_at)
        for row in rows.select_related("circular").defer("circular__figures").order_by("id")
    ]  # fmt: skip
