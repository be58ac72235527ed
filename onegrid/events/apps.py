"""The app events."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "onegrid.events"
