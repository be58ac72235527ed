"""What a link opens: one matter as the unit must know it, never who reported it, no inner note, nothing else."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from onegrid.events.models import Attachment, Event, Link, Step
from onegrid.events.queries.detail import with_units
from onegrid.events.queries.reference import category_name
from onegrid.events.workflow import EVENT
from onegrid.kit import clock, codes, text
from onegrid.kit.workflow import Step as Row
from onegrid.org.models import TrailEntry, Unit
from onegrid.org.roles import Actor

LINKED = ("assigned", "handling", "suspended")  # the states in which a unit has something to do


@dataclass(frozen=True)
class Opened:
    """One matter for one unit."""

    link: Link
    event: Event
    unit: Unit
    centre: Unit
    leaf: str
    words: str
    asked: str
    redo: bool
    photos: list[Attachment]
    steps: list[Step]
    can: list[str]
    objecting: bool


@dataclass(frozen=True)
class Given:
    """The link of a matter as the centre sees it: until when, how often opened, when last."""

    link: Link
    openings: int
    opened_at: datetime | None


def link_of(code: str) -> Link | None:
    """The link that this code opens now; None for a mistyped, unknown, expired or ended one, without telling which."""
    tidied = codes.tidy_receipt(code)
    found = codes.receipt_hash(tidied) if tidied else bytes(32)
    return usable().filter(code_hash=found).select_related("event", "unit").first()


def usable() -> QuerySet[Link]:
    rows = Link.objects.filter(ended_at__isnull=True, expires_at__gt=clock.now(), event__restricted=False)
    return rows.filter(event__handler_id=F("unit_id"), event__state__in=LINKED, event__closed_at__isnull=True)


def link_is_open(link_id: int) -> bool:
    return usable().filter(pk=link_id).exists()


def link_known(code: str) -> int | None:
    """The id of a link that this code ever opened: for the second sending of what ended it."""
    tidied = codes.tidy_receipt(code)
    found = codes.receipt_hash(tidied) if tidied else bytes(32)
    return Link.objects.filter(code_hash=found).values_list("pk", flat=True).first()


def opened(link: Link) -> Opened:
    """Numbers that look like a phone or a card are hidden in the words: the reporter may have said their own."""
    event, guest = with_units(link.event, "owner", "handler"), Actor.guest(link.pk, link.unit_id)
    asking = event.steps.filter(verb__in=("dispatch", "redo", "transfer")).order_by("-n").first()
    own = event.steps.filter(unit_id=link.unit_id).exclude(verb="note", actor_kind="staff")
    return Opened(
        link=link, event=event, unit=link.unit, centre=event.owner, leaf=category_name(event.category),
        words=text.hide_numbers(event.told()), asked=asking.told() if asking else "",
        redo=bool(asking and asking.verb == "redo"),
        photos=list(event.attachments.filter(step_n__isnull=True).order_by("id")), steps=list(own.order_by("n")),
        can=[verb for verb in ("claim", "resolve", "note") if isinstance(EVENT.may(verb, event, guest), Row)]
        + (["object"] if isinstance(EVENT.may_ask("object", event, guest), Row) else []),
        objecting=event.requests.filter(kind="object", decided_at__isnull=True).exists(),
    )  # fmt: skip


def link_on(event: Event) -> Given | None:
    """The newest link of a matter, with the trail of its openings."""
    link = Link.objects.filter(event=event).select_related("unit").order_by("-id").first()
    if link is None:
        return None
    looks = TrailEntry.objects.filter(subject="link", subject_id=link.pk, verb="open_link").order_by("id")
    moments = list(looks.values_list("at", flat=True))
    return Given(link, len(moments), moments[-1] if moments else None)
