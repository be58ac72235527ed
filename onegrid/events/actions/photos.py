"""Photos on an event: kept by hash, public only after a person released them."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.models import Attachment, Event, Report
from onegrid.kit import attachment, clock
from onegrid.kit.images import Picture
from onegrid.kit.workflow import NotAllowed, Refusal
from onegrid.org.roles import CHECKER, DISPATCHER, RECEIVER, Actor

MOST = 4
RELEASERS = (RECEIVER, DISPATCHER, CHECKER)


def keep(*, event: Event, pictures: Iterable[Picture], report: Report | None = None, step_n: int | None = None) -> None:
    """Store the pictures under their hash and hang them on the voice or on the step."""
    rows = [
        Attachment(
            event=event, area=event.area, report=report, step_n=step_n, sha256=attachment.keep(picture),
            size=len(picture.bytes), width=picture.width, height=picture.height,
        )
        for picture in list(pictures)[:MOST]
    ]  # fmt: skip
    if rows:
        Attachment.objects.bulk_create(rows)


@transaction.atomic
def release_photo(*, actor: Actor, number: str, sha256: str, release: bool) -> Attachment:
    """Show a photo to the reporter and to strangers, or take it back; both stay in the row's history columns."""
    event = queries.seen_by(actor, Event.objects.all()).get(number=number)
    if not actor.has(*RELEASERS) or actor.unit_id != event.owner_id:
        raise NotAllowed(Refusal("role", _("The centre that holds the event releases its photos.")))
    photo = Attachment.objects.select_for_update().get(event=event, sha256=sha256)
    photo.released_at = clock.now() if release else None
    photo.released_by_id = actor.posting_id
    photo.save(update_fields=("released_at", "released_by"))
    return photo
