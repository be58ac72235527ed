"""The life of a task: reported by the unit, accepted or sent back by whoever gave it, cancelled with a reason."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onegrid.events.models import Event
from onegrid.kit import clock
from onegrid.org.roles import DISPATCHER, HANDLER, LEADER, Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import Task, TaskStep
from onegrid.supervision.queries.owed import SOURCES
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, County, client_of

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
WORDS = "排查东门巷线路"
DONE = "已全部排查，更换老化线缆两段"


@pytest.fixture(autouse=True)
def matters(county: County) -> None:
    told.make_matters(county)


def given(county: County, unit: str = "city", event: Event | None = None, by: Actor | None = None) -> Task:
    event = event or told.event_in("handling", county)
    made = actions.instruct(actor=by or county.leader, number=event.number, words=WORDS, units=[unit])
    return Task.objects.get(instruction=made)


def in_state(state: str, county: County) -> Task:
    task = given(county)
    if state != "open":
        actions.report_task(actor=county.handler, task_id=task.pk, words=DONE)
    if state == "done":
        actions.accept_task(actor=county.leader, task_id=task.pk)
    if state == "cancelled":
        actions.cancel_task(actor=county.leader, task_id=task.pk, words="不再需要")
    return Task.objects.get(pk=task.pk)


def take(actor: Actor, task: Task, verb: str) -> Task:
    return actions.take_task(actor=actor, task_id=task.pk, verb=verb, words=DONE, due=later_day())


def later_day() -> str:
    return clock.local(clock.now() + timedelta(days=5)).date().isoformat()


def test_a_unit_reports_and_the_leader_accepts(county: County) -> None:
    task = given(county)
    task = actions.report_task(actor=county.handler, task_id=task.pk, words=DONE)
    assert (task.state, task.reported_by_id) == ("reported", county.handler.posting_id)
    task = actions.accept_task(actor=county.leader, task_id=task.pk)
    assert task.state == "done"
    assert task.ended_at is not None
    steps = TaskStep.objects.filter(task=task)
    assert [(step.n, step.verb, step.told()) for step in steps] == [
        (1, "give_task", ""), (2, "report_task", DONE), (3, "accept_task", ""),
    ]  # fmt: skip


def test_sent_back_it_is_open_again_by_a_new_day(county: County) -> None:
    with told.at() as hand:
        task = given(county)
        hand.on(days=9)
        actions.report_task(actor=county.handler, task_id=task.pk, words=DONE)
        task = actions.send_task_back(actor=county.leader, task_id=task.pk, words="请附现场照片", due="2026-10-27")
    assert (task.state, task.returns, task.answer_by) == ("open", 1, None)
    assert task.due_at == datetime(2026, 10, 27, 9, 30, tzinfo=UTC)
    assert task.remind_at == datetime(2026, 10, 26, 9, 30, tzinfo=UTC)


def test_who_looks_at_a_report_has_two_working_days(county: County) -> None:
    with told.at(datetime(2026, 10, 15, 2, tzinfo=UTC)):  # Thursday
        task = in_state("reported", county)
    assert task.answer_by == datetime(2026, 10, 19, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("state", ["open", "reported"])
def test_whoever_gave_it_cancels_it_with_a_reason(county: County, state: str) -> None:
    task = in_state(state, county)
    with pytest.raises(actions.NotGiven):
        actions.cancel_task(actor=county.leader, task_id=task.pk, words=" ")
    task = actions.cancel_task(actor=county.leader, task_id=task.pk, words="不再需要")
    assert (task.state, task.remind_at) == ("cancelled", None)


STATES = ("open", "reported", "done", "cancelled")
GOES = {
    "report_task": ("open",), "accept_task": ("reported",), "send_task_back": ("reported",),
    "cancel_task": ("open", "reported"),
}  # fmt: skip
WHO = {"report_task": "handler", "accept_task": "leader", "send_task_back": "leader", "cancel_task": "leader"}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", list(GOES))
def test_wrong_state(county: County, verb: str, state: str) -> None:
    task = in_state(state, county)
    if state in GOES[verb]:
        take(county.people[WHO[verb]], task, verb)
        return
    with pytest.raises(actions.NotAllowed):
        take(county.people[WHO[verb]], task, verb)


# Who sees the task and may not take the verb: the other side, and those who only read.
WRONG = {
    "report_task": ("leader", "dispatcher", "receiver", "auditor", "analyst"),
    "accept_task": ("handler", "unit_leader", "duty_leader", "dispatcher", "receiver", "checker"),
    "send_task_back": ("handler", "unit_leader", "duty_leader", "dispatcher", "receiver"),
    "cancel_task": ("handler", "unit_leader", "duty_leader", "dispatcher", "receiver"),
}


@pytest.mark.parametrize(("verb", "name"), [(verb, name) for verb, names in WRONG.items() for name in names])
def test_wrong_role(county: County, verb: str, name: str) -> None:
    task = in_state(GOES[verb][0], county)
    with pytest.raises(actions.NotAllowed):
        take(county.people[name], task, verb)
    assert Task.objects.get(pk=task.pk).state == task.state


@pytest.mark.parametrize("name", ["neighbour", "neighbour_receiver", "other_handler", "officer", "worker"])
@pytest.mark.parametrize("verb", list(GOES))
def test_a_neighbour_does_not_find_it(county: County, verb: str, name: str) -> None:
    task = in_state(GOES[verb][0], county)
    with pytest.raises(Task.DoesNotExist):
        take(county.people[name], task, verb)


def test_the_leader_accepts_what_the_duty_leader_gave(county: County) -> None:
    task = given(county, by=county.duty_leader)
    actions.report_task(actor=county.handler, task_id=task.pk, words=DONE)
    assert take(county.leader, task, "accept_task").state == "done"


def test_nobody_accepts_what_they_reported(county: County) -> None:
    task = given(county, unit="centre")
    actions.report_task(actor=county.leader, task_id=task.pk, words=DONE)
    with pytest.raises(actions.NotAllowed):
        take(county.leader, task, "accept_task")
    second = cast.post(county, "second", "centre", COUNTY, (LEADER,))
    assert take(second, task, "accept_task").state == "done"


def test_history_can_neither_be_changed_nor_removed(county: County) -> None:
    step = TaskStep.objects.get(task=given(county))
    for statement in ("UPDATE supervision_taskstep SET verb = 'accept_task'", "DELETE FROM supervision_taskstep"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    TaskStep.objects.filter(pk=step.pk).update(words_sealed=None)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "gone"}, {"state": "done"}, {"ended_at": datetime(2026, 10, 14, tzinfo=UTC)}, {"source": "rumour"},
        {"state": "reported"}, {"instruction": None},
    ],
)  # fmt: skip
def test_the_database_refuses_what_cannot_be(county: County, change: dict[str, Any]) -> None:
    task = given(county)
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(**change)


def owed(actor: Actor) -> list[str]:
    return [one.address for one in queries.owed(actor)]


def test_the_unit_owes_it_then_whoever_gave_it(county: County) -> None:
    task = given(county)
    address = f"/supervise/tasks/{task.pk}/"
    assert [owed(county.people[name]) for name in ("handler", "unit_leader")] == [[address], [address]]
    assert [owed(county.people[name]) for name in ("leader", "other_handler", "neighbour", "auditor")] == [[]] * 4
    actions.report_task(actor=county.handler, task_id=task.pk, words=DONE)
    assert owed(county.handler) == []
    assert owed(county.leader) == [address]
    assert owed(county.duty_leader) == []
    take(county.leader, task, "accept_task")
    assert owed(county.leader) == []


def test_the_list_shows_what_is_open_first_by_its_day(county: County) -> None:
    with told.at() as hand:
        done, late = given(county), given(county)
        hand.on(days=1)
        soon = given(county)
        for verb, who in (("report_task", county.handler), ("accept_task", county.leader)):
            take(who, done, verb)
        assert [row.task.pk for row in queries.tasks(county.handler)] == [late.pk, soon.pk, done.pk]
        assert [row.task.pk for row in queries.tasks(county.leader, given=True)] == [late.pk, soon.pk, done.pk]
        assert queries.tasks(county.leader) == []
        assert queries.tasks(county.neighbour, given=True) == []


def test_a_sealed_matter_is_a_number_in_the_list(county: County, browser_of: Browser) -> None:
    event = told.reported("楼下麻将馆天天赌博").event
    task = given(county, "centre", event)
    page = browser_of(county.dispatcher).get("/supervise/tasks/").content.decode()
    assert event.number in page
    assert WORDS not in page
    assert "受限事项" in page
    assert WORDS not in browser_of(county.dispatcher).get("/supervise/").content.decode()
    assert WORDS in browser_of(county.dispatcher).get(f"/supervise/tasks/{task.pk}/").content.decode()
    for name in ("checker", "analyst", "auditor", "unit_leader"):
        assert browser_of(county.people[name]).get(f"/supervise/tasks/{task.pk}/").status_code == 404, name
        assert event.number not in browser_of(county.people[name]).get("/supervise/tasks/").content.decode()


def test_what_becomes_sealed_later_is_hidden_at_once(county: County) -> None:
    event = told.event_in("handling", county)
    task = given(county, event=event)
    assert queries.tasks(county.unit_leader)
    Event.objects.filter(pk=event.pk).update(restricted=True, words="", words_sealed=b"x")
    assert queries.tasks(county.unit_leader) == []
    assert [row.words for row in queries.tasks(county.handler)] == [""]
    assert task.told() == WORDS


def test_a_unit_that_the_matter_turns_out_to_be_about_sees_its_task_no_more(county: County) -> None:
    event = told.event_in("handling", county)
    task = given(county, event=event)
    Event.objects.filter(pk=event.pk).update(about_unit_ids=[county.handler.unit_id])
    assert queries.tasks(county.handler) == []
    assert owed(county.handler) == []
    with pytest.raises(Task.DoesNotExist):
        take(county.handler, task, "report_task")
    assert queries.tasks(county.leader, given=True)


def test_a_unit_without_the_matter_has_its_number_but_no_way_to_it(county: County, browser_of: Browser) -> None:
    event = told.event_in("handling", county)
    task = given(county, "fire", event)
    page = browser_of(county.other_handler).get(f"/supervise/tasks/{task.pk}/").content.decode()
    assert event.number in page
    assert f"/desk/events/{event.number}/" not in page
    assert (
        f"/desk/events/{event.number}/"
        in browser_of(county.leader).get(f"/supervise/tasks/{task.pk}/").content.decode()
    )


def test_the_page_keeps_what_was_typed(county: County, browser_of: Browser) -> None:
    task = in_state("reported", county)
    client, address = browser_of(county.leader), f"/supervise/tasks/{task.pk}/"
    typed = {"deed": "send_task_back", "words": "请附照片", "due": "2020-01-01"}
    answer = client.post(address, {"idempotency_key": "K1", **typed})
    assert answer.status_code == 422
    assert "请附照片" in answer.content.decode()
    assert client.post(address, {"idempotency_key": "K2", "deed": "no_such_deed"}).status_code == 404
    assert client.post(address, {"idempotency_key": "K3", "deed": "report_task", "words": DONE}).status_code == 409


# The list of all that is owed asks every part of the room once, and one of them in two tables; two are the door's.
@pytest.mark.parametrize(
    ("address", "most"), [("/supervise/tasks/", 4), ("/supervise/tasks/?given", 4), ("/supervise/", len(SOURCES) + 3)]
)
def test_a_list_needs_as_many_statements_for_many_as_for_one(
    county: County, browser_of: Browser, address: str, most: int
) -> None:
    client = browser_of(county.leader)
    given(county, "centre")
    client.get(address)
    counts = []
    for more in (0, 6):
        for _one in range(more):
            given(county, "centre")
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        counts.append(len([one for one in seen.captured_queries if "SAVEPOINT" not in one["sql"]]))
    assert counts[0] == counts[1]
    assert counts[1] <= most


def test_a_handler_of_another_unit_with_the_same_role_sees_nothing(county: County) -> None:
    task = given(county)
    twin = cast.post(county, "twin", "housing", COUNTY, (HANDLER,))
    assert client_of(twin).get(f"/supervise/tasks/{task.pk}/").status_code == 404
    town = cast.post(county, "town_dispatcher", "centre-002", cast.TOWNS[1], (DISPATCHER, LEADER))
    assert client_of(town).get(f"/supervise/tasks/{task.pk}/").status_code == 404
