"""How outlines are drawn: light, without gaps, each line once, each level the union of the one below."""

import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
import shapely

from demo import make_grids
from onegrid.insight.rules.outlines import Drawn
from onegrid.insight.rules.sheets import Sheet, sheets

WAVES = 400


def wave(seed: int) -> Any:
    """An edge from (0,0) to (1,0) with many small bends."""
    chance = np.random.default_rng(seed)
    along = np.linspace(0, 1, WAVES)
    return np.column_stack([along, chance.normal(0, 0.00002, WAVES) * (along > 0) * (along < 1)])


def finely_drawn() -> list[Drawn]:
    """Four grids of two villages in two towns around one point, with finely drawn edges between them."""
    arms = [wave(turn) @ np.array([[c, s], [-s, c]]) for turn, (c, s) in enumerate([(1, 0), (0, 1), (-1, 0), (0, -1)])]
    codes = ("511502001001001", "511502001001002", "511502002001001", "511502002001002")
    rows = []
    for place, code in enumerate(codes):
        ring = np.vstack([arms[place], arms[(place + 1) % 4][::-1]]) * 0.05 + [104.6, 28.7]
        boundary = json.loads(shapely.to_geojson(shapely.Polygon(ring)))
        rows.append(Drawn(code, "grid", code[-3:], "", None, None, boundary))
    above = (("511502001001", "village"), ("511502002001", "village"), ("511502001", "town"), ("511502002", "town"))
    return [*rows, *(Drawn(code, kind, "名", "Name", 104.6, 28.7, None) for code, kind in above)]


def features(made: Iterable[Sheet], level: str) -> list[dict[str, Any]]:
    return [one for sheet in made if sheet.level == level for one in json.loads(sheet.body)["features"]]


def lines(made: Iterable[Sheet], level: str) -> list[dict[str, Any]]:
    return [one for one in features(made, level) if one["geometry"]["type"] != "Point"]


def shapes(made: Iterable[Sheet], level: str) -> dict[str, Any]:
    """The areas of a level, put together from the lines of all its sheets."""
    found = defaultdict(list)
    for one in lines(made, level):
        for code in {one["properties"]["c"], one["properties"].get("d")} - {None}:
            found[code].append(shapely.geometry.shape(one["geometry"]))
    return {code: shapely.build_area(shapely.geometrycollections(each)) for code, each in found.items()}


def pieces(made: Iterable[Sheet], level: str) -> Counter[frozenset[tuple[float, float]]]:
    """How often each straight piece of a line stands in the sheets of a level."""
    found = Counter[frozenset[tuple[float, float]]]()
    for one in lines(made, level):
        for line in shapely.get_parts(shapely.geometry.shape(one["geometry"])):
            found.update(frozenset(pair) for pair in itertools.pairwise(line.coords))
    return found


def net(towns: int = 3, each: int = 9) -> list[Drawn]:
    """Towns side by side, cut into grids with finely bent edges that neighbours share."""
    land = shapely.box(104.6, 28.7, 104.72, 28.76)
    cells = make_grids.wiggled(make_grids.cells(land, towns * each, 7), 200)
    cells.sort(key=lambda cell: cell.centroid.x)
    codes = [f"511502{town + 1:03}001{grid + 1:03}" for town in range(towns) for grid in range(each)]
    return [Drawn(code, "grid", code, "", None, None, cell.wkb) for code, cell in zip(codes, cells, strict=True)]


def parted(made: Iterable[Sheet], level: str) -> dict[frozenset[str], str]:
    """The two areas of a line -> the level that it parts."""
    return {
        frozenset({one["properties"]["c"], one["properties"].get("d", "")}): one["properties"]["l"]
        for one in lines(made, level)
    }


def square(west: float, east: float) -> Any:
    return shapely.box(104.6 + west, 28.7, 104.6 + east, 28.71)


def test_fine_lines_become_light_and_neighbours_still_touch() -> None:
    grids = shapes(sheets(finely_drawn()), "grid")
    assert len(grids) == 4
    assert sum(shapely.get_num_coordinates(one) for one in grids.values()) < WAVES
    assert shapely.coverage_is_valid(np.array(list(grids.values()), dtype=object))


def test_a_level_above_is_the_union_of_the_one_below() -> None:
    made = sheets(finely_drawn())
    below = shapely.union_all(list(shapes(made, "village").values()))
    for level in ("town", "county"):
        above = shapely.union_all(list(shapes(made, level).values()))
        assert above.symmetric_difference(below).area < below.area / 1000


def test_each_line_stands_once_and_towns_meet_in_it() -> None:
    areas = net()
    made = sheets(areas)
    for level in ("grid", "village", "town"):
        assert set(pieces(made, level).values()) == {1}
    grids = shapes(made, "grid")
    assert len(grids) == len(areas)
    assert shapely.coverage_is_valid(np.array(list(grids.values()), dtype=object))


def test_lines_drawn_town_by_town_would_part() -> None:
    """Planted fault: each town simplified by itself; its border is not its neighbour's any more."""
    areas = net()
    alone = [one for town in ("511502001", "511502002", "511502003")
             for one in sheets([area for area in areas if area.code.startswith(town)])]  # fmt: skip
    grids = shapes(alone, "grid")
    assert not shapely.coverage_is_valid(np.array(list(grids.values()), dtype=object))


def test_a_line_says_what_it_parts() -> None:
    made = sheets(finely_drawn())
    told = parted(made, "grid")
    assert told[frozenset({"511502001001001", "511502001001002"})] == "grid"
    assert told[frozenset({"511502001001002", "511502002001001"})] == "town"
    assert told[frozenset({"511502001001001", ""})] == "county"
    rows = [Drawn(code, "grid", "", "", None, None, square(0.01 * n, 0.01 * n + 0.01).wkb)
            for n, code in enumerate(("511502001001001", "511502001002001"))]  # fmt: skip
    assert parted(sheets(rows), "grid")[frozenset({"511502001001001", "511502001002001"})] == "village"


def test_neighbours_that_do_not_quite_touch_are_no_border_of_the_county() -> None:
    """A gap of five metres is a fault for the coverage check, not the end of the land."""
    rows = [Drawn("511502001001001", "grid", "", "", None, None, square(0, 0.01).wkb),
            Drawn("511502001001002", "grid", "", "", None, None, square(0.01005, 0.02).wkb)]  # fmt: skip
    between = [one for one in lines(sheets(rows), "grid") if one["properties"]["l"] == "grid"]
    assert {one["properties"]["c"] for one in between} == {"511502001001001", "511502001001002"}
    assert shapes(sheets(rows), "grid")["511502001001001"].area == pytest.approx(square(0, 0.01).area)


def test_what_is_drawn_town_by_town_says_where() -> None:
    made = sheets(net())
    directory = json.loads(next(one.body for one in made if one.level == "town"))
    assert [part[0] for part in directory["parts"]] == ["511502001", "511502002", "511502003"]
    for home, *box in directory["parts"]:
        own = [one for one in shapes(made, "grid").items() if one[0].startswith(home)]
        assert all(shapely.box(*box).buffer(0.00002).contains(shape) for _code, shape in own)
    moved = net()[:-1]
    assert json.loads(next(one.body for one in sheets(moved) if one.level == "town"))["mark"] != directory["mark"]


def test_a_special_grid_cut_out_of_the_others_is_no_hole_in_its_village() -> None:
    whole = shapely.geometry.box(104.6, 28.7, 104.61, 28.71)
    mall = shapely.geometry.box(104.604, 28.704, 104.606, 28.706)
    rows = [
        Drawn("511502001001001", "grid", "一", "", None, None, json.loads(shapely.to_geojson(whole - mall))),
        Drawn("511502S001", "special", "商场", "", None, None, json.loads(shapely.to_geojson(mall)), "511502001001"),
        Drawn("511502001001", "village", "村", "", None, None, None),
    ]
    made = sheets(rows)
    assert shapes(made, "village")["511502001001"].area == pytest.approx(whole.area)
    assert parted(made, "grid")[frozenset({"511502001001001", "511502S001"})] == "grid"


def test_a_special_grid_over_the_others_is_drawn_on_them() -> None:
    whole, mall = shapely.box(104.6, 28.7, 104.61, 28.71), shapely.box(104.604, 28.704, 104.606, 28.706)
    rows = [Drawn("511502001001001", "grid", "一", "", None, None, whole.wkb),
            Drawn("511502S001", "special", "商场", "", None, None, mall.wkb, "511502001001")]  # fmt: skip
    made = sheets(rows)
    assert {one.home for one in made} == {"511502001", ""}
    assert shapes(made, "grid")["511502S001"].area == pytest.approx(mall.area)
    assert shapes(made, "grid")["511502001001001"].area == pytest.approx(whole.area)
    assert "商场" in {one["properties"].get("zh") for one in features(made, "grid")}


def test_a_town_without_drawn_grids_stands_for_itself() -> None:
    rows = [Drawn("511502001001001", "grid", "", "", None, None, square(0, 0.01).wkb),
            Drawn("511502002", "town", "乡", "", None, None, square(0.01, 0.02).wkb)]  # fmt: skip
    made = sheets(rows)
    assert parted(made, "grid")[frozenset({"511502001001001", "511502002"})] == "town"
    assert {one.home for one in made if one.level == "grid"} == {"511502001", "511502002"}


def test_a_crossing_outline_is_mended_and_drawn() -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [0.01, 0.01], [0.01, 0], [0, 0.01], [0, 0]]]}
    made = shapes(sheets([Drawn("511502001001001", "grid", "一", "", None, None, bow)]), "grid")
    assert made["511502001001001"].is_valid
    assert made["511502001001001"].area > 0


@pytest.mark.parametrize(
    "bad",
    [
        {"type": "Nothing"},
        {"type": "LineString", "coordinates": [[104.6, 28.7], [104.61, 28.71]]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[104.6, 28.7], [104.61, 28.71], [104.6, 28.7]]]},
        b"no outline",
    ],
)
@pytest.mark.parametrize("code", ["511502001001002", "511502S001"])
def test_an_outline_that_is_no_land_is_told_to_the_log_and_the_others_are_drawn(
    bad: Any, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    kind, home = ("special", "511502001001") if "S" in code else ("grid", "")
    rows = [Drawn("511502001001001", "grid", "", "", None, None, square(0, 0.01).wkb),
            Drawn(code, kind, "", "", None, None, bad, home)]  # fmt: skip
    made = sheets(rows)
    assert set(shapes(made, "grid")) == {"511502001001001"}
    assert set(one["properties"]["c"] for one in features(made, "county")) == {"511502"}
    assert [code in line.getMessage() for line in caplog.records] == [True]
