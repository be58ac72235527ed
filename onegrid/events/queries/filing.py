"""The file of a matter in one canonical form, so that its sum tells whether anything in it was changed since."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Model

from onegrid.events.models import Event, Step
from onegrid.kit import attachment

# What of each row belongs to the file; columns that live on (version, holder, area after a re-division) do not.
EVENT = (
    "number", "reported_area", "category", "category_decided", "level", "restricted", "owner_id", "handler_id",
    "reporter_id", "about_office", "title", "address", "lon", "lat", "voices", "asks", "reviews", "objections",
    "extensions", "reworks", "reopened", "reason", "result", "solved", "satisfied", "reported_at", "happened_at",
    "closed_at",
)  # fmt: skip
REPORT = ("number", "channel", "language", "address", "lon", "lat", "at", "note")
STEP = (
    "n", "verb", "from_state", "to_state", "actor_id", "actor_kind", "unit_id", "at", "due_at", "promised_by", "public",
    "facts",
)  # fmt: skip
REQUEST = (
    "kind", "asked_by_id", "unit_id", "reason", "facts", "asked_at", "decided_at", "decided_by_id", "decision",
)  # fmt: skip
PART = ("unit_id", "role", "state", "assigned_at", "claimed_at", "done_at")
PHOTO = ("sha256", "size", "step_n")


def filed(event: Event, *, through: int | None = None) -> bytes:
    """Event, voices, history up to the step `through`, requests, parts and the sums of its photos, as UTF-8."""
    steps = event.steps.order_by("n") if through is None else event.steps.filter(n__lte=through).order_by("n")
    file = {
        "event": {**columns(event, EVENT), "words": event.told()},
        "reports": [{**columns(one, REPORT), "words": one.told()} for one in event.reports.order_by("id")],
        "steps": [{**columns(one, STEP), "words": one.told()} for one in steps],
        "requests": [{**columns(one, REQUEST), "words": one.told()} for one in event.requests.order_by("id")],
        "parts": [{**columns(one, PART), **one.told()} for one in event.assignments.order_by("id")],
        "photos": [columns(one, PHOTO) for one in event.attachments.order_by("id")],
    }
    return (json.dumps(file, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def columns(row: Model, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: plain(getattr(row, name)) for name in names}


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def sum_of(file: bytes) -> str:
    return hashlib.sha256(file).hexdigest()


def archived(number: str = "") -> Iterator[Event]:
    """Every matter in the archive that is still there, or this one."""
    rows = Event.objects.filter(state="archived", erased_at__isnull=True).order_by("id")
    return (rows.filter(number=number) if number else rows).iterator(chunk_size=500)


def filing(event: Event) -> Step | None:
    """The step with which it went into the archive last."""
    return event.steps.filter(verb="archive").order_by("-n").first()


def file_of(event: Event) -> bytes:
    """The file as it was summed, from what stands in the tables now."""
    step = filing(event)
    return filed(event, through=step.facts["through"] if step else None)


def faults(event: Event) -> list[str]:
    """What no longer agrees with the sum of the archive step: "file", or the path of a photo."""
    step = filing(event)
    if step is None or step.facts.get("sha256") != sum_of(file_of(event)):
        return ["file"]
    return [photo.path for photo in event.attachments.order_by("id") if not whole(photo.sha256)]


def whole(sha256: str) -> bool:
    try:
        with attachment.fetch(sha256) as file:
            return hashlib.sha256(file.read()).hexdigest() == sha256
    except FileNotFoundError:
        return False
