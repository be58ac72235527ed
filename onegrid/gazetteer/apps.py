"""The app gazetteer."""

from django.apps import AppConfig
from django.core.checks import register


class GazetteerConfig(AppConfig):
    name = "onegrid.gazetteer"

    def ready(self) -> None:
        from onegrid.gazetteer.management import checks

        register(checks.base_map)
