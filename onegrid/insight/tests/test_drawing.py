"""Where the names of a small map stand."""

import math

from onegrid.insight.rules.drawing import apart


def test_names_stand_beside_the_amounts_or_not_at_all() -> None:
    name, free = (800.0, 400.0, 120.0), (100.0, 100.0, 120.0)
    assert apart([name], [], 36) == [(800, 400)]
    for circles in ([(800.0, 400.0, 36.0)], [(780.0, 410.0, 36.0), (830.0, 380.0, 36.0)]):
        [place, other] = apart([name, free], circles, 36)
        assert other == (100, 100)
        assert place is not None
        assert 0 < math.hypot(place[0] - 800, place[1] - 400) < 130
        for x, y, radius in circles:
            near = min(max(x, place[0] - 60), place[0] + 60), min(max(y, place[1] - 18), place[1] + 18)
            assert math.hypot(x - near[0], y - near[1]) >= radius
    # Two names at one place stand below each other; beyond the sheet is no place, nor where all is full.
    [one, two] = apart([name, name], [], 36)
    assert one is not None
    assert two is not None
    assert abs(one[1] - two[1]) >= 36
    assert apart([(60.0, 10.0, 120.0)], [], 36) == [(60, 50)]
    assert apart([name], [(800.0, 400.0, 300.0)], 36) == [None]
