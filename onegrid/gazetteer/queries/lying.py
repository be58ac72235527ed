"""What lies in which area: asked before areas are divided anew."""

from collections.abc import Sequence
from typing import NamedTuple

from onegrid.gazetteer.models import Named, Thing


class Lying(NamedTuple):
    """A name or a thing, the area in which it is kept, and its point."""

    id: int
    area: str
    lon: float
    lat: float


def names_in(codes: Sequence[str]) -> list[Lying]:
    """Names that are kept in exactly these areas."""
    return [Lying(*row) for row in Named.objects.filter(area__in=codes).values_list("pk", "area", "lon", "lat")]


def things_in(codes: Sequence[str]) -> list[Lying]:
    """Things of layers that are kept in exactly these areas."""
    return [Lying(*row) for row in Thing.objects.filter(area__in=codes).values_list("pk", "area", "lon", "lat")]
