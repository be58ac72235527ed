"""The staff API of the heart: the same verbs, scope and table as the desk."""

from onegrid.events.api.doors import router

__all__ = ["router"]
