"""Sign in, sign out, and one's own page."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from onegrid.kit import chance
from onegrid.org import actions, doors, queries, roles
from onegrid.org.doors import Request, door, once, open_door
from onegrid.org.models import Posting
from onegrid.org.roles import Actor

HOME = "org:me"


@open_door(methods=("GET", "POST"))
def login(request: Request) -> HttpResponse:
    """One text for every failure, so that nobody learns which names exist (R05)."""
    actor = doors.actor_of_session(request)
    if actor is not None:
        return redirect(landing(request, actor))
    if request.method == "GET":
        return login_page(request)
    entry = actions.sign_in(
        username=request.POST.get("username", ""),
        password=request.POST.get("password", ""),
        address=doors.address(request),
        agent=request.headers.get("User-Agent", ""),
    )
    if entry is None:
        words = _("The name or the password is not right, or there were too many attempts: then wait 15 minutes.")
        return login_page(request, words, status=422)
    doors.enter(request, entry)
    return redirect(landing(request, doors.acting(entry)))


def login_page(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    given = {
        "next": request.GET.get("next", ""),
        "username": request.POST.get("username", ""),
        "error": error,
    }
    answer = render(request, "org/login.html", given, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def landing(request: HttpRequest, actor: Actor) -> str:
    """Where signing in leads: the page of this site that was asked for, the desk, or one's own page."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    at_desk = actor.posting_id is not None and not actor.has(*roles.ADMINISTRATORS)
    return str(settings.LOGIN_REDIRECT_URL) if at_desk else HOME


@door(methods=("POST",))
def logout(request: Request) -> HttpResponse:
    assert request.sign_in is not None
    actions.sign_out(request.actor, sign_in_id=request.sign_in.pk)
    return doors.leave(request)


@door()
def me(request: Request) -> HttpResponse:
    return own_page(request)


def own_page(request: Request, *, new_token: str = "", error: str = "", status: int = 200) -> HttpResponse:
    own = {
        "actor": request.actor,
        "at_desk": not request.actor.has(*roles.ADMINISTRATORS),
        "divides": request.actor.at_centre and request.actor.has(roles.ADMIN_SYSTEM, roles.LEADER),
        "covers": request.actor.at_centre and request.actor.has(roles.ADMIN_SYSTEM, roles.LEADER, roles.DISPATCHER),
        "role_names": [str(roles.LABELS[role]) for role in sorted(request.actor.roles)],
        "postings": queries.postings_with_area_names(request.actor),
        **deputies(request.actor),
        "sessions": queries.sessions_of(request.actor),
        "sign_in": request.sign_in,
        "tokens": queries.tokens_of(request.actor),
        "language": request.LANGUAGE_CODE,
        "idempotency_key": chance.base32(26),
        "new_token": new_token,
        "error": error,
    }
    return render(request, "org/me.html", own, status=status)


@door(methods=("POST",))
@once
def switch_posting(request: Request) -> HttpResponse:
    assert request.sign_in is not None
    chosen = request.POST.get("posting", "")
    try:
        actions.switch_posting(
            request.actor, sign_in_id=request.sign_in.pk, posting_id=int(chosen) if chosen.isdecimal() else 0
        )
    except actions.Refused as refused:
        return own_page(request, error=refused.message, status=422)
    return redirect(HOME)


def deputies(actor: Actor) -> dict[str, object]:
    """Who stands in for a leader, and who could."""
    if not actor.has(*actions.DELEGATED):
        return {}
    return {"leads": True, "delegations": queries.delegations(actor), "deputies": queries.may_stand_in(actor)}


@door(*actions.DELEGATED, methods=("POST",))
@once
def delegate(request: Request) -> HttpResponse:
    """Name a deputy for the time one is away; whole days, the last one included."""
    given, zone = request.POST, ZoneInfo(queries.zone(request.actor.area))
    try:
        since, last = (date.fromisoformat(given.get(name, "")) for name in ("since", "until"))
    except ValueError:
        return own_page(request, error=_("Give the first and the last day."), status=422)
    chosen = given.get("deputy", "")
    try:
        actions.delegate(
            request.actor, deputy_id=int(chosen) if chosen.isdecimal() else 0,
            since=datetime.combine(since, time(), zone), until=datetime.combine(last + timedelta(days=1), time(), zone),
        )  # fmt: skip
    except actions.Refused as refused:
        return own_page(request, error=refused.message, status=422)
    return redirect(HOME)


@door(*actions.DELEGATED, methods=("POST",))
@once
def end_delegation(request: Request, delegation_id: int) -> HttpResponse:
    try:
        actions.end_delegation(request.actor, delegation_id=delegation_id)
    except Posting.DoesNotExist as error:
        raise Http404 from error
    return redirect(HOME)


@door(methods=("POST",))
@once
def end_sessions(request: Request) -> HttpResponse:
    assert request.sign_in is not None
    actions.end_other_sessions(request.actor, sign_in_id=request.sign_in.pk)
    return redirect(HOME)


@door(methods=("POST",))
@once
def make_token(request: Request) -> HttpResponse:
    """The only answer that ever shows the token; a repeated request leads to the page without it."""
    try:
        text, _row = actions.make_token(request.actor, name=request.POST.get("name", ""))
    except actions.Refused as refused:
        return own_page(request, error=refused.message, status=422)
    answer = own_page(request, new_token=text)
    answer.headers["Content-Location"] = "/me/"
    return answer


@door(methods=("POST",))
@once
def revoke_token(request: Request, token_id: int) -> HttpResponse:
    try:
        actions.revoke_token(request.actor, token_id=token_id)
    except actions.Refused as refused:
        return own_page(request, error=refused.message, status=404)
    return redirect(HOME)


@door(methods=("POST",))
@once
def choose_language(request: Request) -> HttpResponse:
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return own_page(request, error=_("Choose one of the languages shown."), status=422)
    actions.choose_language(request.actor, language=language)
    answer = redirect(HOME)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=31_536_000, samesite="Lax", secure=settings.HTTPS
    )
    return answer
