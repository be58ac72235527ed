"""Who may be shown one sealed matter for a while; never who reported it, never the office it is about.

Regulations on petition work (2022), art. 30: what is said of an office is not passed to it. `org.scope` stays the
answer for lists; a grant opens the page of one matter.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from onegrid.org.roles import (
    ANALYST,
    AUDITOR,
    CHECKER,
    DISPATCHER,
    DUTY_LEADER,
    HANDLER,
    LEADER,
    MEDIATOR,
    RECEIVER,
    Actor,
)

ASKERS = (RECEIVER, DISPATCHER, CHECKER, DUTY_LEADER, LEADER, ANALYST, AUDITOR, MEDIATOR, HANDLER)
DECIDERS = (DUTY_LEADER, LEADER)
# Hours that may be asked for: from one hour up to seven days.
SPANS = (1, 4, 24, 72, 168)
# How many one posting may have waiting: numbers are not tried out by the dozen.
MOST_WAITING = 5


def may_be_shown(event: Any, actor: Actor, covered: bool, own_units: Collection[int]) -> bool:
    """Whether this posting may be shown the matter at all.

    `covered`: the area of the actor's unit lies over the matter; `own_units`: every unit in which the person is posted.
    """
    if not event.restricted or not actor.has(*ASKERS) or set(event.about_unit_ids) & set(own_units):
        return False
    holding = {event.handler_id, event.holder_id, *event.unit_ids}
    return (actor.at_centre and covered) or actor.unit_id in holding


def standing(viewing: Any, now: datetime) -> str:
    """How it stands for whoever asked: waits, open, over, ended, or closed.

    Denied, unanswered and a number under which nothing may be shown all read `waits` until the decision is due and
    `closed` from then on: the answer tells nothing of what exists.
    """
    if viewing.granted:
        if viewing.ended_at is not None:
            return "ended"
        return "open" if viewing.until > now else "over"
    return "waits" if viewing.due_at > now else "closed"


def until(now: datetime, hours: int) -> datetime:
    return now + timedelta(hours=hours)
