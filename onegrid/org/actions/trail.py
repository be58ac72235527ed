"""The trail: who did or read what, added in the transaction of the deed itself."""

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


def who(actor: Actor) -> str:
    if actor.username:
        return actor.username
    if actor.link_id:
        return f"link {actor.link_id}"
    return f"report {actor.report_id}" if actor.report_id else "stranger"
