"""The app supervision."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "onegrid.supervision"
