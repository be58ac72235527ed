"""The one door to every verb: most are a row of the table and its effect; some need two events at once."""

from collections.abc import Iterable
from typing import Any

from onegrid.events.actions import life, merging
from onegrid.events.models import Event
from onegrid.kit.images import Picture
from onegrid.org.roles import Actor

OWN = {"merge": merging.merge, "split": merging.split}


def take(
    *, actor: Actor, number: str, verb: str, version: int | None = None, given: dict[str, Any] | None = None,
    photos: Iterable[Picture] = (),
) -> Event:  # fmt: skip
    """Take one step; raises Event.DoesNotExist, Stale, NotAllowed or NotGiven: then nothing happened."""
    if verb in OWN:
        return OWN[verb](actor=actor, number=number, version=version, given=given)
    return life.take(actor=actor, number=number, verb=verb, version=version, given=given, photos=photos)
