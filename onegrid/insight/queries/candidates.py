"""Whom to send for one matter: the facts of every unit, as the database has them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q

from onegrid.events import queries as events
from onegrid.events.models import Event
from onegrid.insight.queries.seats import duty_of, metres_to
from onegrid.insight.rules import nearest
from onegrid.insight.rules.nearest import NO_ROSTER, Facts, Passed
from onegrid.kit import clock, geo
from onegrid.kit.literal import literal
from onegrid.org import queries as org
from onegrid.org.models import Posting, Unit
from onegrid.org.roles import HANDLER, Actor

EARLIER_DAYS = 365
HERE_METRES = 200


@dataclass(frozen=True)
class Weighed:
    """Who may be asked in order, and who is passed over with the reason."""

    asked: list[Facts]
    passed: list[Passed]


def weighed(actor: Actor, event: Event) -> Weighed:
    """Every unit of the house weighed for this matter."""
    units = list(org.units().values())
    ids = [unit.pk for unit in units]
    rules = events.routes_for(event.area, event.category)
    hit = events.routing(event)
    accounts, load, earlier = accounts_of(ids), load_of(ids), earlier_of(event, ids)
    duty = duty_of(actor, ids)
    about = family_of(event)
    found = [
        Facts(
            unit_id=unit.pk, active=unit.active, centre=unit.kind == Unit.CENTRE,
            contractor=unit.kind == Unit.CONTRACTOR, covers=event.area.startswith(unit.area), about=unit.pk in about,
            rule=unit.pk in rules, first=hit is not None and hit.unit_id == unit.pk,
            accounts=accounts.get(unit.pk, 0), duty=duty.get(unit.pk, NO_ROSTER),
            metres=metres_to(unit, event.lon, event.lat) if event.lon is not None and event.lat is not None else None,
            load=load.get(unit.pk, 0), **earlier.get(unit.pk, {"done": 0, "in_time": 0, "here": 0}),
        )
        for unit in units
    ]  # fmt: skip
    return Weighed(*nearest.ranked(found, event.level))


def family_of(event: Event) -> set[int]:
    """The offices that the matter is about, their employers and contractors."""
    return {one for unit_id in event.about_unit_ids for one in org.unit_family(unit_id)}


def accounts_of(unit_ids: Collection[int]) -> dict[int, int]:
    """Unit -> how many people can sign for a matter there."""
    rows = org.active(Posting.objects.filter(unit_id__in=unit_ids, roles__contains=[HANDLER], user__is_active=True))
    return dict(rows.order_by().values("unit_id").annotate(n=Count("pk")).values_list("unit_id", "n"))


def load_of(unit_ids: Collection[int]) -> dict[int, int]:
    """Unit -> open matters that it leads; restricted ones are in no figure."""
    rows = Event.objects.filter(closed_at__isnull=True, restricted=False, handler_id__in=unit_ids)
    return dict(rows.order_by().values("handler_id").annotate(n=Count("pk")).values_list("handler_id", "n"))


def earlier_of(event: Event, unit_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Unit -> what it ended in this town within a year: of this kind, of these as promised, and close to this place."""
    since = clock.now() - timedelta(days=EARLIER_DAYS)
    rows = Event.objects.filter(
        town=literal(event.area[:9]), reported_at__gte=since, closed_at__isnull=False, restricted=False,
        joined_into__isnull=True, state__in=("closed", "archived"), handler_id__in=unit_ids,
    )  # fmt: skip
    kind, here = Q(category=event.category), close_to(event)
    counts = rows.filter(kind | here).order_by().values("handler_id").annotate(
        done=Count("pk", filter=kind),
        in_time=Count("pk", filter=kind & Q(closed_at__lte=F("promised_by"))),
        here=Count("pk", filter=here),
    )  # fmt: skip
    return {row.pop("handler_id"): row for row in map(dict[str, Any], counts)}


def close_to(event: Event) -> Q:
    """Within a square of 200 m to each side; nothing where the matter has no point."""
    if event.lon is None or event.lat is None:
        return Q(pk__in=[])
    west, south, east, north = geo.box_around(event.lon, event.lat, HERE_METRES)
    return Q(lon__gte=west, lon__lte=east, lat__gte=south, lat__lte=north)
