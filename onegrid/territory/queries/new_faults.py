"""What a draft would do to the coverage: faults that the grids would have with it and have not without it.

The ground is what is covered now, so a gap that is there already is not held against a draft. Villages and towns follow
their grids on the day; their outlines ask for nothing here.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import shapely
from shapely.geometry import shape

from onegrid.kit import coverage
from onegrid.kit.coverage import Finding, Grid
from onegrid.territory.models import Redivision
from onegrid.territory.queries.redivisions import current_rows
from onegrid.territory.rules.drafting import GRID, Box, Made, Row, Rows, around, box_of, replayed

# Land that two grids claim, or that none has any more; slivers and shifts are shown and refuse nothing.
GRAVE = (coverage.BROKEN, coverage.DUPLICATE, coverage.OVERLAP, coverage.GAP, coverage.OUTSIDE)
# About sixty metres: the checker looks half as far round what has changed.
NEAR = 6e-4
GROUND = "ground"


def faults_of_deed(rows: Rows, made: Made) -> list[Finding]:
    """What one deed would do to these grids, the gravest first."""
    after = {key: row for key, row in rows.items() if key not in made.before} | made.after
    return compared(rows, after, boxes_of([*made.before.values(), *made.after.values()]))


def faults_of_draft(one: Redivision, current: Rows | None = None) -> list[Finding]:
    """What the whole draft would do to the grids of today (`current`, where they are known); codes are its keys."""
    before = current_rows(one.area) if current is None else current
    changes = [change.made for change in one.changes.order_by("n")]
    after = replayed(before, changes)
    touched = [row for made in changes for row in (*made.before.values(), *made.after.values())]
    places = list(apart(boxes_of(touched)))
    near = around(before, places, NEAR)
    unchanged = {key: row for key, row in near.items() if after.get(key) is row}
    after = unchanged | changed_rows(before, after)
    return [fault for place in places for fault in compared(near, after, [place])]


def compared(before: Rows, after: Rows, boxes: Sequence[Box]) -> list[Finding]:
    """The faults of `after` in these places that `before` has not."""
    if not boxes:
        return []
    within = shapely.union_all([shapely.box(*box) for box in boxes])
    was = around(before, boxes, NEAR)
    unchanged = {key: row for key, row in was.items() if after.get(key) is row}
    will = unchanged | around(changed_rows(before, after), boxes, NEAR)
    ground = ground_of(was)
    found = checked(will, ground, within)
    known = checked(was, ground, within) if found else []
    return [fault for fault in found if not any(same(fault, old) for old in known)]


def changed_rows(before: Rows, after: Rows) -> Rows:
    return {key: row for key, row in after.items() if before.get(key) is not row}


def checked(near: Rows, ground: Any, within: Any) -> list[Finding]:
    grids = [Grid(key, shape(row["outline"]), GROUND) for key, row in near.items() if row["kind"] == GRID]
    served = [shape(row["outline"]) for row in near.values() if row["kind"] != GRID]
    return coverage.check(grids, {GROUND: ground}, served=served, within=within)


def ground_of(near: Rows) -> Any:
    """All land that somebody serves."""
    outlines = [shape(row["outline"]) for row in near.values()]
    return shapely.union_all([one if one.is_valid else shapely.make_valid(one) for one in outlines])


def same(fault: Finding, old: Finding) -> bool:
    """Whether a fault lies where one of its nature lay; its grids may be called otherwise by now."""
    if fault.nature != old.nature or fault.outline is None or old.outline is None:
        return False
    return bool(shapely.difference(fault.outline, old.outline).area < fault.outline.area / 100)


def boxes_of(rows: Sequence[Row]) -> list[Box]:
    return [box_of(row) for row in rows if row["outline"]]


def apart(boxes: Sequence[Box]) -> Iterator[Box]:
    """These places, those as one that lie near each other."""
    if boxes:
        whole = shapely.union_all([shapely.box(*box).buffer(NEAR, join_style="mitre") for box in boxes])
        for part in shapely.get_parts(whole):
            yield part.bounds
