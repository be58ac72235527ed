"""The sheets of lines and names that a map asks for: of grids and villages one for each town, else one for all.

Each line stands in one sheet only, that of its area with the smaller code: whoever sees a line sees both its towns.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from onegrid.insight.rules.drawing import Box
from onegrid.insight.rules.mesh import DECIMALS, Line, mesh
from onegrid.insight.rules.outlines import DIGITS, LEVELS, SPECIAL, Drawn, Known, Shapes, outlines, place_of

# A change of how the same areas are drawn is a new edition: what is stored is drawn anew.
EDITION = "1"
BY_TOWN = ("grid", "village")
TOWN_DIGITS = DIGITS["town"]


@dataclass(frozen=True)
class Sheet:
    """A GeoJSON document of one level; `home`: the town whose it is, empty for all; the box holds its areas whole."""

    level: str
    home: str
    body: bytes
    box: Box | None


def sheets(areas: Iterable[Drawn]) -> list[Sheet]:
    """Every sheet of these areas. That of the towns says what is drawn town by town, with the box of each."""
    known = {area.code: area for area in areas}
    levels, over = outlines(known)
    made = [one for level in BY_TOWN for one in by_town(level, levels[level], over if level == "grid" else {}, known)]
    lines = [line_of(line, known) for line in mesh(levels["town"])]
    towns = document([*lines, *names("town", levels["town"], known)], **directory(made))
    counties = document([*land(levels["county"]), *names("county", levels["county"], known)])
    return [
        *made,
        Sheet("town", "", towns, box_of(levels["town"].values())),
        Sheet("county", "", counties, box_of(levels["county"].values())),
    ]


def by_town(level: str, shapes: Shapes, over: Shapes, known: Known) -> Iterator[Sheet]:
    homes, features = defaultdict[str, Shapes](dict), defaultdict[str, list[str]](list)
    for code, shape in {**shapes, **over}.items():
        homes[home_of(code, known)][code] = shape
    for shared in mesh(shapes):
        features[home_of(shared.code, known)].append(line_of(shared, known))
    for code, shape in over.items():
        line = feature({"l": "grid", "c": code}, shapely.to_geojson(rounded(shape.boundary)))
        features[home_of(code, known)].append(line)
    for home, inside in sorted(homes.items()):
        body = document([*features[home], *names(level, inside, known)])
        yield Sheet(level, home, body, box_of(inside.values()))


def home_of(code: str, known: Known) -> str:
    return place_of(code, known)[:TOWN_DIGITS]


def line_of(line: Line, known: Known) -> str:
    """A line with the highest level that it parts, and the codes of the areas that have it."""
    one, other = place_of(line.code, known), place_of(line.beside, known)
    parted = (kind for kind in reversed(LEVELS) if kind == "grid" or one[: DIGITS[kind]] != other[: DIGITS[kind]])
    shared = {"d": line.other} if line.other else {}
    return feature({"l": next(parted), "c": line.code, **shared}, shapely.to_geojson(line.drawn))


def land(counties: Shapes) -> Iterator[str]:
    """The ground of the counties."""
    for code, shape in sorted(counties.items()):
        yield feature({"l": "county", "c": code}, shapely.to_geojson(rounded(shape)))


def rounded(shape: Any) -> Any:
    return shapely.transform(shape, lambda pairs: np.round(pairs, DECIMALS))


def names(level: str, shapes: Shapes, known: Known) -> Iterator[str]:
    """The points of the names; a special grid is named among the grids."""
    kinds = ("grid", SPECIAL) if level == "grid" else (level,)
    for code, shape in sorted(shapes.items()):
        if code in known and known[code].kind in kinds:
            area = known[code]
            said = {"c": code, "zh": area.name_zh, "en": area.name_en or area.name_zh}
            yield feature(said, compact({"type": "Point", "coordinates": point_of(area, shape)}))


def point_of(area: Drawn, shape: Any) -> Sequence[float]:
    if area.lon is not None and area.lat is not None:
        return [round(area.lon, DECIMALS), round(area.lat, DECIMALS)]
    inside = shape.representative_point()
    return [round(inside.x, DECIMALS), round(inside.y, DECIMALS)]


def feature(properties: dict[str, str], geometry: str) -> str:
    return f'{{"type":"Feature","properties":{compact(properties)},"geometry":{geometry}}}'


def document(features: Iterable[str], **more: Any) -> bytes:
    also = "".join(f",{compact(name)}:{compact(value)}" for name, value in more.items())
    return f'{{"type":"FeatureCollection"{also},"features":[{",".join(features)}]}}'.encode()


def compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def directory(made: Sequence[Sheet]) -> dict[str, Any]:
    """Which towns have sheets of their own and where, and a mark that changes when any of these sheets does."""
    boxes, digest = defaultdict[str, list[Box]](list), hashlib.sha256()
    for sheet in made:
        digest.update(sheet.body)
        if sheet.box:
            boxes[sheet.home].append(sheet.box)
    return {"mark": digest.hexdigest()[:12], "parts": [[home, *around(found)] for home, found in boxes.items()]}


def around(boxes: Sequence[Box]) -> Box:
    """The box of all boxes; raises ValueError without any."""
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def box_of(shapes: Iterable[Any]) -> Box | None:
    """West, south, east, north of outlines; None without any."""
    boxes = [shape.bounds for shape in shapes]
    west, south, east, north = around(boxes) if boxes else (0.0, 0.0, 0.0, 0.0)
    ends = (round(west, DECIMALS), round(south, DECIMALS), round(east, DECIMALS), round(north, DECIMALS))
    return ends if boxes else None
