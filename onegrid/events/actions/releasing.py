"""What strangers may see of a matter: its title and its photos, each only after a person released it."""

import re
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events.actions import life
from onegrid.events.actions.given import MAX_TITLE, NotGiven
from onegrid.events.models import Attachment, Event, Release
from onegrid.kit import clock, text
from onegrid.kit.workflow import NotAllowed, Refusal
from onegrid.org.roles import CHECKER, DISPATCHER, RECEIVER, Actor

RELEASERS = (RECEIVER, DISPATCHER, CHECKER)
# A phone, an identity card, an account: no title for strangers holds so many figures in a row.
PRIVATE_FIGURES = re.compile(r"\d[\d -]{5,}\d")


@transaction.atomic
def release_title(
    *, actor: Actor, number: str, release: bool, version: int | None = None, title: str | None = None
) -> Event:
    """Let strangers read the title, worded anew if need be, or take it back; a sealed matter has none to show."""
    event = holding(actor, number, version)
    if event.restricted:
        raise NotAllowed(Refusal("guard", _("A sealed matter is never shown to the public.")))
    if not release:
        return withdrawn(event, actor)
    event.title = fit(event, event.title if title is None else title)
    event.title_released_at, event.title_released_by_id = clock.now(), actor.posting_id
    event.save(update_fields=("title", "title_released_at", "title_released_by"))
    remember(event, actor, Release.RELEASE, words=event.title)
    return event


def withdrawn(event: Event, actor: Actor) -> Event:
    if event.title_released_at is None:
        raise NotAllowed(Refusal("state", _("The public does not see this title.")))
    event.title_released_at, event.title_released_by_id = None, None
    event.save(update_fields=("title_released_at", "title_released_by"))
    remember(event, actor, Release.WITHDRAW, words=event.title)
    return event


def fit(event: Event, title: str) -> str:
    """The title as strangers will read it; raises NotGiven for none and for one that holds a number of somebody."""
    title = text.tidy(title)
    if not title:
        raise NotGiven({"title": _("Write a title that names the matter and nobody in it.")})
    if len(title) > MAX_TITLE:
        raise NotGiven({"title": _("At most 60 characters.")})
    if PRIVATE_FIGURES.search(title):
        raise NotGiven({"title": _("A title for the public holds no phone, card or account number.")})
    return title


@transaction.atomic
def release_photo(*, actor: Actor, number: str, sha256: str, release: bool) -> Attachment:
    """Show a photo to the reporter and to strangers as it is, or take it back."""
    event = holding(actor, number)
    photo = Attachment.objects.select_for_update().get(event=event, sha256=sha256)
    photo.released_at = clock.now() if release else None
    photo.released_by_id, photo.public_sha256 = actor.posting_id, photo.sha256 if release else ""
    photo.save(update_fields=("released_at", "released_by", "public_sha256"))
    deed = Release.RELEASE if release else Release.WITHDRAW
    remember(event, actor, deed, photo=photo, public_sha256=photo.public_sha256)
    return photo


def holding(actor: Actor, number: str, version: int | None = None) -> Event:
    """The event under its lock, for the centre that holds it; raises Event.DoesNotExist, Stale or NotAllowed."""
    event = life.lock(actor, number, version)
    if not actor.has(*RELEASERS) or actor.unit_id != event.owner_id:
        raise NotAllowed(Refusal("role", _("The centre that holds the event decides what the public sees.")))
    return event


def remember(event: Event, actor: Actor, deed: str, **more: Any) -> None:
    assert actor.posting_id is not None
    Release.objects.create(
        event=event, area=event.area, deed=deed, actor_id=actor.posting_id, at=clock.now(), **more
    )  # fmt: skip
