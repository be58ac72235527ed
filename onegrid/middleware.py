"""What every answer carries: security headers, the reader's language, honest errors."""

import json
import logging
import secrets
from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from onegrid.gazetteer.queries import base_map
from onegrid.org.actions import Throttled

Next = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("onegrid")


class SecurityHeaders:
    """Content Security Policy with a nonce and the headers of ASVS V3.4 (R36), on every answer."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.csp_nonce = secrets.token_urlsafe(16)  # type: ignore[attr-defined]
        response = self.get_response(request)
        for name, value in headers(request.csp_nonce).items():  # type: ignore[attr-defined]
            response.headers.setdefault(name, value)
        return response


def headers(nonce: str) -> dict[str, str]:
    stream = settings.STREAM_URL.rsplit("/", 1)[0]
    tiles = "".join(f" {host}" for host in settings.MAP_HOSTS)
    policy = (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
        f"img-src 'self' data: blob:{tiles}; connect-src 'self' {stream}{tiles}; worker-src 'self'; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(self), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


class Language:
    """The reader's language: the switch's cookie, else for the API the Accept-Language header, else Chinese."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen_language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def chosen_language(request: HttpRequest) -> str:
    known = dict(settings.LANGUAGES)
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if cookie in known:
        return cookie
    if request.path.startswith("/api/") and request.headers.get("Accept-Language"):
        return translation.get_language_from_request(request)
    return settings.LANGUAGE_CODE


class HonestErrors:
    """A database that is away answers 503, one who knocks too often 429, both with Retry-After; no bare 500 (R28)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        return other_method(request, response) if response.status_code == 405 else response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Throttled):
            return too_often(request, error)
        if not isinstance(error, OperationalError):
            return None
        log.error("database unavailable: %s", type(error).__name__)
        words = _("The service is busy for a moment. Nothing was lost; please try again.")
        if request.path.startswith("/api/"):
            answer: HttpResponse = JsonResponse({"code": "unavailable", "message": words, "fields": {}}, status=503)
        else:
            answer = render(request, "503.html", {"words": words}, status=503)
        answer.headers["Retry-After"] = "5"
        return answer


def too_often(request: HttpRequest, error: Throttled) -> HttpResponse:
    """For pages; the API says the same in its own form before it comes here."""
    words = _("Too many requests from here; please wait a moment.")
    answer = render(request, "503.html", {"words": words}, status=429)
    answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def other_method(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The API's own form of error, or a page for whoever opened a form's answer anew; `Allow` says what there is."""
    if request.path.startswith("/api/"):
        words = _("This address does not answer to that method.")
        answer: HttpResponse = JsonResponse({"code": "method", "message": words, "fields": {}}, status=405)
    else:
        answer = render(request, "405.html", status=405)
    answer.headers["Allow"] = response.headers["Allow"]
    return answer


def house(request: HttpRequest) -> dict[str, object]:
    """Context of every page: the CSP nonce, the mode, the two languages, the size of letters."""
    return {
        "elder": request.COOKIES.get(settings.SIZE_COOKIE_NAME) == "elder",
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "mode": settings.MODE,
        "languages": settings.LANGUAGES,
        "map_setting": map_setting,
    }


def map_setting() -> str:
    """What frontend/map/_base.ts must know, for the one element of components/map.html; asked for by it only."""
    return json.dumps({
        "worker": static("map/worker.js"),
        "outlines": reverse("insight:outlines", args=["LEVEL"]),
        "base": base_map().as_json(),
        "words": {
            "Map.Title": _("Map"),
            "NavigationControl.ZoomIn": _("Zoom in"),
            "NavigationControl.ZoomOut": _("Zoom out"),
            "AttributionControl.ToggleAttribution": _("Source of the map"),
            "ScaleControl.Meters": _("m"),
            "ScaleControl.Kilometers": _("km"),
        },
    })  # fmt: skip
