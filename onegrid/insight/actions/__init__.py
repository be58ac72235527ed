"""What the room writes: counts, outlines, a dispatch with reasons by the heart's own verb, links of wall screens."""

from onegrid.insight.actions.cells import count_cells
from onegrid.insight.actions.dispatching import NotGiven, Stale, dispatch_nearest
from onegrid.insight.actions.outlines import draw_outlines
from onegrid.insight.actions.walls import make_wall_link, open_wall, revoke_wall_link
from onegrid.kit.workflow import NotAllowed

__all__ = [
    "NotAllowed",
    "NotGiven",
    "Stale",
    "count_cells",
    "dispatch_nearest",
    "draw_outlines",
    "make_wall_link",
    "open_wall",
    "revoke_wall_link",
]
