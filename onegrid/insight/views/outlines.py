"""The outlines of the areas: public, small, and asked for again only when they changed."""

import gzip

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

from onegrid.insight import queries
from onegrid.kit import text
from onegrid.org.doors import open_door

MINUTES_5, DAY = "public, max-age=300", "public, max-age=86400"
# The address of a town's sheet carries the mark of the drawing: another drawing has another address.
MARK = "of"


@open_door()
def outlines(request: HttpRequest, level: str, home: str = "") -> HttpResponseBase:
    """One sheet. 204 until the first sheets of this house are drawn: there is nothing to say yet."""
    level, home = text.tidy(level), text.tidy(home)
    etag = queries.outlines_etag(level, home)
    if etag is None:
        return nothing_yet()
    answer = get_conditional_response(request, etag=etag) or whole(request, level, home)
    answer.headers["Cache-Control"] = DAY if MARK in request.GET else MINUTES_5
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer


def nothing_yet() -> HttpResponse:
    if queries.drawn_version() is not None:
        raise Http404
    answer = HttpResponse(status=204)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def whole(request: HttpRequest, level: str, home: str) -> HttpResponse:
    etag, packed = queries.outlines(level, home)
    plain = "gzip" not in request.headers.get("Accept-Encoding", "")
    answer = HttpResponse(gzip.decompress(packed) if plain else packed, content_type="application/geo+json")
    answer.headers["ETag"] = etag
    if not plain:
        answer.headers["Content-Encoding"] = "gzip"
    return answer
