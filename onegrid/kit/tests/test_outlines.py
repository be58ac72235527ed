"""Each fault of an outline has a name and a place; what is safe is mended, the rest refused."""

import math
from typing import Any

import pytest

from onegrid.kit import outlines

SQUARE = [[104.60, 28.70], [104.61, 28.70], [104.61, 28.71], [104.60, 28.71], [104.60, 28.70]]
HOLE = [[104.603, 28.703], [104.603, 28.706], [104.606, 28.706], [104.606, 28.703], [104.603, 28.703]]
BOW = [[104.60, 28.70], [104.61, 28.71], [104.61, 28.70], [104.60, 28.71], [104.60, 28.70]]
# A square with a loop of a few metres at one corner.
LOOP = [[104.60, 28.70], [104.61, 28.70], [104.61, 28.71], [104.59998, 28.71], [104.60002, 28.7099], *SQUARE[-1:]]
LOOP = [*SQUARE[:3], [104.60, 28.71], [104.60001, 28.7098], [104.59999, 28.7098], [104.60001, 28.7099], SQUARE[0]]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def kinds(reading: outlines.Reading) -> list[str]:
    return [fault.kind for fault in reading.faults]


def test_a_good_outline_is_left_as_it_is() -> None:
    reading = outlines.read(polygon(SQUARE))
    assert reading.faults == ()
    assert not reading.repaired
    assert reading.geometry == polygon(SQUARE)
    assert (reading.change_m2, reading.change_percent) == (0, 0)


def test_a_small_loop_is_mended_and_says_where_it_crossed() -> None:
    reading = outlines.read(polygon(LOOP))
    assert set(kinds(reading)) == {"self_crossing"}
    assert all(abs(fault.at[0] - 104.6) < 0.0001 and fault.at[1] > 28.7097 for fault in reading.faults if fault.at)
    assert reading.outline.is_valid
    assert 0 < abs(reading.change_m2) < 100
    assert abs(reading.change_percent) < 0.01


def test_a_bow_tie_is_refused_with_its_crossing() -> None:
    reading = outlines.read(polygon(BOW))
    assert kinds(reading) == ["self_crossing", "too_much_changed"]
    assert reading.faults[0].at == pytest.approx((104.605, 28.705))
    assert reading.refused
    assert reading.drawn is not None


def test_a_hole_is_told_and_kept() -> None:
    reading = outlines.read(polygon(SQUARE, HOLE))
    assert kinds(reading) == ["hole"]
    assert reading.faults[0].at == (104.603, 28.703)
    assert len(reading.outline.interiors) == 1
    assert not reading.repaired


def test_an_open_ring_is_closed() -> None:
    reading = outlines.read(polygon(SQUARE[:-1]))
    assert kinds(reading) == ["open_ring"]
    assert reading.faults[0].at == (104.60, 28.71)
    assert reading.geometry == polygon(SQUARE)


def test_repeated_points_are_dropped() -> None:
    reading = outlines.read(polygon([SQUARE[0], SQUARE[1], SQUARE[1], *SQUARE[2:]]))
    assert kinds(reading) == ["repeated_points"]
    assert reading.faults[0].at == (104.61, 28.70)
    assert reading.geometry == polygon(SQUARE)


def test_parts_that_overlap_become_one() -> None:
    moved = [[east + 0.00001, north] for east, north in SQUARE]
    small = [[104.609, 28.704], [104.6101, 28.704], [104.6101, 28.7041], [104.609, 28.7041], [104.609, 28.704]]
    reading = outlines.read({"type": "MultiPolygon", "coordinates": [[SQUARE], [small]]})
    assert set(kinds(reading)) == {"parts_overlap"}
    assert reading.outline.is_valid
    doubled = outlines.read({"type": "MultiPolygon", "coordinates": [[SQUARE], [moved]]})
    assert kinds(doubled)[-1] == "too_much_changed"
    assert doubled.refused


@pytest.mark.parametrize(
    ("geometry", "kind"),
    [
        (None, "empty"),
        ({}, "empty"),
        (polygon(), "empty"),
        ({"type": "MultiPolygon", "coordinates": []}, "empty"),
        ({"type": "Point", "coordinates": [104.6, 28.7]}, "not_a_polygon"),
        ({"type": "LineString", "coordinates": SQUARE}, "not_a_polygon"),
        ({"type": "Polygon"}, "malformed"),
        ({"type": "Polygon", "coordinates": "here"}, "malformed"),
        (polygon([[104.6, "north"], [104.7, 28.7], [104.7, 28.8], [104.6, 28.7]]), "malformed"),
        (polygon([[104.6], [104.7, 28.7], [104.7, 28.8], [104.6, 28.7]]), "malformed"),
        (polygon([104.6, 28.7, 104.7, 28.8]), "malformed"),
        (polygon(SQUARE[:2]), "too_few_points"),
        (polygon([SQUARE[0]] * 5), "too_few_points"),
        (polygon([]), "too_few_points"),
        (polygon([*SQUARE[:2], SQUARE[0], SQUARE[1], SQUARE[0]]), "zero_area"),
        (polygon([[east * 1000, north * 1000] for east, north in SQUARE]), "impossible"),
        (polygon([[math.nan, 28.7], *SQUARE[1:]]), "impossible"),
        (polygon([[north, east] for east, north in SQUARE]), "swapped"),
        (polygon([[38.9, 116.4], [39.0, 116.4], [39.0, 116.5], [38.9, 116.4]]), "swapped"),
        (polygon([[38.9, 88.4], [39.0, 88.4], [39.0, 88.5], [38.9, 88.4]]), "swapped"),
    ],
)  # fmt: skip
def test_what_is_no_outline_is_refused_by_name(geometry: Any, kind: str) -> None:
    reading = outlines.read(geometry)
    assert kinds(reading)[-1] == kind
    assert reading.refused
    assert reading.geometry is None


def test_a_height_is_dropped_and_land_outside_china_is_welcome() -> None:
    high = [[east, north, 312.5] for east, north in SQUARE]
    assert outlines.read(polygon(high)).geometry == polygon(SQUARE)
    assert outlines.read(polygon([[east - 100, north] for east, north in SQUARE])).faults == ()


def test_an_outline_that_was_there_before_is_told_however_it_is_begun() -> None:
    turned = [*SQUARE[2:], *SQUARE[1:3]]
    found = outlines.read_all([("1", polygon(SQUARE)), ("2", polygon(turned)), ("3", polygon(HOLE)), ("4", None)])
    assert {code: kinds(reading) for code, reading in found.items()} == {
        "1": [], "2": ["duplicate"], "3": [], "4": ["empty"],
    }  # fmt: skip


def test_every_name_is_in_one_list_only() -> None:
    assert len(set(outlines.FAULTS)) == len(outlines.FAULTS)
