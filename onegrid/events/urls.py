"""The doors of this room."""

from django.urls import URLPattern, URLResolver, path

from onegrid.events.views.ticket import ticket

urlpatterns: list[URLPattern | URLResolver] = [
    path("ticket/", ticket, name="ticket"),
]
