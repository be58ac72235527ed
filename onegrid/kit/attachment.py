"""Files that hang on a room's rows: each room has a table of its own, so that scope follows the owner."""

import re

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import models

from onegrid.kit import clock, images


class Attachment(models.Model):
    """A kept photo; the bytes lie in the storage under their hash, once, however many rows name them."""

    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    # The name that the sender's device gave; it may tell something of the person and is never a path.
    name = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True

    @property
    def path(self) -> str:
        """The name of the photo in the storage."""
        return path(self.sha256)

    @property
    def thumbnail_path(self) -> str:
        """The name of its small copy in the storage."""
        return thumbnail_path(self.sha256)


def keep(picture: images.Picture) -> str:
    """Store a photo and its small copy under its hash, if they are not there yet, and return the hash.

    Call it before the row is written: a file without a row can be swept, a row without a file is a lie.
    """
    _store(thumbnail_path(picture.sha256), images.thumbnail(picture).bytes)
    _store(path(picture.sha256), picture.bytes)
    return picture.sha256


def fetch(sha256: str, *, small: bool = False) -> "File[bytes]":
    """Open a stored photo for reading; raises FileNotFoundError, and ValueError for what is no hash."""
    return default_storage.open(thumbnail_path(sha256) if small else path(sha256), "rb")


def drop(sha256: str) -> None:
    """Delete a photo and its small copy; one that is not there is deleted already."""
    default_storage.delete(path(sha256))
    default_storage.delete(thumbnail_path(sha256))


def path(sha256: str) -> str:
    """Return ab/cd/<sha256>.jpg; raises ValueError for what is no hash."""
    return f"{_stem(sha256)}.jpg"


def thumbnail_path(sha256: str) -> str:
    """Return ab/cd/<sha256>.480.jpg; raises ValueError for what is no hash."""
    return f"{_stem(sha256)}.{images.THUMBNAIL_SIDE}.jpg"


def _stem(sha256: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError("not the hash of a file")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _store(name: str, raw: bytes) -> None:
    if default_storage.exists(name):
        return
    given = default_storage.save(name, ContentFile(raw))
    # Another process was first with the same bytes: the storage then gives another name.
    if given != name:
        default_storage.delete(given)
