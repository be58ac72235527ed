"""The order in which a centre's leaders are called, and when one of them is away."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.actions.given import NotGiven
from onegrid.events.models import OnCall, OnDuty
from onegrid.kit import clock
from onegrid.kit.workflow import NotAllowed, Refusal
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.roles import DISPATCHER, LEADER, Actor

LONGEST_AWAY = timedelta(days=92)


@transaction.atomic
def put_on_call(*, actor: Actor, posting_id: int) -> None:
    """Put a leader of one's own centre at the end of its list."""
    centre_id, rows = own_list(actor)
    if posting_id not in {one.pk for one in queries.candidates(actor)}:
        raise NotGiven({"posting": _("Choose a leader of this centre who is not on the list yet.")})
    last = max((row.place for row in rows), default=0)
    OnCall.objects.create(centre_id=centre_id, posting_id=posting_id, place=last + 1)
    noted(actor, "put", posting_id)


@transaction.atomic
def take_off_call(*, actor: Actor, posting_id: int) -> None:
    _centre_id, rows = own_list(actor)
    placed(rows, posting_id).delete()
    noted(actor, "take_off", posting_id)


@transaction.atomic
def call_earlier(*, actor: Actor, posting_id: int) -> None:
    """One place up; the first stays the first."""
    _centre_id, rows = own_list(actor)
    at = rows.index(placed(rows, posting_id))
    rows.insert(max(at - 1, 0), rows.pop(at))
    for place, row in enumerate(rows, start=1):
        row.place = place
    OnCall.objects.bulk_update(rows, ("place",))
    noted(actor, "earlier", posting_id)


@transaction.atomic
def set_away(*, actor: Actor, posting_id: int, since: str, until: str) -> None:
    """Not to be called from then until then, as a clock in the county shows it; both empty: here again."""
    _centre_id, rows = own_list(actor)
    row = placed(rows, posting_id)
    row.away_from, row.away_until = (moment(actor, since, "since"), moment(actor, until, "until"))
    faults = away_faults(row)
    if faults:
        raise NotGiven(faults)
    row.save(update_fields=("away_from", "away_until"))
    noted(actor, "away" if row.away_until else "here", posting_id)


class Duty(NamedTuple):
    """A posting on duty from then until then; the place in the order of the calls, 1 first."""

    posting_id: int
    place: int
    since: datetime
    until: datetime


@transaction.atomic
def set_on_duty(*, centre_id: int, duties: Sequence[Duty]) -> None:
    """For rooms above: who is on duty at the centre, now and in the next days; nobody else is.

    Each begins and ends by itself: at the end of a shift the next is called, even if nobody comes to say so.
    """
    rows = OnDuty.objects.select_for_update().filter(centre_id=centre_id)
    known = [Duty(*row) for row in rows.values_list(*Duty._fields)]
    if sorted(known) != sorted(duties):
        OnDuty.objects.filter(centre_id=centre_id).delete()
        OnDuty.objects.bulk_create(OnDuty(centre_id=centre_id, **one._asdict()) for one in duties)


@transaction.atomic
def be_away(*, posting_id: int, since: datetime, until: datetime) -> None:
    """For rooms above: this posting is away then, on every list that it stands on.

    A list knows one absence of each. One that touches the known one makes it longer; else the earlier one counts, and
    whoever knows of a later one says so again when it begins.
    """
    for row in OnCall.objects.select_for_update(of=("self",)).filter(posting_id=posting_id).order_by("id"):
        if row.away_from is None or row.away_until is None or row.away_until <= clock.now():
            row.away_from, row.away_until = since, until
        elif since <= row.away_until and row.away_from <= until:
            row.away_from, row.away_until = min(since, row.away_from), max(until, row.away_until)
        elif since < row.away_from:
            row.away_from, row.away_until = since, until
        row.save(update_fields=("away_from", "away_until"))


@transaction.atomic
def be_here(*, posting_id: int) -> None:
    """For rooms above: this posting is here again, on every list that it stands on."""
    OnCall.objects.filter(posting_id=posting_id).update(away_from=None, away_until=None)


def moment(actor: Actor, text: str, name: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(places.zone(actor.area)))
    except ValueError as error:
        raise NotGiven({name: _("Give day and time.")}) from error


def away_faults(row: OnCall) -> dict[str, str]:
    if row.away_from is None and row.away_until is None:
        return {}
    if row.away_from is None or row.away_until is None:
        return {"until": _("Say from when and until when.")}
    if not clock.now() < row.away_until or not row.away_from < row.away_until:
        return {"until": _("The end comes after the beginning and lies ahead.")}
    if row.away_until - row.away_from > LONGEST_AWAY:
        return {"until": _("At most three months; take somebody who is gone for longer off the list.")}
    return {}


def own_list(actor: Actor) -> tuple[int, list[OnCall]]:
    """The actor's own centre and its rows, locked; its leader and its dispatchers keep the list."""
    if not actor.at_centre or actor.unit_id is None or not actor.has(LEADER, DISPATCHER):
        raise NotAllowed(Refusal("role", _("The leader or a dispatcher of a centre keeps its list.")))
    rows = OnCall.objects.select_for_update(of=("self",)).filter(centre_id=actor.unit_id)
    return actor.unit_id, list(rows.order_by("place", "id"))


def placed(rows: list[OnCall], posting_id: int) -> OnCall:
    found = next((row for row in rows if row.posting_id == posting_id), None)
    if found is None:
        raise OnCall.DoesNotExist
    return found


def noted(actor: Actor, deed: str, posting_id: int) -> None:
    org.record(actor, "on_call", "posting", posting_id, deed=deed)
