"""The pages by which a unit without an account answers its one matter."""

import io
import re
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from onegrid.events import actions, queries
from onegrid.events.models import Attachment, Event, Link, Step
from onegrid.kit import codes, crypto, images
from onegrid.org.actions import MOST
from onegrid.testing.cast import County, client_of
from onegrid.testing.matters import WORDS, at, event_in, make_matters

pytestmark = pytest.mark.django_db


@pytest.fixture
def matters(county: County, settings: Any, tmp_path: Any) -> County:
    backend = "django.core.files.storage.FileSystemStorage"
    kept = {"BACKEND": backend, "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": kept}
    make_matters(county)
    return county


def linked(county: County, state: str = "assigned", **given: Any) -> tuple[Event, str]:
    event = event_in(state, county, **given)
    _link, code = actions.make_link(actor=county.dispatcher, number=event.number, days=7)
    return event, code


def act(code: str, verb: str, event: Event, key: str = "K1", **given: Any) -> Any:
    event.refresh_from_db()
    form = {"code": code, "verb": verb, "version": event.version, "idempotency_key": key, **given}
    return Client().post("/answer/act/", form)


def test_a_small_firm_answers_from_its_phone(matters: County) -> None:
    event, code = linked(
        matters, contact={"name": "王某某", "phone": "13800001234"}, pictures=[images.rebuild(drawn())]
    )
    page = Client().post("/answer/", {"code": code})
    text = page.content.decode()
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert WORDS in text
    assert "王某某" not in text
    assert "13800001234" not in text
    assert act(code, "claim", event, "K1").status_code == 200
    done = act(code, "resolve", event, "K2", result="换了三个灯泡", photos=[file()])
    assert done.status_code == 200
    event.refresh_from_db()
    assert event.state == "checking"
    assert Attachment.objects.filter(event=event, step_n__isnull=False).count() == 1
    assert Client().post("/answer/", {"code": code}).status_code == 404


def drawn() -> bytes:
    made = io.BytesIO()
    Image.effect_noise((64, 48), 40).convert("RGB").save(made, "JPEG")
    return made.getvalue()


def file() -> SimpleUploadedFile:
    return SimpleUploadedFile("after.jpg", drawn(), content_type="image/jpeg")


def test_the_code_stands_in_no_address(matters: County) -> None:
    event, code = linked(matters)
    assert Client().get(f"/answer/?code={code}").content.decode().count(event.number) == 0
    page = Client().post("/answer/", {"code": code}).content.decode()
    assert code not in page.replace(f'name="code" value="{code}"', "")


def test_a_second_sending_of_the_result_is_answered_as_the_first(matters: County) -> None:
    event, code = linked(matters, "handling")
    event.refresh_from_db()
    form = {"code": code, "verb": "resolve", "version": event.version, "idempotency_key": "K1", "result": "好了"}
    first, second = Client().post("/answer/act/", form), Client().post("/answer/act/", form)
    assert first.status_code == second.status_code == 200
    assert same(first) == same(second)
    assert Step.objects.filter(event=event, verb="resolve").count() == 1
    assert Client().post("/answer/act/", {**form, "idempotency_key": "K2"}).status_code == 404


def same(page: Any) -> str:
    """The page without what is new in every answer: token and nonce."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page.content.decode())
    return re.sub(r'nonce="[^"]*"', "", text)


def test_whatever_opens_nothing_gets_one_and_the_same_answer(matters: County) -> None:
    """Unknown, mistyped, revoked, expired, ended by its result, sealed since: word for word, at both doors."""
    with at() as hand:
        codes_: dict[str, str] = {"unknown": codes.drawn(), "mistyped": "ABCD", "empty": ""}
        revoked, codes_["revoked"] = linked(matters)
        actions.revoke_link(actor=matters.dispatcher, number=revoked.number)
        ended, codes_["ended"] = linked(matters, "handling")
        act(codes_["ended"], "resolve", ended, result="好了")
        sealed, codes_["sealed"] = linked(matters)
        Event.objects.filter(pk=sealed.pk).update(restricted=True, words="")
        _event, codes_["expired"] = linked(matters)
        hand.on(days=7)
        for path in ("/answer/", "/answer/act/"):
            answers = {
                name: Client().post(path, {"code": code, "verb": "claim", "version": "1", "idempotency_key": name})
                for name, code in codes_.items()
            }
            assert {one.status_code for one in answers.values()} == {404}
            assert len({same(one) for one in answers.values()}) == 1, path


def test_what_is_wrong_comes_back_with_what_was_typed(matters: County) -> None:
    event, code = linked(matters, "handling")
    page = act(code, "resolve", event, photos=[file()], result="")
    assert page.status_code == 422
    stale = Client().post(
        "/answer/act/",
        {"code": code, "verb": "resolve", "version": "1", "idempotency_key": "K3", "result": "换了三个灯泡"},
    )
    assert stale.status_code == 409
    assert "换了三个灯泡" in stale.content.decode()


def test_a_photo_is_shown_while_the_link_is_open(matters: County) -> None:
    event, code = linked(matters, pictures=[images.rebuild(drawn())])
    found = actions.open_link(code=code)
    assert found is not None
    carried = {"f": found.photos[0].sha256, "l": found.link.pk}
    ticket = crypto.sign(carried, 60, key=settings.SECRET_KEY.encode(), purpose="answer photo")
    assert Client().get(f"/answer/photos/{ticket}/").status_code == 200
    other = crypto.sign(carried, 60, key=settings.SECRET_KEY.encode(), purpose="photo")
    assert Client().get(f"/answer/photos/{other}/").status_code == 404
    actions.revoke_link(actor=matters.dispatcher, number=event.number)
    assert Client().get(f"/answer/photos/{ticket}/").status_code == 404


def test_guessing_is_throttled(matters: County) -> None:
    answers = [Client().post("/answer/", {"code": codes.drawn()}).status_code for _guess in range(MOST["answer"] + 1)]
    assert answers == [404] * MOST["answer"] + [429]


def test_the_dispatcher_sees_the_link_once_and_its_openings(matters: County) -> None:
    event = event_in("assigned", matters)
    client = client_of(matters.dispatcher)
    form = {"deed": "make", "days": "7", "version": event.version, "idempotency_key": "K1"}
    made = client.post(f"/desk/events/{event.number}/link/", form)
    assert made.status_code == 200
    code = made.context["code"]
    assert f"/answer/#{code}" in made.content.decode()
    again = client.post(f"/desk/events/{event.number}/link/", form)
    assert again.headers["Location"] == f"/desk/events/{event.number}/"
    assert code not in client.get(f"/desk/events/{event.number}/").content.decode()
    Client().post("/answer/", {"code": code})
    given = queries.link_on(event)
    assert given is not None
    assert given.openings == 1
    answer = client.post(f"/desk/events/{event.number}/link/", {"deed": "revoke", "idempotency_key": "K2"})
    assert answer.status_code == 303
    assert Link.objects.get().ending == "revoked"
