"""The time of keeping: its rules, what holds it back."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events.actions import life
from onegrid.events.actions.given import NotGiven, words_of
from onegrid.events.models import Event, Hold, RetentionRule
from onegrid.kit import clock
from onegrid.kit.workflow import NotAllowed, Refusal
from onegrid.org import actions as org
from onegrid.org.roles import LEADER, Actor

LONGEST_HOLD = timedelta(days=5 * 365)


@transaction.atomic
def load_retention(rules: list[dict[str, Any]]) -> int:
    """Write every rule under its kind and category; what is not in the file stays. Returns how many."""
    for row in rules:
        names = {name: row[name] for name in ("name_zh", "name_en", "days")}
        RetentionRule.objects.update_or_create(kind=row["kind"], category=row["category"], defaults=names)
    return len(rules)


@transaction.atomic
def hold(*, actor: Actor, number: str, reason: str, until: str) -> Hold:
    """Stop every erasure of this matter until a day; the leader of its centre says why."""
    event = holding(actor, number)
    if event.erased_at is not None:
        raise NotAllowed(Refusal("state", _("Its time of keeping is over; what was said has been erased.")))
    if event.holds.filter(lifted_at__isnull=True).exists():
        raise NotAllowed(Refusal("state", _("It is held already; lift that first.")))
    faults: dict[str, str] = {}
    words, day = "", date.min
    try:
        words = words_of(reason, "hold")
    except ValueError as error:
        faults["reason"] = str(error)
    try:
        day = day_of(until)
    except ValueError as error:
        faults["until"] = str(error)
    if faults:
        raise NotGiven(faults)
    assert actor.posting_id is not None
    org.record(actor, "hold", "event", event.pk, number=event.number)
    return Hold.objects.create(
        event=event, area=event.area, reason=words, until=day, set_by_id=actor.posting_id, set_at=clock.now()
    )


@transaction.atomic
def lift_hold(*, actor: Actor, number: str) -> Hold:
    """End the hold: the rules count again from the next run on."""
    event = holding(actor, number)
    row = event.holds.select_for_update().filter(lifted_at__isnull=True).first()
    if row is None:
        raise NotAllowed(Refusal("state", _("Nothing holds this matter.")))
    row.lifted_at, row.lifted_by_id = clock.now(), actor.posting_id
    row.save(update_fields=("lifted_at", "lifted_by"))
    org.record(actor, "lift_hold", "event", event.pk, number=event.number)
    return row


def holding(actor: Actor, number: str) -> Event:
    event = life.lock(actor, number)
    if not actor.has(LEADER) or actor.unit_id != event.owner_id:
        raise NotAllowed(Refusal("role", _("The leader of the centre that holds the event decides this.")))
    return event


def day_of(value: str) -> date:
    today = clock.local(clock.now()).date()
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(_("A date like 2026-11-30.")) from error
    if not today < day <= today + LONGEST_HOLD:
        raise ValueError(_("The day is after today and within five years."))
    return day
