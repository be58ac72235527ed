"""The staff API of the heart, and the door of connected systems for their alarms."""

from onegrid.events.api.alarms import router as alarms_router
from onegrid.events.api.doors import router

__all__ = ["alarms_router", "router"]
