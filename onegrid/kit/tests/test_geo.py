import math
import random
import time
from typing import Any

import numpy as np
import pytest

from onegrid.kit import geo


def square(west: float, south: float, side: float = 0.01) -> dict[str, Any]:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


ROWS = [
    ("511502001002", "grid", square(104.61, 28.75)),
    ("511502001001", "grid", square(104.60, 28.75)),
    ("511502001901", "special", square(104.605, 28.752, 0.002)),
    ("511502001003", "grid", None),
]
TOWN = geo.Territory(ROWS)


def test_a_point_lies_in_its_grid() -> None:
    assert TOWN.locate(104.603, 28.751) == geo.Place("511502001001", None, "inside")
    assert TOWN.locate(104.615, 28.755) == geo.Place("511502001002", None, "inside")


def test_a_special_grid_lies_over_its_home() -> None:
    assert TOWN.locate(104.606, 28.753) == geo.Place("511502001001", "511502001901", "inside")


def test_a_point_on_an_edge_belongs_to_the_smallest_code() -> None:
    assert TOWN.locate(104.61, 28.755) == geo.Place("511502001001", None, "edge")


def test_a_point_close_by_belongs_to_the_nearest_grid() -> None:
    metre = 1 / geo.DEGREE_METRES
    assert TOWN.locate(104.615, 28.75 - 195 * metre) == geo.Place("511502001002", None, "nearest")
    assert TOWN.locate(104.615, 28.75 - 205 * metre) == geo.Place(None, None, "outside")
    west = 104.60 - 195 * metre / math.cos(math.radians(28.755))
    assert TOWN.locate(west, 28.755) == geo.Place("511502001001", None, "nearest")


@pytest.mark.parametrize(
    "point", [(None, 28.7), (104.6, None), (math.nan, 28.7), (math.inf, 0), (200, 28.7), (104.6, 95), (0, 0)]
)
def test_a_missing_or_impossible_point_is_outside(point: tuple[float | None, float | None]) -> None:
    assert TOWN.locate(*point) == geo.Place(None, None, "outside")


def test_a_county_without_boundaries_holds_nothing() -> None:
    assert geo.Territory([]).locate(104.6, 28.7) == geo.Place(None, None, "outside")
    assert geo.Territory([("1", "special", square(104, 28))]).locate(104.001, 28.001).special == "1"


def test_a_boundary_that_crosses_itself_still_holds_its_points() -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    assert geo.Territory([("1", "grid", bow)]).locate(0.2, 1.0).code == "1"


def test_no_point_of_a_chequered_county_is_lost() -> None:
    rows = [(f"{place:06}", "grid", square(104 + place % 30 / 100, 28 + place // 30 / 100)) for place in range(900)]
    county = geo.Territory(rows)
    chance = random.Random(7)
    # Half of the points on the lines between the grids.
    points = [(104 + chance.random() * 0.3, 28 + chance.random() * 0.3) for _ in range(2000)]
    points += [(104 + chance.randrange(31) / 100, 28 + chance.random() * 0.3) for _ in range(2000)]
    assert all(county.locate(*point).code for point in points)


def test_many_points_are_located_alike_and_fast() -> None:
    rows = [(f"{place:06}", "grid", square(104 + place % 70 / 100, 28 + place // 70 / 100)) for place in range(4900)]
    county = geo.Territory(rows)
    chance = np.random.default_rng(7)
    east, north = 104 + chance.random(50_000) * 0.7, 28 + chance.random(50_000) * 0.7
    started = time.perf_counter()
    located = county.locate_many(east, north)
    seconds = time.perf_counter() - started
    assert all(located.place(row) == county.locate(east[row], north[row]) for row in range(0, 50_000, 1000))
    assert set(located.rule.tolist()) <= {0, 1}
    # 100,000 a second are promised; a busy machine may take three times as long.
    assert seconds < 1.5


def test_distance_is_right_within_half_a_percent() -> None:
    # Beijing to Shanghai by WGS-84 geodesic: 1,067.4 km; a degree of latitude at 30 degrees: 110.85 km.
    assert geo.distance_m(116.3975, 39.9087, 121.4737, 31.2304) == pytest.approx(1_067_400, rel=0.005)
    assert geo.distance_m(104, 29.5, 104, 30.5) == pytest.approx(110_850, rel=0.005)
    assert geo.distance_m(104, 30, 104, 30) == 0
    assert geo.distance_m(0, 0, 180, 0) == pytest.approx(math.pi * geo.EARTH_METRES)


def test_a_box_holds_everything_within_its_metres() -> None:
    west, south, east, north = geo.box_around(104.6, 28.75, 500)
    for place in ((west, 28.75), (east, 28.75), (104.6, south), (104.6, north)):
        assert 499.9 < geo.distance_m(104.6, 28.75, *place) < 500.1


def test_cells_fit_a_bigint_and_the_fine_one_lies_in_the_coarse() -> None:
    coarse, fine = geo.cells(104.6, 28.75)
    assert 0 < coarse < 2**63
    assert 0 < fine < 2**63
    assert geo.cells(104.6, 28.75) == (coarse, fine)
    assert geo.cells(104.7, 28.75) != (coarse, fine)


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
        ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
    ],
)
def test_known_points_of_gcj(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    assert geo.gcj_from_wgs(*wgs) == pytest.approx(gcj, abs=1e-9)
    assert geo.wgs_from_gcj(*gcj) == pytest.approx(wgs, abs=1e-7)


def test_known_points_of_bd() -> None:
    assert geo.bd_from_gcj(116.404, 39.915) == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-9)
    assert geo.gcj_from_bd(116.404, 39.915) == pytest.approx((116.39762729119315, 39.90865673957631), abs=1e-9)


def test_there_and_back_is_less_than_half_a_metre_all_over_china() -> None:
    chance = np.random.default_rng(7)
    east, north = 74 + chance.random(5000) * 60, 18 + chance.random(5000) * 35
    ways = [
        geo.wgs_from_gcj(*geo.gcj_from_wgs(east, north)),
        geo.wgs_from_bd(*geo.bd_from_gcj(*geo.gcj_from_wgs(east, north))),
    ]
    for back_east, back_north in ways:
        across = (back_east - east) * geo.DEGREE_METRES * np.cos(np.radians(north))
        assert np.hypot(across, (back_north - north) * geo.DEGREE_METRES).max() < 0.5


def test_points_outside_china_are_not_shifted() -> None:
    assert geo.gcj_from_wgs(-73.98, 40.75) == pytest.approx((-73.98, 40.75), abs=0)
