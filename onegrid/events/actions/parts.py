"""The verbs of a part: an assisting unit signs, hands in, or asks to be let go; each stands in the event's history."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction

from onegrid.events.actions import joint, life, requests
from onegrid.events.actions import photos as photo_actions
from onegrid.events.actions.given import checked
from onegrid.events.models import Assignment, Event, Request
from onegrid.events.workflow import PART
from onegrid.kit import clock
from onegrid.kit.images import Picture
from onegrid.kit.workflow import NotAllowed, Refusal, allowed
from onegrid.kit.workflow import Step as Row
from onegrid.org import queries as org
from onegrid.org.roles import Actor

Given = dict[str, Any]


@transaction.atomic
def take_part(
    *, actor: Actor, number: str, unit: str, verb: str, version: int | None = None, given: Given | None = None,
    photos: Iterable[Picture] = (),
) -> Event:  # fmt: skip
    """Take one step of the part of this unit (its code); raises as `life.take`, and DoesNotExist for no such part."""
    event = life.lock(actor, number, version)
    part = the_part(event, unit)
    row = allowed(PART.may(verb, part, actor))
    if row.asked_by:
        raise NotAllowed(Refusal("state", requests.ASKED_FIRST))
    return step(event, part, row, actor, checked(given or {}, row.needs, verb=verb), photos)


@transaction.atomic
def ask_for_part(
    *, actor: Actor, number: str, unit: str, kind: str, version: int | None = None, given: Given | None = None
) -> Request:
    """Ask to be let go: until the centre decides, the unit stays bound and its clock runs."""
    event = life.lock(actor, number, version)
    part = the_part(event, unit)
    row = allowed(PART.may_ask(kind, part, actor))
    if event.requests.filter(kind=kind, unit_id=part.unit_id, decided_at__isnull=True).exists():
        raise NotAllowed(Refusal("guard", requests.WAITS))
    return requests.write(event, kind, actor, checked(given or {}, row.needs, verb=kind))


@transaction.atomic
def decide_part(
    *, actor: Actor, number: str, unit: str, kind: str, grant: bool, version: int | None = None, words: str = ""
) -> Event:
    """Grant or deny what the assisting unit asked for; granted, its step is taken at once."""
    event = life.lock(actor, number, version)
    part = the_part(event, unit)
    asked = requests.open_request(event, kind, part.unit_id)
    row = allowed(PART.may(kind, part, actor))
    requests.settle(asked, actor, grant, words)
    if not grant:
        requests.note(event, actor, "deny", asked, words)
        return event
    return step(event, part, row, actor, {"words": words or asked.told()[0]}, request=asked.pk)


def the_part(event: Event, unit: str) -> Assignment:
    """The standing part of this unit, locked with its event; raises Assignment.DoesNotExist."""
    known = org.unit(unit)
    part: Assignment = joint.parts_of(event).get(unit_id=known.pk if known else None)
    part.event = event
    return part


def step(
    event: Event, part: Assignment, row: Row, actor: Actor, given: Given, photos: Iterable[Picture] = (), **facts: Any
) -> Event:
    """Change the part, count what is still open, and write the step beside those of the whole."""
    was_open, part.state = part.open, row.target
    EFFECTS[row.verb](event, part, given)
    part.open = row.target in ("offered", "claimed")
    part.done_at = None if part.open else clock.now()
    part.remind_at = part.remind_at if part.open else None
    event.parts_open += part.open - was_open
    part.save()
    words = given.get("result") or given.get("words", "")
    facts |= {"part": part.unit_id}
    taken = life.remember(event, row.verb, event.state, actor, words, facts, life.moves(event))
    photo_actions.keep(event=event, step_n=taken.n, pictures=photos)
    life.follow(event, taken)
    return event


def claim_part(event: Event, part: Assignment, given: Given) -> None:
    part.claimed_at = clock.now()


def resolve_part(event: Event, part: Assignment, given: Given) -> None:
    part.keep(restricted=event.restricted, result=given["result"])


def nothing(event: Event, part: Assignment, given: Given) -> None:
    """Only the state changes."""


EFFECTS: dict[str, Callable[[Event, Assignment, Given], None]] = {
    "claim_part": claim_part,
    "resolve_part": resolve_part,
    "redo_part": nothing,
    "excuse": nothing,
    "release_part": nothing,
}
