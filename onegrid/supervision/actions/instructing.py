"""Instruction: a leader of a centre says on a matter what is to be done; each named unit has a task of it."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events.actions import NotAllowed
from onegrid.events.models import Event
from onegrid.kit import clock
from onegrid.kit.workflow import Refusal
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.roles import DUTY_LEADER, LEADER, Actor
from onegrid.supervision import queries
from onegrid.supervision.actions.given import close_of, units_among, words_of
from onegrid.supervision.actions.tasks import Wanted, give
from onegrid.supervision.models import Instruction
from onegrid.supervision.rules import task_clock


@transaction.atomic
def instruct(*, actor: Actor, number: str, words: str, units: Sequence[str], due: str = "") -> Instruction:
    """Words on an open matter to units by their codes, by a day (three working days where none is said).

    Raises Event.DoesNotExist, NotAllowed or NotGiven. The reporter never reads any of it.
    """
    seen = queries.matter(actor, number)
    event = Event.objects.select_for_update(of=("self",)).get(pk=seen.pk)
    may_instruct(actor, event)
    said = words_of(words)
    chosen = units_among(units, queries.addressees(actor, event))
    calendar, now = places.calendar(event.area), clock.now()
    due_at = close_of(due, event.area) if due else task_clock.after(now, task_clock.GIVEN, calendar)
    own = places.unit_by_id(actor.unit_id)
    assert own is not None
    assert actor.posting_id is not None
    made = Instruction(
        event=event, area=own.area, issuer=own, given_by_id=actor.posting_id, unit_ids=[one.pk for one in chosen],
        given_at=now,
    )  # fmt: skip
    made.keep_words(said)
    made.save(force_insert=True)
    for unit in chosen:
        give(actor, Wanted(said, unit, due_at, event), "instruction", instruction=made)
    org.record(actor, "instruct", "event", event.pk, number=event.number, units=made.unit_ids)
    return made


def may_instruct(actor: Actor, event: Event) -> None:
    if not actor.at_centre or not actor.has(LEADER, DUTY_LEADER):
        raise NotAllowed(Refusal("role", _("A leader of a centre gives instructions.")))
    if not event.is_open:
        raise NotAllowed(Refusal("state", _("The matter has ended; nothing is to be done on it.")))
