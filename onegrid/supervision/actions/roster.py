"""Put shifts on the roster of one's unit, and withdraw them; people are told, and who is called follows at once."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from onegrid.events.actions import NotAllowed, NotGiven
from onegrid.kit import clock
from onegrid.kit.workflow import Refusal
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.roles import Actor
from onegrid.supervision import queries
from onegrid.supervision.actions import rounds
from onegrid.supervision.models import Roster, Shift
from onegrid.supervision.rules import roster as rules
from onegrid.supervision.rules.roster import Slot


@transaction.atomic
def roster(*, actor: Actor, kind: str, place: int, slots: list[Slot]) -> list[Shift]:
    """Put these shifts on the roster of the actor's unit, all or none; raises NotGiven, NotAllowed.

    1. The roster's lock keeps two keepers apart. 2. What the preview shows is asked again under it. 3. The database
    refuses what overlaps all the same, such as a shift of the same posting that another unit wrote.
    """
    row = own_roster(actor)
    if kind not in rules.KINDS or place not in rules.PLACES:
        raise NotGiven({"kind": _("Choose the kind of duty and the place in the order of the calls.")})
    if not slots:
        raise NotGiven({"days": _("No day of this time fits.")})
    clash = next((one.clash for one in queries.planned(actor, kind, place, slots) if one.clash), None)
    if clash:
        raise NotGiven({"people": clash})
    made = written(
        Shift(roster=row, posting_id=one.posting_id, kind=kind, place=place, begins=one.begins, ends=one.ends)
        for one in slots
    )
    org.record(actor, "roster", "unit", row.unit_id, kind=kind, shifts=[one.pk for one in made])
    rounds.tell_rostered(row, made)
    rounds.go_on(row)
    return made


def written(shifts: Iterable[Shift]) -> list[Shift]:
    try:
        with transaction.atomic():
            return Shift.objects.bulk_create(shifts)
    except IntegrityError as error:
        raise NotGiven({"people": _("The same person already has a shift at this time.")}) from error


@transaction.atomic
def withdraw_shift(*, actor: Actor, shift_id: int) -> None:
    """Take a shift off: one that runs ends now, one ahead is withdrawn. Raises Shift.DoesNotExist, NotAllowed."""
    row = own_roster(actor)
    shift = Shift.objects.select_for_update(of=("self",)).get(pk=shift_id, roster=row, withdrawn_at__isnull=True)
    now = clock.now()
    if shift.ends <= now:
        raise NotAllowed(Refusal("state", _("This shift is over.")))
    if shift.begins < now:
        shift.ends = now
    else:
        shift.withdrawn_at = now
    shift.save(update_fields=("ends", "withdrawn_at"))
    org.record(actor, "withdraw_shift", "shift", shift.pk)
    rounds.tell_holder(row, shift, "shift_withdrawn")
    rounds.go_on(row)


def own_roster(actor: Actor) -> Roster:
    """The roster of the actor's own unit, locked; made at its first shift. Raises NotAllowed to who is no keeper."""
    if not queries.keeps(actor):
        raise NotAllowed(Refusal("role", _("The leader of the unit, in a centre also a dispatcher, keeps its roster.")))
    assert actor.unit_id is not None
    return locked(actor.unit_id)


def locked(unit_id: int) -> Roster:
    unit = places.unit_by_id(unit_id)
    assert unit is not None
    row, _made = Roster.objects.get_or_create(unit_id=unit_id, defaults={"area": unit.area})
    return Roster.objects.select_for_update(of=("self",)).get(pk=row.pk)
