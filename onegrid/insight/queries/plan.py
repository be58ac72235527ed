"""The plan of an area for a screen without a map: its parts as lines with their names."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import mapping, shape

from onegrid.insight.queries.outlines import drawn_version, features_in
from onegrid.insight.rules.drawing import Sheet
from onegrid.insight.rules.sheets import box_of
from onegrid.kit.reference import reference
from onegrid.org.models import in_reader_language

# An area is shown by its parts: a county by towns, a town by villages, a village by grids.
PARTS = {6: "town", 9: "village", 12: "grid"}


@dataclass(frozen=True)
class Part:
    """One part: its lines, and where its name stands."""

    path: str
    x: float
    y: float
    name_zh: str
    name_en: str

    @property
    def name(self) -> str:
        return in_reader_language(self.name_zh, self.name_en)


@dataclass(frozen=True)
class Plan:
    """The parts of an area on a sheet."""

    sheet: Sheet
    parts: list[Part]


def plan_of(area: str) -> Plan | None:
    """None where no outline is known."""
    return planned(area, drawn_version())


@reference(seconds=3600)
def planned(area: str, version: str | None) -> Plan | None:
    names, lines = {}, defaultdict(list)
    for one in features_in(area, PARTS.get(len(area), "grid")) if version else ():
        said = one["properties"]
        if one["geometry"]["type"] == "Point":
            names[said["c"]] = one
        else:
            for code in {said["c"], said.get("d", "")}:
                lines[code].append(shape(one["geometry"]))
    shapes = {code: enclosed(lines[code]) for code in sorted(names)}
    box = box_of(one for one in shapes.values() if not one.is_empty)
    if box is None:
        return None
    sheet = Sheet.around(box)
    return Plan(sheet, [part(sheet, names[code], found) for code, found in shapes.items()])


def enclosed(lines: list[Any]) -> Any:
    """The land that these lines enclose."""
    return shapely.build_area(shapely.geometrycollections(lines))


def part(sheet: Sheet, name: dict[str, Any], land: Any) -> Part:
    said, (lon, lat) = name["properties"], name["geometry"]["coordinates"]
    return Part("" if land.is_empty else sheet.path(mapping(land)), *sheet.place(lon, lat), said["zh"], said["en"])
