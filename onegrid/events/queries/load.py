"""How much comes from where: counts per grid for the balance of work; sealed matters are not counted."""

from datetime import timedelta

from django.db.models import Count, Q

from onegrid.events.models import Event
from onegrid.kit import clock
from onegrid.kit.literal import literal

RECENT = timedelta(days=90)


def load_of_grids(area: str) -> dict[str, tuple[int, int]]:
    """By grid: matters that are open, and matters of the last 90 days, in one statement."""
    since = clock.now() - RECENT
    rows = Event.objects.filter(area__gte=literal(area), area__lt=literal(area + ":"), restricted=False)
    rows = rows.filter(Q(closed_at__isnull=True) | Q(reported_at__gte=since), joined_into__isnull=True)
    counted = rows.values_list("area").annotate(
        still_open=Count("pk", filter=Q(closed_at__isnull=True)),
        recent=Count("pk", filter=Q(reported_at__gte=since)),
    )
    return {grid: (still_open, recent) for grid, still_open, recent in counted.order_by()}
