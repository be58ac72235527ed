"""How long what is kept, by which rule, what a run would erase now, and what is left of what it erased."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from onegrid.events.models import Contact, Event, Hold, Release, RetentionRule, Step, Tombstone
from onegrid.events.queries.detail import seen_by, the_one
from onegrid.events.queries.filing import filing
from onegrid.kit import clock
from onegrid.org.roles import Actor
from onegrid.org.scope import visible_to

MOST = 50
NOBODY = Q(pk__in=())


@dataclass(frozen=True)
class Due:
    """One thing that the next run would erase: its number, the rule and since when."""

    number: str
    kind: str
    rule: RetentionRule
    closed_at: datetime


@dataclass(frozen=True)
class Foresight:
    """What a run would erase now, within what the reader sees; `due` holds the first of each kind."""

    contacts: int
    events: int
    due: list[Due]
    rules: list[RetentionRule]
    holds: list[Hold]
    tombstones: list[Tombstone]


@dataclass(frozen=True)
class Keeping:
    """How long one matter is kept: the days on which contacts and words go, its archive step, holds and releases."""

    event: Event
    contact_rule: RetentionRule | None
    event_rule: RetentionRule | None
    filed: Step | None
    hold: Hold | None
    holds: list[Hold]
    releases: list[Release]
    tombstone: Tombstone | None

    @property
    def contact_until(self) -> datetime | None:
        return until(self.event, self.contact_rule)

    @property
    def event_until(self) -> datetime | None:
        return until(self.event, self.event_rule)


def until(event: Event, rule: RetentionRule | None) -> datetime | None:
    return event.closed_at + timedelta(days=rule.days) if rule and event.closed_at else None


def rules(kind: str) -> list[RetentionRule]:
    """The rules of this kind, the finest category first."""
    found = RetentionRule.objects.filter(kind=kind, active=True)
    return sorted(found, key=lambda rule: (-len(rule.category), rule.category))


def rule_for(category: str, among: Iterable[RetentionRule]) -> RetentionRule | None:
    """The longest prefix wins; without any rule a thing is kept."""
    return next((rule for rule in among if category.startswith(rule.category)), None)


def over(kind: str, prefix: str = "") -> Q:
    """Events whose time by their own rule of this kind is over; `prefix` leads to the event's table."""
    now, finer, found = clock.now(), Q(), NOBODY
    for rule in rules(kind):
        mine = Q(**{f"{prefix}closed_at__lt": now - timedelta(days=rule.days)})
        mine &= Q(**{f"{prefix}category__startswith": rule.category}) if rule.category else Q()
        found |= mine & ~finer if finer else mine
        finer |= Q(**{f"{prefix}category__startswith": rule.category})
    return found


def held(event_column: str) -> Exists:
    """Whether somebody holds the matter today."""
    today = clock.local(clock.now()).date()
    return Exists(Hold.objects.filter(event=OuterRef(event_column), lifted_at__isnull=True, until__gte=today))


def to_archive() -> QuerySet[Event]:
    return Event.objects.filter(over("archive"), state="closed", sampled=False).order_by("closed_at", "id")


def events_to_erase() -> QuerySet[Event]:
    """Ended, not erased, not held, and longer ago than its rule allows."""
    rows = Event.objects.filter(over("event"), closed_at__isnull=False, erased_at__isnull=True)
    return rows.exclude(held("pk")).order_by("closed_at", "id")


def contacts_to_erase() -> QuerySet[Contact]:
    rows = Contact.objects.filter(over("contact", "report__event__"), report__event__closed_at__isnull=False)
    rows = rows.filter(erased_at__isnull=True).exclude(held("report__event"))
    return rows.select_related("report__event").order_by("report__event__closed_at", "id")


def foresight(actor: Actor) -> Foresight:
    """The dry run: the very rows that `actions.retain` would take next, as far as the reader sees them."""
    events = visible_to(actor, events_to_erase())
    contacts = contacts_to_erase().filter(report__event__in=visible_to(actor, Event.objects.all()))
    today = clock.local(clock.now()).date()
    holds = visible_to(actor, Hold.objects.filter(lifted_at__isnull=True, until__gte=today))
    every = {kind: rules(kind) for kind in RetentionRule.KINDS}
    due = [due_of(one.report.number, "contact", one.report.event, every["contact"]) for one in contacts[:MOST]]
    due += [due_of(one.number, "event", one, every["event"]) for one in events[:MOST]]
    return Foresight(
        contacts=contacts.count(), events=events.count(), due=[one for one in due if one is not None],
        rules=[rule for kind in RetentionRule.KINDS for rule in every[kind]],
        holds=list(holds.select_related("event", "set_by__user").order_by("until")[:MOST]),
        tombstones=list(visible_to(actor, Tombstone.objects.all()).order_by("-erased_at", "-id")[:MOST]),
    )  # fmt: skip


def due_of(number: str, kind: str, event: Event, among: list[RetentionRule]) -> Due | None:
    rule = rule_for(event.category, among)
    return Due(number, kind, rule, event.closed_at) if rule and event.closed_at else None


def keeping(actor: Actor, number: str) -> Keeping:
    """How long this matter is kept; raises Event.DoesNotExist outside the scope."""
    event = the_one(actor).first(number)
    if event is None:
        raise Event.DoesNotExist
    holds = list(event.holds.select_related("set_by__user", "lifted_by__user").order_by("-id"))
    today = clock.local(clock.now()).date()
    return Keeping(
        event=event, contact_rule=rule_for(event.category, rules("contact")),
        event_rule=rule_for(event.category, rules("event")), filed=filing(event),
        hold=next((one for one in holds if one.lifted_at is None and one.until >= today), None), holds=holds,
        releases=list(event.releases.select_related("actor__user", "photo").order_by("-id")),
        tombstone=Tombstone.objects.filter(number=event.number, kind="event").first(),
    )  # fmt: skip


def released(actor: Actor, number: str, sha256: str) -> list[Release]:
    """The history of one photo, newest first."""
    event = seen_by(actor, Event.objects.all()).get(number=number)
    rows = event.releases.filter(photo__sha256=sha256).select_related("actor__user", "photo")
    return list(rows.order_by("-id"))
