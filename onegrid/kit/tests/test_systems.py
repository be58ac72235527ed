"""A coordinate system is told by what is known, with the metres it leaves, or not at all."""

from typing import Any

import numpy as np
import pytest
import shapely

from onegrid.kit import geo, systems
from onegrid.testing import land

KNOWN = land.land(5, 4)
POINTS = [(104.60 + 0.01 * east, 28.70 + 0.007 * east) for east in range(5)]


def as_gcj(outline: Any) -> Any:
    return shapely.transform(outline, lambda at: np.column_stack(geo.gcj_from_wgs(at[:, 0], at[:, 1])))


def as_bd(outline: Any) -> Any:
    return shapely.transform(as_gcj(outline), lambda at: np.column_stack(geo.bd_from_gcj(at[:, 0], at[:, 1])))


DRAWN = {"wgs84": KNOWN, "gcj02": as_gcj(KNOWN), "bd09": as_bd(KNOWN)}


@pytest.mark.parametrize("system", DRAWN)
def test_an_outline_tells_its_system(system: str) -> None:
    told = systems.by_outlines([DRAWN[system]], [KNOWN])
    assert told.system == system
    assert told.residual_m < 0.5
    assert all(metres > 100 for name, metres in told.residuals.items() if name != system)


def test_a_coarser_known_outline_still_tells_it() -> None:
    told = systems.by_outlines([DRAWN["gcj02"]], [KNOWN.simplify(0.0005)])
    assert told.system == "gcj02"
    assert 0.5 < told.residual_m < 30


@pytest.mark.parametrize("system", DRAWN)
def test_known_points_tell_it_and_the_way_back_is_right(system: str) -> None:
    turn = {"wgs84": lambda one: one, "gcj02": as_gcj, "bd09": as_bd}[system]
    given = shapely.get_coordinates(turn(shapely.points(POINTS)))
    told = systems.by_points([tuple(at) for at in given], POINTS)
    assert told.system == system
    assert told.residual_m < 0.5
    back = shapely.get_coordinates(systems.to_wgs(shapely.points(given), system))
    assert np.abs(back - POINTS).max() < 1e-5


def test_cgcs2000_is_taken_as_wgs84() -> None:
    assert systems.to_wgs(KNOWN, "cgcs2000").equals(KNOWN)


def test_two_points_are_too_few() -> None:
    with pytest.raises(systems.NotClear):
        systems.by_points(POINTS[:2], POINTS[:2])


def test_what_lies_elsewhere_in_every_system_is_not_guessed() -> None:
    with pytest.raises(systems.NotClear) as caught:
        systems.by_outlines([land.moved(KNOWN, 5000, 0)], [KNOWN])
    assert set(caught.value.residuals) == set(systems.APART)
    # Half way between two systems, each leaves as much as the other.
    middle = (np.array(POINTS) + shapely.get_coordinates(as_gcj(shapely.points(POINTS)))) / 2
    with pytest.raises(systems.NotClear):
        systems.by_points([tuple(at) for at in middle], POINTS)


def test_a_system_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="beijing54"):
        systems.to_wgs(KNOWN, "beijing54")
