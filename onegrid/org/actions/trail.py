"""The trail: who did or read what, added in the transaction of the deed itself."""

from collections.abc import Collection

from django.db import connection

from onegrid.org.models import TrailEntry
from onegrid.org.roles import Actor


def record(
    actor: Actor,
    verb: str,
    subject: str = "",
    subject_id: int | None = None,
    *,
    purpose: str = "",
    result: str = "ok",
    address_hash: bytes | None = None,
    **facts: object,
) -> TrailEntry:
    """Add one line to the trail; `facts` hold names, codes and ids, never the values that were read."""
    return TrailEntry.objects.create(
        posting_id=actor.posting_id,
        who=who(actor),
        verb=verb,
        subject=subject,
        subject_id=subject_id,
        purpose=purpose,
        result=result,
        facts=facts,
        address_hash=address_hash,
    )


def forget_purposes(subject: str, subject_ids: Collection[int]) -> None:
    """Erase why somebody looked, when what was looked at is erased; that somebody looked, who and when, stays."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT org_trail_forget_purposes(%s, %s)", (subject, list(subject_ids)))


def who(actor: Actor) -> str:
    if actor.username:
        return actor.username
    if actor.link_id:
        return f"link {actor.link_id}"
    return f"report {actor.report_id}" if actor.report_id else "stranger"
