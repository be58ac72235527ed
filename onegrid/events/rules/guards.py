"""Why a step may not be taken now, whatever the verb: guards that the tables of life share."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from onegrid.kit import clock
from onegrid.kit.workflow import Guard, Refusal, Words

if TYPE_CHECKING:
    from onegrid.events.models import Event
    from onegrid.org.roles import Actor


def another_person(column: str, reason: Words) -> Guard:
    def guard(event: "Event", actor: "Actor") -> Refusal | None:
        same = actor.user_id is not None and getattr(event, column) == actor.user_id
        return Refusal("guard", reason) if same else None

    return guard


def at_most(column: str, times: int, reason: Words) -> Guard:
    def guard(event: "Event", actor: "Actor") -> Refusal | None:
        return Refusal("guard", reason) if getattr(event, column) >= times else None

    return guard


def within(days: int, reason: Words) -> Guard:
    """Only so many days after the end; afterwards the way is another one."""

    def guard(event: "Event", actor: "Actor") -> Refusal | None:
        over = event.closed_at is not None and clock.now() > event.closed_at + timedelta(days=days)
        return Refusal("guard", reason) if over else None

    return guard


def not_the_handler(event: "Event", actor: "Actor") -> Refusal | None:
    """Nobody checks their own work."""
    same_unit = event.handler_id is not None and event.handler_id == actor.unit_id
    if same_unit or (actor.user_id is not None and event.resolved_by_id == actor.user_id):
        return Refusal("guard", _("Who did the work does not check it."))
    return None


def before_expiry(event: "Event", actor: "Actor") -> Refusal | None:
    if event.due_at is not None and clock.now() > event.due_at:
        return Refusal("guard", _("Time has run out; an extension is asked for before that."))
    return None


def still_there(event: "Event", actor: "Actor") -> Refusal | None:
    if event.erased_at is not None:
        return Refusal("guard", _("Its time of keeping is over; what was said has been erased."))
    return None


def passed_on(event: "Event", actor: "Actor") -> Refusal | None:
    if event.passed_by_id is None:
        return Refusal("guard", _("The centre sent it here, no other unit."))
    return None


def sent_by_the_centre(event: "Event", actor: "Actor") -> Refusal | None:
    if event.passed_by_id is not None:
        return Refusal("guard", _("It came from another unit and goes back to that one."))
    return None


def parts_handed_in(event: "Event", actor: "Actor") -> Refusal | None:
    """The whole is done when every part is done: nobody hands in over the head of an assisting unit."""
    if event.parts_open:
        return Refusal("guard", _("An assisting unit has not handed in yet."))
    return None


def stays_here(event: "Event", actor: "Actor") -> Refusal | None:
    if event.passes_through:
        return Refusal("guard", _("A tip of this kind is taken over by the competent body, not handled here."))
    return None


def is_passed_through(event: "Event", actor: "Actor") -> Refusal | None:
    if not event.passes_through:
        return Refusal("guard", _("Only tips that are handed to the competent body are taken over."))
    return None


def in_own_area(event: "Event", actor: "Actor") -> Refusal | None:
    """Whoever goes round an area knows it; of what lies elsewhere the centre says where."""
    if not actor.area or not event.area.startswith(actor.area):
        return Refusal("guard", _("It does not lie in your area."))
    return None
