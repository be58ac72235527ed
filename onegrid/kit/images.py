"""Photos rebuilt from their pixels: nothing comes in but the picture, and only if it is nothing else."""

import hashlib
import io
import math
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageDraw, UnidentifiedImageError

LARGEST_BYTES = 15_000_000
LARGEST_PIXELS = 50_000_000
LONGEST_SIDE = 2048
THUMBNAIL_SIDE = 480
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP")
MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
# What a photo has no business to hold. Programs stand in the head or the tail, archives wherever they like;
# the pictures themselves are too random for shorter marks than these.
PROGRAMS = (b"<script", b"<?php", b"<html", b"<!doctype", b"javascript:", b"%pdf-")
ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
ENDS = 65_536
ORIENTATION = 0x0112
# What turns a photo upright, by the camera's orientation mark (EXIF 2.3, table 6).
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


COVER = (38, 43, 46)
SMEAR = 4
# Left, top, width, height in per cent of the picture.
Box = tuple[float, float, float, float]


class BadPicture(ValueError):
    """The file is no photo that can be taken; the message says why, in the reader's language."""


@dataclass(frozen=True)
class Picture:
    """A JPEG in sRGB without any metadata."""

    bytes: bytes
    sha256: str
    width: int
    height: int


def rebuild(raw: bytes) -> Picture:
    """Return the photo rebuilt from its pixels, upright, longest side 2,048; raises BadPicture."""
    _refuse_what_is_no_photo(raw)
    with _refusing_what_breaks(), Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
        if opened.width * opened.height > LARGEST_PIXELS:
            raise BadPicture(_("The picture has too many pixels; 50 million are the limit."))
        return _saved(_in_srgb(_upright(opened), opened.info.get("icc_profile")))


def covered(raw: bytes, boxes: Iterable[Box]) -> Picture:
    """Return a copy in which the boxes are filled with one colour: what lay under them is in no byte of it."""
    with Image.open(io.BytesIO(raw), formats=("JPEG",)) as opened:
        image = opened.convert("RGB")
    drawn = ImageDraw.Draw(image)
    across, down = image.width / 100, image.height / 100
    for left, top, width, height in boxes:
        # Outwards: an edge that shows a sliver covers nothing, and JPEG smears colour over a few pixels.
        upper = (math.floor(left * across) - SMEAR, math.floor(top * down) - SMEAR)
        lower = (math.ceil((left + width) * across) + SMEAR, math.ceil((top + height) * down) + SMEAR)
        drawn.rectangle((upper, lower), fill=COVER)
    return _saved(image)


def thumbnail(picture: Picture) -> Picture:
    """Return a small copy, longest side 480."""
    with Image.open(io.BytesIO(picture.bytes), formats=("JPEG",)) as opened:
        opened.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
        return _saved(opened)


def _refuse_what_is_no_photo(raw: bytes) -> None:
    if not raw:
        raise BadPicture(_("The file is empty."))
    if len(raw) > LARGEST_BYTES:
        raise BadPicture(_("The file is too large; 15 MB are the limit."))
    if not raw.startswith(MAGIC) and not (raw[:4] == b"RIFF" and raw[8:12] == b"WEBP"):
        raise BadPicture(_("This is no photo; JPEG, PNG and WebP can be taken."))
    if _hides_something(raw):
        raise BadPicture(_("The file holds more than a photo and was refused."))


def _hides_something(raw: bytes) -> bool:
    ends = (raw[:ENDS] + raw[-ENDS:]).lower()
    if any(mark in ends for mark in PROGRAMS) or any(mark in raw for mark in ARCHIVES):
        return True
    return zipfile.is_zipfile(io.BytesIO(raw))


@contextmanager
def _refusing_what_breaks() -> Iterator[None]:
    try:
        yield
    except BadPicture:
        raise
    except Image.DecompressionBombError as error:
        raise BadPicture(_("The picture has too many pixels; 50 million are the limit.")) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
        # What Pillow raises on damaged files differs by format; none of it may reach the reader.
        raise BadPicture(_("The photo is damaged or was not sent in full.")) from error


def _upright(opened: Image.Image) -> Image.Image:
    # Shrunk before anything else, JPEG already while it is read: 50 million pixels are 200 MB per copy.
    opened.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    opened.load()
    orientation = opened.getexif().get(ORIENTATION)
    image = _without_depth(opened)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return image.transpose(TURNS[orientation]) if orientation in TURNS else image


def _without_depth(image: Image.Image) -> Image.Image:
    # 16 bits per pixel become 8; Pillow would cut them off instead of scaling.
    if image.mode.startswith("I"):
        return image.convert("I").point([value // 256 for value in range(65_536)], "L")
    # Palettes cannot be shrunk without loss.
    return image.convert("RGBA") if image.mode in ("P", "PA", "1") else image


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.has_transparency_data:
        clear = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
            return converted or image.convert("RGB")
        except (ImageCms.PyCMSError, OSError):
            pass  # A broken profile is no reason to refuse the photo: colours as they are.
    return image.convert("RGB")


def _saved(image: Image.Image) -> Picture:
    # A new image, so that nothing that hung on the old one is written with it.
    clean = Image.frombytes("RGB", image.size, image.tobytes())
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    raw = out.getvalue()
    return Picture(raw, hashlib.sha256(raw).hexdigest(), clean.width, clean.height)
