"""What a stranger can reach: the first page, a report, its track, the small doors of the house."""

from onegrid.public.views.house import healthz, language, portal, readyz, robots
from onegrid.public.views.preview import preview
from onegrid.public.views.report import report, send
from onegrid.public.views.track import act, photo, receipt, track

__all__ = [
    "act",
    "healthz",
    "language",
    "photo",
    "portal",
    "preview",
    "readyz",
    "receipt",
    "report",
    "robots",
    "send",
    "track",
]
