"""The API of the house, version 1: which router stands where, and how each no is said."""

import json
import logging
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, ValidationError

from onegrid.events import actions as events
from onegrid.events import queries
from onegrid.events.api import alarms_router
from onegrid.events.api import router as events_router
from onegrid.kit import paging, text
from onegrid.kit.answers import Problem
from onegrid.notices.api import router as notices_router
from onegrid.org import actions as org
from onegrid.org.api import router as org_router
from onegrid.public.api import router as public_router

log = logging.getLogger("onegrid")
api = NinjaAPI(
    title="OneGrid",
    version="1",
    description="Report a matter, follow it, act on it. Errors are {code, message, fields} in the language asked for.",
    docs_url=None,
    urls_namespace="api",
)
api.add_router("/public", public_router)
api.add_router("/events", events_router)
api.add_router("/alarms", alarms_router)
api.add_router("/notices", notices_router)
api.add_router("", org_router)


@api.exception_handler(Problem)
def problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return say(request, error.status, error.code, error.message, error.fields)


@api.exception_handler(ObjectDoesNotExist)
def not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    """The same body for what is not there and for what this reader may not see."""
    return say(request, 404, "not_found", _("There is nothing here."))


@api.exception_handler(ValidationError)
def wrong_input(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name every wrong field; without a usable key nothing else is looked at (R21)."""
    places = [tuple(fault["loc"]) for fault in error.errors]
    if any(place[:1] == ("header",) and place[1:2] == ("Idempotency-Key",) for place in places):
        return say(request, 400, "no_key", _("The request carries no idempotency key."))
    fields = {field_of(place): sentence(fault) for place, fault in zip(places, error.errors, strict=True)}
    return say(request, 422, "not_valid", _("Something given is missing or wrong."), fields)


@api.exception_handler(events.NotGiven)
def not_given(request: HttpRequest, error: events.NotGiven) -> HttpResponse:
    return say(request, 422, "not_given", _("Something given is missing or wrong."), error.fields)


@api.exception_handler(events.NotAllowed)
def not_allowed(request: HttpRequest, error: events.NotAllowed) -> HttpResponse:
    return say(request, 409, f"not_allowed_{error.refusal.code}", str(error.refusal.reason))


@api.exception_handler(events.Stale)
def stale(request: HttpRequest, error: events.Stale) -> HttpResponse:
    """Somebody was faster: say what happened since the version that was read."""
    happened = [
        {"n": step.n, "verb": step.verb, "state": step.to_state, "at": step.at.isoformat()}
        for step in queries.difference(error.event, error.read_version)
    ]
    fields = {"version": error.event.version, "difference": happened}
    return say(request, 409, "stale", str(error), fields)


@api.exception_handler(org.InFlight)
def in_flight(request: HttpRequest, error: org.InFlight) -> HttpResponse:
    return say(request, 409, "in_flight", _("This request is being answered right now; try again in a moment."))


@api.exception_handler(org.KeyReused)
def key_reused(request: HttpRequest, error: org.KeyReused) -> HttpResponse:
    return say(request, 422, "key_reused", _("This key already belongs to another request."))


@api.exception_handler(org.Refused)
def refused(request: HttpRequest, error: org.Refused) -> HttpResponse:
    return say(request, 409, error.code, error.message)


@api.exception_handler(org.Throttled)
def throttled(request: HttpRequest, error: org.Throttled) -> HttpResponse:
    answer = say(request, 429, "throttled", _("Too many requests from here; please wait a moment."))
    answer.headers["Retry-After"] = str(error.retry_after)
    return answer


@api.exception_handler(paging.BadCursor)
def bad_cursor(request: HttpRequest, error: paging.BadCursor) -> HttpResponse:
    words = _("This page cannot be continued; begin again at the first.")
    return say(request, 400, "bad_cursor", words, {"after": words})


@api.exception_handler(text.TooShort)
def too_short(request: HttpRequest, error: text.TooShort) -> HttpResponse:
    words = _("A search needs two characters that stand together.")
    return say(request, 422, "not_valid", words, {"q": words})


@api.exception_handler(AuthenticationError)
def sign_in_first(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = say(request, 401, "sign_in", _("Please sign in."))
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(AuthorizationError)
def forbidden(request: HttpRequest, error: AuthorizationError) -> HttpResponse:
    return say(request, 403, "forbidden", _("Your role may not do this."))


@api.exception_handler(RequestDataTooBig)
def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return say(request, 413, "too_big", _("The request is too large."))


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 403:
        return say(request, 403, "forbidden", _("Your role may not do this."))
    return say(request, error.status_code, "unreadable", _("The request could not be read."))


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    """The database is away or too slow: an honest 503, never a number that was not written (R28)."""
    log.error("database unavailable: %s", type(error).__name__)
    words = _("The service is busy for a moment. Nothing was lost; please try again.")
    answer = say(request, 503, "unavailable", words)
    answer.headers["Retry-After"] = "5"
    return answer


def say(
    request: HttpRequest, status: int, code: str, message: str, fields: dict[str, Any] | None = None
) -> HttpResponse:
    """The one form of an error."""
    body = {"code": code, "message": message, "fields": fields or {}}
    return api.create_response(request, body, status=status)


def field_of(place: Iterable[Any]) -> str:
    """("body", "given", "contact", "phone") is contact.phone to a reader."""
    kind, *rest = place
    names = [str(part) for part in (rest[1:] if kind == "body" else rest)]
    return ".".join(names) or "body"


def sentence(fault: dict[str, Any]) -> str:
    kind = str(fault["type"])
    if kind == "missing":
        return _("This is needed.")
    if kind == "extra_forbidden":
        return _("This field is not known.")
    if kind == "string_too_long":
        return _("At most %(most)s characters.") % {"most": fault.get("ctx", {}).get("max_length", "")}
    return _("This value has a wrong form.")


elsewhere = Router()


@elsewhere.api_operation(["GET", "POST", "PUT", "PATCH", "DELETE"], "/{path:rest}", include_in_schema=False, auth=None)
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """An address that does not exist answers in the form of the API too."""
    raise ObjectDoesNotExist


api.add_router("", elsewhere)


def described() -> str:
    """The description of the API as it is committed in openapi.json."""
    return json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1, default=str) + "\n"
