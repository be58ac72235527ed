"""The first page, the language switch, and the doors for machines that watch over the house."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language

from onegrid.org import queries as places
from onegrid.org.doors import open_door
from onegrid.public import queries

View = TypeVar("View", bound=Callable[..., HttpResponse])
Answer = TypeVar("Answer", bound=HttpResponseBase)
ELDER = "elder"


@open_door()
def portal(request: HttpRequest) -> HttpResponse:
    """The three doors, and how the last month's promises were kept."""
    month = queries.usual_month()
    county = places.area(settings.COUNTY)
    context = {"month": month, "county": county, "found": queries.promises(month) if month else None}
    return render(request, "public/portal.html", context)


@open_door(methods=("POST",))
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language in a cookie and go back to where the reader was, on this site only."""
    wanted, answer = request.POST.get("language", ""), back_to(request)
    if wanted in dict(settings.LANGUAGES) and check_for_language(wanted):
        keep(answer, settings.LANGUAGE_COOKIE_NAME, wanted)
    return answer


@open_door(methods=("POST",))
def size(request: HttpRequest) -> HttpResponse:
    """Keep large letters and few choices in a cookie, or leave them, and go back to where the reader was."""
    return keep_size(request, back_to(request))


def keep_size(request: HttpRequest, answer: Answer) -> Answer:
    if request.POST.get("size") == ELDER:
        keep(answer, settings.SIZE_COOKIE_NAME, ELDER)
    else:
        answer.delete_cookie(settings.SIZE_COOKIE_NAME, samesite="Lax")
    return answer


def resizable(view: View) -> View:
    """Let the switch in the header send the form of the page itself: it comes again in the other size, as typed."""

    @wraps(view)
    def through(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "size" not in request.POST:
            return view(request, *args, **kwargs)
        request.COOKIES[settings.SIZE_COOKIE_NAME] = request.POST.get("size", "")
        return keep_size(request, view(request, *args, **kwargs))

    return cast(View, through)


def back_to(request: HttpRequest) -> HttpResponseRedirect:
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(back if safe else "/")


def keep(answer: HttpResponseBase, name: str, value: str) -> None:
    answer.set_cookie(name, value, max_age=365 * 86_400, secure=settings.HTTPS, samesite="Lax")


@open_door()
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@open_door()
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and no migration is missing."""
    try:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return JsonResponse({"database": "away"}, status=503)
    return JsonResponse({"database": "ok", "migrations_missing": missing}, status=503 if missing else 200)


@open_door()
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        "User-agent: *\nDisallow: /track/\nDisallow: /answer/\nDisallow: /open/\nDisallow: /desk/\nDisallow: /lead/\n",
        content_type="text/plain",
    )
