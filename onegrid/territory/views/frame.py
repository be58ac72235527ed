"""What stands around every page of the room."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onegrid.org import doors
from onegrid.org import queries as org
from onegrid.org.doors import Request
from onegrid.org.roles import ADMIN_SYSTEM, DISPATCHER, LEADER

READERS = (ADMIN_SYSTEM, LEADER, DISPATCHER)


@dataclass(frozen=True)
class Section:
    """A part of the room in the list at the side, and for whom it is there."""

    name: str
    label: str | Promise
    roles: tuple[str, ...] = READERS


SECTIONS: tuple[Section, ...] = (
    Section("territory:redivisions", _("Areas and grids"), (ADMIN_SYSTEM, LEADER)),
    Section("territory:coverage", _("Coverage check")),
    Section("territory:balance", _("Workload of grids")),
    Section("territory:import", _("Import areas"), (ADMIN_SYSTEM,)),
)


def frame(request: Request, current: str) -> dict[str, Any]:
    """For every page; `current` is the name of its section."""
    actor = request.actor
    place = org.area(actor.area)
    return {
        **doors.frame(request), "room": _("Areas and grids"), "current": current,
        "place": place.name if place else actor.area, "at_desk": not actor.has(ADMIN_SYSTEM),
        "sections": [one for one in SECTIONS if actor.has(*one.roles)],
    }  # fmt: skip


def only_centres(request: Request) -> None:
    """A department's leader keeps no grids."""
    if not request.actor.at_centre:
        raise Http404
