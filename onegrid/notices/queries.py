"""Messages as their receiver reads them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import QuerySet

from onegrid.kit import clock
from onegrid.notices.models import OUTSIDE, Message, Preference
from onegrid.notices.rules import hours
from onegrid.notices.rules.words import bundle_of, text_of
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


class Receiver(Protocol):
    """A message that is written or to be written: who gets it, by which way, how urgent."""

    @property
    def channel(self) -> str: ...
    @property
    def urgent(self) -> bool: ...
    @property
    def to_posting_id(self) -> int | None: ...


def inbox(actor: Actor, language: str) -> list[Read]:
    """The newest messages of this posting."""
    return [readable(row, language) for row in told(actor).order_by("-id")[:NEWEST]]


def unread(actor: Actor) -> int:
    return told(actor).filter(read_at__isnull=True).order_by("-id")[:100].count()


def told(actor: Actor) -> QuerySet[Message]:
    """What stands in the product: not what another one speaks for, not what still waits."""
    rows = Message.objects.filter(to_posting_id=actor.posting_id, channel="in_app", bundle__isnull=True)
    return rows.filter(due_at__lte=clock.now())


def to_reporter(report_id: int, language: str) -> list[Read]:
    rows = Message.objects.filter(to_report=report_id, channel="in_app").order_by("id")
    return [readable(row, language) for row in rows]


def readable(row: Message, language: str) -> Read:
    return Read(row.pk, row.number, words_of(row, language), row.due_at, row.read_at is not None, row.state)


def words_of(row: Message, language: str) -> str:
    """Its sentence; one that gathers says how many it speaks for."""
    text = text_of(row.kind, row.number, row.args, language)
    if not row.gathers:
        return text
    since = clock.local(row.created_at).strftime("%H:%M")
    return bundle_of(row.gathered.count(), since, text, language)


def preference_of_posting(posting_id: int) -> Preference | None:
    """What the person of this posting wants to hear by which way."""
    return Preference.objects.filter(user__postings=posting_id).first()


def held_until(to: Receiver, moment: datetime) -> datetime | None:
    """The end of the quiet hours of whoever it is for; urgent ones and what rings nowhere never wait."""
    if to.urgent or to.channel not in OUTSIDE:
        return None
    if to.to_posting_id is None:
        return hours.held_until(moment, hours.RESIDENTS)
    person = preference_of_posting(to.to_posting_id)
    return hours.held_until(moment, person.quiet if person else None)
