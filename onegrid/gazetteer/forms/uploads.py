"""A file of things or names that came, and how it is to be read."""

from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from onegrid.gazetteer.actions import SYSTEMS
from onegrid.gazetteer.adapters.files import Unreadable
from onegrid.kit import text

LARGEST = 10_000_000
ENDINGS = (".csv", ".geojson", ".json")
FIELDS = ("system", "whole", "source")
LONGEST = 60


def typed_in(request: HttpRequest) -> dict[str, str]:
    return {name: text.tidy(request.POST.get(name, ""))[:LONGEST] for name in FIELDS}


def fit(file: "UploadedFile[bytes] | None", typed: dict[str, str]) -> "UploadedFile[bytes]":
    """The file, if it is one that can be read as was stated. Raises Unreadable."""
    if typed["system"] not in SYSTEMS:
        raise Unreadable(_("State the coordinate system of the file."))
    if file is None:
        raise Unreadable(_("Choose a file."))
    if Path(file.name or "").suffix.lower() not in ENDINGS:
        raise Unreadable(_("Choose a CSV or GeoJSON file."))
    if (file.size or 0) > LARGEST:
        raise Unreadable(_("The file is larger than 10 MB: divide it, or have it loaded by command."))
    return file
