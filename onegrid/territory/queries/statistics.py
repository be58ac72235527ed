"""Matters by territory: by the one that was (where they were reported) or by the one that is (where they lie now)."""

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from typing import NamedTuple

from django.db.models import Count
from django.db.models.functions import Left

from onegrid.events import queries as events
from onegrid.events.models import Event
from onegrid.org.roles import Actor
from onegrid.territory.models import Redivision
from onegrid.territory.queries.redivisions import in_effect
from onegrid.territory.rules.drafting import GRID as GRID_KIND

OLD, NEW = "reported_area", "area"
# By how many digits of a code matters are counted.
TOWN, VILLAGE, GRID = 9, 12, 15
LEVELS = (GRID, VILLAGE, TOWN)


class Twin(NamedTuple):
    """Matters of one area: reported there, and lying there now; `ended`: its code does not hold any more."""

    code: str
    then: int
    now: int
    ended: bool


def counted(
    actor: Actor, *, within: str, digits: int, since: datetime, until: datetime, by: str = NEW
) -> Sequence[tuple[str, int]]:  # fmt: skip
    """(code, matters reported in the time) of what this actor sees; digits 9 by town, 12 by village, 15 by grid.

    Restricted matters are counted nowhere. `by` OLD names ended codes too: `org.queries.area_then` finds their names.
    """
    if by not in (OLD, NEW):
        raise ValueError(by)
    rows = Event.objects.filter(reported_at__gte=since, reported_at__lt=until, restricted=False)
    rows = events.seen_by(actor, rows)
    rows = rows.filter(**{f"{by}__gte": within, f"{by}__lt": within + ":"})
    groups = rows.annotate(code=Left(by, digits)).values_list("code").annotate(many=Count("pk")).order_by("code")
    return [(code, many) for code, many in groups]


def twins(actor: Actor, one: Redivision, *, digits: int, since: datetime, until: datetime) -> list[Twin]:
    """The areas that a re-division touched, by the old and by the new territory."""
    found = in_effect(one)
    touched = [*found.ended, *found.made, *found.altered]
    ordinary = [code for code in touched if (found.will.get(code) or found.was[code])["kind"] == GRID_KIND]
    codes = sorted({code[:digits] for code in ordinary})
    if not codes:
        return []
    within = shared(codes[0], codes[-1])
    then, now = (
        dict(counted(actor, within=within, digits=digits, since=since, until=until, by=by)) for by in (OLD, NEW)
    )
    ended = set(found.ended)
    return [Twin(code, then.get(code, 0), now.get(code, 0), code in ended) for code in codes]


def shared(first: str, last: str) -> str:
    """How all codes between these two begin."""
    return "".join(one for one, _other in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=True)))
