"""A leader's words on a matter: who gives them, to whom, what comes of them, who reads them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from onegrid.events.models import Event
from onegrid.org.models import TrailEntry, Unit
from onegrid.org.roles import LEADER, Actor
from onegrid.supervision import actions
from onegrid.supervision.models import Instruction, Task
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import County, client_of

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
WORDS = "请于周五前把东门巷的线路全面排查一遍"
FORM = {"words": WORDS, "unit": ["city"], "due": "2026-10-20"}


@pytest.fixture(autouse=True)
def matters(county: County) -> None:
    told.make_matters(county)


def instruct(county: County, event: Event, *units: str, by: Actor | None = None, **more: Any) -> Instruction:
    who = by or county.leader
    return actions.instruct(
        actor=who, number=event.number, words=more.pop("words", WORDS), units=units or ("city",), **more
    )


def test_each_named_unit_has_a_task_of_it_by_the_end_of_the_third_working_day(county: County) -> None:
    with told.at():  # Wednesday 2026-10-14 10:00
        event = told.event_in("handling", county)
        made = instruct(county, event, "city", "fire")
    tasks = list(Task.objects.filter(instruction=made).order_by("id"))
    assert [task.unit.code for task in tasks] == ["city", "fire"]
    assert {task.told() for task in tasks} == {WORDS}
    # Thursday, Friday, Monday: until 17:30 in the county.
    assert {task.due_at for task in tasks} == {datetime(2026, 10, 19, 9, 30, tzinfo=UTC)}
    assert TrailEntry.objects.get(verb="instruct").facts["number"] == event.number


def test_a_day_that_is_said_ends_with_its_working_hours(county: County) -> None:
    with told.at():
        made = instruct(county, told.event_in("handling", county), due="2026-10-20")
    assert Task.objects.get(instruction=made).due_at == datetime(2026, 10, 20, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("due", ["2026-10-13", "2027-12-01", "soon"])
def test_a_day_that_cannot_be_is_refused(county: County, due: str) -> None:
    with told.at():
        event = told.event_in("handling", county)
        with pytest.raises(actions.NotGiven) as missing:
            instruct(county, event, due=due)
    assert list(missing.value.fields) == ["due"]


def test_the_words_lie_sealed_in_the_database(county: County) -> None:
    instruct(county, told.event_in("handling", county))
    with connection.cursor() as cursor:
        for table in ("supervision_instruction", "supervision_task", "supervision_taskstep"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            assert all(WORDS not in row for (row,) in cursor.fetchall())


@pytest.mark.parametrize("name", ["dispatcher", "receiver", "checker", "handler", "unit_leader"])
def test_wrong_role(county: County, name: str) -> None:
    event = told.event_in("handling", county)
    with pytest.raises(actions.NotAllowed):
        instruct(county, event, by=county.people[name])
    assert not Task.objects.exists()


def test_a_leader_of_another_town_does_not_find_the_matter(county: County) -> None:
    other = cast.post(county, "town_leader", "centre-002", cast.TOWNS[1], (LEADER,))
    with pytest.raises(Event.DoesNotExist):
        instruct(county, told.event_in("handling", county), by=other)


@pytest.mark.parametrize("state", ["closed", "void", "refused"])
def test_a_matter_that_has_ended_takes_no_instruction(county: County, state: str) -> None:
    event = told.event_in(state, county)
    with pytest.raises(actions.NotAllowed):
        instruct(county, event)


def test_a_town_instructs_units_of_its_own_and_those_who_have_the_matter(county: County) -> None:
    other = cast.post(county, "town_leader", "centre-002", cast.TOWNS[1], (LEADER,))
    event = told.reported(lon=104.635, lat=28.705).event
    instruct(county, event, "station-002", "centre-002", by=other)
    for outside in ("fire", "station-001", "nobody"):
        with pytest.raises(actions.NotGiven):
            instruct(county, event, outside, by=other)


def test_the_unit_that_a_matter_is_about_is_never_instructed(county: County) -> None:
    event = told.reported(about_office=True, about_unit="city").event
    with pytest.raises(actions.NotGiven):
        instruct(county, event, "city")
    instruct(county, event, "fire")


def test_of_a_sealed_matter_only_who_has_it_is_instructed(county: County) -> None:
    event = told.reported("楼下麻将馆天天赌博").event
    assert event.restricted
    with pytest.raises(actions.NotGiven):
        instruct(county, event, "fire")
    instruct(county, event, "centre")


def panel(client: Client, event: Event) -> str:
    return client.get(f"/supervise/events/{event.number}/").content.decode()


def test_the_panel_shows_words_giver_and_state_to_those_who_are_concerned(county: County) -> None:
    event = told.event_in("handling", county)
    instruct(county, event)
    for name in ("leader", "dispatcher", "handler", "unit_leader", "auditor"):
        page = panel(client_of(county.people[name]), event)
        assert WORDS in page, name
        assert "待办" in page, name


def test_a_reporter_never_reads_it(county: County) -> None:
    said = told.reported()
    event = told.carry(said, "handling", county)
    instruct(county, event)
    stranger = Client()
    page = stranger.post("/track/", {"receipt": said.receipt}, follow=True).content.decode()
    assert event.number in page
    assert WORDS not in page


def test_a_grid_worker_who_reported_it_does_not_read_it(county: County) -> None:
    from onegrid.events import actions as events

    event = events.report(actor=county.worker, words=told.WORDS, lon=104.605, lat=28.705).event
    instruct(county, event, "fire")
    page = panel(client_of(county.worker), event)
    assert event.number in page
    assert WORDS not in page


def test_the_form_stands_in_the_panel_with_the_accountable_unit_ticked(county: County) -> None:
    event = told.event_in("handling", county)
    page = panel(client_of(county.leader), event)
    assert 'value="city" checked' in page
    assert 'value="fire" checked' not in page
    assert "instruct/" not in panel(client_of(county.dispatcher), event)
    assert "instruct/" not in panel(client_of(county.unit_leader), event)


def test_the_page_gives_back_what_was_typed_when_it_does_not_fit(county: County, browser_of: Browser) -> None:
    with told.at():
        event = told.event_in("handling", county)
    client, address = browser_of(county.leader), f"/supervise/events/{event.number}/instruct/"
    answer = client.post(address, {"idempotency_key": "K1", "words": WORDS, "due": "2020-01-01", "unit": ["fire"]})
    assert answer.status_code == 422
    assert WORDS in answer.content.decode()
    assert 'value="fire" checked' in answer.content.decode()
    assert client.post(address, {"idempotency_key": "K2", "words": "", "unit": ["fire"]}).status_code == 422
    sent = {"idempotency_key": "K3", "words": WORDS, "unit": ["fire", "city"]}
    assert client.post(address, sent).status_code == 302
    assert client.post(address, sent).status_code == 303
    assert Task.objects.count() == 2


def test_a_closed_unit_is_not_offered(county: County) -> None:
    event = told.event_in("handling", county)
    Unit.objects.filter(code="fire").update(active=False)
    from onegrid.kit import reference

    reference.clear_all()
    with pytest.raises(actions.NotGiven):
        instruct(county, event, "fire")
