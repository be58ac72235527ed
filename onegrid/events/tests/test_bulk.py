"""One verb on many events: a reason for each beforehand, an outcome for each afterwards, nothing done twice."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from onegrid.events import actions, queries
from onegrid.events.actions import Chosen
from onegrid.events.models import Event, Request, Step
from onegrid.org.roles import Actor
from onegrid.testing.cast import County
from onegrid.testing.matters import LANE, event_in, make_matters, reported

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]


@pytest.fixture
def matters(county: County) -> County:
    make_matters(county)
    return county


def chosen(*events: Event, unit: str = "") -> list[Chosen]:
    return [Chosen(event.number, event.version, unit) for event in events]


def look(client: Client, verb: str, *numbers: str) -> Any:
    return client.post("/desk/bulk/", {"verb": verb, "number": numbers, "queue": "open"})


def do(client: Client, verb: str, *events: Event, key: str = "B1", **given: Any) -> Any:
    rows = [f"{event.number}|{event.version}|{given.get('unit', '')}" for event in events]
    return client.post("/desk/bulk/do/", {"verb": verb, "row": rows, "idempotency_key": key, **given})


def test_dispatch_goes_where_the_rules_say_and_shows_it_first(matters: County, browser_of: Browser) -> None:
    lamp, client = event_in("accepted", matters), browser_of(matters.dispatcher)
    lane = reported("消防通道被堵").event
    actions.take(actor=matters.receiver, number=lane.number, verb="accept", given={"category": LANE})
    page = look(client, "dispatch", lamp.number, lane.number)
    units = {line["row"].number: line["one"].unit.code for line in page.context["going"]}
    assert units == {lamp.number: "city", lane.number: "fire"}
    assert Event.objects.filter(state="accepted").count() == 2
    rows = [f"{number}|{Event.objects.get(number=number).version}|{unit}" for number, unit in units.items()]
    client.post("/desk/bulk/do/", {"verb": "dispatch", "row": rows, "idempotency_key": "B1"})
    found = dict(Event.objects.values_list("number", "handler__code"))
    assert found == units


def test_each_row_has_its_own_outcome(matters: County, browser_of: Browser) -> None:
    good, stale, closed = event_in("handling", matters), event_in("handling", matters), event_in("void", matters)
    elsewhere = reported(lon=104.635, lat=28.705).event
    actions.take(actor=matters.dispatcher, number=stale.number, verb="note", given={"words": "刚写"})
    answer = do(browser_of(matters.dispatcher), "tell", good, stale, closed, elsewhere, words="明天停水检修")
    assert answer.status_code == 200
    assert [line["one"].number for line in answer.context["done"]] == [good.number]
    why = {line["one"].number: line["one"].why for line in answer.context["not_done"]}
    assert set(why) == {stale.number, closed.number, elsewhere.number}
    assert all(why.values())
    assert Step.objects.filter(verb="tell").count() == 1


def test_a_reload_does_nothing_twice(matters: County, browser_of: Browser) -> None:
    events, client = [event_in("handling", matters) for _one in range(3)], browser_of(matters.dispatcher)
    first = do(client, "tell", *events, words="明天停水检修")
    again = do(client, "tell", *events, words="明天停水检修")
    assert [line["one"].again for line in first.context["done"]] == [False] * 3
    assert [line["one"].again for line in again.context["done"]] == [True] * 3
    assert Step.objects.filter(verb="tell").count() == 3


def test_what_broke_off_in_the_middle_is_finished_by_the_same_key(matters: County) -> None:
    events = [event_in("handling", matters) for _one in range(3)]
    given = {"words": "明天停水检修"}
    actions.take_each(actor=matters.dispatcher, verb="tell", chosen=chosen(*events[:2]), given=given, key="K")
    outcomes = actions.take_each(actor=matters.dispatcher, verb="tell", chosen=chosen(*events), given=given, key="K")
    assert [(one.done, one.again) for one in outcomes] == [(True, True), (True, True), (True, False)]


def test_void_is_asked_for_and_decided_one_by_one(matters: County, browser_of: Browser) -> None:
    events = [reported().event, reported("又一盏灯不亮").event]
    client = browser_of(matters.receiver)
    assert do(client, "void", *events).status_code == 422
    do(client, "void", *events, reason="mistake", words="误录", key="B2")
    assert set(Request.objects.values_list("kind", "event__state")) == {("void", "reported")}
    page = look(client, "void", *(event.number for event in events))
    assert len(page.context["not_going"]) == 2


def test_a_sealed_matter_is_never_done_with_others(matters: County, browser_of: Browser) -> None:
    sealed = reported("楼下麻将馆天天赌博").event
    page = look(browser_of(matters.receiver), "tell", sealed.number)
    assert not page.context.get("going")
    (outcome,) = actions.take_each(
        actor=matters.receiver, verb="tell", chosen=chosen(sealed), given={"words": "在办"}, key="K"
    )
    assert not outcome.done
    assert not Step.objects.filter(verb="tell").exists()


def test_the_neighbours_event_is_not_there(matters: County, browser_of: Browser) -> None:
    event = event_in("handling", matters)
    page = look(browser_of(matters.neighbour), "tell", event.number)
    (line,) = page.context["not_going"]
    assert line["row"] is None
    assert event.words not in page.text
    (outcome,) = actions.take_each(
        actor=matters.neighbour, verb="tell", chosen=chosen(event), given={"words": "在办"}, key="K"
    )
    assert not outcome.done


def test_a_verb_of_another_role_does_not_exist(matters: County, browser_of: Browser) -> None:
    event = event_in("accepted", matters)
    assert look(browser_of(matters.receiver), "dispatch", event.number).status_code == 404
    assert look(browser_of(matters.handler), "void", event.number).status_code == 404
    assert look(browser_of(matters.dispatcher), "accept", event.number).status_code == 404
    assert look(browser_of(matters.checker), "tell", event.number).status_code == 403


def test_at_most_two_hundred_at_once(matters: County, browser_of: Browser) -> None:
    number = event_in("handling", matters).number
    client = browser_of(matters.dispatcher)
    assert look(client, "tell", *[number] * (queries.BULK_MOST + 1)).status_code == 422
    assert look(client, "tell").status_code == 422
    rows = [f"{number}|1|"] * (queries.BULK_MOST + 1)
    assert client.post("/desk/bulk/do/", {"verb": "tell", "row": rows, "idempotency_key": "K"}).status_code == 404


def test_the_list_has_boxes_for_who_can_use_them(matters: County, browser_of: Browser) -> None:
    event = event_in("handling", matters)
    box = f'name="number" value="{event.number}"'
    assert box in browser_of(matters.dispatcher).get("/desk/open/").text
    assert box in browser_of(matters.handler).get("/desk/in_hand/").text
    assert box not in browser_of(matters.leader).get("/desk/open/").text
