"""A re-division that touches a hundred thousand matters takes at most a minute."""

import logging
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from onegrid.events.models import Event, Step
from onegrid.org import queries as places
from onegrid.territory import actions
from onegrid.territory.tests.made import approved, begin, split_first
from onegrid.testing import matters as told
from onegrid.testing.cast import GRIDS, SOUTH, STEP, WEST, County

pytestmark = [pytest.mark.django_db, pytest.mark.nightly]
MANY, LONGEST = 100_000, 60.0
EVENTS = """
INSERT INTO events_event (number, reported_area, area, state, category, category_decided, level, restricted, owner_id,
    handler_id, holder_id, passes_through, parts_open, unit_ids, about_unit_ids, about_office, words, title, address,
    lon, lat, located, voices, asks, reviews, objections, extensions, reworks, reopened, reason, result, satisfied,
    spot, sampled, reported_at, closed_at, due_at, about, version)
SELECT 'N' || n, %(grid)s, %(grid)s, CASE WHEN n %% 3 = 0 THEN 'handling' ELSE 'closed' END, '050202', true, 4, false,
    %(owner)s, %(handler)s, CASE WHEN n %% 3 = 0 THEN %(handler)s END, false, 0, ARRAY[%(owner)s, %(handler)s], '{}',
    false, 'x', '', '', %(west)s + %(step)s * (n %% 1000) / 1000.0, %(south)s + %(step)s * (n %% 997) / 997.0,
    'inside', 1, 0, 0, 0, 0, 0, 0, '', '', '', false, false, %(now)s, CASE WHEN n %% 3 <> 0 THEN %(now)s END,
    %(now)s, false, 3
FROM generate_series(1, %(many)s) n
"""
STEPS = """
INSERT INTO events_step (event_id, area, n, verb, from_state, to_state, actor_kind, at, words, public, facts)
SELECT e.id, e.area, k, 'note', '', e.state, 'staff', %(now)s, '', false, '{}'
FROM events_event e, generate_series(1, 6) k
"""
PARTS = """
INSERT INTO events_assignment (event_id, area, unit_id, role, state, open, task, result, because, assigned_at)
SELECT id, area, %(handler)s, 'lead', 'claimed', closed_at IS NULL, '', '', '{}', %(now)s FROM events_event
"""
WORDS = "INSERT INTO events_search (event_id, area, tokens) SELECT id, area, ARRAY[1, 2, 3] FROM events_event"


def test_a_hundred_thousand_matters_move_within_a_minute(county: County) -> None:
    told.make_matters(county)
    with told.at() as hand:
        given: dict[str, Any] = {
            "grid": GRIDS[0], "owner": county.units["centre"].pk, "handler": county.units["city"].pk, "many": MANY,
            "west": WEST, "south": SOUTH, "step": STEP, "now": hand.moment,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '300s'")
            cursor.execute("SET LOCAL onegrid.in_bulk = 'on'")
            for statement in (EVENTS, STEPS, PARTS, WORDS):
                cursor.execute(statement, given)
            cursor.execute("ANALYZE events_event, events_step")
        approved(county, split_first(county, begin(county)))
        hand.to(datetime(2026, 10, 14, 16, 1, tzinfo=UTC))
        places.forget_reference()
        began = time.monotonic()
        assert actions.sweep_redivisions() == 1
        took = time.monotonic() - began
    assert not Event.objects.filter(area=GRIDS[0]).exists()
    assert Step.objects.filter(verb="rezone").count() == MANY
    assert took < LONGEST, f"{MANY} matters took {took:.1f} s"
    logging.getLogger(__name__).warning("%s matters moved in %.1f s", MANY, took)
