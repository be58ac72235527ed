"""One thing that is asked of somebody."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from onegrid.events import queries as events
from onegrid.events.models import Event
from onegrid.kit import clock
from onegrid.org import queries as org


@dataclass(frozen=True)
class Owed:
    """Something that is asked of this actor: what, about what, by when, and where it is answered."""

    what: str
    about: str
    address: str
    due_at: datetime | None = None

    @property
    def late(self) -> bool:
        return self.due_at is not None and self.due_at < clock.now()


def about(event: Event) -> str:
    """What a list says of a matter: leaf and town, nothing that anybody wrote."""
    if event.restricted:
        return _("Sealed matter")
    place = org.area(event.town)
    return " · ".join(filter(None, (events.category_name(event.category), place.name if place else "")))


def numbered(event: Event) -> str:
    return f"{event.number} · {about(event)}"
