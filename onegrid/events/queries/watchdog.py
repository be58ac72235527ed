"""Events that nobody holds, that no clock drives or that have no next step: this must be empty (R24)."""

from django.db.models import Count, Exists, Max, OuterRef, Q

from onegrid.events.models import Assignment, Event, Step
from onegrid.events.workflow import FINAL, OPEN
from onegrid.org.roles import Actor
from onegrid.org.scope import visible_to


def watchdog(actor: Actor) -> list[Event]:
    """Open events without owner, holder, clock, history or, where a unit must act, an open assignment."""
    lead = Assignment.objects.filter(event=OuterRef("pk"), role="lead", open=True, unit=OuterRef("handler"))
    rows = visible_to(actor, Event.objects.filter(closed_at__isnull=True))
    return list(
        rows.filter(
            Q(owner__isnull=True)
            | Q(holder__isnull=True)
            | Q(due_at__isnull=True)
            | ~Q(state__in=OPEN)
            | (Q(state__in=("assigned", "handling", "suspended")) & ~Exists(lead))
            | ~Exists(Step.objects.filter(event=OuterRef("pk"), to_state=OuterRef("state")))
        ).order_by("id")[:100]
    )


def last_step() -> int:
    """Where a live screen begins to listen: the newest step of all; it tells nothing about any event."""
    return Step.objects.aggregate(newest=Max("pk"))["newest"] or 0


def counts(actor: Actor) -> dict[str, int]:
    """How many events stand in each state inside the actor's scope; states without any are zero."""
    rows = visible_to(actor, Event.objects.all()).values_list("state").annotate(n=Count("pk")).order_by()
    return {state: 0 for state in (*OPEN, *FINAL)} | dict(rows)
