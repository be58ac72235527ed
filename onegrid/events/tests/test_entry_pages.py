"""The typed entry of whoever is asked first: every way, one receipt, a voice on what is known, an answer at once."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from onegrid.events.models import Event, Report
from onegrid.org.roles import Actor
from onegrid.testing.cast import COUNTY, GRIDS, County
from onegrid.testing.matters import (
    ADVICE,
    GAS,
    LAMP,
    MORNING,
    RUBBISH,
    WORDS,
    article,
    ask_further,
    at,
    event_in,
    make_matters,
    reported,
)

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
NEW, SPOT = "/desk/new/", "/desk/on-the-spot/"


@pytest.fixture
def matters(county: County, settings: Any, tmp_path: Any) -> County:
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": files}
    make_matters(county)
    return county


def photo(name: str) -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.effect_noise((64, 64), 40).convert("RGB").save(drawn, "JPEG")
    return SimpleUploadedFile(name, drawn.getvalue(), "image/jpeg")


def entry(**given: Any) -> dict[str, Any]:
    return {"idempotency_key": "E1", "words": WORDS, "area": COUNTY + "001", **given}


@pytest.mark.parametrize(
    ("who", "given", "way"),
    [
        ("receiver", {}, "phone"),
        ("receiver", {"way": "letter"}, "letter"),
        ("dispatcher", {"way": "visit"}, "visit"),
        ("handler", {}, "visit"),
        ("worker", {}, "worker"),
        ("grid_head", {"way": "station"}, "station"),
        ("receiver", {"way": "alarm"}, "phone"),
    ],
)
def test_whoever_is_asked_first_takes_it_in(
    matters: County, browser_of: Browser, who: str, given: dict[str, str], way: str
) -> None:
    client = browser_of(getattr(matters, who))
    page = client.post(NEW, entry(**given), follow=True)
    report = Report.objects.get()
    assert (report.channel, page.status_code) == (way, 200)
    assert report.number in page.text


def test_the_receipt_page_can_be_loaded_anew_for_an_hour(matters: County, browser_of: Browser) -> None:
    client = browser_of(matters.receiver)
    with at(MORNING) as hand:
        client = browser_of(matters.receiver)
        address = client.post(NEW, entry()).headers["Location"]
        first, again = client.get(address), client.get(address)
        assert first.context["receipt"] == again.context["receipt"]
        hand.on(minutes=20)
        assert client.get(address).status_code == 200
        hand.on(minutes=29)
        client.get(address)
        hand.on(minutes=29)
        assert client.get(address).status_code == 404


def test_nobody_else_loads_that_receipt(matters: County, browser_of: Browser) -> None:
    address = browser_of(matters.receiver).post(NEW, entry()).headers["Location"]
    assert browser_of(matters.dispatcher).get(address).status_code == 404


def test_the_same_matter_gets_a_voice_and_a_receipt_of_its_own(matters: County, browser_of: Browser) -> None:
    known = reported().event
    client = browser_of(matters.receiver)
    page = client.post(NEW, entry(same=known.number, way="visit"), follow=True)
    known.refresh_from_db()
    voice = known.reports.order_by("id").last()
    assert (known.voices, Event.objects.count(), voice.channel) == (2, 1, "visit")  # type: ignore[union-attr]
    assert voice.number in page.text  # type: ignore[union-attr]


def test_neighbour_gets_404_for_a_voice_on_what_they_do_not_see(matters: County, browser_of: Browser) -> None:
    known = reported().event
    answer = browser_of(matters.neighbour_receiver).post(NEW, entry(same=known.number))
    assert (answer.status_code, Report.objects.count()) == (404, 1)


def test_no_voice_on_what_has_ended(matters: County, browser_of: Browser) -> None:
    known = event_in("closed", matters)
    answer = browser_of(matters.receiver).post(NEW, entry(same=known.number))
    assert (answer.status_code, known.reports.count()) == (409, 1)


def test_a_question_is_answered_in_the_same_call(matters: County, browser_of: Browser) -> None:
    article()
    given = entry(words="咨询居住证怎么办理", category=ADVICE, go="answer", result="到便民中心办理", article="known")
    page = browser_of(matters.receiver).post(NEW, given, follow=True)
    event = Event.objects.get()
    assert (event.state, event.spot) == ("closed", True)
    assert "到便民中心办理" in page.text


def test_only_a_question_for_advice_is(matters: County, browser_of: Browser) -> None:
    answer = browser_of(matters.receiver).post(NEW, entry(category=LAMP, go="answer", result="好的"))
    assert (answer.status_code, Event.objects.count()) == (409, 0)
    assert WORDS in answer.text


def test_further_questions_appear_with_the_leaf_and_come_back_with_their_faults(
    matters: County, browser_of: Browser
) -> None:
    ask_further()
    client = browser_of(matters.receiver)
    part = client.post(NEW + "further/", {"words": WORDS})
    assert "answers.what" in part.text
    assert client.post(NEW + "further/", {"words": WORDS, "asked_leaf": LAMP}).status_code == 204
    page = client.post(NEW, entry(asked_leaf=LAMP, **{"answers.pole": "A12"}))
    assert (page.status_code, Event.objects.count()) == (422, 0)
    assert "A12" in page.text
    client.post(NEW, entry(idempotency_key="E2", asked_leaf=LAMP, **{"answers.pole": "A12", "answers.what": "lamp"}))
    event = Event.objects.get()
    shown = client.get(f"/desk/events/{event.number}/").text
    order = client.get(f"/desk/events/{event.number}/print/").text
    assert all("A12" in text and ("问题pole" in text or "Question pole" in text) for text in (shown, order))


def test_worker_finishes_on_the_phone_with_photos_before_and_after(matters: County, browser_of: Browser) -> None:
    given = {
        "idempotency_key": "S1", "words": "路口一堆垃圾", "category": RUBBISH, "result": "已清扫",
        "before": photo("b.jpg"), "after": photo("a.jpg"),
    }  # fmt: skip
    page = browser_of(matters.worker).post(SPOT, given, follow=True)
    event = Event.objects.get()
    assert event.number in page.text
    assert (event.state, event.area, event.attachments.count()) == ("closed", GRIDS[0], 2)


@pytest.mark.parametrize(
    ("given", "status"),
    [({"category": GAS}, 409), ({"result": " "}, 422), ({"words": " "}, 422), ({"after": photo("x.jpg")}, 303)],
)
def test_what_does_not_go_comes_back_with_what_was_typed(
    matters: County, browser_of: Browser, given: dict[str, Any], status: int
) -> None:
    said = {"idempotency_key": "S1", "words": "路口一堆垃圾", "category": RUBBISH, "result": "已清扫", **given}
    answer = browser_of(matters.worker).post(SPOT, said)
    assert answer.status_code == status
    if status != 303:
        assert not Event.objects.exists()


@pytest.mark.parametrize("who", ["receiver", "handler", "leader"])
def test_nobody_else_opens_the_workers_page(matters: County, browser_of: Browser, who: str) -> None:
    assert browser_of(getattr(matters, who)).get(SPOT).status_code == 403
