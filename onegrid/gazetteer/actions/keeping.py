"""What the writing of names and of things has in common: who may, what came of it, which area holds a point."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from onegrid.org import queries as org
from onegrid.org import roles
from onegrid.org.actions import Refused
from onegrid.org.roles import Actor


@dataclass(frozen=True)
class Kept:
    """How many were made, changed, left as they were, and ended."""

    made: int = 0
    changed: int = 0
    same: int = 0
    ended: int = 0

    @property
    def facts(self) -> dict[str, int]:
        return asdict(self)


def must_keep(actor: Actor) -> None:
    if not actor.has(roles.SYSTEM, roles.ADMIN_SYSTEM):
        raise Refused("wrong_role", _("Your role may not do this."))


def located(places: Sequence[tuple[float, float, str]]) -> list[str]:
    """The area of each point: the given one, else the grid that holds it or lies within 200 m, else none."""
    if not places:
        return []
    found = org.territory().locate_many([lon for lon, _lat, _area in places], [lat for _lon, lat, _area in places])
    held = [found.place(row) for row in range(len(places))]
    return [area or one.code or one.special or "" for one, (_lon, _lat, area) in zip(held, places, strict=True)]
