"""Events that nobody holds, that no clock drives or that have no next step: this must be empty (R24)."""

from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, TextField, Value, When

from onegrid.events.models import Assignment, Event, Step
from onegrid.events.workflow import JOINED, OPEN, STANDINGS
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
    where = Case(When(joined_into__isnull=False, then=Value(JOINED)), default=F("state"), output_field=TextField())
    rows = visible_to(actor, Event.objects.all()).annotate(where=where).values_list("where")
    return {standing: 0 for standing in STANDINGS} | dict(rows.annotate(n=Count("pk")).order_by())
