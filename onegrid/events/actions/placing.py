"""Where a matter lies: put there when it is reported, put right later; what hangs on it follows.

`reported_area` is where it was seen first and never changes. Voices keep the places they named themselves.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.actions import search
from onegrid.events.actions.given import NotGiven, checked
from onegrid.events.models import Event
from onegrid.kit import geo
from onegrid.org import queries as org
from onegrid.org.roles import DISPATCHER, RECEIVER, Actor

Given = dict[str, Any]


def place(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    """Set a new point, area or address; the centre stays unless it is handed over to that of the new place.

    The step keeps what stood there before and what stands there now; both go when the matter is erased.
    """
    was, stood = described(event), event.area
    area, rule, lon, lat = wanted(event, given)
    may_lie(event, actor, area)
    put(event, area, rule, given.get("address", event.address), lon, lat)
    if described(event) == was:
        raise NotGiven({"address": _("This is what stands there already; nothing was changed.")})
    facts = {"from": stood, "to": event.area, "was": was, "now": described(event), **handed(event, actor, given)}
    with connection.cursor() as cursor:
        follow(cursor, [event.pk], [event.area])
    search.forget(event)
    search.index(event, event.told())
    return facts


def would_lie(*, actor: Actor, event: Event, given: Given) -> str:
    """The area where the event would lie with what is typed so far; raises NotGiven as `place` does."""
    area = wanted(event, checked(given, (), verb="place"))[0]
    may_lie(event, actor, area)
    return area


def described(event: Event) -> dict[str, Any]:
    return {"area": event.area, "address": event.address, "longitude": event.lon, "latitude": event.lat}


def wanted(event: Event, given: Given) -> tuple[str, str, float | None, float | None]:
    """Area, how it was found, and the point: a point decides, an area alone takes the point away, else both stay.

    A form sends the point along that stands there: that is no new one.
    """
    lon, lat = given.get("longitude"), given.get("latitude")
    if (lon is None) != (lat is None):
        raise NotGiven({"longitude": _("A place needs both longitude and latitude.")})
    found = None if stands(event, lon, lat) else queries.found_at(lon, lat)
    if found is None:
        chosen = given.get("area")
        return (chosen, "chosen", None, None) if chosen else (event.area, event.located, event.lon, event.lat)
    code, rule = found
    if not code and org.territory_reaches():
        raise NotGiven({"longitude": _(
            "This point lies in no grid of this county. A matter of another county is refused with its reason, or sent "
            "one level up; here it keeps its place until then."
        )})  # fmt: skip
    return code or given.get("area") or event.area, rule, lon, lat


def stands(event: Event, lon: float | None, lat: float | None) -> bool:
    if lon is None or lat is None:
        return False
    return (round(lon, queries.DIGITS), round(lat, queries.DIGITS)) == queries.shown_point(event)


def may_lie(event: Event, actor: Actor, area: str) -> None:
    """Whoever is of the centre puts it anywhere in the county, everybody else in their own area only."""
    if not of_the_centre(event, actor) and not area.startswith(actor.area):
        raise NotGiven({"longitude": _("This place lies outside your own area; the centre puts that right.")})


def of_the_centre(event: Event, actor: Actor) -> bool:
    return actor.unit_id == event.owner_id and actor.has(RECEIVER, DISPATCHER)


def handed(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    """On wish the centre of the new place owns it from now on, and the one that hands it over reads on.

    A wish may name the centre that was offered: then no other one gets it, whatever else was changed since.
    """
    wish = given.get("hand_over")
    if not wish:
        return {}
    former, target = event.owner_id, queries.centre_of(event.area, event.about_unit_ids)
    if not of_the_centre(event, actor) or target in (None, former):
        raise NotGiven({"hand_over": _("There is no other centre that it could be handed to.")})
    if wish is not True and wish != target:
        raise NotGiven(
            {"hand_over": _("This place belongs to another centre than the one that was ticked; look again.")}
        )
    event.owner_id = target
    event.unit_ids = sorted({*event.unit_ids, former, target})
    return {"owner": target, "former": former}


def put(event: Event, area: str, rule: str, address: str, lon: float | None, lat: float | None) -> Event:
    """Every column of the event that says where it is."""
    event.area, event.located, event.address, event.lon, event.lat = area, rule, address, lon, lat
    event.c6, event.c8 = (None, None) if lon is None or lat is None else geo.cells(lon, lat)
    return event


def follow(cursor: Any, ids: Sequence[int], areas: Sequence[str]) -> None:
    """The rows that hang on these matters lie where these lie."""
    given = {"ids": list(ids), "areas": list(areas)}
    for table in DEPENDANTS:
        cursor.execute(DEPENDANT.format(table=table), given)
    for table in OF_VOICES:
        cursor.execute(OF_VOICE.format(table=table), given)


MOVED = "unnest(%(ids)s::bigint[], %(areas)s::text[]) AS w(id, area)"
DEPENDANTS = ("report", "assignment", "request", "suggestion", "attachment", "alarm", "alert", "link", "hold")
DEPENDANT = f"UPDATE events_{{table}} d SET area = w.area FROM {MOVED} WHERE d.event_id = w.id"  # nosec B608
OF_VOICES = ("contact", "unsealing")
OF_VOICE = f"""UPDATE events_{{table}} c SET area = w.area FROM {MOVED}, events_report r
WHERE r.event_id = w.id AND c.report_id = r.id"""  # nosec B608
