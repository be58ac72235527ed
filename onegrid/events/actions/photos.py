"""Photos on an event: kept by hash, public only after a person released them (`releasing`)."""

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Q

from onegrid.events.models import Attachment, Event
from onegrid.kit import attachment
from onegrid.kit.images import Picture

MOST = 4


def keep(*, event: Event, pictures: Iterable[Picture], report_id: int | None = None, step_n: int | None = None) -> None:
    """Store the pictures under their hash and hang them on the voice or on the step."""
    rows = [
        Attachment(
            event=event, area=event.area, report_id=report_id, step_n=step_n, sha256=store(picture),
            size=len(picture.bytes), width=picture.width, height=picture.height,
        )
        for picture in list(pictures)[:MOST]
    ]  # fmt: skip
    if rows:
        Attachment.objects.bulk_create(rows)


def store(picture: Picture) -> str:
    """Keep the file under its hash; until the caller's transaction ends, nobody drops it as one without a row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", (f"file:{picture.sha256}",))
    return attachment.keep(picture)


@transaction.atomic
def drop(sha256: str) -> bool:
    """Delete a file that no row names any more; one that is being attached right now is waited for, and stays."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"file:{sha256}",))
    if Attachment.objects.filter(Q(sha256=sha256) | Q(public_sha256=sha256)).exists():
        return False
    attachment.drop(sha256)
    return True
