"""What a leader decides or must know: what waits for a decision, what has climbed, what is late and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, F, OuterRef, Q, When, Window
from django.db.models.functions import JSONObject, RowNumber

from onegrid.events.models import Event, Request, Step
from onegrid.events.rules import deadlines
from onegrid.events.workflow import EVENT
from onegrid.kit import clock
from onegrid.kit.workflow import Step as Row
from onegrid.org import queries as org
from onegrid.org.roles import DISPATCHER, Actor
from onegrid.org.scope import visible_to

MOST = 50  # requests that a phone shows; the rest stand in the desk's queue
EACH = 3  # late matters shown per unit, oldest first


MOVE = ("n", "verb", "from_state", "to_state", "at", "facts")
HISTORY = ArraySubquery(
    Step.objects.filter(event=OuterRef("event")).order_by("n").values(move=JSONObject(**{name: name for name in MOVE}))
)


@dataclass(frozen=True)
class Waiting:
    """Something asked for; `promise`: what the reporter would be promised if it were granted, where that changes."""

    request: Request
    event: Event
    promise: datetime | None = None


@dataclass(frozen=True)
class Asked:
    """Open requests: for this reader to decide, climbed elsewhere in sight, and how many wait for a dispatcher."""

    mine: list[Waiting]
    climbed: list[Waiting]
    others: int


@dataclass(frozen=True)
class Late:
    """One unit's late matters: how many, and the oldest of them."""

    unit_id: int
    count: int
    rows: list[Event]


def asked(actor: Actor) -> Asked:
    """What waits at the actor's own centre, and what was not decided in time anywhere in sight; earliest first."""
    rows = visible_to(actor, Request.objects.filter(decided_at__isnull=True, event__closed_at__isnull=True))
    near = rows.filter(Q(event__owner_id=actor.unit_id) | Q(climbed__gt=0) | Q(kind="pass_check"))
    near = near.annotate(history=Case(When(kind="extend", then=HISTORY)))
    found = list(near.select_related("event", "asked_by__user").order_by("due_at", "id")[:MOST])
    mine = [row for row in found if decides(row, actor)]
    climbed = [row for row in found if row.climbed and row not in mine]
    others = [row for row in found if row.event.owner_id == actor.unit_id and row not in mine and row not in climbed]
    return Asked(promised(mine), [Waiting(row, row.event) for row in climbed], len(others))


def decides(request: Request, actor: Actor) -> bool:
    """It waits for this reader: no dispatcher may decide it (any more), and the reader did not ask for it."""
    event = request.event
    if request.kind == "pass_check":
        event.approval_climbs = request.climbed  # known: the table need not ask again
    if not isinstance(EVENT.may(request.kind, event, actor), Row):
        return False
    if request.asked_by is not None and request.asked_by.user_id == actor.user_id:
        return False
    dispatcher = Actor(None, None, event.owner_id, "", frozenset({DISPATCHER}), "")
    return request.climbed > 0 or not isinstance(EVENT.may(request.kind, event, dispatcher), Row)


def promised(requests: Sequence[Request]) -> list[Waiting]:
    """With the promise that an extension would make, from the history that came with it."""
    return [Waiting(row, row.event, promise(row, moves_of(row))) for row in requests]


def moves_of(request: Request) -> list[deadlines.Move]:
    """The history of the matter whose limit is to be extended; of another request none is needed."""
    steps: list[dict[str, Any]] = request.history or []  # type: ignore[attr-defined]
    return [deadlines.Move.of(**{**step, "at": datetime.fromisoformat(step["at"])}) for step in steps]


def promise(request: Request, history: list[deadlines.Move]) -> datetime | None:
    if request.kind != "extend" or not history:
        return None
    last, now = history[-1], clock.now()
    extension = {"extension": ["clock", request.facts["days"], "days"]}
    granted = replace(last, n=last.n + 1, verb="extend", from_state=last.to_state, at=now, limits={}, facts=extension)
    return deadlines.clocks([*history, granted], org.calendar(request.event.area)).promised_by


def late(actor: Actor) -> list[Late]:
    """Everything late in sight by the unit that holds it, the unit with most first: one statement."""
    rows = visible_to(actor, Event.objects.filter(closed_at__isnull=True, due_at__lt=clock.now())).annotate(
        place=Window(RowNumber(), partition_by=F("holder_id"), order_by=("due_at", "id")),
        many=Window(Count("id"), partition_by=F("holder_id")),
    )
    found: list[Event] = list(rows.filter(place__lte=EACH).order_by("-many", "holder_id", "due_at", "id"))
    groups = [list(rows) for _unit, rows in groupby(found, key=lambda event: event.holder_id)]
    return [Late(rows[0].holder_id or 0, rows[0].many, rows) for rows in groups]  # type: ignore[attr-defined]


def still_open(actor: Actor) -> bool:
    """Whether anything goes on in sight at all: an empty page says which of the two it is."""
    return visible_to(actor, Event.objects.filter(closed_at__isnull=True)).exists()
