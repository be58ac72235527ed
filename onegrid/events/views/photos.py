"""The photos of an event, for who may see the event."""

from collections.abc import Iterator

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.models import Attachment, Event
from onegrid.events.views import event as pages
from onegrid.events.views import inbox
from onegrid.kit import attachment
from onegrid.kit.images import LARGEST_BYTES, BadPicture, Picture, rebuild
from onegrid.org.doors import Request, door

MOST = 4


def pictures(request: Request, name: str = "photos") -> Iterator[Picture]:
    """The photos of the form, rebuilt from their pixels; raises BadPicture for what is none."""
    for file in request.FILES.getlist(name)[:MOST]:
        if (file.size or 0) > LARGEST_BYTES:
            raise BadPicture(_("The file is too large; 15 MB are the limit."))
        yield rebuild(file.read())


@door(*inbox.SEEING)
def photo(request: Request, number: str, sha256: str) -> FileResponse:
    """The picture, to whoever may see its event; it can run nothing and be framed nowhere."""
    try:
        found = queries.photo(request.actor, pages.known(number), sha256)
        # The public copy, for whoever decides about it; a photo that is not released has none.
        sha256 = found.public_sha256 if "public" in request.GET else found.sha256
        file = attachment.fetch(sha256, small="small" in request.GET)
    except (Event.DoesNotExist, Attachment.DoesNotExist, FileNotFoundError, ValueError) as error:
        raise Http404 from error
    answer = FileResponse(file, content_type="image/jpeg")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Disposition"] = "inline"
    return answer
