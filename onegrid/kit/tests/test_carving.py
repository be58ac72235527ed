"""An outline is cut out of the grids below it: they lose exactly that, and every vertex on a shared edge is shared."""

import pytest
import shapely
from shapely.geometry import MultiPolygon, Polygon, box

from onegrid.kit import carving, partition
from onegrid.kit.partition import Outline, Spot, Unfit
from onegrid.kit.tests.test_partition import SIDE, SOUTH, WEST, applied, faults_of, squares

AREA = sum(one.area for one in squares().values())


def at(east: float, north: float) -> Spot:
    """In sides of a grid from the south-west corner."""
    return round(WEST + SIDE * east, 7), round(SOUTH + SIDE * north, 7)


def ring(west: float, south: float, east: float, north: float) -> list[Spot]:
    return [at(west, south), at(east, south), at(east, north), at(west, north)]


def carved(keys: list[str], drawn: list[Spot]) -> dict[str, Outline]:
    """The whole net after it; seamless."""
    below, changed = carving.carve(squares(), keys, drawn, "new")
    net = applied(squares(), changed, *(key for key in below if key not in changed))
    assert faults_of(net, AREA) == []
    return net


def test_inside_of_one_grid_it_leaves_a_ring() -> None:
    net = carved(["g00"], ring(0.2, 0.2, 0.6, 0.6))
    assert net["new"].area == pytest.approx(0.16 * SIDE**2)
    assert len(partition.rings_of(partition.parts(net["g00"])[0])) == 2


def test_over_several_grids_each_loses_exactly_its_part() -> None:
    net = carved(["g00", "g01", "g10", "g11"], ring(0.5, 0.5, 1.5, 1.5))
    assert net["new"].equals(box(*at(0.5, 0.5), *at(1.5, 1.5)))
    assert {key: round(net[key].area / SIDE**2, 6) for key in ("g00", "g01", "g10", "g11")} == dict.fromkeys(
        ("g00", "g01", "g10", "g11"), 0.75
    )


def test_a_wholly_covered_grid_is_gone() -> None:
    net = carved(["g00", "g01"], ring(-0.1, -0.1, 1.5, 1.1))
    assert "g00" not in net
    assert net["new"].area == pytest.approx(1.5 * SIDE**2)


def test_what_lies_beyond_the_asked_grids_stays_with_its_own() -> None:
    """Also beyond the county's border, where nothing is."""
    net = carved(["g00"], ring(0.5, -3, 1.7, 0.5))
    assert net["g01"].equals(squares()["g01"])
    assert net["new"].equals(box(*at(0.5, 0), *at(1, 0.5)))


def test_a_crossing_of_a_border_is_a_vertex_of_the_neighbour_too() -> None:
    net = carved(["g00"], ring(0.5, 0.5, 1.7, 1.7))
    for neighbour, spot in (("g01", at(1, 0.5)), ("g10", at(0.5, 1))):
        assert min(partition.apart(spot, one) for one in partition.vertices(net[neighbour])) < 1e-12


def test_a_shared_vertex_is_the_same_pair_of_numbers_everywhere() -> None:
    """Of an edge that is met askew, so that the crossing is no round number."""
    net = carved(["g00", "g01"], [at(0.31, 0.17), at(1.73, 0.41), at(1.29, 0.83), at(0.53, 0.71)])
    mine = set(partition.vertices(net["new"]))
    assert mine <= {spot for key in ("g00", "g01") for spot in partition.vertices(net[key])}
    between = shapely.intersection(net["g00"], net["g01"])
    assert between.area == 0
    crossings = [spot for spot in mine if abs(spot[0] - at(1, 0)[0]) < 1e-12]
    assert len(crossings) == 2


def test_drawn_along_edges_it_takes_their_vertices() -> None:
    """Vertices have more digits than a drawing, which is rounded to seven."""
    net = {key: shapely.transform(one, lambda spots: spots + 4.3e-8) for key, one in squares().items()}
    drawn = [at(1, 0), at(2, 0), at(2, 1), at(1.5, 0.5), at(1, 1)]
    below, changed = carving.carve(net, ["g00", "g01", "g02"], drawn, "new")
    assert below == ["g01"]
    own = set(partition.vertices(net["g01"]))
    assert len(own & set(partition.vertices(changed["new"]))) == 4
    assert set(changed) == {"new", "g01"}


@pytest.mark.parametrize(
    ("keys", "drawn", "why"),
    [
        (["g00"], ring(1.2, 0.2, 1.6, 0.6), "elsewhere"),
        (["g00"], ring(-0.5, -0.5, 1.5, 1.5), "whole"),
        (["g00"], ring(0.3, -0.5, 0.6, 1.5), "pieces"),
        (["g00", "g02"], ring(0.5, 0.2, 2.5, 0.6), "scattered"),
        (["g00", "g01"], ring(0.5, 0.2, 1.0001, 0.6), "sliver"),
        (["g00"], ring(-1, -1, 0.9999, 2), "sliver"),
        (["g00"], [at(0.2, 0.2), at(0.6, 0.6), at(0.6, 0.2), at(0.2, 0.6)], "drawing"),
        (["g00"], [at(0.2, 0.2), at(0.6, 0.6)], "drawing"),
    ],
)
def test_what_leaves_no_whole_grids_is_refused(keys: list[str], drawn: list[Spot], why: str) -> None:
    with pytest.raises(Unfit) as refused:
        carving.carve(squares(), keys, drawn, "new")
    assert refused.value.code == why


def test_a_far_part_stays_or_goes_with_the_drawing() -> None:
    net: dict[str, Outline] = {"two": MultiPolygon([box(0, 0, 1, 1), box(5, 5, 6, 6)])}
    _below, changed = carving.carve(net, ["two"], [(0.5, -1), (2, -1), (2, 2), (0.5, 2)], "new")
    assert (changed["two"].geom_type, changed["new"].area) == ("MultiPolygon", 0.5)
    _below, changed = carving.carve(net, ["two"], [(-1, -1), (2, -1), (2, 2), (-1, 2)], "new")
    assert (changed["two"].bounds, changed["new"].bounds) == ((5, 5, 6, 6), (0, 0, 1, 1))


def test_grids_that_overlap_already_are_mended_first() -> None:
    net: dict[str, Outline] = {"one": box(0, 0, 1, 1), "two": box(0.9, 0, 2, 1)}
    with pytest.raises(Unfit, match="overlap"):
        carving.carve(net, ["one", "two"], [(0.5, 0.2), (1.5, 0.2), (1.5, 0.8)], "new")


def test_a_carving_that_forgets_a_neighbours_vertex_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the check itself: with an edge that is met and not told to the neighbour, a seam opens when it is moved."""
    monkeypatch.setattr(carving, "pinned", lambda *_given: {})
    monkeypatch.setattr(carving, "with_shared_vertices", lambda *_given: {})
    with pytest.raises((Unfit, AssertionError)):
        carved(["g00", "g01"], [at(0.31, 0.17), at(1.73, 0.41), at(1.29, 0.83), at(0.53, 0.71)])


def test_holes_of_a_grid_stay_where_they_are() -> None:
    hole = [(0.2, 0.2), (0.3, 0.2), (0.3, 0.3), (0.2, 0.3)]
    net: dict[str, Outline] = {"ring": Polygon([(0, 0), (1, 0), (1, 1), (0, 1)], [hole]), "in": Polygon(hole)}
    _below, changed = carving.carve(net, ["ring"], [(-1, -1), (0.25, -1), (0.25, 2), (-1, 2)], "new")
    assert changed["new"].area == pytest.approx(0.25 - 0.005)
    assert changed["ring"].area == pytest.approx(0.75 - 0.005)
