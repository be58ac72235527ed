"""Doors for the tests of doors: a page per kind, and a small API."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from ninja import NinjaAPI

from onegrid.org import actions, doors
from onegrid.org.doors import Request, door, once, open_door
from onegrid.org.roles import DISPATCHER

api = NinjaAPI(urls_namespace="doors")


@api.get("/who", auth=doors.staff())
def who(request: Request) -> dict[str, str]:
    return {"who": request.actor.username}


@api.post("/send", auth=doors.staff(DISPATCHER))
def send(request: Request) -> dict[str, str]:
    return {"who": request.actor.username}


@open_door()
def everybody(request: Request) -> HttpResponse:
    return HttpResponse(request.actor.username or "stranger")


@door()
def staff(request: Request) -> HttpResponse:
    return HttpResponse(f"{request.actor.username} {' '.join(sorted(request.actor.roles))}")


@door(DISPATCHER, methods=("GET", "POST"))
def desk(request: Request) -> HttpResponse:
    return HttpResponse("desk")


@door(methods=("POST",))
@once
def write(request: Request) -> HttpResponse:
    actions.record(request.actor, "trial")
    answer = HttpResponse(request.POST.get("words", ""), status=int(request.POST.get("status", 200)))
    if "to" in request.POST:
        answer.headers["Location"] = request.POST["to"]
    return answer


def base(request: HttpRequest) -> HttpResponse:
    return HttpResponse(doors.address(request))


urlpatterns = [
    path("everybody/", everybody),
    path("staff/", staff),
    path("desk/", desk),
    path("write/", write),
    path("address/", base),
    path("api/v1/", api.urls),
    path("", include("onegrid.org.urls")),
]
