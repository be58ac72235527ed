import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from django.utils import translation
from PIL import Image, ImageCms

from onegrid.kit import images


def photo(size: tuple[int, int] = (60, 40), form: str = "JPEG", mode: str = "RGB", **extra: object) -> bytes:
    image = Image.new(mode, size, 0)
    if mode == "RGB":
        image.paste((200, 30, 30), (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, form, **extra)
    return out.getvalue()


def opened(picture: images.Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.bytes))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_a_jpeg_of_its_size(form: str) -> None:
    picture = images.rebuild(photo(form=form))
    assert opened(picture).format == "JPEG"
    assert (picture.width, picture.height) == opened(picture).size == (60, 40)
    assert len(picture.sha256) == 64


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "RGBA", "I;16"])
def test_every_kind_of_pixels_is_taken(mode: str) -> None:
    assert opened(images.rebuild(photo(form="PNG", mode=mode))).mode == "RGB"
    assert opened(images.rebuild(photo(mode="CMYK"))).mode == "RGB"


def test_sixteen_bits_are_scaled_and_not_cut() -> None:
    image = Image.new("I;16", (8, 8), 32_768)
    out = io.BytesIO()
    image.save(out, "PNG")
    assert opened(images.rebuild(out.getvalue())).getpixel((4, 4)) == (128, 128, 128)


def test_a_large_photo_is_shrunk_to_2048() -> None:
    picture = images.rebuild(photo((5000, 2500)))
    assert (picture.width, picture.height) == (2048, 1024)
    assert (images.thumbnail(picture).width, images.thumbnail(picture).height) == (480, 240)


def test_the_camera_s_turn_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = images.rebuild(photo(exif=exif))
    assert (picture.width, picture.height) == (40, 60)
    red = opened(picture).getpixel((20, 5))
    assert isinstance(red, tuple)
    assert red[0] > 150


def test_place_maker_comment_and_profile_are_gone() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRETMAKER"
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    raw = photo(exif=exif, icc_profile=profile, comment=b"SECRETCOMMENT", xmp=b"<x:xmpmeta>SECRETXMP</x:xmpmeta>")
    picture = images.rebuild(raw)
    assert b"SECRET" in raw
    assert not [mark for mark in (b"SECRET", b"Exif", b"ICC_PROFILE", b"http") if mark in picture.bytes]
    assert set(opened(picture).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not opened(picture).getexif()


def test_what_is_clear_becomes_white() -> None:
    assert opened(images.rebuild(photo(form="PNG", mode="RGBA"))).getpixel((5, 5)) == (255, 255, 255)


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    return out.getvalue()


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"0" * 5_000_000)
    return out.getvalue()


def pixel_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000, 9))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"x",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff" + b"\0" * 500,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"GIF89a" + b"\0" * 100,
        b"%PDF-1.7 ...",
        b"RIFF\0\0\0\0WAVEfmt ",
        zipped(),
        zip_bomb(),
        pixel_bomb(),
        pixel_bomb(8_000, 7_000),
        photo() + zipped(),
        photo() + b"Rar!\x1a\x07\x01\x00",
        photo() + b"<SCRIPT>alert(1)</SCRIPT>",
        photo(comment=b"<?php system($_GET['c']); ?>"),
        photo(comment=b"%PDF-1.4"),
        photo((500, 500)) + b"\0" * images.LARGEST_BYTES,
    ],
)
def test_what_is_no_plain_photo_is_refused_with_a_reason(raw: bytes) -> None:
    with translation.override("en"), pytest.raises(images.BadPicture) as refused:
        images.rebuild(raw)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_cut_short_is_refused(form: str) -> None:
    chance = random.Random(7)
    image = Image.frombytes("RGB", (64, 64), chance.randbytes(64 * 64 * 3))
    out = io.BytesIO()
    image.save(out, form)
    raw = out.getvalue()
    for share in (0.1, 0.5, 0.9):
        with pytest.raises(images.BadPicture):
            images.rebuild(raw[: int(len(raw) * share)])


def test_damaged_photos_are_refused_or_rebuilt_and_never_raise_otherwise() -> None:
    chance = random.Random(7)
    makers: list[Callable[[], bytes]] = [photo, lambda: photo(form="PNG"), lambda: photo(form="WEBP")]
    for round_ in range(600):
        raw = bytearray(makers[round_ % 3]())
        for _ in range(chance.randrange(1, 6)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        try:
            picture = images.rebuild(bytes(raw))
        except images.BadPicture:
            continue
        assert picture.bytes.startswith(b"\xff\xd8\xff")


def test_the_reason_is_told_in_chinese_too() -> None:
    with translation.override("zh-hans"), pytest.raises(images.BadPicture) as refused:
        images.rebuild(b"")
    assert str(refused.value) == "文件是空的。"
