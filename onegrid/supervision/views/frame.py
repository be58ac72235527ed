"""What stands around every page of the room: who one is, the parts of the room, what one owes."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onegrid.org import doors
from onegrid.org.doors import Request
from onegrid.org.roles import (
    ANALYST,
    AUDITOR,
    CHECKER,
    DISPATCHER,
    DUTY_LEADER,
    GRID_HEAD,
    HANDLER,
    LEADER,
    RECEIVER,
    UNIT,
    WORKER,
    Actor,
)
from onegrid.supervision import queries

# Everybody who sees matters at all; what of them is decided by the scope.
SEEING = (RECEIVER, DISPATCHER, CHECKER, HANDLER, DUTY_LEADER, LEADER, WORKER, GRID_HEAD, ANALYST, AUDITOR)


@dataclass(frozen=True)
class Section:
    """A part of the room in the list at the side; `roles`: for whom it is there, empty for everybody at the desk."""

    name: str
    label: str | Promise
    roles: tuple[str, ...] = ()
    # Only for who works in a centre: a department's leader keeps none of its pages.
    centre: bool = False


# Tasks and circulars are of units; whoever goes round a grid has none.
AT_A_UNIT = (RECEIVER, DISPATCHER, CHECKER, HANDLER, DUTY_LEADER, LEADER, ANALYST, AUDITOR)

SECTIONS: tuple[Section, ...] = (
    Section("supervision:home", _("What you owe")),
    Section("supervision:orders", _("Orders"), queries.READERS),
    Section("supervision:tasks", _("Tasks"), AT_A_UNIT),
    Section("supervision:rulings", _("Rulings")),
    Section("supervision:meetings", _("Meetings"), queries.AT_THE_TABLE),
    Section("supervision:hard_list", _("Hard matters"), AT_A_UNIT),
    Section("supervision:place_works", _("Work on places"), AT_A_UNIT),
    Section("supervision:duties", _("Who answers for what")),
    Section("supervision:roster", _("Duty roster"), UNIT),
    Section("supervision:circulars", _("Circulars"), AT_A_UNIT),
    Section("supervision:board", _("Notice board")),
    Section("supervision:plans", _("Response plans")),
    Section("supervision:rules", _("Rules of supervision"), (LEADER,), centre=True),
)


def frame(request: Request, current: str) -> dict[str, Any]:
    """For every page; `current` is the name of its section."""
    sections = [one for one in SECTIONS if there_for(request.actor, one)]
    return {**doors.frame(request), "room": _("Supervision"), "sections": sections, "current": current, "at_desk": True}


def there_for(actor: Actor, section: Section) -> bool:
    return (not section.roles or actor.has(*section.roles)) and (actor.at_centre or not section.centre)
