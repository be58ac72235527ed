"""The one door to every verb: most are a row of the table and its effect; some need two events, or erase one."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events.actions import effects, erasing, life, merging
from onegrid.events.actions.given import checked
from onegrid.events.models import Event
from onegrid.events.workflow import EVENT
from onegrid.kit.images import Picture
from onegrid.kit.workflow import NotAllowed, Refusal, allowed
from onegrid.kit.workflow import Step as Row
from onegrid.org.roles import Actor

Given = dict[str, Any]
HANDED_OVER = "handed_over"


@transaction.atomic
def take_over(*, actor: Actor, number: str, version: int | None = None, given: Given | None = None) -> Event:
    """Sign for a tip that passes through: what was said is erased here, the reference of the competent body stays."""
    event = life.lock(actor, number, version)
    row = allowed(EVENT.may("take_over", event, actor))
    clean = checked(given or {}, row.needs, verb="take_over")
    if event.holds.filter(lifted_at__isnull=True).exists():
        raise NotAllowed(Refusal("guard", _("The leader keeps this matter as it is; nothing of it is erased now.")))
    return handed_over(event, row, actor, clean["words"])


def handed_over(event: Event, row: Row, actor: Actor, words: str) -> Event:
    """First it ends, then what was said is erased, and only then the receipt is written, so that it stays."""
    history, from_state = life.moves(event), event.state
    effects.take_over(event, actor, {})
    event.state = row.target
    life.settle(event)
    life.lapse_requests(event, history)
    event.save_changes()
    erasing.erase_now(event, HANDED_OVER)
    ended = life.lock(Actor.system(), event.number)
    taken = life.remember(ended, row.verb, from_state, actor, words, {}, history)
    life.follow(ended, taken)
    return ended


OWN = {"merge": merging.merge, "split": merging.split, "take_over": take_over}


def take(
    *, actor: Actor, number: str, verb: str, version: int | None = None, given: Given | None = None,
    photos: Iterable[Picture] = (), weighed: Given | None = None,
) -> Event:  # fmt: skip
    """Take one step; raises Event.DoesNotExist, Stale, NotAllowed or NotGiven: then nothing happened.

    `weighed`: what spoke for it, as codes and figures; kept with the step.
    """
    if verb in OWN:
        return OWN[verb](actor=actor, number=number, version=version, given=given)
    return life.take(
        actor=actor, number=number, verb=verb, version=version, given=given, photos=photos, weighed=weighed
    )
