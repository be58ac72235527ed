"""The trail is only ever added to."""

import pytest
from django.db import DatabaseError, connection, transaction

from onegrid.org import actions
from onegrid.org.models import TrailEntry
from onegrid.org.roles import Actor

pytestmark = pytest.mark.django_db


def entry(actor: Actor) -> TrailEntry:
    return actions.record(actor, "reveal", "report", 7, purpose="call back", number="2026-511502-K7M4PX-3")


def test_it_says_who_what_why_and_with_which_result(dispatcher: Actor) -> None:
    found = TrailEntry.objects.get(pk=entry(dispatcher).pk)
    assert (found.posting_id, found.who, found.verb, found.subject_id, found.purpose, found.result) == (
        dispatcher.posting_id,
        "dispatcher",
        "reveal",
        7,
        "call back",
        "ok",
    )


@pytest.mark.parametrize(
    "statement",
    ["UPDATE org_trailentry SET who = 'nobody'", "DELETE FROM org_trailentry", "TRUNCATE org_trailentry"],
)
def test_the_database_refuses_every_change(dispatcher: Actor, statement: str) -> None:
    entry(dispatcher)
    with connection.cursor() as cursor:
        # The fixtures switch off the one trigger that would keep tests from emptying tables.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE org_trailentry ENABLE TRIGGER org_trailentry_no_truncate")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement)
    assert TrailEntry.objects.count() == 1


def test_a_stranger_and_a_reporter_are_named_as_such() -> None:
    assert entry(Actor.stranger()).who == "stranger"
    assert entry(Actor.reporter(12)).who == "report 12"
