"""The app org."""

from django.apps import AppConfig


class OrgConfig(AppConfig):
    name = "onegrid.org"
