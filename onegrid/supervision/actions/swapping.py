"""People change their own shifts: a colleague is asked to take one; who cannot be there says so, without a reason."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from onegrid.events import actions as events
from onegrid.events.actions import NotAllowed, NotGiven
from onegrid.kit import clock
from onegrid.kit.workflow import Refusal, allowed
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.roles import UNIT, Actor
from onegrid.supervision import queries
from onegrid.supervision.actions import rounds
from onegrid.supervision.actions.roster import locked
from onegrid.supervision.models import Absence, Roster, Shift, Swap
from onegrid.supervision.rules import roster as rules
from onegrid.supervision.rules.swap_life import SWAP


@transaction.atomic
def swap(*, actor: Actor, shift_id: int, colleague: int) -> Swap:
    """Ask a colleague to take one of one's own shifts. Raises Shift.DoesNotExist, NotAllowed, NotGiven."""
    row = own(actor)
    shift = Shift.objects.select_for_update(of=("self",)).get(
        pk=shift_id, roster=row, posting_id=actor.posting_id or 0, withdrawn_at__isnull=True
    )
    if shift.begins <= clock.now():
        raise NotAllowed(Refusal("state", _("This shift has begun.")))
    if shift.swaps.filter(state=SWAP.start).exists():
        raise NotAllowed(Refusal("state", _("A colleague is asked already; take that back first.")))
    fit = {one.pk: one for one in queries.people(row.unit_id, shift.kind)}
    if colleague not in fit or colleague == actor.posting_id:
        raise NotGiven({"colleague": _("Choose a colleague whose post fits this kind of duty.")})
    clash = queries.taken(shift, fit[colleague])
    if clash:
        raise NotGiven({"colleague": clash})
    made = Swap.objects.create(shift=shift, asked_by_id=shift.posting_id, offered_to_id=colleague, asked_at=clock.now())
    org.record(actor, "swap", "shift", shift.pk, swap=made.pk, colleague=colleague)
    rounds.tell(row, fit[colleague], "swap_asked", f"swap:{made.pk}", shift.begins)
    return made


@transaction.atomic
def move_swap(*, actor: Actor, swap_id: int, verb: str) -> Swap:
    """Agree, decline, take back. Raises Swap.DoesNotExist, NotAllowed.

    1. The roster's lock first, as everywhere. 2. What would overlap by now is refused. 3. The shift moves, and whoever
    gets it is told the evening before like anybody else.
    """
    row = own(actor)
    found = Swap.objects.select_for_update(of=("self",)).select_related("shift").get(pk=swap_id, shift__roster=row)
    step = allowed(SWAP.may(verb, found, actor))
    if step.verb == "agree":
        move(found)
    found.state, found.ended_at = step.target, clock.now()
    found.save(update_fields=("state", "ended_at"))
    org.record(actor, "move_swap", "shift", found.shift_id, swap=found.pk, step=step.verb)
    for told in (found.asked_by_id, found.offered_to_id) if step.verb == "agree" else (found.asked_by_id,):
        tell(row, told, f"swap_{step.target}", found)
    rounds.go_on(row)
    return found


def move(found: Swap) -> None:
    shift = found.shift
    if shift.withdrawn_at is not None or shift.begins <= clock.now():
        raise NotAllowed(Refusal("state", _("This shift has begun or was withdrawn.")))
    clash = queries.taken(shift, found.offered_to)
    if clash:
        raise NotAllowed(Refusal("guard", clash))
    shift.posting_id, shift.told_at = found.offered_to_id, None
    try:
        with transaction.atomic():
            shift.save(update_fields=("posting", "told_at"))
    except IntegrityError as error:
        raise NotAllowed(Refusal("guard", _("The same person already has a shift at this time."))) from error


def tell(row: Roster, posting_id: int, kind: str, found: Swap) -> None:
    person = places.posting(posting_id)
    if person is not None and kind != "swap_taken_back":
        rounds.tell(row, person, kind, f"swap:{found.pk}", found.shift.begins)


@transaction.atomic
def be_absent(*, actor: Actor, since: datetime, until: datetime) -> Absence:
    """Say that one is not there then; the keepers are told which shift that leaves uncovered. Raises NotGiven."""
    row = own(actor)
    assert actor.posting_id is not None
    begins = max(since, clock.now())
    if until <= begins:
        raise NotGiven({"until": _("The end comes after the beginning and lies ahead.")})
    if until - begins > rules.AHEAD or begins > clock.now() + rules.AHEAD:
        raise NotGiven({"until": _("At most three months, and at most three months ahead.")})
    made = Absence.objects.create(roster=row, posting_id=actor.posting_id, begins=begins, ends=until)
    org.record(actor, "be_absent", "absence", made.pk)
    events.be_away(posting_id=actor.posting_id, since=begins, until=until)
    uncovered = queries.standing().filter(posting_id=actor.posting_id, begins__lt=until, ends__gt=begins).first()
    if uncovered is not None:
        rounds.tell_keepers(row, "shift_uncovered", f"absence:{made.pk}", max(uncovered.begins, begins))
    rounds.go_on(row)
    return made


@transaction.atomic
def be_back(*, actor: Actor, absence_id: int) -> None:
    """One's own absence ends now, or never begins. Raises Absence.DoesNotExist."""
    row, now = own(actor), clock.now()
    open_ones = Absence.objects.filter(
        roster=row, posting_id=actor.posting_id or 0, ended_at__isnull=True, ends__gt=now
    )
    one = open_ones.select_for_update(of=("self",)).get(pk=absence_id)
    if one.begins < now:
        one.ends = now
    else:
        one.ended_at = now
    one.save(update_fields=("ends", "ended_at"))
    org.record(actor, "be_back", "absence", one.pk)
    events.be_here(posting_id=one.posting_id)
    for left in open_ones:
        events.be_away(posting_id=left.posting_id, since=left.begins, until=left.ends)
    rounds.go_on(row)


def own(actor: Actor) -> Roster:
    """The roster of the actor's own unit, locked. Raises NotAllowed for who takes no shifts."""
    if actor.unit_id is None or actor.posting_id is None or not actor.has(*UNIT):
        raise NotAllowed(Refusal("role", _("Your post takes no shifts.")))
    return locked(actor.unit_id)
