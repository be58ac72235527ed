"""An outside geocoder, off until GEOCODER_URL is set; it is sent an address and nothing else.

Read are the answers of Amap (`geocodes[].location` "lon,lat", GCJ-02) and of Tianditu (`location.lon`, `.lat`,
CGCS2000); GEOCODER_SYSTEM says in which system the points come. What goes wrong outside is no answer, never a fault.
"""

import http.client
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from onegrid.kit import geo, text

TIMEOUT_SECONDS = 2.0
LARGEST = 100_000
MOST = 3
LONGEST_ADDRESS = 80
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outside:
    """A point that an outside service gave for an address, WGS-84; to be shown as its answer, not as ours."""

    name: str
    lon: float
    lat: float

    @property
    def spot(self) -> str:
        return f"{self.lon:.6f},{self.lat:.6f}"


def ask(address: str) -> list[Outside]:
    """At most three answers; numbers of seven figures and more (phones) are masked before anything leaves."""
    plain = text.hide_numbers(text.tidy(address))[:LONGEST_ADDRESS]
    if not settings.GEOCODER_URL or not plain:
        return []
    try:
        return list(read(json.loads(fetched(plain))))[:MOST]
    except (OSError, http.client.HTTPException, ValueError, TypeError, KeyError, AttributeError) as error:
        log.warning("the geocoder did not answer: %s", type(error).__name__)
        return []


def fetched(address: str) -> bytes:
    """The body of the answer; raises OSError or HTTPException, also for a status that is not 200."""
    parts = urlsplit(settings.GEOCODER_URL)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
    asked = urlencode({"address": address, **({"key": settings.GEOCODER_KEY} if settings.GEOCODER_KEY else {})})
    try:
        connection.request("GET", f"{parts.path or '/'}?{'&'.join(filter(None, (parts.query, asked)))}")
        answer = connection.getresponse()
        if answer.status != 200:
            raise OSError(f"status {answer.status}")
        return answer.read(LARGEST)
    finally:
        connection.close()


def read(answer: Any) -> Iterator[Outside]:
    for name, lon, lat in points(answer):
        east, north = turned(lon, lat)
        if -180 <= east <= 180 and -90 <= north <= 90:
            yield Outside(text.tidy(name)[:LONGEST_ADDRESS], east, north)


def points(answer: Any) -> Iterator[tuple[str, float, float]]:
    if isinstance(answer.get("location"), dict):
        place = answer["location"]
        yield str(place.get("keyWord", "")), float(place["lon"]), float(place["lat"])
    for place in answer.get("geocodes") or []:
        lon, lat = str(place["location"]).split(",")
        yield str(place.get("formatted_address", "")), float(lon), float(lat)


def turned(lon: float, lat: float) -> tuple[float, float]:
    turn = {"gcj02": geo.wgs_from_gcj, "bd09": geo.wgs_from_bd}.get(settings.GEOCODER_SYSTEM)
    if turn is None:
        return lon, lat
    east, north = turn(lon, lat)
    return float(east), float(north)
