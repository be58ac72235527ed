"""The same request sent 64 times at once is done once; each sender gets the same answer, or asks again and gets it."""

import json
from collections import Counter
from typing import Any

import pytest
from django.test import Client

from onegrid.events.models import Contact, Event, Report, Step
from onegrid.org import actions as org
from onegrid.org.models import AnsweredRequest
from onegrid.testing.cast import County
from onegrid.testing.matters import event_in, make_matters
from tests.faults.crowd import together

pytestmark = pytest.mark.django_db(transaction=True)
REPORTS = "/api/v1/public/reports"
BODY = {
    "words": "东门巷三盏路灯不亮",
    "longitude": 104.605,
    "latitude": 28.705,
    "contact": {"name": "王某", "phone": "13800001234"},
}
Told = tuple[int, bytes]


@pytest.fixture
def matters(county: County) -> County:
    make_matters(county)
    return county


def post(path: str, body: object, key: str, **headers: str) -> Told:
    answer = Client().post(
        path, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": key, **headers}
    )
    return answer.status_code, answer.content


def one_answer(told: list[Told], status: int) -> bytes:
    """Every answer is the same one, or "in flight"; returns its bytes."""
    codes = Counter(code for code, _body in told)
    assert set(codes) <= {status, 409}, codes
    assert all(json.loads(body)["code"] == "in_flight" for code, body in told if code == 409)
    (body,) = {body for code, body in told if code == status}
    return body


def test_one_report_from_equal_posts(matters: County) -> None:
    crowd = together(lambda _place: post(REPORTS, BODY, "same-key"))
    assert not crowd.errors, crowd.errors[:3]
    body = one_answer(crowd.answers, 201)
    assert post(REPORTS, BODY, "same-key") == (201, body)
    assert Report.objects.count() == Event.objects.count() == Contact.objects.count() == Step.objects.count() == 1
    assert json.loads(body)["number"] == Report.objects.get().number


def test_another_body_under_the_same_key_is_refused(matters: County) -> None:
    """Two bodies race for one key: one is received, the other is told so."""

    def one_of_two(place: int) -> Told:
        return post(REPORTS, {**BODY, "address": ("东门", "西门")[place % 2]}, "raced-key")

    crowd = together(one_of_two)
    assert not crowd.errors, crowd.errors[:3]
    codes = Counter(code for code, _body in crowd.answers)
    assert set(codes) <= {201, 409, 422}, codes
    report = Report.objects.get()
    for place, address in enumerate(("东门", "西门")):
        code, body = one_of_two(place)
        assert code == (201 if report.address == address else 422)
        assert code == 201 or json.loads(body)["code"] == "key_reused"
    assert Report.objects.count() == 1


def test_different_keys_are_different_reports(matters: County) -> None:
    """The check of the check: without the key they are as many as were sent."""
    crowd = together(
        lambda place: post(REPORTS, BODY, f"key-{place}", **{"X-Forwarded-For": f"10.0.0.{place}"}), count=8
    )
    assert {code for code, _body in crowd.answers} == {201}
    assert Report.objects.count() == 8


def steps_of(matters: County, number: str) -> tuple[str, dict[str, str]]:
    token = org.make_token(matters.handler, name="test")[0]
    return f"/api/v1/events/{number}/steps", {"Authorization": f"Bearer {token}"}


def test_one_step_from_equal_posts_of_staff(matters: County) -> None:
    event = event_in("assigned", matters)
    path, headers = steps_of(matters, event.number)
    crowd = together(lambda _place: post(path, {"verb": "claim"}, "claim-key", **headers))
    assert not crowd.errors, crowd.errors[:3]
    body = one_answer(crowd.answers, 200)
    assert post(path, {"verb": "claim"}, "claim-key", **headers) == (200, body)
    assert Step.objects.filter(event=event, verb="claim").count() == 1
    assert AnsweredRequest.objects.filter(key="claim-key").count() == 1


def test_a_refused_step_keeps_no_answer(matters: County) -> None:
    """What was refused may be sent again under its key once it is possible."""
    event = event_in("assigned", matters)
    path, headers = steps_of(matters, event.number)
    body: dict[str, Any] = {"verb": "resolve", "given": {"result": "换了三个灯泡"}}
    crowd = together(lambda _place: post(path, body, "early-key", **headers), count=8)
    assert {code for code, _body in crowd.answers} == {409}
    assert not AnsweredRequest.objects.filter(key="early-key").exists()
    assert post(path, {"verb": "claim"}, "then-claim", **headers)[0] == 200
    assert post(path, body, "early-key", **headers)[0] == 200
