"""What lies in places that are divided anew; asked by the house for the house, so without a scope."""

from collections.abc import Iterable
from typing import NamedTuple

from onegrid.events.models import Event, ReplyTemplate, Route
from onegrid.kit.succession import Following, Heirs, Ruled, following


class Lying(NamedTuple):
    """A matter and where it lies; `open` and `restricted` for whoever counts."""

    id: int
    area: str
    lon: float | None
    lat: float | None
    open: bool
    restricted: bool


def lying_in(codes: Iterable[str]) -> list[Lying]:
    """Every matter of exactly these grids, open or ended."""
    rows = Event.objects.filter(area__in=list(codes)).order_by("id")
    columns = ("id", "area", "lon", "lat", "closed_at", "restricted")
    return [Lying(pk, area, lon, lat, closed is None, secret) for pk, area, lon, lat, closed, secret
            in rows.values_list(*columns)]  # fmt: skip


def routes_following(heirs: Heirs) -> Following:
    """Dispatching rules of ended places: one unit for each kind of matter in a place."""
    rows = Route.objects.filter(area__in=heirs).values_list("pk", "area", "category", "unit_id")
    return following([Ruled(*row) for row in rows], heirs)


def templates_following(heirs: Heirs) -> Following:
    """Reply templates of ended places that are in use: one of each code in a place."""
    rows = ReplyTemplate.objects.filter(area__in=heirs, active=True)
    columns = ("pk", "area", "code", "words_zh", "words_en")
    return following(
        [Ruled(pk, area, code, tuple(words)) for pk, area, code, *words in rows.values_list(*columns)], heirs
    )
