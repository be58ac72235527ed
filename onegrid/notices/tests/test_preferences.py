"""How I want to be told: sealed addresses, ways by groups, quiet hours; one's own only, nothing typed is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from onegrid.notices.models import Message, Preference
from onegrid.org.roles import Actor
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
WISH = {
    "version": "0", "sms_address": "138 0000 1234", "mail_address": "zhang@example.com", "urgent_sms": "1",
    "work_mail": "1", "quiet_from": "22:00", "quiet_until": "07:00",
}  # fmt: skip


@pytest.fixture(autouse=True)
def ways_out(settings: Any) -> None:
    settings.NOTICES_CHANNELS = ["in_app", "sms", "mail"]


def keep(client: Client, n: int, **more: str) -> Any:
    return client.post("/me/notices/", {**WISH, "idempotency_key": f"k{n}", **more})


def test_works_and_each_new_address_is_greeted(county: County, browser_of: Browser) -> None:
    client = browser_of(county.handler)
    assert keep(client, 1).status_code == 302
    row = Preference.objects.get()
    assert row.user_id == county.handler.user_id
    assert row.ways == {"urgent": ["sms"], "work": ["mail"], "decide": [], "remind": []}
    assert (row.address("sms"), row.address("mail")) == ("138 0000 1234", "zhang@example.com")
    greeted = Message.objects.filter(kind="address_kept")
    assert sorted(greeted.values_list("channel", flat=True)) == ["mail", "sms"]
    page = client.get("/me/notices/").content.decode()
    assert "138****1234" in page
    assert "0000 1234" not in page


def test_no_address_lies_in_the_clear(county: County, browser_of: Browser) -> None:
    keep(browser_of(county.handler), 1)
    with connection.cursor() as cursor:
        for table in ("notices_preference", "notices_message", "org_trailentry", "org_answeredrequest"):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text ~ '0000 ?1234|zhang@'")
            assert cursor.fetchone()[0] == 0, table


def test_an_address_stays_until_it_is_changed_or_removed(county: County, browser_of: Browser) -> None:
    client = browser_of(county.handler)
    keep(client, 1)
    keep(client, 2, version="1", sms_address="", mail_address="")
    assert Preference.objects.get().address("sms") == "138 0000 1234"
    answer = keep(client, 3, version="2", sms_address="", mail_address="", sms_remove="1")
    assert answer.status_code == 422, "urgent ones were to come by text message"
    keep(client, 4, version="2", sms_address="", mail_address="", sms_remove="1", urgent_sms="")
    assert Preference.objects.get().address("sms") == ""
    assert Preference.objects.get().phone_masked == ""


@pytest.mark.parametrize(
    "wrong",
    [{"sms_address": "12"}, {"mail_address": "zhang@"}, {"mail_address": "a@b.c\r\nBcc: x@y.z"}, {"sms_address": ""},
     {"quiet_until": ""}],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    county: County, browser_of: Browser, wrong: dict[str, str]
) -> None:
    answer = keep(browser_of(county.handler), 1, **wrong)
    assert answer.status_code == 422
    assert not Preference.objects.filter(version__gt=0).exists()
    page = answer.content.decode()
    assert "22:00" in page
    if wrong.get("sms_address") != "":
        assert wrong.get("sms_address", WISH["sms_address"]) in page


def test_another_window_is_noticed(county: County, browser_of: Browser) -> None:
    client = browser_of(county.handler)
    keep(client, 1)
    assert keep(client, 2, mail_address="other@example.com").status_code == 409
    assert Preference.objects.get().address("mail") == "zhang@example.com"


def test_strangers_are_sent_to_sign_in(db: None) -> None:
    assert Client().get("/me/notices/").status_code == 302
