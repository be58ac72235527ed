"""The app org."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class OrgConfig(AppConfig):
    name = "onegrid.org"

    def ready(self) -> None:
        from onegrid.org.management import checks

        register(checks.no_demo_accounts, Tags.database)
