"""The app insight."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "onegrid.insight"
