"""The desk as a browser without scripts sees it: lists, one event, deeds, and what stands in their way."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from onegrid.events import actions
from onegrid.events.models import Event
from onegrid.org.roles import Actor
from onegrid.testing.cast import County
from onegrid.testing.matters import LAMP, event_in, make_matters, reported

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]


@pytest.fixture
def matters(county: County) -> County:
    make_matters(county)
    return county


def post(client: Client, event: Event, door: str, key: str = "K1", **given: Any) -> Any:
    fields = {"idempotency_key": key, "version": event.version, **given}
    return client.post(f"/desk/events/{event.number}/{door}/", fields)


def test_the_first_queue_lists_what_waits(matters: County, browser_of: Browser) -> None:
    said = reported()
    page = browser_of(matters.receiver).get("/desk/")
    assert page.status_code == 200
    assert said.number in page.text
    assert browser_of(matters.handler).get("/desk/").context["queue"] == "to_claim"
    assert said.number not in browser_of(matters.handler).get("/desk/open/").text


def test_an_unknown_queue_and_a_bad_cursor_do_not_exist(matters: County, browser_of: Browser) -> None:
    client = browser_of(matters.receiver)
    assert client.get("/desk/nothing/").status_code == 404
    assert client.get("/desk/open/?after=rubbish").status_code == 404


def test_filters_narrow_the_list(matters: County, browser_of: Browser) -> None:
    said, client = reported(), browser_of(matters.receiver)
    assert said.number in client.get(f"/desk/open/?category={LAMP}").text
    assert said.number not in client.get("/desk/open/?category=030102").text
    assert said.number not in client.get("/desk/open/?level=1").text


def test_the_event_marks_the_words_that_spoke(matters: County, browser_of: Browser) -> None:
    said = reported("东门路灯不亮 <script>alert(1)</script>", contact={"name": "王某", "phone": "13800001234"})
    page = browser_of(matters.receiver).get(f"/desk/events/{said.number}/")
    assert "<mark>路灯</mark>" in page.text
    assert "<script>alert" not in page.text
    assert "13800001234" not in page.text
    assert "王某" not in page.text


def test_accepting_leads_back_to_the_event_and_can_be_undone(matters: County, browser_of: Browser) -> None:
    event, client = event_in("reported", matters), browser_of(matters.receiver)
    answer = post(client, event, "accept", category=LAMP)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"/desk/events/{event.number}/")
    again = post(client, event, "accept", category=LAMP)
    assert again.status_code == 303
    event.refresh_from_db()
    assert event.state == "accepted"
    assert 'id="undo"' in client.get(f"/desk/events/{event.number}/").text
    assert post(client, event, "undo", key="K2").status_code == 303
    event.refresh_from_db()
    assert event.state == "reported"


def test_a_stale_save_shows_what_changed_and_keeps_the_words(matters: County, browser_of: Browser) -> None:
    event = event_in("reported", matters)
    actions.take(actor=matters.dispatcher, number=event.number, verb="note", given={"words": "先问过电工"})
    answer = post(browser_of(matters.receiver), event, "ask", words="请问是哪一根灯杆？")
    assert answer.status_code == 409
    assert "先问过电工" in answer.text
    assert "请问是哪一根灯杆？" in answer.text


def test_what_is_missing_is_said_at_its_field(matters: County, browser_of: Browser) -> None:
    event = event_in("reported", matters)
    answer = post(browser_of(matters.receiver), event, "refuse", words="请向法院起诉")
    assert answer.status_code == 422
    assert "reason" in answer.context["faults"]
    assert "请向法院起诉" in answer.text


def test_a_step_that_is_not_theirs_is_refused_with_its_reason(matters: County, browser_of: Browser) -> None:
    event = event_in("reported", matters)
    assert post(browser_of(matters.checker), event, "accept", category=LAMP).status_code == 409
    assert post(browser_of(matters.handler), event, "accept", category=LAMP).status_code == 404
    assert post(browser_of(matters.worker), event, "accept", category=LAMP).status_code == 403
