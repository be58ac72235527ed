"""System checks: the base map of the settings can be used."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning

from onegrid.gazetteer import queries


def base_map(**given: Any) -> list[CheckMessage]:
    """A warning and no error: the maps stand without a base map."""
    if not settings.MAP_PMTILES:
        return []
    try:
        queries.usable(settings.MAP_PMTILES)
    except queries.BadArchive as error:
        words = f"MAP_PMTILES: {error}. The maps are drawn without a base map."
        return [Warning(words, hint="docs/operate.md, The map and what lies under it", id="gazetteer.W001")]
    return []
