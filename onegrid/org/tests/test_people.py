"""Accounts, postings and tokens; three separate administrators (R15)."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from onegrid.org import actions, queries
from onegrid.org.actions import Refused
from onegrid.org.models import Posting, TrailEntry, User
from onegrid.org.roles import Actor
from onegrid.testing.cast import COUNTY, County, client_of

pytestmark = pytest.mark.django_db


def newcomer() -> User:
    return User.objects.create(username="newcomer", name_zh="新人", password="!")


def give(actor: Actor, county: County, user: User, *roles: str) -> Posting:
    return actions.post_person(actor, user=user, unit=county.units["centre"], area=COUNTY, roles=roles)


def test_the_security_administrator_posts_a_person(county: County, admin_security: Actor) -> None:
    posting = give(admin_security, county, newcomer(), "receiver", "dispatcher")
    assert posting.active
    assert TrailEntry.objects.get(verb="post_person").facts["roles"] == ["dispatcher", "receiver"]


@pytest.mark.parametrize("name", ["dispatcher", "leader", "admin_system", "admin_audit", "auditor"])
def test_no_other_role_may(county: County, name: str) -> None:
    with pytest.raises(Refused) as refused:
        give(county.people[name], county, newcomer(), "receiver")
    assert refused.value.code == "wrong_role"


def test_nobody_grants_to_himself(county: County, admin_security: Actor) -> None:
    with pytest.raises(Refused) as refused:
        give(admin_security, county, User.objects.get(username="admin_security"), "leader")
    assert refused.value.code == "self_grant"


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        (["admin_system", "admin_audit"], "administrator_alone"),
        (["admin_system", "receiver"], "administrator_alone"),
        (["king"], "unknown_role"),
        (["system"], "unknown_role"),
        (["resident"], "unknown_role"),
        ([], "unknown_role"),
    ],
)
def test_roles_that_do_not_go_together_are_refused(
    county: County, admin_security: Actor, roles: list[str], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        give(admin_security, county, newcomer(), *roles)
    assert refused.value.code == code


def test_a_second_administrator_role_by_another_posting_is_refused(county: County, admin_security: Actor) -> None:
    user = newcomer()
    give(admin_security, county, user, "admin_system")
    with pytest.raises(Refused) as refused:
        give(admin_security, county, user, "admin_audit")
    assert refused.value.code == "second_administrator"


def test_a_closed_unit_takes_nobody(county: County, admin_security: Actor) -> None:
    county.units["centre"].active = False
    with pytest.raises(Refused) as refused:
        give(admin_security, county, newcomer(), "receiver")
    assert refused.value.code == "closed_unit"


@pytest.mark.parametrize("roles", [["admin_system", "admin_audit"], ["admin_system", "leader"], ["king"], []])
def test_the_database_refuses_them_too(county: County, roles: list[str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(user=newcomer(), unit=county.units["centre"], area=COUNTY, roles=roles)


def test_the_database_refuses_a_second_administrator_posting(county: County, admin_system: Actor) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(
            user_id=admin_system.user_id or 0, unit=county.units["centre"], area=COUNTY, roles=["admin_audit"]
        )


def test_an_ended_posting_is_not_active_and_not_ones_own(
    county: County, admin_security: Actor, dispatcher: Actor
) -> None:
    posting = Posting.objects.get(pk=dispatcher.posting_id or 0)
    actions.end_posting(admin_security, posting=posting)
    posting.refresh_from_db()
    assert not posting.active
    with pytest.raises(Refused):
        actions.end_posting(admin_security, posting=Posting.objects.get(pk=admin_security.posting_id or 0))


def test_a_token_is_shown_once_and_kept_as_a_hash(dispatcher: Actor) -> None:
    client, form = client_of(dispatcher), {"name": "script", "idempotency_key": "k"}
    page = client.post("/me/tokens/", form).content.decode()
    token = page.split('id="new-token">')[1].split("<")[0]
    assert token.startswith("og_")
    again = client.post("/me/tokens/", form, follow=True).content.decode()
    assert "script" in again
    assert token not in again


def test_one_revokes_ones_own_tokens_only(dispatcher: Actor, receiver: Actor) -> None:
    _text, row = actions.make_token(dispatcher, name="script")
    answer = client_of(receiver).post(f"/me/tokens/{row.pk}/revoke/", {"idempotency_key": "k"})
    assert answer.status_code == 404
    answer = client_of(dispatcher).post(f"/me/tokens/{row.pk}/revoke/", {"idempotency_key": "k"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.revoked_at is not None


def test_the_own_page_says_who_one_is_in_five_statements(
    dispatcher: Actor, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    client = client_of(dispatcher)
    queries.areas()
    with django_assert_num_queries(5):
        page = client.get("/me/").content.decode()
    assert "dispatcher" in page


def test_the_chosen_language_is_remembered(dispatcher: Actor) -> None:
    client = client_of(dispatcher)
    answer = client.post("/me/language/", {"language": "en", "idempotency_key": "k"})
    assert answer.cookies["language"].value == "en"
    assert User.objects.get(username="dispatcher").language == "en"
    assert client.post("/me/language/", {"language": "xx", "idempotency_key": "j"}).status_code == 422


def test_a_new_password_ends_all_sessions(county: County, admin_system: Actor, dispatcher: Actor) -> None:
    client, user = client_of(dispatcher), User.objects.get(username="dispatcher")
    actions.set_password(admin_system, user=user, password="a-long-new-password")
    assert client.get("/me/").status_code == 302
    signed_in = actions.sign_in(username="dispatcher", password="a-long-new-password", address="10.0.0.1")
    assert signed_in is not None


def test_a_weak_password_and_another_role_are_refused(county: County, admin_system: Actor) -> None:
    user = User.objects.get(username="dispatcher")
    with pytest.raises(ValidationError):
        actions.set_password(admin_system, user=user, password="password1234")
    with pytest.raises(Refused):
        actions.set_password(county.leader, user=user, password="a-long-new-password")


def test_the_password_command_reads_it_from_the_input(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a-long-new-password\n"))
    call_command("password", "dispatcher")
    assert User.objects.get(username="dispatcher").check_password("a-long-new-password")
    for name, typed in (("nobody", "a-long-new-password"), ("dispatcher", "short")):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        with pytest.raises(CommandError):
            call_command("password", name)
