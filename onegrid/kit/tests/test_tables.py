"""A cell may be equally long for every room, whatever another reader allowed before."""

import csv

import pytest

from onegrid.kit import tables


def test_how_long_a_cell_may_be_does_not_hang_on_who_read_before() -> None:
    for before in (10, 100_000_000):
        csv.field_size_limit(before)
        assert list(csv.reader(tables.stream("x" * tables.LONGEST_CELL))) == [["x" * tables.LONGEST_CELL]]
        csv.field_size_limit(before)
        with pytest.raises(csv.Error):
            list(csv.reader(tables.stream("x" * (tables.LONGEST_CELL + 1))))
