"""The resident's story without JavaScript: report, receipt, track, rate; and what a stranger must never see."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from onegrid.events import actions
from onegrid.events.models import Attachment, Contact, Event, Report
from onegrid.org.roles import Actor
from onegrid.testing import matters as told
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
RECEIPT = re.compile(r"data-receipt>([0-9A-Z-]+)<")


@pytest.fixture
def matters(county: County) -> County:
    told.make_matters(county)
    return county


@pytest.fixture
def page() -> Client:
    """A phone that reads English."""
    client = Client()
    client.cookies["language"] = "en"
    return client


def fields(html: str) -> dict[str, str]:
    """The hidden fields of the page's form: what a browser would carry on."""
    rows = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', html)
    return {name: value for name, value in rows if name != "csrfmiddlewaretoken"}


def go(client: Client, path: str, **given: Any) -> Any:
    return client.post(path, given)


def walk(client: Client, words: str = told.WORDS, **more: Any) -> Any:
    """What, where, (same,) contact: the last page before sending."""
    where = go(client, "/report/", page="what", words=words)
    after = go(client, "/report/", **{**fields(where.content.decode()), "address": "东门巷", **more})
    return after


def sent(client: Client, contact_page: Any, **more: Any) -> Any:
    return go(client, "/report/send/", **{**fields(contact_page.content.decode()), **more})


def test_a_report_gets_its_receipt_and_its_track(matters: County, page: Client) -> None:
    answer = sent(page, walk(page), name="王某", phone="13800001234")
    assert answer.status_code == 201
    found = RECEIPT.search(answer.content.decode())
    assert found
    event = Event.objects.get()
    assert event.category == told.LAMP
    assert Contact.objects.get().masked == "138****1234"
    track = go(page, "/track/", receipt=found[1])
    assert event.number in track.content.decode()
    assert "Yunlu Governance Centre" in track.content.decode()
    assert track.headers["Cache-Control"] == "no-store"
    told.carry(actions.Reported(event, Report.objects.get(), event.number, "", None), "rating", matters)
    track = go(page, "/track/", receipt=found[1])
    assert "Is it solved?" in track.content.decode()
    rated = go(page, "/track/act/", receipt=found[1], verb="rate", solved="yes", satisfied="fair", idempotency_key="k1")
    assert rated.status_code == 200
    event.refresh_from_db()
    assert (event.state, event.solved, event.satisfied) == ("closed", True, "fair")


def test_not_solved_sends_it_back_once(matters: County, page: Client) -> None:
    said = told.reported()
    told.carry(said, "rating", matters)
    go(page, "/track/act/", receipt=said.receipt, verb="rate", solved="no", words="还是不亮", idempotency_key="k1")
    event = Event.objects.get()
    assert event.state == "handling"
    assert event.steps.get(verb="reopen").told() == "还是不亮"


def test_the_same_sending_twice_is_one_report_and_one_receipt(matters: County, page: Client) -> None:
    contact = walk(page)
    first, second = sent(page, contact), sent(page, contact)
    assert RECEIPT.findall(first.content.decode()) == RECEIPT.findall(second.content.decode()) != []
    assert Event.objects.count() == 1


def test_an_emergency_is_sent_to_the_phone_first_and_may_go_on(matters: County, page: Client) -> None:
    from onegrid.events.models import Reason
    from onegrid.kit import reference

    Reason.objects.create(verb="emergency", code="119:着火", name_zh="着火", name_en="着火")
    reference.clear_all()
    stop = go(page, "/report/", page="what", words="楼上着火了")
    assert 'href="tel:119"' in stop.content.decode()
    on = go(page, "/report/", **fields(stop.content.decode()))
    assert "Where is it?" in on.content.decode()
    assert Event.objects.count() == 0


def test_a_likely_twin_is_shown_without_words_and_joined_as_a_voice(matters: County, page: Client) -> None:
    first = told.reported("东门巷三盏路灯不亮，晚上看不见路，老人不敢走", lon=104.605, lat=28.705)
    same = walk(page, "东门巷三盏路灯不亮，晚上看不见路", longitude="104.605", latitude="28.705")
    html = same.content.decode()
    assert "Is it the same matter?" in html
    assert "老人不敢走" not in html
    assert first.number not in html
    ref = re.search(r'name="ref" value="([^"]+)"', html)
    assert ref
    contact = go(page, "/report/", **{**fields(html), "ref": ref[1]})
    sent(page, contact)
    event = Event.objects.get()
    assert event.voices == 2
    assert event.reports.count() == 2


def test_an_unknown_receipt_says_the_same_as_a_mistyped_one(matters: County, page: Client) -> None:
    said = told.reported()
    wrong = said.receipt[:-1] + ("2" if said.receipt[-1] != "2" else "3")
    bodies = {re.sub(r'value="[^"]{20,}"|nonce="[^"]+"', "", go(page, "/track/", receipt=one).content.decode())
              for one in (wrong, "nonsense", "")}  # fmt: skip
    assert len(bodies) == 1


def test_empty_words_are_asked_for_again(matters: County, page: Client) -> None:
    answer = go(page, "/report/", page="what", words="   ")
    assert answer.status_code == 422
    assert "Please say what it is about" in answer.content.decode()


def test_a_bad_photo_is_named_and_nothing_is_lost(matters: County, page: Client) -> None:
    contact = walk(page)
    svg = SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>", content_type="image/jpeg")
    answer = sent(page, contact, photos=svg)
    assert answer.status_code == 422
    assert told.WORDS in answer.content.decode()
    assert Event.objects.count() == 0


def test_the_office_it_is_about_is_kept_out(matters: County, page: Client) -> None:
    sent(page, walk(page, "行政执法局的人推诿"), about_unit="city")
    event = Event.objects.get()
    assert matters.units["city"].pk in event.about_unit_ids


def test_the_language_switch_stays_on_this_site(page: Client, db: None) -> None:
    answer = go(page, "/language/", language="zh-hans", next="//elsewhere.example/")
    assert answer.headers["Location"] == "/"
    assert answer.cookies["language"].value == "zh-hans"


def test_the_doors_for_machines_answer(client: Client, db: None) -> None:
    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/readyz").json() == {"database": "ok", "migrations_missing": 0}
    assert b"/track/" in client.get("/robots.txt").content


def test_a_question_is_answered_on_the_track_page(matters: County, page: Client) -> None:
    said = told.reported()
    told.carry(said, "waiting_reporter", matters)
    asked = go(page, "/track/", receipt=said.receipt).content.decode()
    assert "请问是哪一根灯杆" in asked
    go(page, "/track/act/", receipt=said.receipt, verb="answer", words="第二根", idempotency_key="k")
    assert Event.objects.get().state == "reported"


def test_a_reporter_cannot_act_as_staff(matters: County, page: Client) -> None:
    said = told.reported()
    go(page, "/track/act/", receipt=said.receipt, verb="accept", idempotency_key="k")
    assert Event.objects.get().state == "reported"
    answer = go(page, "/track/act/", receipt=said.receipt, verb="rate", solved="yes", idempotency_key="k2")
    assert answer.status_code == 409
    assert Actor.stranger().roles == frozenset()


def test_a_photo_sent_with_an_answer_belongs_to_the_voice_not_to_the_result(
    matters: County, page: Client, settings: Any, tmp_path: Path
) -> None:
    kept_in = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": kept_in}
    said = told.reported()
    told.carry(said, "waiting_reporter", matters)
    drawn = BytesIO()
    Image.effect_noise((64, 64), 40).convert("RGB").save(drawn, "JPEG")
    photo = SimpleUploadedFile("lamp.jpg", drawn.getvalue(), "image/jpeg")
    form = {"receipt": said.receipt, "verb": "answer", "words": "第二根", "idempotency_key": "answer-photo"}
    broken = SimpleUploadedFile("lamp.jpg", b"<svg/>", "image/jpeg")
    refused = page.post("/track/act/", {**form, "idempotency_key": "answer-broken", "photos": broken})
    assert (refused.status_code, "第二根</textarea>" in refused.content.decode()) == (422, True)
    assert page.post("/track/act/", {**form, "photos": photo}).status_code == 200
    kept = Attachment.objects.get(event=said.event)
    assert (kept.report_id, kept.step_n, kept.released_at) == (said.report.pk, None, None)
