"""Made faults between grids: each is found and named, and nothing else is."""

from collections.abc import Callable
from typing import Any

import pytest
import shapely

from onegrid.kit import coverage, mending
from onegrid.kit.coverage import Finding, Grid
from onegrid.testing import land

COLUMNS, ROWS = 6, 5
VILLAGE = "511502001001"
WHOLE = land.land(COLUMNS, ROWS)
GRIDS = land.chequers(COLUMNS, ROWS)
# One in the middle, one beside it.
CODE, NEXT = f"{VILLAGE}015", f"{VILLAGE}016"

Outlines = dict[str, Any]


def findings(grids: Outlines, parents: Outlines | None = None, **options: Any) -> list[Finding]:
    rows = [Grid(code, outline, VILLAGE) for code, outline in grids.items()]
    return coverage.check(rows, {VILLAGE: WHOLE} if parents is None else parents, **options)


def names(found: list[Finding]) -> list[tuple[str, ...]]:
    return [(one.kind, *([one.of] if one.of else []), *one.codes) for one in found]


def around(code: str) -> tuple[str, ...]:
    """The four neighbours, without those at the corners."""
    edge = GRIDS[code].boundary
    return tuple(sorted(other for other in GRIDS if other != code and edge.intersection(GRIDS[other]).length))


def over_the_edge() -> tuple[str, Outlines]:
    """A grid in the south-east that reaches 80 m beyond the village."""
    edge = f"{VILLAGE}006"
    beyond = coverage.largest(land.moved(GRIDS[edge], 80, 0).difference(WHOLE))
    return edge, {**GRIDS, edge: GRIDS[edge].union(beyond)}


def test_seamless_grids_have_no_fault() -> None:
    assert findings(GRIDS) == []
    assert findings(GRIDS, {}) == []


def test_no_grids_and_no_parents_have_no_fault() -> None:
    assert coverage.check([]) == []


def test_a_missing_grid_is_a_gap_between_its_neighbours() -> None:
    grids = {code: outline for code, outline in GRIDS.items() if code != CODE}
    found = findings(grids)
    assert names(found) == [("gap", *around(CODE))]
    assert found[0].area_m2 == pytest.approx(270_000, rel=0.1)
    assert found[0].at is not None
    assert GRIDS[CODE].contains(shapely.Point(found[0].at))
    # Without the village's outline it is still a hole.
    assert names(findings(grids, {})) == [("gap", *around(CODE))]


def test_land_that_a_special_grid_is_cut_out_of_is_no_gap() -> None:
    grids = {code: outline for code, outline in GRIDS.items() if code != CODE}
    assert findings(grids, served=[GRIDS[CODE]]) == []
    assert findings(grids, {}, served=[GRIDS[CODE]]) == []
    half = GRIDS[CODE].intersection(land.moved(GRIDS[CODE], 250, 0))
    assert [one.kind for one in findings(grids, served=[half])] == ["gap"]


def test_a_missing_grid_at_the_edge_is_a_gap_only_where_the_village_is_known() -> None:
    grids = {code: outline for code, outline in GRIDS.items() if not code.endswith("001001001")}
    assert [one.kind for one in findings(grids)] == ["gap"]
    assert findings(grids, {}) == []


def test_a_grid_that_takes_of_its_neighbour_is_an_overlap() -> None:
    strip = land.moved(GRIDS[CODE], 40, 0).intersection(GRIDS[NEXT])
    found = findings({**GRIDS, CODE: GRIDS[CODE].union(strip)})
    assert names(found) == [("overlap", CODE, NEXT)]
    assert found[0].area_m2 == pytest.approx(40 * 555, rel=0.1)


def test_the_same_outline_twice_is_a_duplicate() -> None:
    assert names(findings({**GRIDS, f"{VILLAGE}099": GRIDS[CODE]})) == [("duplicate", CODE, f"{VILLAGE}099")]


def test_a_grid_one_metre_off_is_a_shift_with_its_metres() -> None:
    found = findings({**GRIDS, CODE: land.moved(GRIDS[CODE], 0.6, -0.8)})
    assert names(found) == [("shift", CODE)]
    assert found[0].shift == pytest.approx((0.6, -0.8), abs=0.02)


def test_two_shifted_grids_apart_are_two_shifts() -> None:
    other = f"{VILLAGE}023"
    grids = {**GRIDS, CODE: land.moved(GRIDS[CODE], 1, 0), other: land.moved(GRIDS[other], 0, 2)}
    assert sorted(names(findings(grids))) == [("shift", CODE), ("shift", other)]


def test_a_thin_strip_is_a_sliver_and_no_gap() -> None:
    strip = GRIDS[CODE].difference(land.moved(GRIDS[NEXT], -2, 0))
    found = findings({**GRIDS, CODE: strip})
    assert names(found) == [("sliver", "gap", CODE, NEXT)]
    wide = GRIDS[CODE].difference(land.moved(GRIDS[NEXT], -5, 0))
    assert [one.kind for one in findings({**GRIDS, CODE: wide})] == ["gap"]


def test_hundreds_of_slivers_along_one_line_are_one_finding() -> None:
    coarse = GRIDS[CODE].simplify(0.00002)
    found = findings({**GRIDS, CODE: coarse})
    assert {one.kind for one in found} == {"sliver"}
    assert len(found) <= 2 * 4
    assert all(CODE in one.codes for one in found)


def test_a_grid_over_the_edge_of_its_village_lies_outside() -> None:
    edge, grids = over_the_edge()
    found = findings(grids)
    assert names(found) == [("outside", edge)]
    assert found[0].area_m2 == pytest.approx(80 * 555, rel=0.1)


def test_a_village_without_grids_is_named_once() -> None:
    north = land.block(0, ROWS, COLUMNS, 2)
    found = findings(GRIDS, {VILLAGE: WHOLE, "511502001002": north})
    assert names(found) == [("no_grid", "511502001002")]


def test_a_grid_without_outline_is_named_and_its_land_is_a_gap() -> None:
    found = findings({**GRIDS, CODE: None})
    assert names(found) == [("gap", *around(CODE)), ("no_outline", CODE)]


def test_a_stored_bow_tie_is_broken() -> None:
    west, south, east, north = GRIDS[CODE].bounds
    bow = shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])
    found = coverage.check([Grid(CODE, bow, "")])
    assert names(found) == [("broken", CODE)]


def test_edges_that_meet_without_a_common_point_are_no_fault() -> None:
    west, east = shapely.box(104.6, 28.7, 104.61, 28.72), shapely.box(104.61, 28.7, 104.62, 28.71)
    north = shapely.box(104.61, 28.71, 104.62, 28.72)
    assert findings({f"{VILLAGE}001": west, f"{VILLAGE}002": east, f"{VILLAGE}003": north}, {}) == []


def test_the_rounding_of_seven_decimals_is_no_fault() -> None:
    shaken = shapely.transform(GRIDS[CODE], lambda at: at + 5e-8)
    assert findings({**GRIDS, CODE: shaken}) == []


def test_only_the_neighbourhood_is_checked_when_asked() -> None:
    far = f"{VILLAGE}030"
    grids = {code: outline for code, outline in GRIDS.items() if code not in (CODE, far)}
    assert names(findings(grids, within=GRIDS[CODE])) == [("gap", *around(CODE))]
    assert findings(grids, within=GRIDS[f"{VILLAGE}001"]) == []


@pytest.mark.parametrize("part", ["overlaps", "outsides", "gaps", "shifts", "empty_parents", "broken"])
def test_a_checker_that_has_lost_a_part_is_caught(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The made faults above fail as soon as any part of the checker says nothing."""
    monkeypatch.setattr(coverage.Sheet, part, lambda *_: iter(()))
    proofs: dict[str, Callable[[], None]] = {
        "overlaps": test_the_same_outline_twice_is_a_duplicate,
        "outsides": test_a_grid_over_the_edge_of_its_village_lies_outside,
        "gaps": test_a_missing_grid_is_a_gap_between_its_neighbours,
        "shifts": test_a_grid_one_metre_off_is_a_shift_with_its_metres,
        "empty_parents": test_a_village_without_grids_is_named_once,
        "broken": test_a_stored_bow_tie_is_broken,
    }
    with pytest.raises((AssertionError, IndexError)):
        proofs[part]()


def test_a_sliver_goes_to_the_neighbour_with_the_longest_edge() -> None:
    grids = {**GRIDS, CODE: GRIDS[CODE].difference(land.moved(GRIDS[NEXT], -2, 0))}
    (sliver,) = findings(grids)
    mended = mending.assign(sliver.outline, grids)
    assert list(mended) == [CODE] or list(mended) == [NEXT]
    assert findings({**grids, **mended}) == []


def test_an_overlap_stays_with_one_of_both() -> None:
    strip = land.moved(GRIDS[CODE], 40, 0).intersection(GRIDS[NEXT])
    grids = {**GRIDS, CODE: GRIDS[CODE].union(strip)}
    (overlap,) = findings(grids)
    mended = mending.assign(overlap.outline, {code: grids[code] for code in overlap.codes}, overlap.nature)
    assert findings({**grids, **mended}) == []


def test_a_piece_far_from_all_is_given_to_nobody() -> None:
    assert mending.assign(shapely.box(105, 29, 105.001, 29.001), {CODE: GRIDS[CODE]}) == {}


def test_edges_that_miss_each_other_are_snapped() -> None:
    grids = {**GRIDS, CODE: land.moved(GRIDS[CODE], 0.3, 0.2)}
    near = {code: grids[code] for code in GRIDS if GRIDS[code].touches(GRIDS[CODE]) or code == CODE}
    mended = mending.snap(near, 1.0)
    assert findings({**grids, **mended}) == []
    assert mending.snap({code: GRIDS[code] for code in near}, 1.0) == {}


def test_a_grid_is_clipped_to_its_village() -> None:
    edge, grids = over_the_edge()
    assert findings({**grids, edge: mending.clip(grids[edge], WHOLE)}) == []
    assert mending.clip(GRIDS[edge], shapely.box(0, 0, 1, 1)).is_empty


def test_a_shifted_grid_is_moved_back() -> None:
    grids = {**GRIDS, CODE: land.moved(GRIDS[CODE], 0.6, -0.8)}
    (shift,) = findings(grids)
    assert shift.shift is not None
    east, north = shift.shift
    assert findings({**grids, CODE: mending.move(grids[CODE], -east, -north)}) == []
