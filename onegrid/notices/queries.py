"""Messages as their receiver reads them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from onegrid.kit import clock
from onegrid.notices.models import OUTSIDE, TROUBLED, Message, Preference
from onegrid.notices.rules import hours, kinds
from onegrid.notices.rules.words import STATE_LABELS, WAY_LABELS, bundle_of, text_of
from onegrid.org.roles import Actor
from onegrid.org.scope import visible_to

NEWEST = 30
MOST_TROUBLES = 100
LATELY = 5


@dataclass(frozen=True)
class Read:
    """One message in the reader's words."""

    id: int
    number: str
    text: str
    at: datetime
    read: bool
    state: str
    # Where it leads; empty where there is nothing to open.
    page: str = ""


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


@dataclass(frozen=True)
class Trouble:
    """A message of which nobody knows whether it arrived, or which did not."""

    id: int
    number: str
    text: str
    way: str
    to_staff: str
    state: str
    state_label: str
    detail: str
    at: datetime
    attempts: int
    can_go_again: bool


def seen_by(actor: Actor, rows: QuerySet[Message]) -> QuerySet[Message]:
    """The messages that the actor's centre answers for."""
    return visible_to(actor, rows)


def troubles(actor: Actor, language: str) -> list[Trouble]:
    """What the actor's centre has to decide about, newest first."""
    rows = seen_by(actor, Message.objects.filter(state__in=TROUBLED, left_at__isnull=True))
    return [
        Trouble(
            row.pk, row.number, words_of(row, language), str(WAY_LABELS[row.channel]),
            row.to_posting.user.name if row.to_posting else "", row.state, str(STATE_LABELS[row.state]), row.detail,
            row.created_at, row.attempts, not row.outside or row.address_sealed is not None,
        )
        for row in rows.select_related("to_posting__user").order_by("-id")[:MOST_TROUBLES]
    ]  # fmt: skip


def count_troubles(actor: Actor) -> int:
    """Counted up to a hundred."""
    rows = seen_by(actor, Message.objects.filter(state__in=TROUBLED, left_at__isnull=True))
    return rows.order_by("-id")[:MOST_TROUBLES].count()


def on_the_way(actor: Actor) -> tuple[int, int]:
    """How many of the centre's messages wait for the end of quiet hours, and how many are due now."""
    rows = seen_by(actor, Message.objects.filter(state__in=("queued", "sending"), channel__in=OUTSIDE))
    now = clock.now()
    found = rows.aggregate(later=Count("pk", filter=Q(due_at__gt=now)), due=Count("pk", filter=Q(due_at__lte=now)))
    return found["later"], found["due"]


def preference(actor: Actor) -> Preference | None:
    """The actor's own."""
    return Preference.objects.filter(user_id=actor.user_id or 0).first()


def lately_outside(actor: Actor) -> list[Message]:
    """The newest messages to this posting that left the house: what became of each."""
    rows = Message.objects.filter(to_posting_id=actor.posting_id, channel__in=OUTSIDE, bundle__isnull=True)
    return list(rows.order_by("-id")[:LATELY])


def to_reporter(report_id: int, language: str) -> list[Read]:
    rows = Message.objects.filter(to_report=report_id, channel="in_app").order_by("id")
    return [readable(row, language) for row in rows]


def readable(row: Message, language: str) -> Read:
    words, page = words_of(row, language), address_of(row)
    return Read(row.pk, row.number, words, row.due_at, row.read_at is not None, row.state, page)


def page_for(actor: Actor, message_id: int) -> str:
    """The address to which one of the actor's own messages leads; empty where there is none."""
    row = told(actor).filter(pk=message_id).first()
    return address_of(row) if row else ""


def address_of(row: Message) -> str:
    if row.number and row.kind not in kinds.ELSEWHERE:
        return reverse("events:event", args=[row.number])
    name, argument = kinds.page_of(row.kind)
    given = [row.args.get(argument)] if argument else []
    return reverse(name, args=given) if name and None not in given else ""


def words_of(row: Message, language: str, *, secret: str = "") -> str:
    """Its sentence; one that gathers says how many it speaks for. Only who carries it knows its secret."""
    text = text_of(row.kind, row.number, {**row.args, "secret": secret}, language)
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
