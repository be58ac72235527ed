"""What the wall shows and in which order, against which days today is measured, and how few never stand alone."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from onegrid.kit.few import LEAST, few
from onegrid.kit.working_time import ONE_DAY, Calendar

VILLAGE_DIGITS = 12


@dataclass(frozen=True)
class Panel:
    """One picture of the wall and for how many seconds it stands; one without anything to say is passed over."""

    name: str
    seconds: int


PANELS = (
    Panel("clocks", 20),
    Panel("today", 15),
    Panel("map", 20),
    Panel("thanks", 15),
    Panel("promises", 12),
    Panel("lights", 10),
    Panel("duty", 10),
)
WEEKS = 8
# Of fewer days nothing usual can be said.
FEWEST_DAYS = 4


def least_told(area: str) -> int:
    """In a village a small count could point to somebody: below this one it is not told. Else nought: all are told."""
    return LEAST if len(area) >= VILLAGE_DIGITS else 0


def parts_told(area: str, counts: Mapping[str, int]) -> bool:
    """Whether the overdue and those due today may stand beside all that are open.

    Not in a village where one of the two, or what is left without them, is one to four: with the others it could be
    computed. Both go together, so that nothing follows from which of them is missing.
    """
    rest = counts["open"] - counts["late"] - counts["today"]
    return not least_told(area) or counts["open"] < LEAST or not any(map(few, (counts["late"], counts["today"], rest)))


def circles_told(area: str, left: int) -> bool:
    """Whether circles may stand beside all that are open, if so many are left without them."""
    return not (least_told(area) and few(left))


def days_like(today: date, calendar: Calendar, since: date) -> list[date]:
    """The days that today is measured against, not before `since`: the same weekday of eight weeks that worked alike.

    Where holidays and make-up days leave too few, the latest days that worked alike, whatever their weekday.
    """

    def alike(days: Iterable[date]) -> list[date]:
        return [day for day in days if day >= since and calendar.is_working(day) == calendar.is_working(today)]

    same = alike(today - 7 * number * ONE_DAY for number in range(1, WEEKS + 1))
    if len(same) >= FEWEST_DAYS:
        return same
    every = alike(today - number * ONE_DAY for number in range(1, 7 * WEEKS + 1))[:WEEKS]
    return every if len(every) >= FEWEST_DAYS else []


def usual(days: Sequence[Sequence[float]], second: float) -> float | None:
    """The median of how many had come by this second of the day; each day as its ascending seconds. None: no days."""
    return median(bisect_right(day, second) for day in days) if days else None


def folded(cells: Mapping[int, int], parents: Sequence[Callable[[int], int]]) -> tuple[dict[int, int], int]:
    """Cells with at least five matters; smaller ones go together into a wider cell. And how many are left unplaced.

    `parents`: from a cell of one width to that around it, width after width.
    """
    shown, small = split(cells)
    for parent in parents:
        wider: dict[int, int] = defaultdict(int)
        for cell, amount in small.items():
            wider[parent(cell)] += amount
        enough, small = split(wider)
        shown |= enough
    return shown, sum(small.values())


def split(cells: Mapping[int, int]) -> tuple[dict[int, int], dict[int, int]]:
    """Those with enough matters to be shown, and the others."""
    shown = {cell: amount for cell, amount in cells.items() if amount >= LEAST}
    return shown, {cell: amount for cell, amount in cells.items() if cell not in shown}
