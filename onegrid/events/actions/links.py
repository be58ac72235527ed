"""A unit without an account answers one matter by a link: the dispatcher makes it, the unit's steps end it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.actions import life, requests
from onegrid.events.actions.given import NotGiven
from onegrid.events.models import Event, Link
from onegrid.kit import clock, codes, later
from onegrid.kit.images import Picture
from onegrid.kit.workflow import NotAllowed, Refusal
from onegrid.org import actions as org
from onegrid.org.roles import DISPATCHER, Actor

MOST_DAYS = 30
# What a unit may do by its link; all else is done by the centre.
BY_LINK = ("claim", "object", "note", "resolve")


@transaction.atomic
def make_link(*, actor: Actor, number: str, days: object, version: int | None = None) -> tuple[Link, str]:
    """The row and its code, which is shown once and kept as a hash; an earlier link of the matter ends."""
    event = life.lock(actor, number, version)
    may_make(event, actor)
    now = clock.now()
    end(event, actor, "replaced")
    code = codes.drawn()
    assert event.handler_id is not None
    assert actor.posting_id is not None
    link = Link.objects.create(
        event=event, area=event.area, unit_id=event.handler_id, code_hash=codes.receipt_hash(code),
        made_by_id=actor.posting_id, made_at=now, expires_at=now + timedelta(days=days_of(days)),
    )  # fmt: skip
    org.record(actor, "make_link", "link", link.pk, number=event.number, unit=event.handler_id)
    return link, code


def may_make(event: Event, actor: Actor) -> None:
    if not actor.has(DISPATCHER) or actor.unit_id != event.owner_id:
        raise NotAllowed(Refusal("role", _("The dispatcher of the centre that holds the event makes its link.")))
    if event.restricted:
        raise NotAllowed(Refusal("guard", _("A sealed matter is never given out by a link.")))
    if event.state not in queries.LINKED or event.handler_id is None:
        raise NotAllowed(Refusal("state", _("A link is for the unit that has to sign for it or is handling it.")))


def days_of(days: object) -> int:
    if not str(days).isdecimal() or not 1 <= int(str(days)) <= MOST_DAYS:
        raise NotGiven({"days": _("A whole number of days between 1 and 30.")})
    return int(str(days))


@transaction.atomic
def revoke_link(*, actor: Actor, number: str) -> None:
    """From now on it opens nothing; revoking what has ended by itself is no fault."""
    event = life.lock(actor, number)
    if not actor.has(DISPATCHER) or actor.unit_id != event.owner_id:
        raise NotAllowed(Refusal("role", _("The dispatcher of the centre that holds the event makes its link.")))
    end(event, actor, "revoked")
    org.record(actor, "revoke_link", "event", event.pk, number=event.number)


def end(event: Event, actor: Actor, ending: str) -> None:
    rows = Link.objects.filter(event=event, ended_at__isnull=True)
    rows.update(ended_at=clock.now(), ending=ending, ended_by=actor.posting_id)


@transaction.atomic
def open_link(*, code: str) -> queries.Opened | None:
    """What the unit must know; None, whatever the reason. Every opening is a line of the trail."""
    link = queries.link_of(code)
    if link is None:
        return None
    org.record(Actor.guest(link.pk, link.unit_id), "open_link", "link", link.pk, number=link.event.number)
    return queries.opened(link)


@transaction.atomic
def answer_by_link(
    *, code: str, verb: str, version: int | None, given: dict[str, Any], photos: Iterable[Picture] = ()
) -> Link:
    """One step of the unit: signs, objects, asks the centre, or hands in; raises Link.DoesNotExist and as `take`."""
    link = queries.link_of(code)
    if link is None or verb not in BY_LINK:
        raise Link.DoesNotExist
    actor, number = Actor.guest(link.pk, link.unit_id), link.event.number
    if verb == "object":
        requests.ask_for(actor=actor, number=number, kind=verb, version=version, given=given)
        return link
    event = life.take(actor=actor, number=number, verb=verb, version=version, given=given, photos=photos)
    if verb == "note":
        later.react("events.question", event_id=event.pk, n=event.version)
    return link
