"""Restricted views: what one asked for oneself, what waits for a leader, who was let in to one matter."""

from dataclasses import dataclass

from onegrid.events.models import Event, Report, Step, Viewing
from onegrid.events.queries.detail import OF_REPORTERS, STEPS, sees
from onegrid.events.rules.viewing import DECIDERS, may_be_shown, standing
from onegrid.kit import clock
from onegrid.org import queries as org
from onegrid.org.roles import Actor
from onegrid.org.scope import visible_to

MOST = 30


@dataclass(frozen=True)
class Own:
    """One request of the reader, and how it stands for whoever asked."""

    viewing: Viewing
    standing: str


@dataclass(frozen=True)
class Looked:
    """One sealed matter as a restricted view shows it: words and course, nothing of who reported it."""

    viewing: Viewing
    event: Event
    voices: list[str]
    steps: list[Step]


def shown_to(actor: Actor, event: Event) -> bool:
    """Whether a restricted view of this matter may be given to this posting now."""
    unit = org.unit_by_id(actor.unit_id)
    covered = unit is not None and org.is_centre_over(unit, event.area)
    return may_be_shown(event, actor, covered, {one.unit_id for one in org.postings_of(actor)})


def own_viewings(actor: Actor) -> list[Own]:
    """What this posting asked for, newest first."""
    now = clock.now()
    rows = Viewing.objects.filter(asked_by_id=actor.posting_id or 0).order_by("-asked_at", "-id")[:MOST]
    return [Own(row, standing(row, now)) for row in rows]


def waiting_viewings(actor: Actor) -> list[Viewing]:
    """What waits for this leader, earliest first: matters of the own centre, or of one below that has no leader."""
    if not actor.has(*DECIDERS) or not actor.at_centre:
        return []
    rows = Viewing.objects.filter(decided_at__isnull=True, due_at__gt=clock.now(), event__isnull=False)
    rows = rows.filter(event__in=visible_to(actor, Event.objects.filter(restricted=True)).values("pk"))
    found = rows.exclude(asked_by__user=actor.user_id or 0).select_related("event", "asked_by__user", "asked_by__unit")
    return [row for row in found.order_by("due_at", "id")[:MOST] if decides_viewing(actor, row.event)]


def decides_viewing(actor: Actor, event: Event | None) -> bool:
    """A leader of the nearest centre that has one: the owner, else the next above."""
    return event is not None and actor.has(*DECIDERS) and event.led_ids()[:1] == [actor.unit_id]


def viewings_of(actor: Actor, event: Event) -> list[Viewing]:
    """Who asked for a view of this matter, how it was decided and how often it was looked at; for centres."""
    if not event.restricted or not actor.at_centre:
        return []
    rows = Viewing.objects.filter(event=event).select_related("asked_by__user", "asked_by__unit", "decided_by__user")
    return list(rows.order_by("-id"))


def may_end(actor: Actor, viewing: Viewing) -> bool:
    """Whoever asked, or a leader who might have decided it."""
    return viewing.asked_by_id == actor.posting_id or decides_viewing(actor, viewing.event)


def looked(viewing: Viewing, event: Event) -> Looked:
    """The matter without its reporters: no contact, way, address, place on the map or photo; no name on their steps."""
    voices = Report.objects.filter(event=event).order_by("id")
    return Looked(viewing, event, [one.told() for one in voices], [nameless(one) for one in course(event)])


def course(event: Event) -> list[Step]:
    steps = STEPS(event.pk)
    for one in steps:
        one.event = event
    return steps


def nameless(step: Step) -> Step:
    """Changed in memory: who reported is nobody's name, also where staff did it."""
    if step.verb in OF_REPORTERS:
        step.actor, step.actor_kind, step.unit_id = None, "reporter", None
    return step


def open_viewing(actor: Actor, number: str) -> Viewing:
    """The grant of this posting for this number that is open now; raises Viewing.DoesNotExist."""
    rows = Viewing.objects.filter(asked_by_id=actor.posting_id or 0, number=number, granted=True)
    found = rows.filter(ended_at__isnull=True, until__gt=clock.now()).select_related("event").order_by("-until").first()
    if found is None or found.event is None or not shown_to(actor, found.event):
        raise Viewing.DoesNotExist
    return found


def number_open_to(actor: Actor, number: str) -> bool:
    """Whether the matter is in the reader's sight anyway."""
    event = Event.objects.filter(number=number).first()
    return event is not None and sees(actor, event)
