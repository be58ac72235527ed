"""The staff API: lists, one event, every kind of step; scope, stale saves and statements counted."""

import itertools
import json
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onegrid.events import actions
from onegrid.events.models import Event
from onegrid.org import actions as org
from onegrid.org.models import TrailEntry
from onegrid.org.roles import Actor
from onegrid.testing import matters as told
from onegrid.testing.cast import County, client_of

pytestmark = pytest.mark.django_db
EVENTS = "/api/v1/events"
BRACKETS = ("BEGIN", "COMMIT")
keys = itertools.count(1)


@pytest.fixture
def matters(county: County) -> County:
    told.make_matters(county)
    return county


class Caller:
    """A program with a person's token."""

    def __init__(self, actor: Actor) -> None:
        self.client = Client()
        self.token = org.make_token(actor, name="test")[0]

    def get(self, path: str = "", **headers: str) -> Any:
        return self.client.get(EVENTS + path, headers={**self.auth, **headers})

    def post(self, path: str, body: object = None, *, key: str | None = "", **headers: str) -> Any:
        headers |= {} if key is None else {"Idempotency-Key": key or f"key-{next(keys)}"}
        data = "" if body is None else json.dumps(body)
        return self.client.post(EVENTS + path, data, content_type="application/json", headers={**self.auth, **headers})

    @property
    def auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def counted(asked: CaptureQueriesContext, most: int) -> None:
    sent = [one["sql"] for one in asked if not one["sql"].startswith(BRACKETS)]
    assert len(sent) <= most, "\n".join(line[:100] for line in sent)


def test_who_am_i(county: County) -> None:
    answer = Client().get("/api/v1/me", headers=Caller(county.receiver).auth)
    assert answer.status_code == 200
    assert answer.json()["username"] == "receiver"
    assert answer.json()["unit"] == "centre"
    assert [role["role"] for role in answer.json()["roles"]] == ["receiver"]


def test_without_a_token_there_is_only_401(matters: County) -> None:
    for path in ("", "/counts", "/search?q=路灯", "/2026-511502-K7M4PX-3"):
        answer = Client().get(EVENTS + path)
        assert answer.status_code == 401, path
        assert answer.json()["code"] == "sign_in"


def test_a_session_reads_but_writes_only_with_its_csrf_token(matters: County) -> None:
    number = told.reported().number
    browser = client_of(matters.receiver, enforce_csrf_checks=True)
    assert browser.get(EVENTS).status_code == 200
    body = json.dumps({"verb": "accept", "given": {"category": told.LAMP}})
    headers = {"Idempotency-Key": "c-1"}
    answer = browser.post(f"{EVENTS}/{number}/steps", body, content_type="application/json", headers=headers)
    assert answer.status_code == 403
    assert Event.objects.get().state == "reported"


def test_the_list_says_what_a_desk_needs(matters: County) -> None:
    told.reported()
    body = Caller(matters.receiver).get("?queue=to_accept").json()
    assert body["next"] is None
    (row,) = body["items"]
    assert set(row) == {
        "number", "state", "state_label", "category", "category_name", "level", "address", "area", "reported_at",
        "due_at",
        "promised_by", "holder", "voices", "version", "words", "restricted", "proposed",
    }  # fmt: skip
    assert row["proposed"] == {"category": told.LAMP, "unit": "city"}
    assert row["words"] == told.WORDS


def test_a_page_leads_to_the_next_and_a_made_up_cursor_to_400(matters: County) -> None:
    for _ in range(22):
        told.reported()
    caller = Caller(matters.receiver)
    first = caller.get("?queue=open").json()
    second = caller.get(f"?queue=open&after={first['next']}").json()
    numbers = [row["number"] for row in (*first["items"], *second["items"])]
    assert len(first["items"]) == 20
    assert len(set(numbers)) == 22
    wrong = caller.get("?queue=open&after=nonsense")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "bad_cursor")


def test_filters_narrow_and_unknown_ones_are_named(matters: County) -> None:
    told.reported()
    told.reported("楼下消防通道被堵")
    caller = Caller(matters.receiver)
    assert len(caller.get(f"?category={told.LANE}").json()["items"]) == 1
    assert len(caller.get("?state=accepted").json()["items"]) == 0
    told.event_in("void", matters)
    assert len(caller.get("?state=void").json()["items"]) == 1
    assert len(caller.get("?area=511502002").json()["items"]) == 0
    for query, field in (("queue=nothing", "queue"), ("level=9", "level"), ("state=gone", "state")):
        answer = caller.get(f"?{query}")
        assert answer.status_code == 422
        assert field in answer.json()["fields"]


def test_counts_are_those_of_the_scope(matters: County) -> None:
    told.reported()
    assert Caller(matters.receiver).get("/counts").json()["reported"] == 1
    assert Caller(matters.neighbour).get("/counts").json()["reported"] == 0


def test_one_event_says_all_but_the_contact(matters: County) -> None:
    event = told.event_in("handling", matters, contact={"name": "王某某", "phone": "13800001234"})
    answer = Caller(matters.dispatcher).get(f"/{event.number}")
    body = answer.json()
    assert [step["verb"] for step in body["steps"]] == ["report", "accept", "dispatch", "claim"]
    assert {"verb", "may", "asks", "decides", "why", "needs"} <= set(body["verbs"][0])
    (suspend,) = [verb for verb in body["verbs"] if verb["verb"] == "suspend"]
    assert [reason["code"] for reason in suspend["reasons"]] == ["parts"]
    assert body["suggestions"][0]["because"]
    assert body["route"]["unit"] == "city"
    assert "王某某" not in answer.content.decode()
    assert "13800001234" not in answer.content.decode()


def test_another_town_gets_the_same_404_as_for_nothing(matters: County) -> None:
    number = told.reported().number
    stranger = Caller(matters.neighbour)
    paths = (f"/{number}", "/2026-511502-K7M4PX-3", "/nonsense", f"/{number}/explain", "/a/b/c")
    answers = [stranger.get(path) for path in paths]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_a_typed_entry_is_a_report_with_a_receipt(matters: County) -> None:
    caller = Caller(matters.receiver)
    body = {"words": told.WORDS, "area": "511502001001", "contact": {"phone": "13800001234"}}
    first, again = caller.post("", body, key="typed"), caller.post("", body, key="typed")
    assert first.status_code == 201
    assert first.json() == again.json()
    event = Event.objects.get()
    assert event.reports.get().channel == "phone"
    assert event.area == "511502001001"
    assert Caller(matters.checker).post("", body).status_code == 403


def test_a_step_needs_its_key_and_what_must_be_given(matters: County) -> None:
    path = f"/{told.reported().number}/steps"
    caller = Caller(matters.receiver)
    assert caller.post(path, {"verb": "accept"}, key=None).status_code == 400
    missing = caller.post(path, {"verb": "accept"})
    assert missing.status_code == 422
    assert "category" in missing.json()["fields"]
    unknown = caller.post(path, {"verb": "fly"})
    assert unknown.status_code == 422
    assert "verb" in unknown.json()["fields"]
    taken = caller.post(path, {"verb": "accept", "version": 1, "given": {"category": told.LAMP}})
    assert taken.status_code == 200
    assert (taken.json()["state"], taken.json()["version"]) == ("accepted", 2)


def test_a_step_out_of_turn_says_why(matters: County) -> None:
    event = told.event_in("assigned", matters)
    answer = Caller(matters.receiver).post(f"/{event.number}/steps", {"verb": "claim"})
    assert answer.status_code == 409
    assert answer.json()["code"] == "not_allowed_role"
    assert answer.json()["message"]


def test_a_stale_save_gets_the_difference(matters: County) -> None:
    event = told.event_in("accepted", matters)
    body = {"verb": "dispatch", "version": 1, "given": {"unit": "city"}}
    answer = Caller(matters.dispatcher).post(f"/{event.number}/steps", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    assert answer.json()["fields"]["version"] == 2
    assert [step["verb"] for step in answer.json()["fields"]["difference"]] == ["accept"]


def test_a_repeated_step_is_answered_as_the_first_time(matters: County) -> None:
    path = f"/{told.reported().number}/steps"
    caller = Caller(matters.receiver)
    body = {"verb": "accept", "given": {"category": told.LAMP}}
    answers = [caller.post(path, body, key="same") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert Event.objects.get().version == 2


def test_a_step_can_be_taken_back_at_once(matters: County) -> None:
    path = f"/{told.reported().number}/steps"
    caller = Caller(matters.receiver)
    caller.post(path, {"verb": "accept", "given": {"category": told.LAMP}})
    answer = caller.post(path, {"verb": "undo"})
    assert (answer.status_code, answer.json()["state"]) == (200, "reported")


def test_an_extension_is_asked_for_and_decided(matters: County) -> None:
    path = f"/{told.event_in('handling', matters).number}/steps"
    given = {"reason": "weather", "days": 3, "words": "连日下雨"}
    asked = Caller(matters.handler).post(path, {"verb": "request", "kind": "extend", "given": given})
    assert asked.status_code == 200
    dispatcher = Caller(matters.dispatcher)
    assert "grant" in dispatcher.post(path, {"verb": "decide", "kind": "extend"}).json()["fields"]
    assert "kind" in dispatcher.post(path, {"verb": "decide", "kind": "claim"}).json()["fields"]
    granted = dispatcher.post(path, {"verb": "decide", "kind": "extend", "grant": True})
    assert granted.status_code == 200
    assert granted.json()["promised_by"] > asked.json()["promised_by"]


def test_a_voice_is_taken_apart(matters: County) -> None:
    event = told.event_in("reported", matters)
    joined = actions.join(actor=Actor.stranger(), number=event.number, words="我也看见了，灯不亮")
    answer = Caller(matters.receiver).post(f"/{event.number}/voices/{joined.number}/part")
    assert answer.status_code == 200
    assert answer.json()["number"] == joined.number


def test_a_contact_is_revealed_to_the_centre_with_a_reason(matters: County) -> None:
    event = told.event_in("reported", matters, contact={"name": "王某", "phone": "13800001234"})
    path = f"/{event.number}/voices/{event.number}/reveal"
    caller = Caller(matters.receiver)
    assert caller.post(path, {"purpose": "x"}).status_code == 422
    answer = caller.post(path, {"purpose": "请其确认灯杆位置"})
    assert answer.json() == {"name": "王某", "phone": "13800001234", "email": ""}
    assert TrailEntry.objects.filter(verb="reveal").count() == 1


def test_search_finds_by_number_and_by_words(matters: County) -> None:
    number = told.reported().number
    caller = Caller(matters.receiver)
    for query in ("三盏路灯", number, number.lower().replace("-", " ")):
        assert [row["number"] for row in caller.get(f"/search?q={query}").json()["items"]] == [number], query
    assert caller.get("/search?q=灯").status_code == 422
    assert Caller(matters.neighbour).get("/search?q=三盏路灯").json()["items"] == []


def test_the_account_of_the_clocks_is_told_in_sentences(matters: County) -> None:
    event = told.event_in("handling", matters)
    body = Caller(matters.dispatcher).get(f"/{event.number}/explain", **{"Accept-Language": "en"}).json()
    clocks = {clock["name"]: clock for clock in body["clocks"]}
    assert {"accept", "dispatch", "claim", "handle"} == set(clocks)
    handle = clocks["handle"]
    assert handle["sentences"][0].startswith("Starts ")
    assert "3 working days" in handle["sentences"][0]
    assert handle["sentences"][-1]
    assert any(rule["hit"] for rule in body["rules"])


def test_a_list_costs_at_most_eight_statements(matters: County) -> None:
    """P2, with the counters that a screen asks for beside it."""
    for _ in range(22):
        told.reported()
    caller = Caller(matters.receiver)
    caller.get()
    with CaptureQueriesContext(connection) as asked:
        query = "?queue=to_accept&state=reported&area=511502001&counters=true"
        body = caller.get(query).json()
    assert len(body["items"]) == 20
    assert body["counters"]["to_accept"] == 22
    counted(asked, 8)


def test_one_event_costs_at_most_ten_statements(matters: County) -> None:
    """P3."""
    event = told.event_in("rating", matters, contact={"phone": "13800001234"})
    caller = Caller(matters.dispatcher)
    caller.get()
    with CaptureQueriesContext(connection) as asked:
        assert len(caller.get(f"/{event.number}").json()["steps"]) == 6
    counted(asked, 10)


@pytest.mark.parametrize(
    ("state", "who", "body"),
    [
        ("reported", "receiver", {"verb": "accept", "given": {"category": told.LAMP}}),
        ("accepted", "dispatcher", {"verb": "dispatch", "given": {"unit": "city"}}),
        ("assigned", "handler", {"verb": "claim"}),
        ("handling", "handler", {"verb": "resolve", "given": {"result": "换了三个灯泡"}}),
        ("checking", "checker", {"verb": "pass_check"}),
        ("handling", "handler", {"verb": "tell", "given": {"words": "明天上午来"}}),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_a_step_costs_at_most_twelve_statements(county: County, state: str, who: str, body: dict[str, Any]) -> None:
    """P4, with transactions as in service."""
    told.make_matters(county)
    event = told.event_in(state, county)
    caller = Caller(county.people[who])
    caller.get()
    with CaptureQueriesContext(connection) as asked:
        answer = caller.post(f"/{event.number}/steps", body)
    assert answer.status_code == 200, answer.content
    counted(asked, 12)


def test_the_description_is_served_and_complete(client: Client) -> None:
    body = client.get("/api/v1/openapi.json").json()
    assert "/api/v1/public/reports" in body["paths"]
    assert settings.COUNTY
