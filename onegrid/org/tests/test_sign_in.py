"""Signing in, the lock without an oracle, and signing out (R05, R08)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from unittest import mock

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from pytest_django import Settings

from onegrid.kit import clock
from onegrid.org import actions
from onegrid.org.actions import signing
from onegrid.org.models import LoginFailure, SignIn, TrailEntry, User
from onegrid.org.roles import Actor
from onegrid.testing.cast import PASSWORD, County, client_of, post

pytestmark = pytest.mark.django_db


def attempt(password: str = PASSWORD, username: str = "dispatcher", address: str = "10.0.0.1") -> SignIn | None:
    return actions.sign_in(username=username, password=password, address=address, agent="Firefox")


def results() -> list[str]:
    return list(TrailEntry.objects.filter(verb="sign_in").order_by("pk").values_list("result", flat=True))


def test_the_right_password_starts_a_session_under_the_first_posting(dispatcher: Actor) -> None:
    entry = attempt(username=" Dispatcher ")
    assert entry is not None
    assert entry.posting_id == dispatcher.posting_id
    assert results() == ["ok"]


def test_five_failures_lock_account_and_address_for_fifteen_minutes(county: County) -> None:
    assert [attempt("wrong") for _time in range(5)] == [None] * 5
    assert attempt() is None
    assert results() == ["failed"] * 5 + ["locked"]
    later = clock.now() + timedelta(minutes=15, seconds=1)
    with clock.use(lambda: later):
        assert attempt() is not None
    assert not LoginFailure.objects.exists()


def test_the_lock_holds_neither_the_colleague_nor_the_other_address(county: County) -> None:
    for _time in range(5):
        attempt("wrong")
    assert attempt(username="receiver") is not None
    assert attempt(address="10.0.0.2") is not None


def test_attempts_while_locked_do_not_lengthen_the_lock(county: County) -> None:
    for _time in range(9):
        attempt("wrong")
    assert LoginFailure.objects.count() == 5


def test_a_name_that_does_not_exist_costs_and_says_the_same(county: County) -> None:
    client = Client()
    with mock.patch.object(signing, "make_password", wraps=make_password) as hasher:
        unknown = client.post("/login/", {"username": "nobody", "password": "x"})
    assert hasher.call_count == 1
    wrong = client.post("/login/", {"username": "dispatcher", "password": "x"})
    for _time in range(5):
        locked = client.post("/login/", {"username": "dispatcher", "password": PASSWORD[:-1]})
    texts = {answer.content.decode().replace("nobody", "dispatcher") for answer in (unknown, wrong, locked)}
    assert len({text[text.find('role="alert"') : text.find("<form")] for text in texts}) == 1
    assert {answer.status_code for answer in (unknown, wrong, locked)} == {422}


def test_no_table_names_an_unknown_account_or_an_address(county: County) -> None:
    attempt("wrong", username="secret-name", address="203.0.113.77")
    entry = TrailEntry.objects.get(verb="sign_in")
    assert (entry.who, entry.subject_id, entry.facts) == ("stranger", None, {})
    assert entry.address_hash is not None


def test_a_disabled_account_and_a_demo_account_in_production_stay_out(county: County, settings: Settings) -> None:
    User.objects.filter(username="receiver").update(is_active=False)
    assert attempt(username="receiver") is None
    User.objects.filter(username="dispatcher").update(demo=True)
    assert attempt() is not None
    settings.MODE = "production"
    assert attempt() is None


def test_the_session_is_new_after_login_and_dead_after_logout(county: County) -> None:
    client = Client()
    answer = client.post("/login/", {"username": "dispatcher", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/")
    cookie = client.cookies["session"].value
    answer = client.post("/logout/")
    assert "storage" in answer.headers["Clear-Site-Data"]
    client.cookies["session"] = cookie
    assert client.get("/me/").status_code == 302
    assert TrailEntry.objects.filter(verb="sign_out", who="dispatcher").exists()


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [("/me/", "/me/"), ("https://example.com/", "/desk/"), ("//example.com", "/desk/"), ("", "/desk/")],
)
def test_login_leads_back_into_this_site_only(county: County, wanted: str, led_to: str) -> None:
    form = {"username": "dispatcher", "password": PASSWORD, "next": wanted}
    assert Client().post("/login/", form).headers["Location"] == led_to


def test_an_administrator_lands_on_his_own_page(county: County) -> None:
    answer = Client().post("/login/", {"username": "admin_audit", "password": PASSWORD})
    assert answer.headers["Location"] == "/me/"


def test_who_is_signed_in_needs_no_login_page(dispatcher: Actor) -> None:
    assert client_of(dispatcher).get("/login/").headers["Location"] == "/desk/"


def test_one_may_switch_to_ones_own_posting_only(county: County, dispatcher: Actor) -> None:
    entry = attempt()
    assert entry is not None
    second = county.units["centre-002"].postings.create(
        user_id=dispatcher.user_id or 0, area="511502002", roles=["dispatcher"]
    )
    actions.switch_posting(dispatcher, sign_in_id=entry.pk, posting_id=second.pk)
    entry.refresh_from_db()
    assert entry.posting_id == second.pk
    stranger = post(county, "other", "fire", "511502", ["handler"])
    with pytest.raises(actions.Refused):
        actions.switch_posting(dispatcher, sign_in_id=entry.pk, posting_id=stranger.posting_id or 0)


def test_one_ends_ones_own_other_sessions_and_nobody_elses(dispatcher: Actor, receiver: Actor) -> None:
    here, there, other = client_of(dispatcher), client_of(dispatcher), client_of(receiver)
    answer = here.post("/me/sessions/", {"idempotency_key": "k"})
    assert answer.headers["Location"] == "/me/"
    assert (here.get("/me/").status_code, there.get("/me/").status_code) == (200, 302)
    assert other.get("/me/").status_code == 200


def test_old_sessions_and_failures_are_forgotten(county: County) -> None:
    attempt("wrong")
    attempt()
    attempt("wrong")
    later = clock.now() + timedelta(days=31)
    with clock.use(lambda: later):
        assert actions.forget_sign_ins() == 2


@pytest.mark.django_db(transaction=True)
def test_guesses_in_parallel_are_counted_one_by_one(county: County) -> None:
    def guess(_number: int) -> None:
        try:
            attempt("wrong")
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(guess, range(12)))
    assert LoginFailure.objects.count() == 5
    assert results().count("locked") == 7


def test_signing_in_costs_nine_statements(
    county: County, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    # Two of them stand for BEGIN and COMMIT.
    with django_assert_num_queries(9):
        attempt()
