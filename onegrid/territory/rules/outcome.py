"""What a whole re-division comes to: which codes end, which are new, which stay with another outline; and who moves.

Pure. "Was" are the grids before it, "will" the grids after it, both as rows by key (see drafting).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import numpy as np
import shapely
from shapely.geometry import Point, shape

from onegrid.kit import geo
from onegrid.kit.partition import Outline
from onegrid.territory.rules.drafting import GRID, SPECIAL, Made, Row, Rows, plain

# Ordinary grids are 001 to 899 of a village, special ones 901 to 999.
ORDINARY, OVER = range(1, 900), range(901, 1000)
# Square degrees; about a hundredth of a square metre: a vertex more changes no outline.
SAME = 1e-12


class Matter(NamedTuple):
    """What decides where a matter goes."""

    id: int
    area: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True)
class Outcome:
    """`ended`, `made` and `kept` are keys; `kept` grids stay with their code and have another row."""

    was: Rows
    will: Rows

    @property
    def ended(self) -> list[str]:
        return sorted(key for key in self.was if key not in self.will)

    @property
    def made(self) -> list[str]:
        return sorted((key for key in self.will if key not in self.was), key=fresh_order)

    @property
    def kept(self) -> list[str]:
        return sorted(key for key in self.was if key in self.will and self.was[key] != self.will[key])

    @property
    def altered(self) -> list[str]:
        """Kept grids in which something changes for people; not those that only got a vertex on their edge."""
        return [key for key in self.kept if differs(self.was[key], self.will[key])]

    @property
    def redrawn(self) -> list[str]:
        """Kept grids whose land is another one."""
        return [key for key in self.kept if land_differs(self.was[key], self.will[key])]

    @property
    def places(self) -> list[str]:
        """Codes of the ordinary grids in which a matter may move."""
        return [key for key in (*self.ended, *self.redrawn) if self.was[key]["kind"] == GRID]


def outcome(changes: Sequence[Made]) -> Outcome:
    """The changes as one: the first row of each grid that was there, the last of each that is left."""
    was: Rows = {}
    will: Rows = {}
    for one in changes:
        for key, row in one.before.items():
            if key in will:
                del will[key]
            else:
                was.setdefault(key, row)
        will |= one.after
    return Outcome(was, will)


def differs(one: Row, other: Row) -> bool:
    """Whether two rows of a grid differ in more than a vertex on an edge."""
    plain = [{name: value for name, value in row.items() if name != "outline"} for row in (one, other)]
    return plain[0] != plain[1] or land_differs(one, other)


def land_differs(one: Row, other: Row) -> bool:
    if one["outline"] == other["outline"]:
        return False
    if not one["outline"] or not other["outline"]:
        return True
    first, second = land(one), land(other)
    return bool(shapely.symmetric_difference(first, second).area > SAME)


def land(row: Row) -> Outline:
    return cast(Outline, shape(row["outline"]))


def fresh_order(key: str) -> int:
    return int(key.removeprefix("n"))


def codes(outcome: Outcome, taken: Iterable[str]) -> dict[str, str]:
    """A code for each new grid: below its village, behind every code that was ever given there.

    Raises ValueError where a village has no number left.
    """
    used = set(taken)
    given: dict[str, str] = {}
    for key in outcome.made:
        row = outcome.will[key]
        numbers = OVER if row["kind"] == SPECIAL else ORDINARY
        last = max((int(code[12:]) for code in used if ours(code, row["parent"], numbers)), default=numbers.start - 1)
        if last + 1 not in numbers:
            raise ValueError(row["parent"])
        given[key] = f"{row['parent']}{last + 1:03}"
        used.add(given[key])
    return given


def ours(code: str, parent: str, numbers: range) -> bool:
    return len(code) == 15 and code.startswith(parent) and code[12:].isdigit() and int(code[12:]) in numbers


def moves(outcome: Outcome, matters: Sequence[Matter]) -> list[tuple[int, str, str]]:
    """(matter, code until now, key of its grid from now on) of those that move.

    By its point; without one, or with one that lies far from all of them, by the grid that holds the middle of the
    former one. A grid that keeps its code loses only what lay in it and now lies in another one.
    """
    heirs = {key: row for key, row in outcome.will.items() if row["kind"] == GRID and row["outline"]}
    if not heirs or not matters:
        return []
    territory = geo.Territory((key, GRID, row["outline"]) for key, row in heirs.items())
    middles = {key: middle(territory, outcome.was[key]) for key in outcome.ended}
    found = territory.locate_many(column(matters, "lon"), column(matters, "lat"))
    moved = []
    for row, one in enumerate(matters):
        code = found.place(row).code
        if one.area in middles:
            moved.append((one.id, one.area, code or middles[one.area]))
        elif code is not None and code != one.area and found.rule[row] == 0:
            moved.append((one.id, one.area, code))
    return left_behind(outcome, matters, moved)


def left_behind(
    outcome: Outcome, matters: Sequence[Matter], moved: list[tuple[int, str, str]]
) -> list[tuple[int, str, str]]:
    """Without those that lay outside of the grid that keeps its code: somebody had put them there."""
    points = {one.id: Point(one.lon, one.lat) for one in matters if one.lon is not None and one.lat is not None}
    kept = {key: land(outcome.was[key]) for key in outcome.redrawn}
    for outline in kept.values():
        shapely.prepare(outline)
    return [one for one in moved if one[1] not in kept or shapely.intersects(kept[one[1]], points[one[0]])]


def middle(territory: geo.Territory, row: Row) -> str:
    point = land(row).representative_point()
    centre = land(row).centroid
    return territory.locate(centre.x, centre.y).code or territory.locate(point.x, point.y).code or ""


def column(matters: Sequence[Matter], name: str) -> Any:
    values = [getattr(one, name) for one in matters]
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def heirs(outcome: Outcome, key: str) -> list[str]:
    """The new grids that took over land of this ended one."""
    former = land(outcome.was[key])
    same = [new for new in outcome.made if outcome.will[new]["kind"] == outcome.was[key]["kind"]]
    return [new for new in same if shapely.intersection(former, land(outcome.will[new])).area > SAME]


def union(rows: Mapping[str, Row], keys: Iterable[str]) -> Outline:
    return cast(Outline, shapely.union_all([land(rows[key]) for key in keys]))


def as_geojson(outline: Outline) -> Row:
    return plain(outline)
