"""A wall of a village, as somebody reads it who computes: whatever the village may be like, no small count follows.

Every small village is gone through. Those that show the same are one to whoever stands before the wall; a count that is
the same in all of them is known (docs/decisions/0037).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

import h3.api.basic_int as h3
import pytest
from django.utils import translation

from onegrid.insight import actions
from onegrid.insight.queries.wall import OpenNow
from onegrid.insight.views import wall as screen
from onegrid.kit.few import LEAST
from onegrid.testing import cast
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
VILLAGE, TOWN = cast.VILLAGES[0], cast.TOWNS[0]
# Twice the least, and some more: two parts that are told may leave a rest of one to four, and of five.
MOST = 3 * LEAST + 1
Village = tuple[str, Mapping[str, int]]


def known(villages: Iterable[Village]) -> set[str]:
    """Names of the counts that somebody works out from what is shown, though they are one to four."""
    alike = defaultdict[str, list[Mapping[str, int]]](list)
    for shown, counts in villages:
        alike[shown].append(counts)
    return {
        f"{name} {values.pop()}"
        for group in alike.values()
        for name in group[0]
        if len(values := {counts[name] for counts in group}) == 1 and 0 < next(iter(values)) < LEAST
    }


def by_clock(area: str) -> Iterator[Village]:
    """Each way in which so many that are open may be overdue, due today, or neither."""
    for total, late, today in product(range(MOST + 1), repeat=3):
        if late + today <= total:
            counts = {"open": total, "late": late, "today": today}
            yield screen.strip(area, OpenNow(counts, {})), {**counts, "neither": total - late - today}


def by_place(area: str) -> Iterator[Village]:
    """Each way in which so many lie in two cells side by side, in one far off, and without a place."""
    here = h3.latlng_to_cell(28.705, 104.605, 6)
    cells = [*list(h3.cell_to_children(here, 7))[:2], h3.latlng_to_cell(29.9, 106.5, 7)]
    for *placed, nowhere in product(range(2 * LEAST), repeat=4):
        inside = dict(zip(cells, placed, strict=True))
        total = sum(placed) + nowhere
        if total <= 2 * LEAST + 2:
            now = OpenNow({"open": total, "late": 0, "today": 0}, {cell: n for cell, n in inside.items() if n})
            shown = screen.strip(area, now) + screen.drawn("map", area, now)
            yield shown, {"open": total, "nowhere": nowhere, "far off": placed[2], "beside": placed[0] + placed[1]}


@pytest.fixture(scope="module")
def _words() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def drawn(county: County) -> County:
    actions.draw_outlines()
    return county


@pytest.mark.usefixtures("_words", "drawn")
def test_of_no_small_village_can_a_small_count_by_clock_be_worked_out() -> None:
    assert known(by_clock(VILLAGE)) == set()
    # The guard itself: a town is told every count.
    told = {f"{name} {n}" for name in ("open", "late", "today", "neither") for n in range(1, LEAST)}
    assert known(by_clock(TOWN)) == told


@pytest.mark.usefixtures("_words", "drawn")
def test_of_no_small_village_can_a_small_count_by_place_be_worked_out() -> None:
    assert known(by_place(VILLAGE)) == set()
    assert {f"open {n}" for n in range(1, LEAST)} <= known(by_place(TOWN))
