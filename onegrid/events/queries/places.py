"""Where a point lies and whose it is there; and what the written words of a matter may mean."""

from collections.abc import Sequence

from django.conf import settings

from onegrid.events.models import Event
from onegrid.events.queries.detail import seen_by
from onegrid.gazetteer import queries as gazetteer
from onegrid.gazetteer.queries import Candidate
from onegrid.org import queries as org
from onegrid.org.roles import Actor

MOST_MEANT = 5
DIGITS = 6  # of a degree, ten centimetres: so finely a form shows a point


def one_seen(actor: Actor, number: str) -> Event:
    """The event of this number, if it exists for this actor; raises Event.DoesNotExist."""
    return seen_by(actor, Event.objects.all()).get(number=number)


def found_at(lon: float | None, lat: float | None) -> tuple[str, str] | None:
    """Code and rule of the grid at a point, "" where no grid is; None without a point."""
    if lon is None or lat is None:
        return None
    found = org.territory().locate(lon, lat)
    return found.code or "", found.rule


def centre_of(area: str, about: Sequence[int]) -> int | None:
    """The nearest centre above a place that the matter is not about; the last one where it is about all."""
    over = (*org.centres_over(area), org.centre_for(settings.COUNTY))
    return next((one for one in over if one not in about), over[-1])


def shown_point(event: Event) -> tuple[float, float] | None:
    """The point of the event as a form shows it."""
    if event.lon is None or event.lat is None:
        return None
    return round(event.lon, DIGITS), round(event.lat, DIGITS)


def meant(event: Event) -> list[Candidate]:
    """At most five places that its address and words may mean; none where its pin lies where they point.

    Read are the event's own columns only: what a protected voice said of its place stays with that voice.
    """
    if not event.is_open:
        return []
    # A village that was chosen speaks for what lies in it; of a pin only its nearness does, for it may be wrong.
    chosen = event.area[:12] if event.located == "chosen" and len(event.area) > len(settings.COUNTY) else ""
    found = gazetteer.candidates(
        event.address, event.told(), area=chosen, lon=event.lon, lat=event.lat, most=MOST_MEANT
    )
    return found if gazetteer.asked_beside(found) else []
