"""The doors of the house, room by room."""

from django.urls import URLPattern, URLResolver, include, path

from onegrid.api import api
from onegrid.events.urls import lead_doors

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("onegrid.public.urls")),
    path("me/notices/", include("onegrid.notices.urls")),
    path("", include("onegrid.org.urls")),
    path("desk/", include("onegrid.events.urls")),
    path("lead/", include((lead_doors, "lead"))),
    path("api/v1/", api.urls),
]
