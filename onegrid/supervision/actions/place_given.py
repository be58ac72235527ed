"""What a proposal of joint work on a place says, checked: where, what is wrong, who does what, from when until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from onegrid.events import queries as events
from onegrid.events.actions import NotGiven
from onegrid.events.models import Event
from onegrid.kit import clock, text
from onegrid.org import queries as org
from onegrid.org.models import Posting, Unit
from onegrid.org.roles import Actor
from onegrid.org.rules import closed_list
from onegrid.supervision import queries
from onegrid.supervision.actions.given import all_of, units_among, words_of
from onegrid.supervision.rules.place_life import RADII

MOST_TITLE, MOST_WORDS, MOST_MEASURE, MOST_MEASURES, MOST_KINDS = 60, 2000, 200, 30, 10
BACK, LONGEST, LONGEST_EXTENDED = timedelta(days=31), timedelta(days=366), timedelta(days=731)
Row = tuple[str, str, str]


@dataclass(frozen=True)
class PlaceWish:
    """What the form says, as it was typed; `measures` are rows of words, unit and day."""

    title: str
    problem: str
    plan: str
    lead: str
    charge: str
    since: str
    until: str
    area: str = ""
    point: str = ""
    radius: str = ""
    units: Sequence[str] = ()
    leaves: Sequence[str] = ()
    measures: Sequence[Row] = ()


def checked(actor: Actor, wish: PlaceWish) -> dict[str, Any]:
    """The columns of the work, and its measures; raises NotGiven with all that is wrong at once."""
    clean = all_of({
        "title": lambda: said(wish.title, "title", MOST_TITLE),
        "problem": lambda: said(wish.problem, "problem"),
        "plan": lambda: said(wish.plan, "plan"),
        "where": lambda: where(actor, wish),
        "charge_id": lambda: charge_of(actor, wish.charge).pk,
        "lead": lambda: units_among([wish.lead], queries.invitable(actor), "lead")[0],
        "assisting": lambda: assisting(actor, wish.units),
        "term": lambda: term(actor, wish.since, wish.until),
        "leaves": lambda: kinds(wish.leaves),
    })  # fmt: skip
    lead, assists, (since, until) = clean["lead"], clean.pop("assisting"), clean.pop("term")
    clean |= clean.pop("where") | {"since": since, "until": until}
    clean["unit_ids"] = list(dict.fromkeys((lead.pk, *(unit.pk for unit in assists))))
    own = org.unit_by_id(actor.unit_id)
    owners = [lead, *assists, *([own] if own else [])]
    clean["measures"] = measures(wish.measures, owners, since, until)
    return clean


def said(value: str, field: str, most: int = MOST_WORDS) -> str:
    """Words about a place; a group of persons named in them is refused."""
    words = words_of(value, field, most)
    if why := closed_list.refuse(words):
        raise NotGiven({field: why})
    return words


def where(actor: Actor, wish: PlaceWish) -> dict[str, Any]:
    """An area, or a point with so many metres around it; both in the centre's own area."""
    if not wish.point.strip():
        known = {one.code for town, villages in queries.place_areas(actor) for one in (town, *villages)}
        if wish.area not in known:
            raise NotGiven({"area": _("Choose a town or a village, or name a point.")})
        return {"area": wish.area, "lon": None, "lat": None, "radius": None}
    if wish.radius not in map(str, RADII):
        raise NotGiven({"radius": _("Choose how far around the point, a kilometre at most.")})
    lon, lat = point(actor, wish.point)
    centre, grid = org.unit_by_id(actor.unit_id), org.territory().locate(lon, lat).code
    if centre is None or not grid or not grid.startswith(centre.area):
        raise NotGiven({"point": _("The point lies outside the area of your centre.")})
    return {"area": grid, "lon": lon, "lat": lat, "radius": int(wish.radius)}


def point(actor: Actor, given: str) -> tuple[float, float]:
    """Of the matter with this number, or from two numbers: longitude, latitude (WGS-84)."""
    parts = given.replace(",", " ").replace("\uff0c", " ").split()
    if len(parts) == 2:
        try:
            return float(parts[0]), float(parts[1])
        except ValueError as error:
            raise NotGiven({"point": _("Longitude and latitude, like 104.6251 28.7062.")}) from error
    none = NotGiven({"point": _("No matter that you see lies at a point under this number.")})
    try:
        event = queries.matter(actor, given)
    except Event.DoesNotExist as error:
        raise none from error
    if event.restricted or event.lon is None or event.lat is None:
        raise none
    return event.lon, event.lat


def charge_of(actor: Actor, given: str) -> Posting:
    found = next((one for one in queries.charges(actor) if str(one.pk) == given), None)
    if found is None:
        raise NotGiven({"charge": _("Choose a leader of your centre or of one above it.")})
    return found


def assisting(actor: Actor, codes: Sequence[str]) -> list[Unit]:
    return units_among(codes, queries.invitable(actor), "unit") if codes else []


def term(actor: Actor, since: str, until: str) -> tuple[date, date]:
    first, last = day_of(since, "since"), day_of(until, "until")
    today = org.calendar(actor.area).date_of(clock.now())
    if not today - BACK <= first <= today + LONGEST:
        raise NotGiven({"since": _("It begins a month ago at the earliest, in a year at the latest.")})
    if not max(first, today) < last <= first + LONGEST:
        raise NotGiven({"until": _("The last day lies ahead, after the first, and within a year of it.")})
    return first, last


def longer(actor: Actor, since: date, until: date, given: str) -> date:
    """The new last day of a work that is extended."""
    last, today = day_of(given, "until"), org.calendar(actor.area).date_of(clock.now())
    if not max(until, today - timedelta(days=1)) < last <= since + LONGEST_EXTENDED:
        raise NotGiven({"until": _("A day after the last one, two years after the first at most.")})
    return last


def day_of(given: str, field: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise NotGiven({field: _("A date like 2026-11-30.")}) from error


def kinds(codes: Sequence[str]) -> list[str]:
    found = list(dict.fromkeys(code for code in codes if code))
    if len(found) > MOST_KINDS or any(code not in events.categories() for code in found):
        raise NotGiven({"leaves": _("Choose at most %(most)s kinds from the list.") % {"most": MOST_KINDS}})
    return found


def measures(rows: Sequence[Row], owners: Sequence[Unit], since: date, until: date) -> list[dict[str, Any]]:
    """Rows without words are empty; the others name a unit of the work and a day of its term."""
    filled = [row for row in rows if text.tidy(row[0])]
    if not 0 < len(filled) <= MOST_MEASURES:
        raise NotGiven({"measures": _("At least one measure, at most %(most)s.") % {"most": MOST_MEASURES}})
    return [measure(row, owners, since, until) for row in filled]


def measure(row: Row, owners: Sequence[Unit], since: date, until: date) -> dict[str, Any]:
    words, code, day = row
    due = day_of(day, "measures")
    if not since <= due <= until:
        raise NotGiven({"measures": _("The day of a measure lies within the term.")})
    unit = next((unit for unit in owners if unit.code == code), None)
    if unit is None:
        raise NotGiven({"measures": _("A measure is done by a unit of the work, or by the centre.")})
    return {"words": said(words, "measures", MOST_MEASURE), "unit": unit, "due": due}
