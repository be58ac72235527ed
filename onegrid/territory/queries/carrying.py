"""Rows of the whole house that name a code that ends: what goes along by itself, and what somebody must look at."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onegrid.events import queries as events
from onegrid.gazetteer import queries as gazetteer
from onegrid.kit.succession import Following, Heirs
from onegrid.org import queries as org
from onegrid.org.models import Posting, Unit
from onegrid.territory.rules import outcome as rules
from onegrid.territory.rules.outcome import Matter, Outcome

# To every grid that follows; to the one in which its point lies, or that follows alone; to that one only; by nobody.
EVERY, BY_POINT, ALONE, BY_HAND = "every", "by_point", "alone", "by_hand"


@dataclass(frozen=True)
class Table:
    """What its rows are called, where they are kept (the name of an address, for whoever may go there), which column
    names the place, what becomes of them, and which of them still count."""

    name: str | Promise
    address: str = ""
    fate: str = BY_HAND
    column: str = "area"
    live: Mapping[str, Any] = field(default_factory=dict)


# Every table of the house that names a place and is not a part of a matter. A test holds it complete.
CARRIERS: dict[str, Table] = {
    "org.Unit": Table(_("Offices"), fate=BY_POINT),
    "org.CalendarDay": Table(_("Days of the calendar"), fate=EVERY),
    "org.WorkingHours": Table(_("Working hours"), fate=EVERY),
    "events.Route": Table(_("Dispatching rules"), "supervision:duties", EVERY),
    "events.ReplyTemplate": Table(_("Reply templates"), "events:templates", EVERY, live={"active": True}),
    "events.MassNotice": Table(_("Mass notices"), "events:mass_notices", live={"state": "frozen"}),
    "public.Follower": Table(_("Followers by e-mail")),
    "supervision.SupervisionRule": Table(
        _("Rules of supervision"), "supervision:rules", EVERY, live={"active": True}
    ),
    "supervision.Instruction": Table(_("Instructions"), "supervision:tasks"),
    "supervision.Task": Table(_("Tasks"), "supervision:tasks", live={"ended_at": None}),
    "supervision.Roster": Table(_("Duty rosters"), "supervision:roster", ALONE),
    "supervision.BoardNotice": Table(
        _("Notices on the board"), "supervision:board", ALONE, live={"taken_down_at": None}
    ),
    "supervision.CircularSeries": Table(_("Numbers of circulars"), "supervision:circulars"),
    "supervision.Circular": Table(_("Circulars"), "supervision:circulars", column="place", live={"state": "draft"}),
    "supervision.Precedent": Table(_("Precedents"), "supervision:rulings", ALONE, live={"withdrawn_at": None}),
    "supervision.PlaceWork": Table(
        _("Joint work on places"), "supervision:place_works", BY_POINT, live={"ended_at": None}
    ),
    "insight.WallLink": Table(_("Links of wall screens"), live={"ended_at": None}),
    "supervision.Plan": Table(_("Response plans"), "supervision:plans", EVERY, live={"active": True}),
}  # fmt: skip
# What hangs on a posting that ends: whoever keeps it puts the new posting in.
HANGING = {
    "events.OnCall": Table(_("Places in the list of calls"), "events:oncall", column="posting"),
    "supervision.Shift": Table(
        _("Shifts on a roster"), "supervision:roster", column="posting", live={"withdrawn_at": None}
    ),
}
# Written once about a moment that is over, moved with the matters or by their point, or counted anew by the minute.
LEFT_AS_THEY_ARE = {
    "events.Tombstone", "events.Contact", "events.Unsealing", "events.Event", "org.Posting", "territory.Redivision",
    "insight.Cell", "gazetteer.Named", "org.Import",
}  # fmt: skip
# Rules that would contradict each other in a grid that two of them fall to.
AT_ODDS: dict[str, Callable[[Heirs], Following]] = {
    "events.Route": events.routes_following,
    "events.ReplyTemplate": events.templates_following,
    "org.CalendarDay": org.days_following,
    "org.WorkingHours": org.hours_following,
}


@dataclass(frozen=True)
class Carrying:
    """So many rows of a table name a code that ends: they go along, or somebody looks at them."""

    label: str
    address: str
    goes: int
    look: int


def carrying(found: Outcome, people: Sequence[Posting] = ()) -> list[Carrying]:
    """By table; those of which there are none are left out."""
    heirs = heirs_of(found)
    rows = [of_table(label, table, heirs) for label, table in CARRIERS.items()]
    rows += [hanging(label, table, people) for label, table in HANGING.items()]
    rows.append(Carrying(str(_("Named places and things of layers")), "", len(names(found)) + len(things(found)), 0))
    return [one for one in rows if one.goes or one.look]


def heirs_of(found: Outcome) -> dict[str, list[str]]:
    """For every code that ends the grids that took over its land."""
    return {key: rules.heirs(found, key) for key in found.ended}


def of_table(label: str, table: Table, heirs: Heirs) -> Carrying:
    rows = live_rows(label, table).filter(**{f"{table.column}__in": list(heirs)})
    columns = (table.column, "lon") if table.fate == BY_POINT else (table.column,)
    places = Counter((code, bool(point and point[0] is not None)) for code, *point in rows.values_list(*columns))
    look = sum(many for (code, pinned), many in places.items() if not clear(table.fate, len(heirs[code]), pinned))
    if label in AT_ODDS:
        look = len(AT_ODDS[label](heirs).unclear)
    return Carrying(str(table.name), table.address, sum(places.values()) - look, look)


def clear(fate: str, many: int, pinned: bool) -> bool:
    """Whether it is clear where a row goes, so many grids following its own."""
    return {EVERY: many > 0, BY_POINT: pinned or many == 1, ALONE: many == 1, BY_HAND: False}[fate]


def hanging(label: str, table: Table, people: Sequence[Posting]) -> Carrying:
    rows = live_rows(label, table).filter(**{f"{table.column}__in": [one.pk for one in people]})
    return Carrying(str(table.name), table.address, 0, rows.count())


def live_rows(label: str, table: Table) -> QuerySet[Any]:
    values = {(name if value is not None else f"{name}__isnull"): (value if value is not None else True)
              for name, value in table.live.items()}  # fmt: skip
    rows: QuerySet[Any] = apps.get_model(label)._default_manager.filter(**values)
    return rows


def names(found: Outcome) -> list[tuple[int, str, str]]:
    """(name, area until now, key of its grid from then on)."""
    return moving(found, gazetteer.names_in)


def things(found: Outcome) -> list[tuple[int, str, str]]:
    return moving(found, gazetteer.things_in)


def moving(
    found: Outcome, lying_in: Callable[[Sequence[str]], list[gazetteer.Lying]]
) -> list[tuple[int, str, str]]:  # fmt: skip
    codes = sorted({*found.ended, *found.places})
    return rules.moves(found, [Matter(*one) for one in lying_in(codes)])


def units(found: Outcome) -> dict[int, str]:
    """Offices whose area ends, with the grid of their seat, or the one that follows alone."""
    heirs = heirs_of(found)
    rows = list(Unit.objects.filter(area__in=heirs).order_by("pk"))
    seats = [Matter(one.pk, one.area, one.lon, one.lat) for one in rows if one.lon is not None]
    by_seat = {pk: to for pk, _was, to in rules.moves(found, seats) if to}
    alone = {one.pk: heirs[one.area][0] for one in rows if len(heirs[one.area]) == 1}
    return alone | by_seat
