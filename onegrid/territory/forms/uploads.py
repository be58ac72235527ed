"""A file of areas that came."""

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from onegrid.territory.adapters.tables import LARGEST, Unreadable


def fit(file: "UploadedFile[bytes] | None") -> "UploadedFile[bytes]":
    """The file, if there is one and it is not too large. Raises Unreadable."""
    if file is None:
        raise Unreadable(_("Choose a file."))
    if (file.size or 0) > LARGEST:
        raise Unreadable(_("The file is larger than 60 MB."))
    return file
