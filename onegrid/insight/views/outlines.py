"""The outlines of the areas: public, small, and asked for again only when they changed."""

import gzip

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

from onegrid.insight import queries
from onegrid.kit import text
from onegrid.org.doors import open_door

MINUTES_5, DAY = "public, max-age=300", "public, max-age=86400"
# The address of a town's sheet carries the mark of the drawing: another drawing has another address. Under the mark of
# another one it is not kept for long: that drawing may come back.
MARK = "of"


@open_door()
def outlines(request: HttpRequest, level: str, home: str = "") -> HttpResponseBase:
    """One sheet. 204 until the first sheets of this house are drawn: there is nothing to say yet."""
    level, home = text.tidy(level), text.tidy(home)
    known = queries.outlines_known(level, home)
    if known is None:
        return nothing_yet()
    etag, version = known
    named = described(request, home, etag, version)
    answer = get_conditional_response(request, etag=etag, response=named)
    return whole(request, level, home) if answer is None or answer is named else answer


def described(request: HttpRequest, home: str, etag: str, version: str) -> HttpResponse:
    """An answer without a body; a browser that has the sheet needs these headers too (RFC 9110, 15.4.5)."""
    answer = HttpResponse(content_type="application/geo+json")
    lasting = home and MARK in request.GET and request.GET[MARK] == queries.drawn_mark(version)
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = DAY if lasting else MINUTES_5
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer


def nothing_yet() -> HttpResponse:
    if queries.drawn_version() is not None:
        raise Http404
    answer = HttpResponse(status=204)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def whole(request: HttpRequest, level: str, home: str) -> HttpResponse:
    """The sheet as it is now: since it was asked for by its mark it may look otherwise, or be gone."""
    found = queries.outlines(level, home)
    if found is None:
        return nothing_yet()
    etag, version, packed = found
    answer = described(request, home, etag, version)
    plain = "gzip" not in request.headers.get("Accept-Encoding", "")
    answer.content = gzip.decompress(packed) if plain else packed
    if not plain:
        answer.headers["Content-Encoding"] = "gzip"
    return answer
