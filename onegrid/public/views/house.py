"""The first page, the language switch, and the doors for machines that watch over the house."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language

from onegrid.org.doors import open_door


@open_door()
def portal(request: HttpRequest) -> HttpResponse:
    return render(request, "public/portal.html")


@open_door(methods=("POST",))
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language in a cookie and go back to where the reader was, on this site only."""
    wanted, back = request.POST.get("language", ""), request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    answer = HttpResponseRedirect(back if safe else "/")
    if wanted in dict(settings.LANGUAGES) and check_for_language(wanted):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, wanted, max_age=365 * 86_400, secure=settings.HTTPS, samesite="Lax"
        )
    return answer


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
    return HttpResponse("User-agent: *\nDisallow: /track/\nDisallow: /desk/\n", content_type="text/plain")
