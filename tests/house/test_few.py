"""From how many on a count is told is one number, wherever strangers read (docs/decisions/0037)."""

import pytest

from onegrid.insight.rules import heat, wall
from onegrid.insight.templatetags.insight_small import told
from onegrid.kit import few
from onegrid.public.rules import cells
from onegrid.testing import cast


@pytest.mark.parametrize(("amount", "is_told"), [(few.LEAST - 1, False), (few.LEAST, True)])
def test_walls_heat_and_public_figures_begin_to_tell_at_the_same_count(amount: int, is_told: bool) -> None:
    village = cast.VILLAGES[0]
    assert (told(amount, wall.least_told(village)) == str(amount)) == is_told
    assert wall.circles_told(village, amount) == is_told
    assert wall.parts_told(village, {"open": 4 * amount, "late": amount, "today": 0}) == is_told
    assert (wall.folded({1: amount}, [])[0] == {1: amount}) == is_told
    assert (heat.percent(amount, amount) is not None) == is_told
    assert (cells.total({"a": amount}) == amount) == is_told
    assert (cells.kept_back({"a": amount, "b": 9 * amount, "c": 9 * amount}) == set()) == is_told
