"""Who is on call, which matters call for somebody, and who was called already."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from onegrid.events.models import Alert, Call, Event, OnCall, OnDuty
from onegrid.kit import clock
from onegrid.org import queries as org
from onegrid.org.models import Posting
from onegrid.org.roles import DUTY_LEADER, LEADER, Actor
from onegrid.org.scope import visible_to

CALLED = (DUTY_LEADER, LEADER)  # whom a centre may put on its list


@dataclass(frozen=True)
class Placed:
    """One place of the list as it is now."""

    posting: Posting
    away_from: datetime | None
    away_until: datetime | None
    away: bool
    next: bool


def on_call(actor: Actor) -> list[Placed]:
    """The list of the actor's centre, in order; absences that are over are none."""
    now = clock.now()
    rows = listed(visible_to(actor, OnCall.objects.all()).filter(centre_id=actor.unit_id))
    first = next(iter(line(actor.unit_id)), None) if actor.unit_id else None
    return [
        Placed(
            posting=row.posting, away_from=row.away_from if ahead(row, now) else None,
            away_until=row.away_until if ahead(row, now) else None, away=not here(row, now),
            next=row.posting_id == first,
        )
        for row in rows
    ]  # fmt: skip


def line(centre_id: int) -> list[int]:
    """The postings to call at this moment: those on duty by the roster in their order, then those of the list.

    Where nobody of the list is here, the centre's other leaders.
    """
    now = clock.now()
    rows = listed(OnCall.objects.filter(centre_id=centre_id))
    present = [row.posting_id for row in rows if here(row, now)]
    known = {row.posting_id for row in rows}
    rest = present or [one.pk for one in leaders(centre_id) if one.pk not in known]
    duty = rostered(OnDuty.objects.filter(centre_id=centre_id), known - set(present))
    return list(dict.fromkeys([row.posting_id for row in duty] + rest))


def on_duty(actor: Actor) -> list[OnDuty]:
    """Who is on duty at the actor's own centre at this moment, by the roster, in the order of the calls."""
    now, own = clock.now(), actor.unit_id or 0
    away = {row.posting_id for row in OnCall.objects.filter(centre_id=own) if not here(row, now)}
    return rostered(visible_to(actor, OnDuty.objects.filter(centre_id=own)), away)


def rostered(rows: QuerySet[OnDuty], away: Collection[int]) -> list[OnDuty]:
    """Those of them whose duty it is now, who still work there and are not away by the list."""
    now = clock.now()
    found = rows.filter(since__lte=now, until__gt=now).select_related("posting__user").order_by("place", "since", "id")
    here_still = [row for row in found if row.posting.active and row.posting.user.is_active]
    return [row for row in here_still if row.posting_id not in away]


def leaders(centre_id: int) -> list[Posting]:
    """Those whom a centre may call: its duty leaders, then its leaders."""
    return list({one.pk: one for role in CALLED for one in org.postings_with(role, centre_id)}.values())


def listed(rows: QuerySet[OnCall]) -> list[OnCall]:
    """The places whose posting still holds: who left the office is called no more."""
    found = rows.select_related("posting__user").order_by("place", "id")
    return [row for row in found if row.posting.active and row.posting.user.is_active]


def here(row: OnCall, now: datetime) -> bool:
    return row.away_from is None or row.away_until is None or not row.away_from <= now < row.away_until


def ahead(row: OnCall, now: datetime) -> bool:
    return row.away_until is not None and row.away_until > now


def candidates(actor: Actor) -> list[Posting]:
    """Leaders of the actor's own centre who are not on the list yet."""
    assert actor.unit_id is not None
    known = set(OnCall.objects.filter(centre_id=actor.unit_id).values_list("posting_id", flat=True))
    return [one for one in leaders(actor.unit_id) if one.pk not in known]


CALLS = Prefetch("calls", Call.objects.select_related("posting__user").order_by("n"))


def calling(actor: Actor) -> list[Alert]:
    """The alerts that nobody has acknowledged, gravest and oldest first, with event and calls: two statements."""
    rows = visible_to(actor, Alert.objects.filter(ended_at__isnull=True, event__closed_at__isnull=True))
    return list(rows.select_related("event").prefetch_related(CALLS).order_by("level", "raised_at", "id"))


def alert_of(event: Event) -> Alert | None:
    """The latest alert of a matter, with its calls; only levels 1 and 2 ever have one."""
    rows = Alert.objects.filter(event=event).select_related("acknowledged_by__user").prefetch_related(CALLS)
    return rows.order_by("-raised_at", "-id").first()


def may_acknowledge(alert: Alert, actor: Actor) -> bool:
    """Any leader of the centre that is called: whoever has it in hand says so."""
    return actor.unit_id == alert.centre_id and actor.has(*CALLED)
