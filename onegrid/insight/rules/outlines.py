"""From the drawn grids to light outlines of every level.

Simplified as a coverage (Visvalingam-Whyatt over shared edges) and over all land at once, so that no gap opens between
neighbours, in a town or across its border; a level above is the union of the one below.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError

log = logging.getLogger("onegrid.map")

# In degrees, about the side of the smallest bend that stays: 9 m, 18 m, 65 m; a county is the ground of all maps: 33 m.
TOLERANCE = {"grid": 0.00008, "village": 0.00016, "town": 0.0006, "county": 0.0003}
LEVELS = tuple(TOLERANCE)
DIGITS = {"village": 12, "town": 9, "county": 6}
SPECIAL = "special"
Shapes = dict[str, Any]


@dataclass(frozen=True)
class Drawn:
    """An area as it is written down; the point is that of its name, the outline WKB or GeoJSON."""

    code: str
    kind: str
    name_zh: str
    name_en: str
    lon: float | None
    lat: float | None
    outline: bytes | Mapping[str, Any] | None
    # The village of a special grid.
    home: str = ""


Known = Mapping[str, Drawn]


def place_of(code: str, known: Known) -> str:
    """Where an area stands in the tree: a special grid in its home."""
    return (known[code].home if code in known else "") or code


def outlines(known: Known) -> tuple[dict[str, Shapes], Shapes]:
    """The areas of each level by code, and apart the special grids that lie over ordinary ones.

    What has no outline that can be read, of its own or from below, is left out.
    """
    shapes = readable(known)
    over = lying_over(shapes, known)
    drawn = {
        code: shape for code, shape in shapes.items() if known[code].kind in ("grid", SPECIAL) and code not in over
    }
    for kind, digits in DIGITS.items():
        # An area whose grids are not drawn stands for itself.
        filled = {place_of(code, known)[:digits] for code in drawn}
        drawn |= {code: shape for code, shape in shapes.items() if known[code].kind == kind and code not in filled}
    grids = simplified(drawn, "grid")
    villages = simplified(united(grids, "village", known), "village")
    above = {kind: simplified(united(villages, kind, known), kind) for kind in ("town", "county")}
    return {"grid": grids, "village": villages, **above}, over


def readable(known: Known) -> Shapes:
    """The land of each area; an outline without any, or that nobody can read, is told to the log and left out."""
    shapes: Shapes = {}
    for code, area in known.items():
        if not area.outline:
            continue
        try:
            shape = polygons(area.outline)
        except (ShapelyError, ValueError, TypeError) as error:
            log.warning("the outline of %s cannot be read: %s", code, error)
            continue
        if shape.is_empty:
            log.warning("the outline of %s has no land", code)
        else:
            shapes[code] = shape
    return shapes


def polygons(outline: bytes | Mapping[str, Any]) -> Any:
    """The areas of a boundary; what crosses itself is mended, lines and points are left out."""
    shape = shapely.from_wkb(outline) if isinstance(outline, bytes) else shapely.from_geojson(json.dumps(outline))
    shape = shape if shape.is_valid else shapely.make_valid(shape)
    parts = [part for part in shapely.get_parts(shape).tolist() if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts) if len(parts) != 1 else parts[0]


def lying_over(shapes: Shapes, known: Known) -> Shapes:
    """The special grids on the land of ordinary ones; the others are cut out of them and share their edges."""
    special = {code: shape for code, shape in shapes.items() if known[code].kind == SPECIAL}
    grids = [shape for code, shape in shapes.items() if known[code].kind == "grid"]
    inside = [shape.representative_point() for shape in special.values()]
    places = set(shapely.STRtree(grids).query(inside, predicate="intersects")[0].tolist()) if inside else set()
    return {code: shape for place, (code, shape) in enumerate(special.items()) if place in places}


def united(below: Shapes, kind: str, known: Known) -> Shapes:
    """The areas of a kind, each put together from what lies in it."""
    groups = defaultdict(list)
    for code, shape in below.items():
        groups[place_of(code, known)[: DIGITS[kind]]].append(shape)
    return {code: shapely.union_all(shapes) for code, shapes in groups.items()}


def simplified(level: Shapes, kind: str) -> Shapes:
    if not level:
        return {}
    shapes = shapely.coverage_simplify(np.array(list(level.values()), dtype=object), TOLERANCE[kind])
    # What is smaller than the smallest bend keeps its own lines.
    kept = [light if not light.is_empty else shape for light, shape in zip(shapes, level.values(), strict=True)]
    return dict(zip(level, kept, strict=True))
