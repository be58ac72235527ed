"""How a matter is drawn: its group of states as a shape, its clock as a colour and a mark; and the sizes of cells."""

import math
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onegrid.insight.rules.drawing import Box

# Group -> its states; what has ended is one group.
GROUPS: dict[str, tuple[str, ...]] = {
    "centre": ("reported", "waiting_reporter", "accepted"),
    "unit": ("assigned", "handling"),
    "paused": ("suspended",),
    "check": ("checking", "rating"),
}
GROUP_OF = {state: group for group, states in GROUPS.items() for state in states}
ENDED = "ended"
GROUP_LABELS: dict[str, Promise] = {
    "centre": _("With the centre"),
    "unit": _("With a unit"),
    "paused": _("Suspended"),
    "check": _("Being checked"),
    ENDED: _("Ended"),
}
LATE, SOON, RUNNING = "late", "soon", "run"
CLOCK_LABELS: dict[str, Promise] = {LATE: _("Overdue"), SOON: _("Due today")}

# From this zoom on matters stand alone; below, cells of H3 sizes whose breadth is about a hundred points on the screen.
ALONE_FROM = 12.5
SIZES = ((8.0, 4), (9.5, 5), (11.0, 6), (ALONE_FROM, 7))
COARSEST, FINEST = 4, 8
# The mean area of a cell of each size in km² (H3), and how many cells an answer holds at most: some 100 KB.
CELL_KM2 = {4: 1770.3, 5: 252.9, 6: 36.13, 7: 5.161, 8: 0.7373}
MOST_CELLS = 2_500
KM_PER_DEGREE = 111.2


def group_of(state: str) -> str:
    return GROUP_OF.get(state, ENDED)


def clock_of(due: datetime | None, now: datetime, today: datetime) -> str:
    """Overdue, due before the end of today, or running."""
    if due is None or due >= today:
        return RUNNING
    return LATE if due < now else SOON


def size_for(zoom: float, box: Box) -> int:
    """The size of cells at this zoom: the finest where matters would stand alone but are too many.

    Coarser where a box is wider than any screen shows at this zoom, so that no answer holds more than MOST_CELLS.
    """
    wanted = next((size for below, size in SIZES if zoom < below), FINEST)
    west, south, east, north = box
    narrow = math.cos(math.radians((south + north) / 2))
    land = (east - west) * narrow * (north - south) * KM_PER_DEGREE**2
    return next((size for size in range(wanted, COARSEST, -1) if land / CELL_KM2[size] <= MOST_CELLS), COARSEST)


def parent_mask(size: int) -> tuple[int, int]:
    """What turns an H3 cell of size 8 into the one of this size around it: (and, or).

    Bits 52-55 of an index are its size, the three bits of each finer digit are set.
    """
    finer = (1 << 3 * (15 - size)) - 1
    return ~(15 << 52), (size << 52) | finer
