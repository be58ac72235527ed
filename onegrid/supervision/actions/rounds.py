"""What time itself does with a roster, and who is told: every moment once, under the lock of the roster."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from onegrid.events import actions as events
from onegrid.kit import clock
from onegrid.kit.workflow import Step
from onegrid.notices import actions as notices
from onegrid.org import queries as org
from onegrid.org.models import Posting, Unit
from onegrid.org.roles import DISPATCHER, LEADER, Actor
from onegrid.supervision import queries
from onegrid.supervision.models import Absence, Gap, Roster, Shift, Swap
from onegrid.supervision.rules import roster as rules
from onegrid.supervision.rules.swap_life import SWAP

# Looked at this often even if nothing is due: somebody may have left the office.
AT_LEAST = timedelta(hours=1)
# So far ahead the heart knows who is on duty, even if nothing here moves meanwhile.
HANDED = timedelta(days=3)
BATCH = 500


def sweep_rosters() -> int:
    """One round over every roster for which a moment has come; each in a transaction of its own."""
    due = Roster.objects.filter(next_at__lte=clock.now()).order_by("next_at").values_list("pk", flat=True)
    return sum(round_of(roster_id=pk) for pk in list(due[:BATCH]))


@transaction.atomic
def round_of(*, roster_id: int) -> bool:
    """Do what is due, if under the lock it still is."""
    row = Roster.objects.select_for_update(of=("self",)).get(pk=roster_id)
    if row.next_at is None or row.next_at > clock.now():
        return False
    go_on(row)
    return True


def go_on(row: Roster) -> None:
    """Do all that is due now on a locked roster, and set the moment of the next round."""
    now = clock.now()
    hand_over(row, now)
    begin_absences(row, now)
    lapse_swaps(row, now)
    tell_ahead(row, now)
    watch_gaps(row, now)
    row.next_at = next_moment(row, now)
    row.save(update_fields=("next_at",))


def hand_over(row: Roster, now: datetime) -> None:
    """Tell the heart who leads at this centre in the next days, so that it calls them first."""
    if not is_centre(row):
        return
    until = now + HANDED
    shifts = list(queries.standing().filter(roster=row, kind=rules.LEADS, ends__gt=now, begins__lt=until))
    away = queries.away_in({one.posting_id for one in shifts}, now, until + rules.LONGEST)
    events.set_on_duty(
        centre_id=row.unit_id,
        duties=[
            events.Duty(one.posting_id, one.place, *part)
            for one in shifts
            for part in rules.without((one.begins, one.ends), away.get(one.posting_id, ()))
            if part[1] > now
        ],
    )


def tell_ahead(row: Roster, now: datetime) -> None:
    """The evening before, whoever has a shift is told once."""
    calendar = org.calendar(row.area)
    ahead = queries.standing().filter(roster=row, told_at__isnull=True, begins__gt=now, begins__lt=now + rules.NEAR)
    for shift in ahead:
        if rules.told_from(shift.begins, calendar) <= now:
            tell_holder(row, shift, "shift_ahead")
            Shift.objects.filter(pk=shift.pk).update(told_at=now)


def begin_absences(row: Roster, now: datetime) -> None:
    """An absence that begins is said to the heart once more: its list knows only one at a time.

    Each begins in exactly one round: the moment for which the round was set lies before it, the next one after.
    """
    if row.next_at is None:
        return
    for one in Absence.objects.filter(
        roster=row, ended_at__isnull=True, begins__range=(row.next_at, now), ends__gt=now
    ):
        events.be_away(posting_id=one.posting_id, since=one.begins, until=one.ends)


def lapse_swaps(row: Roster, now: datetime) -> None:
    """What nobody answered before the shift began, or of which the shift is gone."""
    open_swaps = Swap.objects.filter(shift__roster=row, state=SWAP.start)
    gone = open_swaps.filter(Q(shift__begins__lte=now) | Q(shift__withdrawn_at__isnull=False))
    for swap in gone.select_for_update(of=("self",)):
        step = SWAP.may("lapse", swap, Actor.system())
        assert isinstance(step, Step)
        swap.state, swap.ended_at = step.target, now
        swap.save(update_fields=("state", "ended_at"))


def watch_gaps(row: Roster, now: datetime) -> None:
    """Nobody leads: warn the keepers a day before, call them and the leader when it has begun, each once for a gap."""
    found = {begins for begins, _ends in queries.gaps(row.unit_id, now, now + rules.NEAR)} if is_centre(row) else set()
    known = {one.begins: one for one in Gap.objects.filter(roster=row, closed_at__isnull=True)}
    Gap.objects.filter(pk__in=[one.pk for begins, one in known.items() if begins not in found]).update(closed_at=now)
    for begins in sorted(one for one in found if one <= now + rules.WARNED):
        gap = known.get(begins) or Gap.objects.create(roster=row, begins=begins)
        if begins <= now and gap.called_at is None:
            Gap.objects.filter(pk=gap.pk).update(called_at=now)
            tell_keepers(row, "gap_now", f"gap:{gap.pk}", begins, urgent=True)
        elif begins > now and gap.warned_at is None:
            Gap.objects.filter(pk=gap.pk).update(warned_at=now)
            tell_keepers(row, "gap_ahead", f"gap:{gap.pk}", begins)


def is_centre(row: Roster) -> bool:
    unit = org.unit_by_id(row.unit_id)
    return unit is not None and unit.kind == Unit.CENTRE


def next_moment(row: Roster, now: datetime) -> datetime | None:
    """The next beginning, end, evening before or warning, at the latest in an hour; none when nothing is near."""
    calendar = org.calendar(row.area)
    spans = list(
        queries.standing().filter(roster=row, ends__gt=now - rules.NEAR).values_list("begins", "ends", "told_at")
    )
    absent = Absence.objects.filter(roster=row, ended_at__isnull=True, ends__gt=now).values_list("begins", "ends")
    away = [moment for one in absent for moment in one]
    if not spans and not away:
        return None
    moments = [moment for begins, ends, _told in spans for moment in (begins, ends)]
    moments += [rules.told_from(begins, calendar) for begins, _ends, told in spans if told is None]
    moments += [moment - rules.WARNED for moment in (*away, *(ends for _begins, ends, _told in spans))]
    return min([moment for moment in (*moments, *away) if moment > now] + [now + AT_LEAST])


def tell_rostered(row: Roster, shifts: Iterable[Shift]) -> None:
    """Each person once for what was written in one go, with the first of its shifts."""
    firsts: dict[int, Shift] = {}
    for shift in sorted(shifts, key=lambda one: one.begins):
        firsts.setdefault(shift.posting_id, shift)
    for shift in firsts.values():
        tell_holder(row, shift, "rostered")


def tell_holder(row: Roster, shift: Shift, kind: str) -> None:
    person = org.posting(shift.posting_id)
    if person is not None:
        tell(row, person, kind, f"shift:{shift.pk}", shift.begins)


def tell_keepers(row: Roster, kind: str, name: str, due: datetime, *, urgent: bool = False) -> None:
    """The leader of the unit, in a centre also its dispatchers."""
    roles = (LEADER, DISPATCHER) if is_centre(row) else (LEADER,)
    for person in {one.pk: one for role in roles for one in org.postings_with(role, row.unit_id)}.values():
        tell(row, person, kind, name, due, urgent=urgent)


def tell(row: Roster, person: Posting, kind: str, name: str, due: datetime, *, urgent: bool = False) -> bool:
    """One message by its name to one person of the unit; it says a time, never who."""
    return notices.send(
        kind=kind, dedupe=f"roster:{name}:{kind}:posting:{person.pk}", number="", args={"due": spoken(due, row.area)},
        language=person.user.language, to_posting=person.pk, urgent=urgent, unit=centre_of(row),
    )  # fmt: skip


def centre_of(row: Roster) -> int | None:
    return org.centre_for(row.area)


def spoken(moment: datetime, area: str) -> str:
    return clock.local(moment, org.zone(area)).strftime("%m-%d %H:%M")
