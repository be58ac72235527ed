"""What strangers may see of a matter: its title and its photos, each only after a person released it."""

import re
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.actions import life, photos
from onegrid.events.actions.given import MAX_TITLE, NotGiven
from onegrid.events.models import Attachment, Event, Release
from onegrid.kit import attachment, clock, images, text
from onegrid.kit.workflow import NotAllowed, Refusal
from onegrid.org.roles import CHECKER, DISPATCHER, RECEIVER, Actor

MOST_BOXES = 24
SMALLEST_BOX = 0.5
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
def release_photo(*, actor: Actor, number: str, sha256: str, release: bool) -> Event:
    """Show a photo to the reporter and to strangers as it is, or take it back; raises Attachment.DoesNotExist."""
    event = holding(actor, number)
    deed = Release.RELEASE if release else Release.WITHDRAW
    return show(event, actor, sha256, sha256 if release else "", deed)


def cover_photo(*, actor: Actor, number: str, sha256: str, boxes: Iterable[Iterable[object]]) -> Event:
    """Show a copy in which the boxes are covered; the original stays with who may see the event."""
    wanted = boxes_of(boxes)
    # Read and painted before the lock: a large picture takes a tenth of a second.
    found = queries.photo(actor, number, sha256)
    with attachment.fetch(found.sha256) as file:
        copy = images.covered(file.read(), wanted)
    with transaction.atomic():
        event = holding(actor, number)
        return show(event, actor, sha256, photos.store(copy), Release.COVER, boxes=[list(box) for box in wanted])


def show(event: Event, actor: Actor, sha256: str, public: str, deed: str, **more: Any) -> Event:
    """Set what the public sees of a picture, on every row of the event that holds it, and remember it."""
    rows = list(Attachment.objects.select_for_update().filter(event=event, sha256=sha256).order_by("id"))
    if not rows:
        raise Attachment.DoesNotExist
    if deed == Release.WITHDRAW and not any(row.public_sha256 for row in rows):
        raise NotAllowed(Refusal("state", _("The public does not see this photo.")))
    for row in rows:
        row.released_at, row.public_sha256 = clock.now() if public else None, public
        row.released_by_id = actor.posting_id
        row.save(update_fields=("released_at", "released_by", "public_sha256"))
        remember(event, actor, deed, photo=row, public_sha256=public, **more)
    return event


def boxes_of(given: Iterable[Iterable[object]]) -> list[images.Box]:
    """Left, top, width, height in per cent, cut at the edges; raises NotGiven for none and for what is no box."""
    boxes: list[images.Box] = []
    for row in given:
        try:
            left, top, width, height = (float(str(value)) for value in row)
        except ValueError as error:
            raise NotGiven({"boxes": _("Each box needs four numbers: left, top, width and height.")}) from error
        right, bottom = min(left + width, 100.0), min(top + height, 100.0)
        left, top = max(left, 0.0), max(top, 0.0)
        # Written so that what is no number at all is no box either.
        if not (right - left >= SMALLEST_BOX and bottom - top >= SMALLEST_BOX):
            raise NotGiven({"boxes": _("A box lies inside the picture and is at least half a per cent wide and high.")})
        boxes.append((left, top, right - left, bottom - top))
    if not boxes:
        raise NotGiven({"boxes": _("Draw at least one box, or release the photo as it is.")})
    if len(boxes) > MOST_BOXES:
        raise NotGiven({"boxes": _("At most %(most)s boxes.") % {"most": MOST_BOXES}})
    return boxes


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
