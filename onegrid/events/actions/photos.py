"""Photos on an event: kept by hash, public only after a person released them (`releasing`)."""

from collections.abc import Iterable

from onegrid.events.models import Attachment, Event, Report
from onegrid.kit import attachment
from onegrid.kit.images import Picture

MOST = 4


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
