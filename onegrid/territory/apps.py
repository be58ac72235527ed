"""The app territory."""

from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    name = "onegrid.territory"
