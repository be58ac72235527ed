"""Strangers see a copy without the covered parts, made from pixels; the original stays with who may see the event."""

import io
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from onegrid.events import actions, queries
from onegrid.events.models import Attachment, Event, Release
from onegrid.kit import attachment, images
from onegrid.kit.workflow import NotAllowed
from onegrid.testing.cast import County
from onegrid.testing.matters import carry, make_matters, reported

pytestmark = pytest.mark.django_db
FACE = (220, 30, 30)


@pytest.fixture
def matters(county: County, settings: Any, tmp_path: Any) -> County:
    kept = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": kept}
    make_matters(county)
    return county


def street() -> images.Picture:
    """A grey street, 400 by 300, with a red face from 100 to 160 and from 60 to 120."""
    image = Image.new("RGB", (400, 300), (180, 180, 180))
    image.paste(FACE, (100, 60, 160, 120))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95)
    return images.rebuild(out.getvalue())


OVER_THE_FACE = [("25", "20", "15", "20")]


def reds(raw: bytes) -> int:
    with Image.open(io.BytesIO(raw)) as image:
        raw = image.convert("RGB").tobytes()
    return sum(red - green > 40 for red, green in zip(raw[::3], raw[1::3], strict=True))


def bytes_of(sha256: str, *, small: bool = False) -> bytes:
    with attachment.fetch(sha256, small=small) as file:
        return bytes(file.read())


def test_the_centre_covers_a_face_and_no_pixel_of_it_is_left(matters: County) -> None:
    said = reported(pictures=[street()])
    original = Attachment.objects.get().sha256
    actions.cover_photo(actor=matters.receiver, number=said.number, sha256=original, boxes=OVER_THE_FACE)
    photo = Attachment.objects.get()
    assert photo.released_at is not None
    assert photo.public_sha256 not in ("", original)
    assert reds(bytes_of(original)) > 3000
    assert reds(bytes_of(photo.public_sha256)) == 0
    assert reds(bytes_of(photo.public_sha256, small=True)) == 0
    with Image.open(io.BytesIO(bytes_of(photo.public_sha256))) as copy:
        assert copy.size == (400, 300)
        assert all(abs(value - 180) < 8 for value in copy.getpixel((300, 250)))  # type: ignore[union-attr]
        assert not copy.info.get("exif")


def test_each_decision_is_a_row_of_the_history(matters: County) -> None:
    said = reported(pictures=[street()])
    sha256 = Attachment.objects.get().sha256
    actions.cover_photo(actor=matters.receiver, number=said.number, sha256=sha256, boxes=OVER_THE_FACE)
    actions.release_photo(actor=matters.dispatcher, number=said.number, sha256=sha256, release=False)
    actions.release_photo(actor=matters.checker, number=said.number, sha256=sha256, release=True)
    rows = list(Release.objects.order_by("id"))
    assert [row.deed for row in rows] == ["cover", "withdraw", "release"]
    assert [row.actor_id for row in rows] == [
        matters.receiver.posting_id, matters.dispatcher.posting_id, matters.checker.posting_id,
    ]  # fmt: skip
    assert rows[0].boxes == [[25.0, 20.0, 15.0, 20.0]]
    assert Attachment.objects.get().public_sha256 == sha256


def test_the_reporter_is_shown_the_covered_copy_only(matters: County) -> None:
    said = reported(pictures=[street()])
    sha256 = Attachment.objects.get().sha256
    page = Client().post("/track/", {"receipt": said.receipt})
    assert page.context["photos"] == []
    actions.cover_photo(actor=matters.receiver, number=said.number, sha256=sha256, boxes=OVER_THE_FACE)
    page = Client().post("/track/", {"receipt": said.receipt})
    (shown,) = page.context["photos"]
    assert reds(Client().get(f"/track/photos/{shown.link}/").getvalue()) == 0
    actions.release_photo(actor=matters.receiver, number=said.number, sha256=sha256, release=False)
    assert Client().post("/track/", {"receipt": said.receipt}).context["photos"] == []


@pytest.mark.parametrize("name", ["handler", "leader", "worker", "duty_leader"])
def test_another_role_covers_nothing(matters: County, name: str) -> None:
    said = reported(pictures=[street()])
    carry(said, "handling", matters)
    sha256 = Attachment.objects.get().sha256
    with pytest.raises((NotAllowed, Event.DoesNotExist)):
        actions.cover_photo(actor=matters.people[name], number=said.number, sha256=sha256, boxes=OVER_THE_FACE)
    assert Attachment.objects.get().public_sha256 == ""


def test_the_neighbour_finds_nothing_to_cover(matters: County) -> None:
    said = reported(pictures=[street()])
    sha256 = Attachment.objects.get().sha256
    with pytest.raises(Event.DoesNotExist):
        actions.cover_photo(actor=matters.neighbour_receiver, number=said.number, sha256=sha256, boxes=OVER_THE_FACE)


def test_a_photo_of_another_event_is_not_there(matters: County) -> None:
    reported(pictures=[street()])
    other, sha256 = reported("另一件事"), Attachment.objects.get().sha256
    with pytest.raises(Attachment.DoesNotExist):
        actions.cover_photo(actor=matters.receiver, number=other.number, sha256=sha256, boxes=OVER_THE_FACE)


def test_what_is_not_public_cannot_be_taken_back(matters: County) -> None:
    said = reported(pictures=[street()])
    with pytest.raises(NotAllowed):
        actions.release_photo(
            actor=matters.receiver, number=said.number, sha256=Attachment.objects.get().sha256, release=False
        )


@pytest.mark.parametrize(
    "boxes",
    [[], [("1", "1", "0.2", "5")], [("101", "0", "10", "10")], [("a", "0", "10", "10")], [("nan", "0", "10", "10")],
     [("1", "2", "3")], [("0", "0", "inf", "nan")], [("1", "1", "2", "2")] * 25],
)  # fmt: skip
def test_what_covers_nothing_is_refused(matters: County, boxes: list[tuple[str, ...]]) -> None:
    said = reported(pictures=[street()])
    sha256 = Attachment.objects.get().sha256
    with pytest.raises(actions.NotGiven):
        actions.cover_photo(actor=matters.receiver, number=said.number, sha256=sha256, boxes=boxes)


def test_a_picture_sent_twice_is_covered_twice(matters: County) -> None:
    said = reported(pictures=[street()])
    actions.join(actor=matters.worker, number=said.number, words="我也看见", pictures=[street()])
    sha256 = Attachment.objects.values_list("sha256", flat=True)[0]
    actions.cover_photo(actor=matters.receiver, number=said.number, sha256=sha256, boxes=OVER_THE_FACE)
    assert Attachment.objects.filter(public_sha256="").count() == 0
    assert len(queries.released(matters.receiver, said.number, sha256)) == 2
