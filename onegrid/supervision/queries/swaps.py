"""One's own shifts and absences, what a colleague asks of one, and which swaps were agreed."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from onegrid.kit import clock
from onegrid.org import queries as org
from onegrid.org.models import Posting, Unit
from onegrid.org.roles import Actor
from onegrid.supervision.models import Absence, Shift, Swap
from onegrid.supervision.queries.owing import Owed
from onegrid.supervision.queries.roster import away_in, hours, standing
from onegrid.supervision.rules import roster as rules
from onegrid.supervision.rules.swap_life import SWAP

OWN = 10


def taken(shift: Shift, colleague: Posting) -> str:
    """Why this colleague cannot have the shift."""
    if colleague.until is not None and colleague.until < shift.ends:
        return _("The posting ends before the shift does.")
    near = Shift.objects.filter(withdrawn_at__isnull=True, begins__lt=shift.ends, ends__gt=shift.begins)
    if near.filter(posting_id=colleague.pk).exclude(pk=shift.pk).exists():
        return _("The same person already has a shift at this time.")
    return _("This person is away at this time.") if away_in([colleague.pk], shift.begins, shift.ends) else ""


@dataclass(frozen=True)
class Own:
    """One of one's own shifts ahead, and the swap that is asked for."""

    shift: Shift
    hours: str
    asked: Swap | None


def own_shifts(actor: Actor, unit: Unit) -> list[Own]:
    """The next of one's own shifts that have not begun."""
    calendar, now = org.calendar(unit.area), clock.now()
    rows = list(standing().filter(posting_id=actor.posting_id or 0, begins__gt=now)[:OWN])
    asked = {
        one.shift_id: one
        for one in Swap.objects.filter(shift__in=rows, state=SWAP.start).select_related("offered_to__user")
    }
    return [Own(row, hours((row.begins, row.ends), calendar), asked.get(row.pk)) for row in rows]


def asked_of(actor: Actor) -> list[Swap]:
    """The swaps that wait for this person's answer, the earliest shift first."""
    rows = Swap.objects.filter(offered_to_id=actor.posting_id or 0, state=SWAP.start, shift__begins__gt=clock.now())
    return list(rows.select_related("shift__roster", "asked_by__user").order_by("shift__begins"))


def swaps_owed(actor: Actor) -> list[Owed]:
    """What a colleague asks of one, until the shift begins."""
    return [
        Owed(
            what=str(_("A colleague asks you to take a shift")), about=str(rules.KINDS[one.shift.kind]),
            address=f"{reverse('supervision:roster')}#asked", due_at=one.shift.begins,
        )
        for one in asked_of(actor)
    ]  # fmt: skip


def agreed_swaps(unit: Unit) -> list[Swap]:
    """What has changed hands lately or will: for the keeper."""
    rows = Swap.objects.filter(shift__roster__unit_id=unit.pk, state="agreed", ended_at__gt=clock.now() - rules.NEAR)
    return list(rows.select_related("shift", "asked_by__user", "offered_to__user").order_by("-ended_at"))


def own_absences(actor: Actor) -> list[Absence]:
    rows = Absence.objects.filter(posting_id=actor.posting_id or 0, ended_at__isnull=True, ends__gt=clock.now())
    return list(rows)
