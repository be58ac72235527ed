"""Who comes in, who does not, and how the no is said."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from onegrid.kit import clock
from onegrid.org import actions
from onegrid.org.actions import InFlight
from onegrid.org.models import Posting, SignIn, Token, TrailEntry, Unit, User
from onegrid.org.roles import Actor
from onegrid.org.tests import doors_urls
from onegrid.testing.cast import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("onegrid.org.tests.doors_urls")]


def bearer(actor: Actor, **options: Any) -> dict[str, str]:
    text, _row = actions.make_token(actor, name="trial", **options)
    return {"Authorization": f"Bearer {text}"}


def test_a_stranger_passes_an_open_door_without_a_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert Client().get("/everybody/").content == b"stranger"


def test_staff_is_a_stranger_behind_an_open_door(dispatcher: Actor) -> None:
    assert client_of(dispatcher).get("/everybody/").content == b"stranger"


def test_a_stranger_is_led_to_the_login_page_and_back() -> None:
    answer = Client().get("/desk/?queue=due")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/login/?next=%2Fdesk%2F%3Fqueue%3Ddue"


def test_a_fragment_asks_for_login_in_json() -> None:
    answer = Client().get("/desk/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.json()["code"] == "sign_in"
    assert answer.headers["HX-Redirect"] == "/login/"


def test_the_right_role_comes_in_with_one_statement(dispatcher: Actor, django_assert_num_queries: Any) -> None:
    client = client_of(dispatcher)
    # The first time which sign-in the cookie stands for; then person, posting and unit in one.
    with django_assert_num_queries(2):
        client.get("/desk/")
    with django_assert_num_queries(1):
        answer = client.get("/desk/")
    assert answer.content == b"desk"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_wrong_role_gets_403_and_a_trail_entry(receiver: Actor) -> None:
    assert client_of(receiver).get("/desk/").status_code == 403
    answer = client_of(receiver).get("/desk/", headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert set(answer.json()) == {"code", "message", "fields"}
    assert TrailEntry.objects.filter(verb="refused_at_door", who="receiver").count() == 2


def test_a_method_that_is_not_named_is_refused(dispatcher: Actor) -> None:
    assert client_of(dispatcher).post("/staff/").status_code == 405
    assert client_of(dispatcher).head("/staff/").status_code == 200


def test_who_opens_the_answer_of_a_form_by_its_address_reads_why_it_is_not_there(dispatcher: Actor) -> None:
    client = client_of(dispatcher)
    for language, words in (("zh-hans", "本页只在提交表单后出现"), ("en", "This page follows a form")):
        client.cookies["language"] = language
        answer = client.get("/write/")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
        assert words in answer.content.decode()


def test_every_door_can_be_listed() -> None:
    assert doors_urls.desk.door.roles == ("dispatcher",)  # type: ignore[attr-defined]
    assert doors_urls.everybody.door.open is True  # type: ignore[attr-defined]
    assert doors_urls.write.door.methods == ("POST",)  # type: ignore[attr-defined]


def test_a_changed_role_counts_from_the_next_request_on(dispatcher: Actor) -> None:
    client = client_of(dispatcher)
    assert client.get("/desk/").status_code == 200
    Posting.objects.filter(pk=dispatcher.posting_id or 0).update(roles=["receiver"])
    assert client.get("/desk/").status_code == 403


def test_an_ended_posting_or_a_closed_unit_leaves_no_role(dispatcher: Actor, receiver: Actor) -> None:
    Posting.objects.filter(pk=dispatcher.posting_id or 0).update(until=clock.now())
    assert client_of(dispatcher).get("/staff/").content == b"dispatcher "
    Unit.objects.filter(pk=receiver.unit_id or 0).update(active=False)
    assert client_of(receiver).get("/staff/").content == b"receiver "


@pytest.mark.parametrize(
    "change",
    [
        {"ended_at": clock.now()},
        {"seen_at": clock.now() - timedelta(minutes=31)},
        {"started_at": clock.now() - timedelta(hours=12, minutes=1)},
        {"epoch": 99},
    ],
)
def test_an_ended_idle_or_old_session_is_dead(dispatcher: Actor, change: dict[str, Any]) -> None:
    client = client_of(dispatcher)
    assert client.get("/desk/").status_code == 200
    SignIn.objects.update(**change)
    assert client.get("/desk/").status_code == 302


def test_a_disabled_account_is_out_at_once_with_its_tokens(dispatcher: Actor, admin_system: Actor) -> None:
    client, headers = client_of(dispatcher), bearer(dispatcher)
    actions.disable_user(admin_system, user=User.objects.get(username="dispatcher"))
    assert client.get("/desk/").status_code == 302
    assert client.get("/api/v1/who", headers=headers).status_code == 401


def test_the_use_of_a_session_is_noted_once_a_minute(dispatcher: Actor, django_assert_num_queries: Any) -> None:
    client = client_of(dispatcher)
    SignIn.objects.update(seen_at=clock.now() - timedelta(minutes=2))
    with django_assert_num_queries(3):
        client.get("/desk/")
    with django_assert_num_queries(1):
        client.get("/desk/")


def test_a_demo_account_is_refused_in_production(dispatcher: Actor, settings: Settings) -> None:
    client, headers = client_of(dispatcher), bearer(dispatcher)
    User.objects.update(demo=True)
    settings.MODE = "production"
    assert client.get("/desk/").status_code == 302
    assert client.get("/api/v1/who", headers=headers).status_code == 401


def test_a_token_opens_the_api_with_one_statement(dispatcher: Actor, django_assert_num_queries: Any) -> None:
    headers = bearer(dispatcher)
    Token.objects.update(last_used_at=clock.now())
    with django_assert_num_queries(1):
        answer = Client().get("/api/v1/who", headers=headers)
    assert answer.json() == {"who": "dispatcher"}


def test_a_wrong_revoked_or_old_token_opens_nothing(dispatcher: Actor) -> None:
    wrong = {"Authorization": "Bearer og_" + "x" * 43}
    old = bearer(dispatcher, lasts=timedelta(seconds=-1))
    revoked = bearer(dispatcher)
    actions.revoke_token(dispatcher, token_id=Token.objects.latest("pk").pk)
    for headers in (wrong, old, revoked, {}):
        assert Client().get("/api/v1/who", headers=headers).status_code == 401


def test_a_token_of_the_wrong_role_gets_403(receiver: Actor, dispatcher: Actor) -> None:
    assert Client().post("/api/v1/send", headers=bearer(receiver)).status_code == 403
    assert Client().post("/api/v1/send", headers=bearer(dispatcher)).status_code == 200


def test_the_session_opens_the_api_only_with_its_csrf_token(dispatcher: Actor) -> None:
    client = client_of(dispatcher, enforce_csrf_checks=True)
    assert client.get("/api/v1/who").json() == {"who": "dispatcher"}
    assert client.post("/api/v1/send").status_code == 403
    assert Client(enforce_csrf_checks=True).post("/api/v1/send").status_code == 401


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        ([], "203.0.113.9", "127.0.0.1"),
        (["127.0.0.1"], "203.0.113.9", "203.0.113.9"),
        (["127.0.0.1"], "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (["127.0.0.1", "10.0.0.0/8"], "203.0.113.9, 10.1.2.3", "203.0.113.9"),
        (["127.0.0.1"], "", "127.0.0.1"),
    ],
)
def test_only_named_proxies_tell_the_address(
    settings: Settings, proxies: list[str], forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    answer = Client().get("/address/", headers={"X-Forwarded-For": forwarded})
    assert answer.content.decode() == address


def test_a_repeated_write_is_led_to_what_the_first_one_made(dispatcher: Actor) -> None:
    client, form = client_of(dispatcher), {"idempotency_key": "k1", "status": "302", "to": "/made/"}
    first, second = client.post("/write/", form), client.post("/write/", form)
    assert (first.status_code, second.status_code) == (302, 303)
    assert second.headers["Location"] == "/made/"
    assert second.headers["Idempotent-Replayed"] == "true"
    assert TrailEntry.objects.filter(verb="trial").count() == 1


def test_a_write_without_a_key_is_refused_and_another_body_too(dispatcher: Actor) -> None:
    client = client_of(dispatcher)
    assert client.post("/write/", {"words": "a"}).status_code == 400
    assert client.post("/write/", {"words": "a"}, headers={"Idempotency-Key": "k"}).status_code == 200
    assert client.post("/write/", {"words": "b"}, headers={"Idempotency-Key": "k"}).status_code == 422


def test_an_answer_without_a_reference_loads_the_page_anew(dispatcher: Actor) -> None:
    client, headers = client_of(dispatcher), {"Idempotency-Key": "k", "HX-Request": "true"}
    client.post("/write/", {"words": "a"}, headers=headers)
    assert client.post("/write/", {"words": "a"}, headers=headers).headers["HX-Refresh"] == "true"


def test_a_page_is_answered_with_a_page_and_what_was_typed(dispatcher: Actor) -> None:
    client = client_of(dispatcher)
    came = {"Referer": "http://testserver/desk/events/1/?queue=open"}
    missing = client.post("/write/", {"words": "first words"}, headers=came)
    assert missing.status_code == 400
    client.post("/write/", {"words": "first words", "idempotency_key": "k"})
    reused = client.post("/write/", {"words": "second words", "idempotency_key": "k"}, headers=came)
    assert reused.status_code == 422
    for answer in (missing, reused):
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "</html>" in answer.text
        assert 'href="/desk/events/1/?queue=open"' in answer.text
    assert "second words" in reused.text


def test_a_part_of_a_page_is_answered_with_a_part(dispatcher: Actor) -> None:
    client, headers = client_of(dispatcher), {"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/"}
    client.post("/write/", {"words": "a", "idempotency_key": "k"})
    reused = client.post("/write/", {"words": "b", "idempotency_key": "k"}, headers=headers)
    assert reused.status_code == 422
    assert "</html>" not in reused.text
    assert 'id="main"' in reused.text


def test_the_way_back_never_leads_to_another_house(dispatcher: Actor) -> None:
    client = client_of(dispatcher)
    for came in ("https://elsewhere.example/x", "http://testserver//elsewhere.example", ""):
        answer = client.post("/write/", {"words": "a"}, headers={"Referer": came})
        assert 'href="https://' not in answer.text.split("<main")[1]
        assert 'href="//' not in answer.text.split("<main")[1]


def test_a_form_in_flight_is_told_to_wait_on_a_page(dispatcher: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(**_given: object) -> None:
        raise InFlight

    monkeypatch.setattr("onegrid.org.doors.actions.answer_once", busy)
    answer = client_of(dispatcher).post("/write/", {"words": "a", "idempotency_key": "k"})
    assert answer.status_code == 409
    assert "</html>" in answer.text
