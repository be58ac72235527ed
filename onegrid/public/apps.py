"""The app public."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "onegrid.public"
