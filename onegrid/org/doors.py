"""Who may use a door: `@door` for staff, `@open_door` for everybody, and the two keys of the API.

Every door sets `request.actor`, read anew with one statement, so that a changed role counts from the next
request on (R16). The attribute `door` on the view is what the house tests list.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja.errors import AuthorizationError
from ninja.security import APIKeyCookie, HttpBearer

from onegrid.kit import chance, clock
from onegrid.org import actions, queries
from onegrid.org.models import SignIn
from onegrid.org.roles import Actor

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
SESSION_KEY = "sign_in"


class Request(HttpRequest):
    """A request that came through a door."""

    actor: Actor
    sign_in: SignIn | None
    session: SessionBase


@dataclass(frozen=True)
class Door:
    """What a house test reads on a view; no roles on a staff door means anybody who is signed in."""

    roles: tuple[str, ...] = ()
    methods: tuple[str, ...] = ("GET",)
    open: bool = False


def door(*roles: str, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Let in staff that hold one of the roles; answers are never stored by the browser (R37)."""
    return lambda view: guarded(view, Door(roles, methods))


def open_door(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Let in everybody, as a stranger: no statement, whoever may be signed in."""
    return lambda view: guarded(view, Door((), methods, open=True))


def guarded(view: View, rule: Door) -> View:
    @wraps(view)
    def through(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in (*rule.methods, "HEAD" if "GET" in rule.methods else ""):
            return HttpResponseNotAllowed(rule.methods)
        if rule.open:
            cast(Request, request).actor = Actor.stranger()
            return view(request, *args, **kwargs)
        answer = stopped(request, rule) or view(request, *args, **kwargs)
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    through.door = rule  # type: ignore[attr-defined]
    return cast(View, through)


def stopped(request: HttpRequest, rule: Door) -> HttpResponseBase | None:
    """Set request.actor; return the answer for those who may not go on."""
    actor = actor_of_session(request)
    if actor is None:
        return to_login(request)
    if rule.roles and not actor.has(*rule.roles):
        return forbidden(request, actor)
    return None


def actor_of_session(request: HttpRequest) -> Actor | None:
    """Read the living session (one statement), note its use at most once a minute, set request.actor."""
    request = cast(Request, request)
    request.actor, request.sign_in = Actor.stranger(), None
    number = request.session.get(SESSION_KEY) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    entry = queries.session(number) if number is not None else None
    if entry is None or not actions.may_enter(entry.user):
        return None
    actions.touch(entry)
    request.actor, request.sign_in = acting(entry), entry
    return request.actor


def acting(entry: SignIn) -> Actor:
    """Who a session acts as: its posting while that is active, else a person without any role."""
    posting = entry.posting
    if posting is None or not posting.active or not posting.unit.active:
        return actions.person(entry.user)
    posting.user = entry.user
    return Actor.of(posting)


def frame(request: Request) -> dict[str, Any]:
    """What stands around every page of staff: who reads it, for which unit, when; and the key of its form."""
    actor = request.actor
    unit = queries.unit_by_id(actor.unit_id) if actor.unit_id else None
    return {"actor": actor, "unit": unit.name if unit else "", "moment": clock.now(), "key": chance.base32(26)}


def to_login(request: HttpRequest) -> HttpResponse:
    login = str(settings.LOGIN_URL)
    if wants_json(request):
        answer = refusal("sign_in", _("Please sign in."), 401)
        if "HX-Request" in request.headers:
            answer.headers["HX-Redirect"] = login
        return answer
    if request.method != "GET":
        return HttpResponseRedirect(login)
    return HttpResponseRedirect(f"{login}?{urlencode({'next': request.get_full_path()})}")


def forbidden(request: HttpRequest, actor: Actor) -> HttpResponse:
    match = request.resolver_match
    actions.record(actor, "refused_at_door", match.view_name if match else "")
    if not wants_json(request):
        raise PermissionDenied
    return refusal("forbidden", _("Your role may not do this."), 403)


def wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or "HX-Request" in request.headers


def refusal(code: str, message: str, status: int) -> JsonResponse:
    """The one form of an error: {code, message, fields}."""
    return JsonResponse({"code": code, "message": message, "fields": {}}, status=status)


def enter(request: HttpRequest, entry: SignIn) -> None:
    """Tie a fresh session and a fresh CSRF token to this sign-in (R08: new token at login)."""
    session = cast(Request, request).session
    session.flush()
    session[SESSION_KEY] = entry.pk
    rotate_token(request)


def leave(request: HttpRequest) -> HttpResponse:
    """Delete the session on the server, and everything of this site in the browser (R37)."""
    cast(Request, request).session.flush()
    answer = HttpResponseRedirect(settings.LOGIN_URL)
    # Not the cookies: the chosen language is no secret, and the session's own is dropped above.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def address(request: HttpRequest) -> str:
    """The client's address; a forwarded one counts only as far as named proxies vouch for it (R38)."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    current = str(request.META.get("REMOTE_ADDR", ""))
    while hops and trusted(current):
        current = hops.pop()
    return current


def trusted(address: str) -> bool:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(known in ipaddress.ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES)


class BearerToken(HttpBearer):
    """`Authorization: Bearer og_…`: acts as the token's posting, if that holds one of the roles."""

    def __init__(self, *roles: str) -> None:
        super().__init__()
        self.door = Door(roles)

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        row = queries.token(actions.token_hash(token))
        if row is None or not row.posting.active or not actions.may_enter(row.posting.user):
            return None
        actions.touch_token(row)
        return let_in(request, Actor.of(row.posting), self.door)


class SessionActor(APIKeyCookie):
    """The session's cookie with its CSRF token, for the pages' own calls."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self, *roles: str) -> None:
        super().__init__(csrf=True)
        self.door = Door(roles)

    def _get_key(self, request: HttpRequest) -> str | None:
        """Without a cookie there is nothing to forge: answer 401, not a failed CSRF check."""
        if self.param_name not in request.COOKIES:
            return None
        return super()._get_key(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        actor = actor_of_session(request) if key else None
        return let_in(request, actor, self.door) if actor else None


def let_in(request: HttpRequest, actor: Actor, rule: Door) -> Actor:
    """Set request.actor; raise ninja's AuthorizationError (403) for a wrong role."""
    cast(Request, request).actor = actor
    if rule.roles and not actor.has(*rule.roles):
        actions.record(actor, "refused_at_door", request.path)
        raise AuthorizationError(message=_("Your role may not do this."))
    return actor


def staff(*roles: str) -> list[BearerToken | SessionActor]:
    """Both keys of the staff API: `auth=doors.staff(DISPATCHER)`; no role means anybody with a posting."""
    return [BearerToken(*roles), SessionActor(*roles)]


def once(view: View) -> View:
    """Answer a repeated POST as the first time (R21); stands below `@door`, key in header or form field."""

    @wraps(view)
    def through(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        key = request.headers.get("Idempotency-Key") or request.POST.get("idempotency_key", "")
        if not 1 <= len(key) <= actions.LONGEST_KEY:
            return not_once(request, "no_key", 400)
        return answered(request, key, lambda: view(request, *args, **kwargs))

    through.once = True  # type: ignore[attr-defined]
    return cast(View, through)


def answered(request: HttpRequest, key: str, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    fresh: list[HttpResponseBase] = []

    def produce() -> actions.Answer:
        fresh.append(view())
        return fresh[0].status_code, {"location": reference_of(fresh[0])}

    try:
        _status, body, replayed = actions.answer_once(
            actor_key=cast(Request, request).actor.key,
            key=key,
            fingerprint=print_of(request),
            produce=produce,
        )
    except actions.InFlight:
        return not_once(request, "in_flight", 409)
    except actions.KeyReused:
        return not_once(request, "key_reused", 422)
    return again(request, body["location"]) if replayed else fresh[0]


# Why a form is not answered: for the API in one sentence, for people with what to do now.
NOT_ONCE = {
    "no_key": gettext_lazy("The request carries no idempotency key."),
    "in_flight": gettext_lazy("This request is being answered right now; try again in a moment."),
    "key_reused": gettext_lazy("This key already belongs to another request."),
}
TYPED = ("words", "result", "purpose", "words_zh", "words_en")


def not_once(request: HttpRequest, code: str, status: int) -> HttpResponse:
    """A page says it as a page, or as the part that was asked for, and gives back what was typed; the API as JSON."""
    if request.path.startswith("/api/"):
        return refusal(code, str(NOT_ONCE[code]), status)
    typed = [request.POST[name].strip() for name in TYPED if request.POST.get(name, "").strip()]
    part = "HX-Request" in request.headers
    shown = {"code": code, "typed": typed, "back": came_from(request)}
    return render(request, "org/_once.html" if part else "org/once.html", shown, status=status)


def came_from(request: HttpRequest) -> str:
    """The page of this house from which the form was sent; the first page where that is not known."""
    sent = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    if sent.netloc != request.get_host():
        return "/"
    return "/" + sent._replace(scheme="", netloc="").geturl().lstrip("/")


def reference_of(answer: HttpResponseBase) -> str:
    """Where the answer can be read again: never the page itself, which may hold what is shown only once."""
    for header in ("Location", "HX-Redirect", "Content-Location"):
        if header in answer.headers:
            return str(answer.headers[header])
    return ""


def again(request: HttpRequest, location: str) -> HttpResponse:
    """Lead a repeated request to what the first one led to; without a reference the page loads anew."""
    answer: HttpResponse
    if location:
        answer = HttpResponseRedirect(location, status=303)
    elif "HX-Request" in request.headers:
        answer = HttpResponse(headers={"HX-Refresh": "true"})
    else:
        answer = HttpResponseRedirect(request.path, status=303)
    answer.headers["Idempotent-Replayed"] = "true"
    return answer


def print_of(request: HttpRequest) -> bytes:
    """What makes this request the same one: method, path, fields, files; not the changing CSRF token."""
    if request.content_type not in ("multipart/form-data", "application/x-www-form-urlencoded"):
        return actions.fingerprint(request.method, request.path, hashlib.sha256(request.body).hexdigest())
    left_out = ("csrfmiddlewaretoken", "idempotency_key")
    fields = sorted((name, values) for name, values in request.POST.lists() if name not in left_out)
    files = sorted((name, digest(file)) for name, found in request.FILES.lists() for file in found)
    return actions.fingerprint(request.method, request.path, fields, files)


def digest(file: File[bytes]) -> str:
    whole = hashlib.sha256()
    for piece in file.chunks():
        whole.update(piece)
    file.seek(0)
    return whole.hexdigest()
