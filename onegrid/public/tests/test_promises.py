"""Figures from real steps: what counts as kept, what does not, what is kept back, and that nothing is made up."""

import json
from typing import Any

import pytest
from django.test import Client

from onegrid.events import actions, queries
from onegrid.events.models import Event
from onegrid.kit import clock
from onegrid.public.actions import count_promises
from onegrid.public.models import Tally
from onegrid.public.queries import months, promises, sums_of
from onegrid.public.rules import cells
from onegrid.testing import matters as told
from onegrid.testing.cast import TOWNS, County

pytestmark = pytest.mark.django_db
MONTH = told.MORNING.date().replace(day=1)


@pytest.fixture
def matters(county: County) -> County:
    told.make_matters(county)
    return county


@pytest.fixture
def page() -> Client:
    client = Client()
    client.cookies["language"] = "en"
    return client


def counted() -> dict[str, int]:
    """measure -> amount of all that is not restricted."""
    count_promises(months=2)
    months.clear()
    sums_of.clear()
    found: dict[str, int] = {}
    for row in Tally.objects.filter(restricted=False):
        found[row.measure] = found.get(row.measure, 0) + row.amount
    return found


def test_a_promise_that_was_kept(matters: County) -> None:
    with told.at() as hand:
        told.event_in("rating", matters)
        hand.on(days=9)
        assert counted() == {"answer_due": 1, "answer_kept": 1, "due": 1, "kept": 1}
        row = Tally.objects.get(measure="due")
        assert (row.month, row.town, row.category, row.reason) == (MONTH, TOWNS[0], told.LAMP, "")


def test_a_promise_of_tomorrow_is_of_no_month_yet(matters: County) -> None:
    with told.at():
        told.event_in("handling", matters)
        assert "due" not in counted()


def test_what_is_late_counts_while_it_is_open_and_after(matters: County) -> None:
    with told.at() as hand:
        event = told.event_in("handling", matters)
        hand.on(days=9)
        assert counted()["due"] == 1
        assert "kept" not in counted()
        actions.take(actor=matters.handler, number=event.number, verb="resolve", given={"result": "换好了灯泡"})
        actions.take(actor=matters.checker, number=event.number, verb="pass_check")
        assert counted()["due"] == 1
        assert "kept" not in counted()


def test_an_answer_that_is_late_counts_before_it_is_given(matters: County) -> None:
    with told.at() as hand:
        said = told.reported()
        hand.on(days=5)
        assert counted() == {"answer_due": 1}
        actions.take(actor=matters.receiver, number=said.number, verb="accept", given={"category": told.LAMP})
        assert counted() == {"answer_due": 1}


def test_while_the_clock_stands_still_nothing_falls_due(matters: County) -> None:
    with told.at() as hand:
        told.event_in("suspended", matters)
        hand.on(days=5)
        assert "due" not in counted()
        assert counted()["suspended"] == 1
        assert Tally.objects.get(measure="suspended").reason == "parts"


def test_refusals_and_reopenings_count_with_their_reason(matters: County) -> None:
    with told.at() as hand:
        told.event_in("refused", matters)
        event = told.event_in("closed", matters)
        actions.take(actor=matters.leader, number=event.number, verb="reopen", given={"words": "又不亮了"})
        hand.on(hours=1)
        found = counted()
        assert (found["refused"], found["reopened"]) == (1, 1)
        assert Tally.objects.get(measure="refused").reason == "court"


def test_a_step_that_was_taken_back_is_not_counted(matters: County) -> None:
    with told.at() as hand:
        said = told.reported()
        actions.take(actor=matters.receiver, number=said.number, verb="refuse",
                     given={"reason": "court", "words": "请起诉"})  # fmt: skip
        actions.undo(actor=matters.receiver, number=said.number)
        hand.on(hours=1)
        assert counted() == {}


def test_a_look_at_a_contact_counts_by_town(matters: County) -> None:
    with told.at() as hand:
        said = told.reported(contact={"name": "张某", "phone": "13800000001"})
        actions.reveal(actor=matters.receiver, number=said.number, voice=said.number, purpose="约时间上门")
        hand.on(hours=1)
        assert counted()["looks"] == 1
        assert Tally.objects.get(measure="looks").town == TOWNS[0]


def test_a_sealed_matter_is_in_one_line_without_leaf_and_town(matters: County) -> None:
    with told.at() as hand:
        told.reported("楼下麻将馆天天赌博")
        hand.on(days=5)
        assert counted() == {}
        row = Tally.objects.get()
        assert (row.restricted, row.town, row.category, row.amount) == (True, "", "", 1)


def test_counting_twice_changes_nothing(matters: County) -> None:
    with told.at() as hand:
        told.event_in("rating", matters)
        hand.on(days=9)
        assert counted() == counted()


def tally(measure: str, category: str, amount: int, town: str = TOWNS[0], **more: Any) -> None:
    Tally.objects.create(
        month=MONTH, measure=measure, category=category, town=town, amount=amount, counted_at=clock.now(), **more
    )


def fresh() -> None:
    months.clear()
    sums_of.clear()
    queries.forget_reference()


def test_figures_are_added_up_with_rates_and_a_total(matters: County) -> None:
    tally("due", told.LAMP, 20)
    tally("kept", told.LAMP, 15)
    tally("due", told.LANE, 10, TOWNS[1])
    tally("kept", told.LANE, 10, TOWNS[1])
    fresh()
    found = promises(MONTH)
    assert [(line.code, line.cells["due"].amount, line.cells["due"].rate) for line in found.leaves] == [
        (told.LANE, 10, 100), (told.LAMP, 20, 75),
    ]  # fmt: skip
    assert (found.total["due"].amount, found.total["due"].rate) == (30, 83)
    assert found.total["answer_due"].rate is None


def test_a_small_cell_is_kept_back_and_cannot_be_computed(matters: County) -> None:
    tally("due", told.LAMP, 20)
    tally("due", told.LANE, 3)
    tally("kept", told.LANE, 1)
    fresh()
    found = promises(MONTH)
    assert [line.cells["due"].hidden for line in found.leaves] == [True, True]
    assert all(line.cells["due"].rate is None for line in found.leaves)
    assert found.total["due"].amount == 23


def test_leaves_of_homes_stand_in_one_line_together(matters: County) -> None:
    tally("due", told.NEIGHBOURS, 6)
    tally("due", told.GAS, 7)
    fresh()
    assert [(line.code, line.cells["due"].amount) for line in promises(MONTH).leaves] == [("private", 13)]


def test_no_data_is_said_as_such(matters: County, page: Client) -> None:
    assert "No data yet." in page.get("/promises/").content.decode()
    tally("refused", told.LAMP, 6, reason="court")
    fresh()
    shown = page.get("/promises/").content.decode()
    assert "no data" in shown
    assert "100&nbsp;%" not in shown
    assert ">0&nbsp;%" not in shown
    assert "Reason court" in shown


def test_a_month_without_figures_does_not_exist(matters: County, page: Client) -> None:
    tally("due", told.LAMP, 20)
    fresh()
    assert page.get("/promises/?month=2026-10").status_code == 200
    for path in ("/promises/?month=2020-01", "/promises/data.json?month=x"):
        assert page.get(path).status_code == 404


def test_machines_read_the_same(matters: County, page: Client) -> None:
    tally("due", told.LAMP, 20)
    tally("kept", told.LAMP, 15)
    tally("looks", "", 3)
    fresh()
    data = json.loads(page.get("/promises/data.json").content)
    assert data["months"] == ["2026-10"]
    assert data["total"]["due"] == {"count": 20, "rate": 75}
    assert data["total"]["answer_due"] == {"count": 0, "rate": None}
    assert data["looks"]["total"] == {"count": None, "rate": None}
    assert data["leaves"][0]["code"] == told.LAMP


def test_the_page_asks_little_of_the_database(
    matters: County, page: Client, django_assert_max_num_queries: Any
) -> None:
    tally("due", told.LAMP, 20)
    fresh()
    page.get("/promises/")
    sums_of.clear()
    with django_assert_max_num_queries(2):
        page.get("/promises/")


def test_of_a_total_nothing_small_can_be_computed() -> None:
    assert cells.kept_back({"a": 20, "b": 10}) == set()
    assert cells.kept_back({"a": 20, "b": 0}) == set()
    assert cells.kept_back({"a": 20, "b": 10, "c": 3}) == {"b", "c"}
    assert cells.kept_back({"a": 20, "b": 2, "c": 4}) == {"b", "c"}
    assert cells.kept_back({"a": 20, "b": 2, "c": 2}) == {"a", "b", "c"}
    assert cells.kept_back({"a": 4}) == {"a"}
    assert cells.total({"a": 4}) is None
    assert cells.total({}) == 0
    assert cells.rate(0, 0) is None


def test_every_promise_is_of_a_matter_that_exists(matters: County) -> None:
    with told.at() as hand:
        for state in ("rating", "closed", "handling", "suspended", "refused", "void"):
            told.event_in(state, matters)
        hand.on(days=20)
        found = counted()
        assert found["due"] <= Event.objects.count()
        assert found["kept"] <= found["due"]
        assert found["answer_kept"] <= found["answer_due"]
