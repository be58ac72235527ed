"""Messages as their receiver reads them."""

from dataclasses import dataclass
from datetime import datetime

from onegrid.notices.models import Message
from onegrid.notices.rules.words import text_of
from onegrid.org.roles import Actor

NEWEST = 30


@dataclass(frozen=True)
class Read:
    """One message in the reader's words."""

    id: int
    number: str
    text: str
    at: datetime
    read: bool
    state: str


def inbox(actor: Actor, language: str) -> list[Read]:
    """The newest messages of this posting."""
    rows = Message.objects.filter(to_posting_id=actor.posting_id, channel="in_app").order_by("-id")[:NEWEST]
    return [readable(row, language) for row in rows]


def unread(actor: Actor) -> int:
    rows = Message.objects.filter(to_posting_id=actor.posting_id, channel="in_app", read_at__isnull=True)
    return rows.order_by("-id")[:100].count()


def to_reporter(report_id: int, language: str) -> list[Read]:
    rows = Message.objects.filter(to_report=report_id, channel="in_app").order_by("id")
    return [readable(row, language) for row in rows]


def readable(row: Message, language: str) -> Read:
    text = text_of(row.kind, row.number, row.args, language)
    return Read(row.pk, row.number, text, row.created_at, row.read_at is not None, row.state)
