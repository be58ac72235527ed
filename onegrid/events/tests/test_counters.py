"""The counters of the desk: two ways to count, one truth."""

import pytest

from onegrid.events import actions, queries
from onegrid.testing.cast import County
from onegrid.testing.matters import WAYS, event_in, make_matters

pytestmark = pytest.mark.django_db
READERS = ("receiver", "dispatcher", "neighbour", "handler", "other_handler", "officer", "worker", "analyst")


@pytest.mark.parametrize("who", READERS)
def test_both_ways_count_what_the_list_shows(county: County, who: str) -> None:
    """A county is counted queue by queue, a town or a unit in one pass: each equals the rows of its list."""
    make_matters(county)
    for state in (*WAYS, "reported", "handling"):
        event_in(state, county)
    event_in("reported", county, lon=104.635, lat=28.705)
    asked = event_in("assigned", county)
    actions.ask_for(actor=county.handler, number=asked.number, kind="object", given={"reason": "not_ours"})
    actor = county.people[who]
    shown = {counter.name: counter.count for counter in queries.counters(actor)}
    assert shown == {name: len(queries.inbox(actor, name).rows) for name in shown}
