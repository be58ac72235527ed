"""Whatever is split, merged and moved: every point lies in exactly one ordinary grid, and no area is lost."""

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box, mapping

from onegrid.kit import carving, geo, partition
from onegrid.kit.partition import Outline, Spot, Unfit

SIDE, ROWS = 0.01, 3
WEST, SOUTH = 104.6, 28.7


def squares() -> dict[str, Outline]:
    """Three by three grids; the last row is one long grid, so that two vertices lie in the middle of its edge."""
    found: dict[str, Outline] = {}
    for row in range(ROWS - 1):
        for column in range(ROWS):
            west, south = WEST + SIDE * column, SOUTH + SIDE * row
            east, north = WEST + SIDE * (column + 1), SOUTH + SIDE * (row + 1)
            found[f"g{row}{column}"] = box(round(west, 7), round(south, 7), round(east, 7), round(north, 7))
    south = round(SOUTH + SIDE * (ROWS - 1), 7)
    found["long"] = box(WEST, south, round(WEST + SIDE * ROWS, 7), round(south + SIDE, 7))
    return found


def applied(net: dict[str, Outline], changed: dict[str, Outline], *gone: str) -> dict[str, Outline]:
    return {key: one for key, one in {**net, **changed}.items() if key not in gone}


def faults_of(net: dict[str, Outline], area: float) -> list[str]:
    """What keeps these grids from covering the county without a seam, and nothing twice."""
    chance = np.random.default_rng(7)
    east = chance.uniform(WEST, WEST + SIDE * ROWS, 500)
    north = chance.uniform(SOUTH, SOUTH + SIDE * ROWS, 500)
    # The vertices themselves and the middles of edges are where a seam would open.
    seams = [spot for one in net.values() for spot in partition.vertices(one)]
    east, north = np.append(east, [x for x, _y in seams]), np.append(north, [y for _x, y in seams])
    found = geo.Territory((key, "grid", mapping(one)) for key, one in net.items()).locate_many(east, north)
    points = shapely.points(east, north)
    within = np.sum([shapely.contains(one, points) for one in net.values()], axis=0)
    faults = {
        "broken": not all(one.is_valid for one in net.values()),
        "area": sum(one.area for one in net.values()) != pytest.approx(area, rel=1e-9),
        "gap": not set(found.rule.tolist()) <= {geo.RULES.index(geo.INSIDE), geo.RULES.index(geo.EDGE)},
        "twice": within.max() > 1,
    }
    return [name for name, is_so in faults.items() if is_so]


FRACTION = st.floats(0.02, 0.98)
SPOT = st.tuples(st.floats(-0.1, 1.1), st.floats(-0.1, 1.1))
DEED = st.tuples(st.sampled_from(("split", "merge", "move", "insert", "remove", "carve")), st.integers(0, 10**6),
                 st.integers(0, 10**6), SPOT, SPOT, SPOT)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(DEED, min_size=1, max_size=12))
def test_any_sequence_of_deeds_leaves_a_seamless_county(deeds: list[tuple[Any, ...]]) -> None:
    net = squares()
    area = sum(one.area for one in net.values())
    for number, deed in enumerate(deeds):
        before = dict(net)
        try:
            net = done(net, number, *deed)
        except Unfit:
            net = before
    assert faults_of(net, area) == []


def test_a_seam_is_seen() -> None:
    """Of the check itself: a gap, a grid drawn twice, a crossing line."""
    net = squares()
    area = sum(one.area for one in net.values())
    assert faults_of(net, area) == []
    assert faults_of({key: one for key, one in net.items() if key != "g11"}, area) == ["area", "gap"]
    assert faults_of({**net, "again": net["g11"]}, area) == ["area", "twice"]
    west, south, east, north = net["g11"].bounds
    crossing = shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])
    assert "broken" in faults_of({**net, "g11": crossing}, area)


def done(
    net: dict[str, Outline], number: int, deed: str, first: int, second: int, one: Spot, two: Spot, three: Spot
) -> dict[str, Outline]:
    keys = sorted(net)
    key = keys[first % len(keys)]
    west, south, east, north = net[key].bounds
    scaled = [(west + x * (east - west), south + y * (north - south)) for x, y in (one, two, three)]
    if deed == "split":
        return applied(net, partition.split(net, key, scaled, (f"n{number}a", f"n{number}b")), key)
    if deed == "merge":
        beside = partition.neighbours(net, [key])
        other = beside[second % len(beside)] if beside else key
        return applied(net, partition.merge(net, [key, other], f"n{number}"), key, other)
    if deed == "carve":
        # Now and then two points of the drawing lie where the grid has a vertex.
        corners = partition.vertices(net[key])
        ring = [*scaled[: 1 + second % 3], corners[first % len(corners)], corners[second % len(corners)]]
        beside = partition.neighbours(net, [key])[: second % 4]
        below, changed = carving.carve(net, [key, *beside], ring, f"n{number}")
        return applied(net, changed, *(one for one in below if one not in changed))
    if deed == "insert":
        return applied(net, partition.insert(net, scaled[0])[1])
    spots = partition.vertices(net[key])
    at = spots[second % len(spots)]
    if deed == "remove":
        return applied(net, partition.remove(net, at))
    aim = (at[0] + (one[0] - 0.5) * SIDE * 0.5, at[1] + (one[1] - 0.5) * SIDE * 0.5)
    return applied(net, partition.move(net, {at: aim}))


def test_a_line_that_overshoots_cuts_in_two_and_both_neighbours_share_its_ends() -> None:
    net = squares()
    changed = partition.split(net, "g01", [(WEST + 0.015, SOUTH - 0.01), (WEST + 0.0151, SOUTH + 0.02)], ("a", "b"))
    assert set(changed) == {"a", "b", "g11"}
    assert changed["a"].centroid.x < changed["b"].centroid.x
    shared = set(partition.vertices(changed["a"])) & set(partition.vertices(changed["b"]))
    assert len(shared) == 2
    assert len(shared & set(partition.vertices(changed["g11"]))) == 1
    net = applied(net, changed, "g01")
    assert faults_of(net, sum(one.area for one in squares().values())) == []


def test_the_first_piece_lies_left_of_the_line() -> None:
    line = [(WEST + 0.005, SOUTH - 0.01), (WEST + 0.005, SOUTH + 0.02)]
    up = partition.split(squares(), "g00", line, ("left", "right"))
    down = partition.split(squares(), "g00", line[::-1], ("left", "right"))
    assert up["left"].equals(down["right"])
    assert up["left"].centroid.x < WEST + 0.005


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ([(WEST - 1, SOUTH), (WEST - 1, SOUTH + 1)], "misses"),
        ([(WEST + 0.005, SOUTH - 0.01), (WEST + 0.005, SOUTH + 0.005)], "ends"),
        ([(WEST + 0.002, SOUTH + 0.002), (WEST + 0.006, SOUTH + 0.006)], "ends"),
        ([(WEST + 0.002, SOUTH - 0.001), (WEST + 0.004, SOUTH + 0.02), (WEST + 0.006, SOUTH - 0.001)], "several"),
        ([(WEST, SOUTH)], "line"),
        ([(WEST - 0.001, SOUTH - 0.001), (WEST + 0.01, SOUTH + 0.01), (WEST, SOUTH + 0.01), (WEST + 0.01, SOUTH)],
         "line"),
        ([(WEST + 0.01, SOUTH - 0.001), (WEST + 0.01, SOUTH + 0.011)], "sliver"),
        ([(WEST - 0.001, SOUTH + 0.0000003), (WEST + 0.02, SOUTH + 0.0000003)], "sliver"),
    ],
)  # fmt: skip
def test_a_line_that_does_not_cut_in_two_is_refused(line: list[Spot], why: str) -> None:
    with pytest.raises(Unfit) as refused:
        partition.split(squares(), "g00", line, ("a", "b"))
    assert refused.value.code == why


def test_a_hole_stays_with_its_piece_and_a_line_into_it_is_refused() -> None:
    hole = [(0.2, 0.2), (0.3, 0.2), (0.3, 0.3), (0.2, 0.3)]
    net: dict[str, Outline] = {"ring": Polygon([(0, 0), (1, 0), (1, 1), (0, 1)], [hole]), "in": Polygon(hole)}
    changed = partition.split(net, "ring", [(0.5, -1), (0.5, 2)], ("a", "b"))
    assert [len(partition.rings_of(part)) for key in "ab" for part in partition.parts(changed[key])] == [2, 1]
    with pytest.raises(Unfit, match="several"):
        partition.split(net, "ring", [(-1, 0.25), (2, 0.25)], ("a", "b"))
    with pytest.raises(Unfit, match="hole"):
        partition.split(net, "ring", [(-1, 0.25), (0.25, 0.25)], ("a", "b"))


def test_a_far_part_of_a_grid_stays_with_the_larger_piece() -> None:
    net: dict[str, Outline] = {"two": MultiPolygon([box(0, 0, 1, 1), box(5, 5, 6, 6)])}
    changed = partition.split(net, "two", [(0.3, -1), (0.3, 2)], ("a", "b"))
    assert (changed["a"].geom_type, changed["b"].geom_type) == ("Polygon", "MultiPolygon")


def test_grids_that_meet_only_in_a_corner_are_not_merged() -> None:
    with pytest.raises(Unfit, match="apart"):
        partition.merge(squares(), ["g00", "g11"], "n")
    whole = partition.merge(squares(), ["g00", "g01", "g02"], "n")["n"]
    assert whole.area == pytest.approx(3 * SIDE * SIDE)


def test_a_moved_vertex_moves_in_every_grid_that_has_it_and_where_it_lies_on_an_edge() -> None:
    at, to = (round(WEST + SIDE, 7), round(SOUTH + 2 * SIDE, 7)), (WEST + SIDE + 0.001, SOUTH + 2 * SIDE + 0.001)
    changed = partition.move(squares(), {at: to})
    assert {key for key, one in changed.items() if partition.rounded_spot(to) in partition.vertices(one)} == {
        "g10", "g11", "long",
    }  # fmt: skip
    assert faults_of(applied(squares(), changed), sum(one.area for one in squares().values())) == []


@pytest.mark.parametrize(
    ("at", "to", "why"),
    [
        ((WEST, SOUTH), (WEST + 0.001, SOUTH + 0.001), "border"),
        ((WEST + 0.01, SOUTH + 0.01), (WEST + 0.03, SOUTH + 0.01), "tangled"),
        ((WEST + 0.01, SOUTH + 0.01), (WEST + 0.02, SOUTH + 0.01), "taken"),
        ((WEST + 0.005, SOUTH + 0.005), (WEST + 0.006, SOUTH + 0.005), "nothing"),
    ],
)
def test_a_move_that_would_tear_the_net_is_refused(at: Spot, to: Spot, why: str) -> None:
    with pytest.raises(Unfit) as refused:
        partition.move(squares(), {partition.rounded_spot(at): to})
    assert refused.value.code == why


def test_a_vertex_is_put_in_and_taken_out_on_both_sides() -> None:
    spot, changed = partition.insert(squares(), (WEST + 0.01004, SOUTH + 0.004))
    assert set(changed) == {"g00", "g01"}
    net = applied(squares(), changed)
    assert partition.remove(net, spot).keys() == {"g00", "g01"}
    with pytest.raises(Unfit, match="taken"):
        partition.insert(net, spot)
    with pytest.raises(Unfit, match="needed"):
        partition.remove(net, (round(WEST + 0.01, 7), round(SOUTH + 0.01, 7)))


def test_a_drawing_that_crosses_itself_or_is_tiny_is_refused() -> None:
    with pytest.raises(Unfit, match="drawing"):
        partition.drawn([(0, 0), (1, 1), (1, 0), (0, 1)])
    with pytest.raises(Unfit, match="sliver"):
        partition.drawn([(0, 0), (1e-6, 0), (0, 1e-6)])
    assert partition.drawn([(0.123456789, 0), (1, 0), (1, 1)]).exterior.coords[0] == (0.1234568, 0)
