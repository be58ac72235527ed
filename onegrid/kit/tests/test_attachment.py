import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.test import override_settings
from PIL import Image

from onegrid.kit import attachment, images


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> object:
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    with override_settings(STORAGES={"default": storage, "staticfiles": storage}):
        yield tmp_path


def picture() -> images.Picture:
    out = io.BytesIO()
    Image.new("RGB", (1000, 500), "red").save(out, "JPEG")
    return images.rebuild(out.getvalue())


def test_a_photo_is_kept_by_its_hash_with_a_small_copy(files: Path) -> None:
    kept = attachment.keep(picture())
    names = sorted(str(file.relative_to(files)) for file in files.rglob("*.jpg"))
    assert names == [f"{kept[:2]}/{kept[2:4]}/{kept}.480.jpg", f"{kept[:2]}/{kept[2:4]}/{kept}.jpg"]
    with attachment.fetch(kept) as whole, attachment.fetch(kept, small=True) as small:
        assert hashlib.sha256(whole.read()).hexdigest() == kept
        assert Image.open(small).size == (480, 240)


def test_the_same_photo_is_kept_once_even_by_many_at_once(files: Path) -> None:
    same = picture()
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(attachment.keep, [same] * 16)) == {same.sha256}
    assert len(list(files.rglob("*.jpg"))) == 2


@pytest.mark.parametrize("wrong", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n", "a" * 64 + "/x"])
def test_what_is_no_hash_names_no_file(wrong: str) -> None:
    with pytest.raises(ValueError):
        attachment.fetch(wrong)


def test_a_file_that_is_not_there_is_said_so() -> None:
    assert not default_storage.exists(attachment.path("a" * 64))
    with pytest.raises(FileNotFoundError):
        attachment.fetch("a" * 64)


def test_the_table_is_each_room_s_own() -> None:
    assert attachment.Attachment._meta.abstract
