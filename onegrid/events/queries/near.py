"""What is near, and what may be the same matter: by leaf, place, time and words, with reasons; a human decides."""

import base64
from dataclasses import dataclass, field
from datetime import timedelta
from math import cos, radians

from django.conf import settings
from django.db.models import Q, QuerySet

from onegrid.events.models import Event
from onegrid.events.models.event import box as box_of
from onegrid.events.queries.public import listed, place_of
from onegrid.events.queries.reference import category_name
from onegrid.events.workflow import EVENT
from onegrid.kit import clock, crypto, geo
from onegrid.kit.reference import reference
from onegrid.org.roles import Actor
from onegrid.org.scope import visible_to
from onegrid.triage import same_matter

TWIN_METRES = 500
NEAR_METRES = 1000
NEAR_ROWS = 8
TWIN_ROWS = 4
SAME_DAYS = 30
CANDIDATES = 40
METRES_PER_DEGREE = 111_320
REFERENCE_SECONDS = 3600
RARITY_TEXTS = 500


@dataclass(frozen=True)
class Near:
    event: Event
    metres: int


@dataclass(frozen=True)
class Twin:
    """An event that may be the same matter, with the reasons for and against."""

    event: Event
    score: float
    likely: bool
    reasons: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class StrangersTwin:
    """As a stranger may see it: a leaf, a street, a week, a state; `ref` is signed and tells nothing."""

    ref: str
    leaf: str
    street: str
    week: str
    state: str


def near(actor: Actor, event: Event, metres: int = NEAR_METRES) -> list[Near]:
    """Open events around this one, by distance; none when it has no point."""
    if event.lon is None or event.lat is None:
        return []
    rows = visible_to(actor, Event.objects.filter(closed_at__isnull=True).exclude(pk=event.pk))
    rows = rows.filter(box(event.lon, event.lat, metres))[:200]
    found = [Near(row, round(apart(event, row) or 0)) for row in rows]
    return sorted((one for one in found if one.metres <= metres), key=lambda one: one.metres)[:NEAR_ROWS]


def twins(actor: Actor, event: Event) -> list[Twin]:
    """Open or lately closed events that may be the same matter, likeliest first."""
    rows = visible_to(actor, candidates(event)).exclude(pk=event.pk)
    return ranked(event, list(rows[:CANDIDATES]))[:TWIN_ROWS]


def candidates(event: Event) -> QuerySet[Event]:
    """Same neighbourhood, or the same leaf in the same town, within thirty days."""
    since = (event.reported_at or clock.now()) - timedelta(days=SAME_DAYS)
    town = event.area[:9]
    place = Q(area__gte=town, area__lt=town + ":", category=event.category)
    if event.lon is not None and event.lat is not None:
        place |= box(event.lon, event.lat, TWIN_METRES)
    rows = Event.objects.filter(closed_at__isnull=True, reported_at__gte=since, restricted=False)
    return rows.filter(place).order_by("-reported_at")


def ranked(event: Event, rows: list[Event]) -> list[Twin]:
    """Every candidate with its reasons, likeliest first; the unlikely ones are left to the reader's own search."""
    by_number = {row.number: row for row in rows}
    found = same_matter.same([matter(row) for row in rows], matter(event), rarity())
    return [told(by_number[one.key], one) for one in found if one.verdict != same_matter.UNLIKELY]


def told(event: Event, likeness: same_matter.Likeness) -> Twin:
    return Twin(
        event=event,
        score=likeness.score,
        likely=likeness.verdict == same_matter.LIKELY,
        reasons=[str(reason) for reason in likeness.reasons if reason.favours],
        against=[str(reason) for reason in likeness.reasons if not reason.favours],
    )


def matter(event: Event) -> same_matter.Matter:
    return same_matter.Matter(
        key=event.number, words=f"{event.told()} {event.address}".strip(), at=event.reported_at, leaf=event.category,
        longitude=event.lon, latitude=event.lat,
    )  # fmt: skip


def similar_for_strangers(
    *, words: str, category: str, lon: float | None, lat: float | None, area: str = "", address: str = ""
) -> list[StrangersTwin]:
    """Likely twins of a draft, as leaf, street, week and state only; restricted ones and lone homes never."""
    draft = Event(category=category, address=address, lon=lon, lat=lat, area=area or settings.COUNTY, words=words)
    draft.reported_at = clock.now()
    # The stranger rule of `public`, but for the leaf that the word list proposed: it may not be decided yet.
    shown_leaves = [leaf.code for leaf in listed()]
    found = candidates(draft).filter(about_office=False, about_unit_ids=[], category__in=shown_leaves)
    rows = [row for row in found[:CANDIDATES] if row.state in ("reported", "accepted", "assigned", "handling")]
    return [shown(twin.event) for twin in ranked(draft, rows) if twin.likely][:3]


def shown(event: Event) -> StrangersTwin:
    week = clock.local(event.reported_at).isocalendar()
    return StrangersTwin(
        ref=hidden(event.number), leaf=category_name(event.category), street=place_of(event.area),
        week=f"{week.year}-W{week.week:02d}", state=str(EVENT.labels[event.state]),
    )  # fmt: skip


def hidden(number: str) -> str:
    """The number sealed for an hour, so that a stranger can join without learning it."""
    until = int(clock.now().timestamp()) + REFERENCE_SECONDS
    return base64.urlsafe_b64encode(box_of().seal(f"{until} {number}", context="twin")).decode()


def number_of(ref: str) -> str | None:
    """The event behind a stranger's reference; None for one that is forged or older than an hour."""
    try:
        until, number = box_of().open(base64.urlsafe_b64decode(ref.encode()), context="twin").split()
    except (crypto.Tampered, ValueError):
        return None
    return number if clock.now().timestamp() <= int(until) else None


def is_open(number: str) -> bool:
    """Whether a further voice can still join this event."""
    return Event.objects.filter(number=number, closed_at__isnull=True, restricted=False).exists()


def apart(one: Event, other: Event) -> float | None:
    """Metres between two events; None when one has no point."""
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return None
    return float(geo.distance_m(one.lon, one.lat, other.lon, other.lat))


@reference(seconds=600)
def rarity() -> same_matter.Rarity:
    """How rare words are here, from the newest reports: polite phrases must not make two matters one."""
    rows = Event.objects.filter(restricted=False).order_by("-reported_at", "-id").values_list("words", flat=True)
    return same_matter.Rarity(rows[:RARITY_TEXTS])


def box(lon: float, lat: float, metres: float) -> Q:
    up = metres / METRES_PER_DEGREE
    aside = up / max(cos(radians(lat)), 0.01)
    return Q(lon__gte=lon - aside, lon__lte=lon + aside, lat__gte=lat - up, lat__lte=lat + up)
