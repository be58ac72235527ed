"""The doors of the house, room by room."""

from django.urls import URLPattern, URLResolver, include, path

from onegrid.api import api
from onegrid.events.urls import lead_doors
from onegrid.insight.urls import wall_doors

urlpatterns: list[URLPattern | URLResolver] = [
    # First: a program's call is not held against every page before.
    path("api/v1/", api.urls),
    path("", include("onegrid.public.urls")),
    path("me/notices/", include("onegrid.notices.urls")),
    path("", include("onegrid.org.urls")),
    path("", include("onegrid.gazetteer.urls")),
    path("desk/", include("onegrid.events.urls")),
    path("lead/", include((lead_doors, "lead"))),
    path("map/", include("onegrid.insight.urls")),
    path("wall/", include((wall_doors, "wall"))),
    path("supervise/", include("onegrid.supervision.urls")),
    path("settings/areas/", include("onegrid.territory.urls")),
]
