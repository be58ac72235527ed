"""What a change makes of the grids: pure; every change names the grids as they were and as they are after it.

The grids of a draft are rows by key: the code of a grid that is there, or "n1", "n2" … for one that gets its code on
the day. A row holds kind, parent (the village), names, phones, households, outline (GeoJSON) and the workers' users.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from shapely.geometry import mapping, shape

from onegrid.kit import carving, partition
from onegrid.kit.partition import Net, Outline, Spot, Unfit

Row = dict[str, Any]
Rows = dict[str, Row]
Box = tuple[float, float, float, float]
GRID, SPECIAL = "grid", "special"
# What the form of a grid may change.
ATTRIBUTES = ("name_zh", "name_en", "phone", "supervision_phone", "households", "workers")


@dataclass(frozen=True)
class Made:
    """One change: the rows that it replaces and the rows that it leaves."""

    before: Rows = field(default_factory=dict)
    after: Rows = field(default_factory=dict)


def replayed(rows: Mapping[str, Row], changes: Sequence[Made]) -> Rows:
    """The grids after these changes."""
    found = dict(rows)
    for one in changes:
        found = {key: row for key, row in found.items() if key not in one.before} | one.after
    return found


def net_of(rows: Mapping[str, Row]) -> dict[str, Outline]:
    """The outlines of the ordinary grids."""
    drawn = {key: row["outline"] for key, row in rows.items() if row["kind"] == GRID and row["outline"]}
    return {key: cast(Outline, shape(outline)) for key, outline in drawn.items()}


def box_of(row: Row) -> Box:
    """West, south, east, north of an outline."""
    polygons = row["outline"]["coordinates"]
    polygons = polygons if row["outline"]["type"] == "MultiPolygon" else [polygons]
    spots = [spot for polygon in polygons for spot in polygon[0]]
    east, north = [spot[0] for spot in spots], [spot[1] for spot in spots]
    return min(east), min(north), max(east), max(north)


def around(rows: Rows, boxes: Sequence[Box], reach: float = partition.STEP) -> Rows:
    """The grids whose box comes as near as this to one of these: a deed reads and changes no others."""
    wide = [(west - reach, south - reach, east + reach, north + reach) for west, south, east, north in boxes]

    def touched(row: Row) -> bool:
        west, south, east, north = box_of(row)
        return any(west <= box[2] and east >= box[0] and south <= box[3] and north >= box[1] for box in wide)

    return {key: row for key, row in rows.items() if row["outline"] and touched(row)}


def near_grids(rows: Rows, keys: Sequence[str]) -> Net:
    """These grids and the ordinary ones beside them."""
    return net_of(around(rows, [box_of(rows[key]) for key in keys if rows[key]["outline"]]))


def near_spot(rows: Rows, at: Spot) -> Net:
    """The ordinary grids at a place, and those beside them, which may share a vertex of a moved edge."""
    here = around(rows, [(*at, *at)], partition.REACH)
    return near_grids(rows, list(here))


def split(rows: Rows, *, key: str, line: Sequence[Spot], fresh: Callable[[], str]) -> Made:
    """Two grids out of one, by a line."""
    row = known(rows, key, GRID)
    names = (fresh(), fresh())
    changed = partition.split(near_grids(rows, [key]), key, line, names)
    pieces = {
        name: {**row, "outline": plain(changed.pop(name)), "households": None, **numbered(row, number)}
        for number, name in enumerate(names, 1)
    }
    return Made({key: row} | rows_of(rows, changed), pieces | reshaped(rows, changed))


def numbered(row: Row, number: int) -> Row:
    """The name of a piece, until somebody gives it a better one."""
    english = f"{row['name_en']} ({number})" if row["name_en"] else ""
    return {"name_zh": f"{row['name_zh']}({number})", "name_en": english}


def merge(rows: Rows, *, keys: Sequence[str], fresh: Callable[[], str]) -> Made:
    """One grid out of several of the same village; the first gives name and phones."""
    former = {key: known(rows, key, GRID) for key in keys}
    if len({row["parent"] for row in former.values()}) > 1:
        raise Unfit("villages")
    name = fresh()
    changed = partition.merge(near_grids(rows, keys), keys, name)
    counted = [row["households"] for row in former.values()]
    whole = {
        **former[keys[0]], "outline": plain(changed.pop(name)),
        "households": None if None in counted else sum(counted),
        "workers": sorted({worker for row in former.values() for worker in row["workers"]}),
    }  # fmt: skip
    return Made(former | rows_of(rows, changed), {name: whole} | reshaped(rows, changed))


def redraw(rows: Rows, *, at: Spot, to: Spot | None, new: bool = False) -> Made:
    """Move a shared vertex, or one put into an edge just now (`new`); without `to` take it out, on all sides."""
    net = near_spot(rows, at)
    changed: dict[str, Outline] = {}
    if new:
        at, changed = partition.insert(net, at)
    work = {**net, **changed}
    changed |= partition.remove(work, at) if to is None else partition.move(work, {at: to})
    return Made(rows_of(rows, changed), reshaped(rows, changed))


def move(rows: Rows, *, key: str, parent: str, fresh: Callable[[], str]) -> Made:
    """To another village: the code begins with the village's, so it is another grid from then on."""
    row = known(rows, key)
    if row["parent"] == parent:
        raise Unfit("same_village")
    return Made({key: row}, {fresh(): {**row, "parent": parent}})


def change(rows: Rows, *, key: str, values: Mapping[str, Any]) -> Made:
    """Names, phones, households, workers."""
    row = known(rows, key)
    changed = {**row, **{name: values[name] for name in ATTRIBUTES if name in values}}
    if changed == row:
        raise Unfit("unchanged")
    return Made({key: row}, {key: changed})


def special(
    rows: Rows, *, ring: Sequence[Spot], parent: str, name_zh: str, name_en: str, fresh: Callable[[], str]
) -> Made:  # fmt: skip
    """A grid over the ordinary ones: a mall, a school, a park."""
    made = blank(SPECIAL, parent) | {"name_zh": name_zh, "name_en": name_en, "outline": plain(partition.drawn(ring))}
    return Made({}, {fresh(): made})


def draw(
    rows: Rows, *, ring: Sequence[Spot], parent: str, name_zh: str, name_en: str, fresh: Callable[[], str],
    only: str = "",
) -> Made:  # fmt: skip
    """An ordinary grid out of the land of the village's grids, or of one of them; what is wholly covered ends.

    Whoever gives most of the land gives phones and workers too; households are not known any more.
    """
    here = around(rows, [box_of({"outline": plain(partition.drawn(ring))})])
    inside = [key for key, row in here.items() if row["kind"] == GRID and row["parent"] == parent]
    net, name = near_grids(rows, list(here)), fresh()
    refuse_foreign(net, inside, ring)
    losers, changed = carving.carve(net, [only] if only else inside, ring, name)
    lost = {key: net[key].area - (changed[key].area if key in changed else 0) for key in losers}
    first, ended = max(lost, key=lambda key: lost[key]), [key for key in losers if key not in changed]
    made = {
        **rows[first], "name_zh": name_zh, "name_en": name_en, "households": None, "outline": plain(changed.pop(name)),
        "workers": sorted({worker for key in (first, *ended) for worker in rows[key]["workers"]}),
    }  # fmt: skip
    after = reshaped(rows, changed)
    smaller = {key: {**after[key], "households": None} for key in losers if key in after}
    return Made(rows_of(rows, changed) | {key: rows[key] for key in losers}, after | smaller | {name: made})


def refuse_foreign(net: Net, inside: Sequence[str], ring: Sequence[Spot]) -> None:
    """A drawing may overshoot a village's border; one that lies mostly beyond it was meant for another village."""
    outline = partition.drawn(ring)
    covered = {key: outline.intersection(one).area for key, one in net.items()}
    if 2 * sum(covered[key] for key in inside if key in covered) < sum(covered.values()):
        raise Unfit("foreign")


def end(rows: Rows, *, key: str) -> Made:
    """A special grid is given up; an ordinary one is merged, for every place needs one."""
    return Made({key: known(rows, key, SPECIAL)}, {})


def blank(kind: str, parent: str) -> Row:
    return {"kind": kind, "parent": parent, "name_zh": "", "name_en": "", "phone": "", "supervision_phone": "",
            "households": None, "outline": None, "workers": []}  # fmt: skip


def known(rows: Rows, key: str, kind: str = "") -> Row:
    row = rows.get(key)
    if row is None:
        raise Unfit("gone")
    if kind and row["kind"] != kind:
        raise Unfit("kind")
    return row


def rows_of(rows: Rows, keys: Mapping[str, object]) -> Rows:
    return {key: rows[key] for key in keys}


def reshaped(rows: Rows, changed: Mapping[str, Outline]) -> Rows:
    return {key: {**rows[key], "outline": plain(outline)} for key, outline in changed.items()}


def plain(outline: Outline) -> Row:
    """As GeoJSON with lists, as it lies in the tables."""
    drawn = mapping(outline)
    return {"type": drawn["type"], "coordinates": lists(drawn["coordinates"])}


def lists(value: Any) -> Any:
    return [lists(one) for one in value] if isinstance(value, (tuple, list)) else value
