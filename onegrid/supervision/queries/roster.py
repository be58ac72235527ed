"""Rosters: who is on duty, the days of a unit, where nobody is, and what a planned shift runs into."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from onegrid.kit import clock
from onegrid.kit.working_time import ONE_DAY, Calendar
from onegrid.org import queries as org
from onegrid.org.models import Posting, Unit, in_reader_language
from onegrid.org.roles import DISPATCHER, LEADER, Actor
from onegrid.org.scope import visible_to
from onegrid.supervision.models import Absence, Roster, Shift
from onegrid.supervision.rules import roster as rules
from onegrid.supervision.rules.roster import Slot, Stretch

SHOWN = 14


def keeps(actor: Actor) -> bool:
    """Whether the actor keeps the roster of the own unit: its leader, in a centre its dispatchers too."""
    return actor.unit_id is not None and (actor.has(LEADER) or (actor.at_centre and actor.has(DISPATCHER)))


def people(unit_id: int, kind: str) -> list[Posting]:
    """Who of the unit may take a shift of this kind."""
    rows = org.active(Posting.objects.filter(unit_id=unit_id, roles__overlap=list(rules.FITTING[kind])))
    return list(rows.filter(user__is_active=True).select_related("user").order_by("pk"))


def unit_read(actor: Actor, code: str) -> Unit:
    """A unit whose roster the actor may read: one's own, or for a centre's leader and dispatcher one of their area.

    Raises Unit.DoesNotExist.
    """
    found = org.unit(code)
    if found is None or not found.active:
        raise Unit.DoesNotExist
    inside = actor.at_centre and actor.has(LEADER, DISPATCHER) and found.area.startswith(actor.area)
    if found.pk == actor.unit_id or inside:
        return found
    raise Unit.DoesNotExist


def units_read(actor: Actor) -> list[Unit]:
    """The other units of the actor's area that have a roster."""
    if not actor.at_centre or not actor.has(LEADER, DISPATCHER):
        return []
    kept = Roster.objects.filter(shifts__isnull=False).exclude(unit_id=actor.unit_id or 0).distinct()
    known = visible_to(actor, kept).order_by("unit_id").values_list("unit_id", flat=True)
    found = [org.unit_by_id(unit_id) for unit_id in known]
    return [unit for unit in found if unit is not None and unit.active]


def standing() -> QuerySet[Shift]:
    """Shifts that count, with their people."""
    return Shift.objects.filter(withdrawn_at__isnull=True).select_related("posting__user", "roster")


def still_there(shift: Shift) -> bool:
    """Whether its person works there still, and will when it begins."""
    until = shift.posting.until
    return shift.posting.user.is_active and (until is None or until > max(shift.begins, clock.now()))


def away_in(posting_ids: Collection[int], since: datetime, until: datetime) -> dict[int, list[Stretch]]:
    """Posting -> when it is away within this time."""
    found: dict[int, list[Stretch]] = {}
    rows = Absence.objects.filter(posting_id__in=posting_ids, ended_at__isnull=True, begins__lt=until, ends__gt=since)
    for row in rows:
        found.setdefault(row.posting_id, []).append((row.begins, row.ends))
    return found


def on_duty(unit_id: int, at: datetime) -> list[Shift]:
    """Who is on duty at this moment in the order of the calls: leaders by place, then officers; the absent are not."""
    rows = list(standing().filter(roster__unit_id=unit_id, begins__lte=at, ends__gt=at))
    away = away_in({row.posting_id for row in rows}, at, at + rules.MOMENT)
    there = [row for row in rows if still_there(row) and not absent_at(away.get(row.posting_id, ()), at)]
    return sorted(there, key=lambda row: (row.kind != rules.LEADS, row.place, row.begins, row.pk))


def absent_at(away: Iterable[Stretch], at: datetime) -> bool:
    return any(since <= at < until for since, until in away)


def covered(shifts: Iterable[Shift], away: dict[int, list[Stretch]]) -> list[Stretch]:
    """The times in which these shifts have somebody there."""
    return [
        part
        for shift in shifts
        if still_there(shift)
        for part in rules.without((shift.begins, shift.ends), away.get(shift.posting_id, ()))
    ]


def gaps(unit_id: int, since: datetime, until: datetime) -> list[Stretch]:
    """When no leader is on duty between these moments, by the roster; one that began before starts at its beginning."""
    rows = list(
        standing().filter(roster__unit_id=unit_id, kind=rules.LEADS, begins__lt=until, ends__gt=since - rules.NEAR)
    )
    away = away_in({row.posting_id for row in rows}, since - rules.NEAR, until)
    return [one for one in rules.gaps(covered(rows, away), until) if one[1] > since]


@dataclass(frozen=True)
class Placed:
    """A shift as its day shows it."""

    shift: Shift
    hours: str
    uncovered: bool
    own: bool


@dataclass(frozen=True)
class Day:
    """One row of the roster: the day, what the calendar says of it, its shifts by kind, when nobody leads."""

    on: date
    why: str
    name: str
    today: bool
    shifts: list[list[Placed]]
    gaps: list[str]

    @property
    def rest(self) -> bool:
        return self.why in ("weekend", "holiday")


def days(actor: Actor, unit: Unit, first: date, count: int = SHOWN) -> list[Day]:
    """The roster of a unit day by day; a shift stands on the day on which it begins."""
    calendar = org.calendar(unit.area)
    since, until = calendar.moment(first), calendar.moment(first + count * ONE_DAY)
    rows = list(visible_to(actor, standing()).filter(roster__unit_id=unit.pk, begins__gte=since, begins__lt=until))
    away = away_in({row.posting_id for row in rows}, since, until + rules.LONGEST)
    placed = [shown(actor, row, away.get(row.posting_id, []), calendar) for row in rows]
    holes = gaps(unit.pk, since, until) if unit.kind == Unit.CENTRE else []
    today = calendar.date_of(clock.now())
    return [
        Day(
            on=on, why=calendar.why(on), name=name_of(unit, on), today=on == today,
            shifts=[
                [one for one in placed if one.shift.kind == kind and calendar.date_of(one.shift.begins) == on]
                for kind in rules.KINDS
            ],
            gaps=[hours(one, calendar) for one in within(holes, calendar.moment(on), calendar.end_of(on))],
        )
        for on in (first + number * ONE_DAY for number in range(count))
    ]  # fmt: skip


def ahead(unit: Unit) -> list[tuple[Shift, str]]:
    """The shifts of a unit that are not over, each with its hours."""
    calendar = org.calendar(unit.area)
    rows = standing().filter(roster__unit_id=unit.pk, ends__gt=clock.now())
    return [(row, hours((row.begins, row.ends), calendar)) for row in rows]


def shown(actor: Actor, shift: Shift, away: list[Stretch], calendar: Calendar) -> Placed:
    whole = (shift.begins, shift.ends)
    gone = not still_there(shift) or any(rules.overlap(whole, one) for one in away)
    return Placed(shift, hours(whole, calendar), uncovered=gone, own=shift.posting_id == actor.posting_id)


def hours(stretch: Stretch, calendar: Calendar) -> str:
    """08:00–20:00 as the wall shows it; what ends on the next day says so, and midnight is 24:00."""
    begins, ends = (one.astimezone(ZoneInfo(calendar.zone)) for one in stretch)
    values = {"begins": f"{begins:%H:%M}", "ends": f"{ends:%H:%M}"}
    passed = (ends.date() - begins.date()).days
    if passed == 1 and ends == calendar.moment(ends.date()):
        return f"{values['begins']}–24:00"
    if passed == 0:
        return f"{values['begins']}–{values['ends']}"
    if passed == 1:
        return _("%(begins)s–%(ends)s next day") % values
    return _("%(begins)s–%(ends)s on the day after next") % values


def within(stretches: list[Stretch], since: datetime, until: datetime) -> list[Stretch]:
    """What of these times lies in the day."""
    return [(max(a, since), min(b, until)) for a, b in stretches if a < until and b > since]


def name_of(unit: Unit, on: date) -> str:
    """The festival of the day, in the reader's language."""
    day = org.calendar(unit.area).day(on)
    return in_reader_language(day.name_zh, day.name_en)


@dataclass(frozen=True)
class Planned:
    """A shift that is meant to be: whose, on which day, and why it cannot be, if so."""

    slot: Slot
    hours: str
    posting: Posting | None
    on: date
    why: str
    name: str
    clash: str

    @property
    def rest(self) -> bool:
        return self.why in ("weekend", "holiday")


def planned(actor: Actor, kind: str, place: int, slots: list[Slot]) -> list[Planned]:
    """Every shift with its day and what it would run into in the actor's own unit."""
    unit = org.unit_by_id(actor.unit_id)
    assert unit is not None
    calendar = org.calendar(unit.area)
    fit = {one.pk: one for one in people(unit.pk, kind)}
    taken, away = Shift.objects.none(), dict[int, list[Stretch]]()
    if slots:
        since, until = min(one.begins for one in slots), max(one.ends for one in slots)
        near = Shift.objects.filter(withdrawn_at__isnull=True, begins__lt=until, ends__gt=since)
        taken = near.filter(Q(posting_id__in=fit) | Q(roster__unit_id=unit.pk))
        away = away_in(fit, since, until)
    known = [(row.posting_id, row.kind, row.place, row.roster.unit_id == unit.pk, (row.begins, row.ends))
             for row in taken.select_related("roster")]  # fmt: skip
    found = []
    for slot in slots:
        on = calendar.date_of(slot.begins)
        clash = fault(slot, fit.get(slot.posting_id)) or runs_into(slot, kind, place, known, away)
        span = (slot.begins, slot.ends)
        day = (on, calendar.why(on), name_of(unit, on))
        found.append(Planned(slot, hours(span, calendar), fit.get(slot.posting_id), *day, clash))
        known.append((slot.posting_id, kind, place, True, span))
    return found


def fault(slot: Slot, person: Posting | None) -> str:
    """What is wrong with the shift itself."""
    now = clock.now()
    if person is None:
        return _("Choose somebody of this unit whose post fits this kind of duty.")
    if person.until is not None and person.until < slot.ends:
        return _("The posting ends before the shift does.")
    if not slot.begins < slot.ends:
        return _("The end comes after the beginning.")
    if slot.ends - slot.begins > rules.LONGEST:
        return _("A shift lasts at most 36 hours.")
    if slot.ends <= now:
        return _("This shift would be over already.")
    return _("A roster is made at most 92 days ahead.") if slot.begins > now + rules.AHEAD else ""


Known = tuple[int, str, int, bool, Stretch]


def runs_into(slot: Slot, kind: str, place: int, known: list[Known], away: dict[int, list[Stretch]]) -> str:
    """What stands in its way."""
    span = (slot.begins, slot.ends)
    near = [one for one in known if rules.overlap(one[4], span)]
    if any(one[0] == slot.posting_id for one in near):
        return _("The same person already has a shift at this time.")
    if any(one[3] and one[1:3] == (kind, place) for one in near):
        return _("Somebody already has this place at this time.")
    if any(rules.overlap(one, span) for one in away.get(slot.posting_id, ())):
        return _("This person is away at this time.")
    return ""
