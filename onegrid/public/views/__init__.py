"""What a stranger can reach: the first page, a report, its track, what was done, the small doors of the house."""

from onegrid.public.views.answer import act as answer_act
from onegrid.public.views.answer import answer, answer_photo
from onegrid.public.views.follow import follow, mine
from onegrid.public.views.grid import my_grid, places
from onegrid.public.views.house import healthz, language, portal, readyz, robots, size
from onegrid.public.views.open import matters
from onegrid.public.views.preview import preview
from onegrid.public.views.promises import promises, promises_data, tasks
from onegrid.public.views.report import report, send
from onegrid.public.views.track import act, photo, receipt, track

__all__ = [
    "act",
    "answer",
    "answer_act",
    "answer_photo",
    "follow",
    "healthz",
    "language",
    "matters",
    "mine",
    "my_grid",
    "photo",
    "places",
    "portal",
    "preview",
    "promises",
    "promises_data",
    "readyz",
    "receipt",
    "report",
    "robots",
    "send",
    "size",
    "tasks",
    "track",
]
