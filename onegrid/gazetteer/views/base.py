"""Tiles of our own archive: for everybody, without a statement, kept for a year under the tag of the archive."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from onegrid.gazetteer import queries
from onegrid.org.doors import open_door

YEAR, NOT_KEPT = "public, max-age=31536000, immutable", "no-cache"
log = logging.getLogger("onegrid.map")


@open_door()
def tile(request: HttpRequest, tag: str, z: int, x: int, y: int) -> HttpResponse:
    """A tile as it is stored; 204 where the archive has none."""
    archive = queries.archive()
    if archive is None:
        raise Http404
    try:
        found = archive.tile(z, x, y)
        return kept(request, found, archive.content_type, gzipped=archive.gzipped, known=tag == archive.tag)
    except queries.BadArchive as error:
        log.warning("MAP_PMTILES: tile %s/%s/%s: %s", z, x, y, error)
        raise Http404 from error


@open_door()
def picture(request: HttpRequest, tag: str, z: int, x: int, y: int, theme: str) -> HttpResponse:
    """A vector tile as a drawing, for pages without a map library."""
    archive = queries.archive()
    if archive is None or not archive.vector or theme not in queries.THEMES:
        raise Http404
    try:
        found = queries.picture(archive, z, x, y, theme)
    except queries.BadArchive as error:
        log.warning("MAP_PMTILES: tile %s/%s/%s: %s", z, x, y, error)
        raise Http404 from error
    return kept(request, found, "image/svg+xml", gzipped=True, known=tag == archive.tag)


def kept(request: HttpRequest, body: bytes | None, content_type: str, *, gzipped: bool, known: bool) -> HttpResponse:
    answer = HttpResponse(status=204) if body is None else packed(request, body, content_type, gzipped=gzipped)
    # An address of an archive that lies here no more gives what lies here now, for once.
    answer.headers["Cache-Control"] = YEAR if known else NOT_KEPT
    return answer


def packed(request: HttpRequest, body: bytes, content_type: str, *, gzipped: bool) -> HttpResponse:
    if not gzipped:
        return HttpResponse(body, content_type=content_type)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        answer = HttpResponse(body, content_type=content_type, headers={"Content-Encoding": "gzip"})
    else:
        answer = HttpResponse(queries.plain(body), content_type=content_type)
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer
