"""The other pages of the desk: typed entry, search, account, work order, photos, messages, watch, contacts."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from onegrid.events import actions
from onegrid.events.actions import tell_people
from onegrid.events.models import Attachment, Event, Request
from onegrid.kit import images
from onegrid.org.models import TrailEntry
from onegrid.org.roles import Actor
from onegrid.testing.cast import COUNTY, County
from onegrid.testing.matters import WORDS, event_in, make_matters, reported

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]


@pytest.fixture
def matters(county: County, settings: Any, tmp_path: Any) -> County:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }
    make_matters(county)
    return county


def photo() -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.effect_noise((64, 64), 40).convert("RGB").save(drawn, "JPEG")
    return SimpleUploadedFile("lamp.jpg", drawn.getvalue(), "image/jpeg")


def test_a_call_is_typed_and_its_receipt_read_out(matters: County, browser_of: Browser) -> None:
    client = browser_of(matters.receiver)
    given = {"idempotency_key": "E1", "words": WORDS, "name": "王某", "phone": "13800001234", "area": COUNTY + "001"}
    answer = client.post("/desk/new/", given)
    assert answer.status_code == 303
    event = Event.objects.get()
    page = client.get(answer.headers["Location"])
    assert event.number in page.text
    assert len(page.context["receipt"].replace("-", "")) >= 20
    assert event.reports.get().channel == "phone"
    again = client.post("/desk/new/", given)
    assert again.headers["Location"] == answer.headers["Location"]
    assert Event.objects.count() == 1


def test_an_empty_call_comes_back_with_what_was_typed(matters: County, browser_of: Browser) -> None:
    page = browser_of(matters.receiver).post("/desk/new/", {"idempotency_key": "E1", "words": " ", "address": "东门巷"})
    assert page.status_code == 422
    assert 'value="东门巷"' in page.text
    assert browser_of(matters.leader).get("/desk/new/").status_code == 403


def test_while_typing_help_is_offered_first_and_the_same_matter_shown(matters: County, browser_of: Browser) -> None:
    said = reported()
    page = browser_of(matters.receiver).post("/desk/new/alike/", {"words": WORDS, "area": said.event.area})
    assert page.status_code == 200
    assert page.context["proposed"][0].category == said.event.category
    assert said.number in page.text


def test_one_box_finds_words_and_leads_to_a_number(matters: County, browser_of: Browser) -> None:
    said, client = reported(), browser_of(matters.receiver)
    assert said.number in client.get("/desk/search/?q=路灯").text
    assert client.get(f"/desk/search/?q={said.number.lower()}").headers["Location"].endswith(f"/{said.number}/")
    assert client.get("/desk/search/?q=路").status_code == 200
    assert said.number not in browser_of(matters.handler).get("/desk/search/?q=路灯").text


def test_the_account_and_the_work_order_bear_the_reader(matters: County, browser_of: Browser) -> None:
    event, client = event_in("handling", matters), browser_of(matters.dispatcher)
    account = client.get(f"/desk/events/{event.number}/explain/")
    assert account.context["clocks"]
    assert any(rule["hit"] for rule in account.context["rules"])
    paper = client.get(f"/desk/events/{event.number}/print/")
    assert "data:image/svg+xml;base64," in paper.text
    for page in (account, paper):
        assert matters.dispatcher.name in page.text
        assert page.headers["Cache-Control"] == "no-store"
    assert browser_of(matters.other_handler).get(f"/desk/events/{event.number}/explain/").status_code == 404


def test_a_photo_of_the_result_is_shown_only_within_the_scope(matters: County, browser_of: Browser) -> None:
    event, handler = event_in("handling", matters), browser_of(matters.handler)
    given = {"idempotency_key": "P1", "version": event.version, "result": "换好了", "photos": photo()}
    assert handler.post(f"/desk/events/{event.number}/resolve/", given).status_code == 303
    kept = Attachment.objects.get()
    address = f"/desk/events/{event.number}/photos/{kept.sha256}/"
    shown = handler.get(address)
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert browser_of(matters.other_handler).get(address).status_code == 404
    released = browser_of(matters.checker).post(address + "release/", {"idempotency_key": "P2", "release": "yes"})
    assert released.status_code == 303
    kept.refresh_from_db()
    assert kept.released_at is not None
    assert kept.public_sha256 == kept.sha256


def test_a_photo_is_covered_on_its_page_without_any_script(matters: County, browser_of: Browser) -> None:
    said = reported(pictures=[images.rebuild(photo().read())])
    sha256 = Attachment.objects.get().sha256
    client, address = browser_of(matters.receiver), f"/desk/events/{said.number}/photos/{sha256}/"
    assert client.get(f"{address}?public=1").status_code == 404
    assert client.get(f"{address}cover/").status_code == 200
    boxes = {"left": ["10", "60", ""], "top": ["10", "60", ""], "width": ["20", "20", ""], "height": ["20", "x", ""]}
    wrong = client.post(f"{address}cover/", {"idempotency_key": "C1", **boxes})
    assert wrong.status_code == 422
    assert 'value="60"' in wrong.text
    boxes["height"][1] = "20"
    assert client.post(f"{address}cover/", {"idempotency_key": "C2", **boxes}).status_code == 303
    copy = client.get(f"{address}?public=1")
    assert copy.getvalue() != client.get(address).getvalue()
    again = client.get(f"{address}cover/")
    assert [box for box in again.context["boxes"] if box[0]] == [("10",) * 2 + ("20",) * 2, ("60",) * 2 + ("20",) * 2]
    assert matters.receiver.name in again.text


def test_what_is_no_photo_is_refused_and_the_words_kept(matters: County, browser_of: Browser) -> None:
    event = event_in("handling", matters)
    given = {"idempotency_key": "P1", "version": event.version, "result": "换好了",
             "photos": SimpleUploadedFile("x.jpg", b"<script>", "image/jpeg")}  # fmt: skip
    answer = browser_of(matters.handler).post(f"/desk/events/{event.number}/resolve/", given)
    assert answer.status_code == 422
    assert "换好了" in answer.text
    event.refresh_from_db()
    assert event.state == "handling"


def test_a_contact_is_shown_once_with_a_purpose(matters: County, browser_of: Browser) -> None:
    said = reported(contact={"name": "王某", "phone": "13800001234"})
    client, address = browser_of(matters.receiver), f"/desk/events/{said.number}/voices/{said.number}/reveal/"
    assert client.post(address, {"purpose": ""}).status_code == 422
    shown = client.post(address, {"purpose": "约时间上门看灯"})
    assert "13800001234" in shown.text
    assert "13800001234" not in client.get(f"/desk/events/{said.number}/").text
    assert TrailEntry.objects.filter(verb="reveal").count() == 1


def test_a_contact_that_was_never_given_does_not_exist(matters: County, browser_of: Browser) -> None:
    said = reported()
    address = f"/desk/events/{said.number}/voices/{said.number}/reveal/"
    assert browser_of(matters.receiver).post(address, {"purpose": "约时间上门看灯"}).status_code == 404
    assert not TrailEntry.objects.filter(verb="reveal").exists()


def test_a_request_is_asked_for_and_decided(matters: County, browser_of: Browser) -> None:
    event = event_in("handling", matters)
    address, given = f"/desk/events/{event.number}", {"version": event.version}
    handler, dispatcher = browser_of(matters.handler), browser_of(matters.dispatcher)
    asked = handler.post(f"{address}/ask/extend/", {**given, "idempotency_key": "A", "reason": "weather", "days": "2"})
    assert asked.status_code == 303
    event.refresh_from_db()
    assert Request.objects.get().decision == ""
    assert event.number in dispatcher.get("/desk/asked/").text
    said = {"version": str(event.version), "grant": "yes", "idempotency_key": "B"}
    assert dispatcher.post(f"{address}/decide/extend/", said).status_code == 303
    assert Request.objects.get().decision == "granted"


def test_a_voice_is_taken_apart(matters: County, browser_of: Browser) -> None:
    first = reported()
    second = actions.join(actor=Actor.stranger(), number=first.number, words="我们这边路灯也不亮")
    client, address = browser_of(matters.receiver), f"/desk/events/{first.number}/"
    assert second.number in client.get(address).text
    assert client.post(f"{address}voices/{second.number}/part/", {"idempotency_key": "V"}).status_code == 303
    assert Event.objects.filter(number=second.number).exists()


def test_a_live_row_comes_while_it_is_in_the_queue(matters: County, browser_of: Browser) -> None:
    event, client = event_in("accepted", matters), browser_of(matters.dispatcher)
    assert event.number in client.get(f"/desk/to_dispatch/rows/{event.number}/").text
    assert client.get(f"/desk/to_check/rows/{event.number}/").status_code == 204
    assert client.get("/desk/counters/?queue=to_dispatch").status_code == 200


def test_a_message_is_read_by_opening_it(matters: County, browser_of: Browser) -> None:
    event, client = event_in("assigned", matters), browser_of(matters.handler)
    tell_people(event_id=event.pk, n=3)
    page = client.get("/desk/messages/")
    told = page.context["told"][0]
    assert page.context["unread"] == 1
    given = {"idempotency_key": "M1", "number": event.number}
    answer = client.post(f"/desk/messages/{told.id}/", given)
    assert answer.headers["Location"] == f"/desk/events/{event.number}/"
    assert client.get("/desk/messages/").context["unread"] == 0


def test_messages_and_watch_are_there(matters: County, browser_of: Browser) -> None:
    event_in("handling", matters)
    assert browser_of(matters.handler).get("/desk/messages/").status_code == 200
    watched = browser_of(matters.leader).get("/desk/watch/")
    assert watched.context["rows"] == []
