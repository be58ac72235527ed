"""What a step writes: only what it changed, and nothing at all when it is refused."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onegrid.events import actions
from onegrid.events.models import Event, Step
from onegrid.kit.images import BadPicture
from onegrid.testing.cast import County
from onegrid.testing.matters import GAS, LAMP, WAYS, event_in, make_matters

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE", "SAVEPOINT")


@pytest.fixture(autouse=True)
def matters(county: County) -> None:
    make_matters(county)


def said_by(deed: Any, *expected: type[Exception]) -> list[str]:
    with CaptureQueriesContext(connection) as said:
        if expected:
            with pytest.raises(expected):
                deed()
        else:
            deed()
    return [query["sql"] for query in said if query["sql"].startswith(WRITES)]


@pytest.mark.parametrize(
    ("state", "who", "verb", "given"),
    [
        ("reported", "receiver", "accept", {}),
        ("reported", "receiver", "accept", {"category": "nothing"}),
        ("reported", "receiver", "accept", {"category": GAS, "level": "4"}),
        ("reported", "handler", "accept", {"category": LAMP}),
        ("accepted", "dispatcher", "dispatch", {"unit": "nobody"}),
        ("assigned", "dispatcher", "claim", {}),
        ("handling", "handler", "resolve", {}),
        ("closed", "handler", "resolve", {"result": "Done."}),
    ],
)
def test_a_refusal_comes_before_the_first_write(
    county: County, state: str, who: str, verb: str, given: dict[str, Any]
) -> None:
    """`take` opens no savepoint of its own: a view that shows the refusal commits what was written before it."""
    event = event_in(state, county)
    actor = county.people[who]
    wrong = (actions.NotGiven, actions.NotAllowed, Event.DoesNotExist)
    assert said_by(lambda: actions.take(actor=actor, number=event.number, verb=verb, given=given), *wrong) == []


def test_a_matter_about_an_office_is_not_sent_there_and_nothing_is_written(county: County) -> None:
    event = event_in("accepted", county)
    unit = county.units["city"]
    Event.objects.filter(pk=event.pk).update(about_unit_ids=[unit.pk])
    deed: dict[str, Any] = {"number": event.number, "verb": "dispatch", "given": {"unit": unit.code}}
    dispatcher = county.people["dispatcher"]
    assert said_by(lambda: actions.take(actor=dispatcher, **deed), actions.NotGiven) == []


def test_a_bad_picture_comes_before_the_first_write(county: County) -> None:
    event = event_in("handling", county)

    def pictures() -> Any:
        raise BadPicture("none")
        yield

    deed: dict[str, Any] = {"number": event.number, "verb": "resolve", "given": {"result": "Done."}}
    assert said_by(lambda: actions.take(actor=county.handler, photos=pictures(), **deed), BadPicture) == []


def test_a_step_writes_the_columns_that_it_changed(county: County) -> None:
    event = event_in("assigned", county)
    written = said_by(lambda: actions.take(actor=county.handler, number=event.number, verb="claim"))
    (update,) = [sql for sql in written if sql.startswith('UPDATE "events_event"')]
    assert '"state"' in update
    assert '"words"' not in update
    assert not any("events_request" in sql for sql in written)


@pytest.mark.parametrize("state", WAYS)
def test_what_a_step_answers_is_what_stands_in_the_table(
    county: County, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After every write of a life, also where two steps follow each other at once."""
    writes, save = [], Event.save_changes

    def compared(event: Event) -> None:
        save(event)
        writes.append(event.number)
        assert event.columns() == Event.objects.get(pk=event.pk).columns()

    monkeypatch.setattr(Event, "save_changes", compared)
    event = event_in(state, county)
    assert len(writes) == event.version == Step.objects.filter(event=event).count()
