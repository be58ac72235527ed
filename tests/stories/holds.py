"""What holds of a matter after every step that anybody takes."""

from itertools import pairwise

from django.db import connection

from onegrid.events.models import Event, Step
from onegrid.events.workflow import FINAL
from onegrid.kit import geo
from onegrid.org import queries as org


def one_owner_one_clock(event: Event) -> None:
    assert (event.closed_at is None) == (event.state not in FINAL)
    if event.closed_at is None:
        assert event.accountable_id is not None
        assert event.holder_id is not None
        assert event.due_at is not None
    parts = event.assignments.filter(open=True, role="assist").count()
    assert parts == event.parts_open
    assert event.passed_by_id is None or event.state == "assigned"
    leads = event.assignments.filter(open=True, role="lead").count()
    assert leads == (1 if event.state in ("assigned", "handling", "suspended") else 0)


def lies_in_one_place(event: Event) -> None:
    """Grid, cells and search say the same; where it was seen first stays, whatever is put right."""
    if event.lon is not None and event.lat is not None:
        assert event.area == org.territory().locate(event.lon, event.lat).code
        assert (event.c6, event.c8) == geo.cells(event.lon, event.lat)
    else:
        assert event.c8 is None
    placed = [step.facts for step in event.steps.filter(verb="place").order_by("n")]
    assert not placed or (placed[0]["from"], placed[-1]["to"]) == (event.reported_area, event.area)
    assert searched_in(event) == ([] if event.restricted or event.erased_at else [event.area])


def history_replays_to_the_present(event: Event, steps: list[Step]) -> None:
    assert [step.n for step in steps] == list(range(1, len(steps) + 1))
    assert all(later.from_state == earlier.to_state for earlier, later in pairwise(steps))
    assert steps[-1].to_state == event.state
    assert event.version == len(steps)


def searched_in(event: Event) -> list[str]:
    """Where the search finds the event."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT area FROM events_search WHERE event_id = %s", (event.pk,))
        return [area for (area,) in cursor.fetchall()]
