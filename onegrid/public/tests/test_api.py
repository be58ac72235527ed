"""The addresses that outside clients rely on: report, track, answer."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onegrid.events import actions
from onegrid.events.models import Contact, Event, Report, Suggestion
from onegrid.kit import clock
from onegrid.org import actions as org
from onegrid.org.actions import once
from onegrid.org.models import AnsweredRequest, Throttle
from onegrid.testing import matters as told
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
REPORTS = "/api/v1/public/reports"
PLACE = {"longitude": 104.605, "latitude": 28.705, "address": "东门巷12号"}
# Statements that send something to the database; BEGIN and COMMIT are those of the one transaction.
BRACKETS = ("BEGIN", "COMMIT")


@pytest.fixture
def matters(county: County) -> County:
    told.make_matters(county)
    return county


def send(body: object, key: str | None = "k-1", path: str = REPORTS, **headers: str) -> Any:
    if key is not None:
        headers["Idempotency-Key"] = key
    data = body if isinstance(body, str) else json.dumps(body)
    return Client().post(path, data, content_type="application/json", headers=headers)


def report(**more: Any) -> dict[str, Any]:
    key = more.pop("key", "k-report")
    answer = send({"words": told.WORDS, **PLACE, **more}, key=key)
    assert answer.status_code == 201, answer.content
    body: dict[str, Any] = answer.json()
    return body


def test_a_report_is_received_and_its_receipt_opens_it(matters: County) -> None:
    body = report(contact={"name": "王某", "phone": "13800001234"})
    assert set(body) == {"number", "receipt", "promised_by", "track_url"}
    assert body["track_url"].startswith(settings.PUBLIC_URL)
    assert "?" not in body["track_url"]
    event = Event.objects.get(number=body["number"])
    assert (event.state, event.area, event.category) == ("reported", "511502001001001", told.LAMP)
    assert Contact.objects.get().masked == "138****1234"
    answer = Client().get(f"{REPORTS}/track", headers={"X-Receipt": body["receipt"].lower()})
    assert answer.status_code == 200
    assert answer.json()["state"] == "reported"
    assert answer.json()["verbs"] == ["withdraw"]
    assert answer.json()["promised_by"] is not None


def test_the_same_key_gives_the_same_answer_and_one_row(matters: County) -> None:
    first, second = (send({"words": told.WORDS}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert Report.objects.count() == 1


def test_the_receipt_lies_nowhere_in_the_clear(matters: County) -> None:
    body = report()
    kept = json.dumps(AnsweredRequest.objects.get().body)
    assert body["receipt"] not in kept
    assert body["receipt"].replace("-", "") not in kept
    assert body["receipt"].encode() not in bytes(Report.objects.get().receipt_hash)


def test_without_a_key_nothing_is_received(matters: County) -> None:
    for key in (None, "", "x" * 129):
        answer = send({"words": told.WORDS}, key=key)
        assert answer.status_code == 400
        assert answer.json()["code"] == "no_key"
    assert not Event.objects.exists()


def test_another_body_under_the_key_is_refused(matters: County) -> None:
    send({"words": told.WORDS})
    answer = send({"words": "另一件事"})
    assert answer.status_code == 422
    assert answer.json()["code"] == "key_reused"
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"words": "路灯不亮", "colour": "red"}, "colour"),
        ({"words": 7}, "words"),
        ({}, "words"),
        ({"words": "  "}, "words"),
        ({"words": "x" * 4001}, "words"),
        ({"words": "路灯", "longitude": "104.6", "latitude": 28.7}, "longitude"),
        ({"words": "路灯", "longitude": 104.6}, "longitude"),
        ({"words": "路灯", "contact": {"phone": "12"}}, "phone"),
        ({"words": "路灯", "contact": {"mail": "a@b.c"}}, "contact.mail"),
        ({"words": "路灯", "category": "999999"}, "category"),
        ({"words": "\ud800"}, "words"),
    ],
)
def test_every_wrong_field_is_named(matters: County, body: dict[str, Any], field: str) -> None:
    answer = send(body)
    assert answer.status_code == 422, answer.content
    assert field in answer.json()["fields"]
    assert not Event.objects.exists()
    assert not AnsweredRequest.objects.exists()


def test_a_body_that_is_no_json_is_answered_in_the_form_of_the_api(matters: County) -> None:
    answer = send("words=1")
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message", "fields"}


def test_another_method_is_answered_in_the_form_of_the_api(db: None) -> None:
    answer = Client().get(REPORTS)
    assert answer.status_code == 405
    assert answer.json()["code"] == "method"
    assert answer.headers["Allow"] == "POST"


def test_errors_speak_the_language_asked_for(matters: County) -> None:
    english = send({}, **{"Accept-Language": "en"}).json()
    assert english["fields"]["words"] == "This is needed."
    chinese = send({}, **{"Accept-Language": "zh-CN"}).json()
    assert chinese["message"] != english["message"]


def test_a_twin_in_flight_answers_409(matters: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "lock_and_read", lambda *_: (False, None))
    answer = send({"words": told.WORDS})
    assert answer.status_code == 409
    assert answer.json()["code"] == "in_flight"


def test_a_database_that_is_away_is_said_honestly(matters: County, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(actions, "report", away)
    answer = send({"words": told.WORDS})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.json()["code"] == "unavailable"


def test_one_address_cannot_flood(matters: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(org.MOST, "report", 2)
    answers = [send({"words": told.WORDS}, key=f"flood-{number}") for number in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert 0 < int(answers[2].headers["Retry-After"]) <= org.WINDOW
    assert Report.objects.count() == 2
    assert send({"words": told.WORDS}, key="flood-0").status_code == 201
    row = Throttle.objects.get()
    assert b"127.0.0.1" not in bytes(row.address_hash)


def test_addresses_are_forgotten_after_a_day(db: None) -> None:
    org.spend(address="198.51.100.7", kind="track")
    assert org.forget_addresses() == 0
    with told.at(clock.now() + timedelta(hours=25)):
        assert org.forget_addresses() == 1


def test_an_unknown_and_a_mistyped_receipt_get_the_same_answer(matters: County) -> None:
    answers = [
        Client().get(f"{REPORTS}/track", headers={"X-Receipt": receipt} if receipt else {})
        for receipt in ("", "nonsense", "2222-2222-2222-2222-2222-2222-2222", "x" * 500)
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_the_reporter_withdraws_once(matters: County) -> None:
    receipt = report()["receipt"]
    taken = [send({"verb": "withdraw"}, key="k-w", path=f"{REPORTS}/steps", **{"X-Receipt": receipt}) for _ in range(2)]
    assert [answer.status_code for answer in taken] == [200, 200]
    assert taken[0].json() == taken[1].json()
    assert taken[0].json()["state"] == "void"
    again = send({"verb": "withdraw"}, key="k-w2", path=f"{REPORTS}/steps", **{"X-Receipt": receipt})
    assert again.status_code == 409
    assert again.json()["code"] == "not_allowed_state"


def test_a_question_is_shown_and_answered(matters: County) -> None:
    body = report()
    actions.take(actor=matters.receiver, number=body["number"], verb="ask", given={"words": "请问是哪一根灯杆？"})
    headers = {"X-Receipt": body["receipt"]}
    seen = Client().get(f"{REPORTS}/track", headers=headers).json()
    assert seen["question"] == "请问是哪一根灯杆？"
    assert len(seen["pauses"]) == 1
    assert set(seen["pauses"][0]) == {"from", "until", "reason"}
    assert seen["pauses"][0]["until"] is None
    missing = send({"verb": "answer"}, key="a-1", path=f"{REPORTS}/steps", **headers)
    assert missing.status_code == 422
    assert "words" in missing.json()["fields"]
    given = {"verb": "answer", "given": {"words": "第二根"}}
    assert send(given, key="a-2", path=f"{REPORTS}/steps", **headers).json()["state"] == "reported"


def test_a_step_needs_a_receipt_and_a_known_verb(matters: County) -> None:
    assert send({"verb": "withdraw"}, path=f"{REPORTS}/steps").status_code == 404
    wrong = send({"verb": "accept"}, path=f"{REPORTS}/steps", **{"X-Receipt": report()["receipt"]})
    assert wrong.status_code == 422
    assert "verb" in wrong.json()["fields"]


@pytest.mark.django_db(transaction=True)
def test_a_report_costs_at_most_twelve_statements(county: County) -> None:
    """P1: placed, classified, clocked, written, remembered and enqueued, with a contact."""
    told.make_matters(county)
    report(key="k-warm")
    with CaptureQueriesContext(connection) as asked:
        report(key="k-count", contact={"name": "王某", "phone": "13800001234"})
    assert Suggestion.objects.exists()
    sent = [one["sql"] for one in asked if not one["sql"].startswith(BRACKETS)]
    assert len(sent) <= 12, "\n".join(line[:110] for line in sent)
