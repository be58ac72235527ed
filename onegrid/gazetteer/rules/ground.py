"""What of a vector archive is drawn, and as what; the same rules serve the map in the browser and the drawings here.

Two schemata are known by the names of their layers: that of Protomaps (docs.protomaps.com/basemaps/layers) and that of
OpenMapTiles (openmaptiles.org/schema).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from onegrid.kit.vector_tile import EXTENT, LINE, POLYGON, Feature

# From below to above.
GREEN, WATER, STREAM, HOUSE, RAIL, MINOR, MAIN, EXPRESS, NAME = ROLES = (
    "green", "water", "stream", "house", "rail", "minor", "main", "express", "name",
)  # fmt: skip
AREAS = (GREEN, WATER, HOUSE)


@dataclass(frozen=True)
class Rule:
    """Features of a layer whose field holds one of these words (none: all of them) play a role."""

    role: str
    layer: str
    field: str = ""
    words: tuple[str, ...] = ()

    def as_json(self) -> list[Any]:
        return [self.role, self.layer, self.field, list(self.words)]


GREENS = (
    "park", "forest", "wood", "grass", "grassland", "meadow", "scrub", "orchard", "garden", "national_park",
    "nature_reserve", "protected_area", "cemetery", "golf_course", "recreation_ground", "village_green", "playground",
    "pitch", "allotments",
)  # fmt: skip
PROTOMAPS = (
    Rule(GREEN, "landuse", "kind", GREENS),
    Rule(WATER, "water"),
    Rule(STREAM, "water", "kind", ("river", "stream", "canal", "ditch", "drain")),
    Rule(HOUSE, "buildings", "kind", ("building", "building_part")),
    Rule(RAIL, "roads", "kind", ("rail",)),
    Rule(MINOR, "roads", "kind", ("minor_road", "path")),
    Rule(MAIN, "roads", "kind", ("medium_road", "major_road")),
    Rule(EXPRESS, "roads", "kind", ("highway",)),
    Rule(NAME, "roads"),
)
OPENMAPTILES = (
    Rule(GREEN, "landcover", "class", ("wood", "grass", "wetland")),
    Rule(GREEN, "landuse", "class", ("cemetery", "pitch", "playground", "park", "garden")),
    Rule(GREEN, "park"),
    Rule(WATER, "water"),
    Rule(STREAM, "waterway"),
    Rule(HOUSE, "building"),
    Rule(RAIL, "transportation", "class", ("rail", "transit")),
    Rule(MINOR, "transportation", "class", ("tertiary", "minor", "service", "track", "path", "busway")),
    Rule(MAIN, "transportation", "class", ("primary", "secondary")),
    Rule(EXPRESS, "transportation", "class", ("motorway", "trunk")),
    Rule(NAME, "transportation_name"),
)


def rules_for(layers: Collection[str]) -> tuple[Rule, ...]:
    """The rules of the schema to which these layers belong; none where nothing of it would be drawn."""
    for roads, rules in (("roads", PROTOMAPS), ("transportation", OPENMAPTILES)):
        if roads in layers:
            return tuple(rule for rule in rules if rule.layer in layers)
    return ()


# The colours of frontend/css/_tokens.css, for drawings that are pictures and see no style sheet.
INKS = {
    "light": {"green": "#DDE6D3", "water": "#CFE0E6", "stream": "#B9D0D8", "house": "#DAD6CA", "rail": "#DDD8CB",
              "edge": "#DDD8CB", "road": "#FFFFFF"},
    "dark": {"green": "#16261F", "water": "#15303A", "stream": "#1B3B47", "house": "#1E2E35", "rail": "#24363E",
             "edge": "#121D22", "road": "#24363E"},
}  # fmt: skip
# In parts of a tile's breadth of 512: roads at the zoom where a street is a line, twice as wide two zooms deeper.
WIDTHS = {STREAM: 1.2, RAIL: 1.0, MINOR: 1.2, MAIN: 2.4, EXPRESS: 3.4}
EDGE = 1.2
BROAD_FROM = 13
HOUSES_FROM = MINOR_FROM = 13


def picture(features: Collection[Feature], rules: Collection[Rule], zoom: int, theme: str) -> str:
    """A tile as an SVG of its own."""
    inks, unit = INKS[theme], EXTENT / 512
    parts = []
    paths = {role: "".join(drawn(features, rules, role)) for role in ROLES if shown(role, zoom)}
    for role in AREAS:
        if paths.get(role):
            parts.append(f'<path fill="{inks[role]}" fill-rule="evenodd" d="{paths[role]}"/>')
    broad = unit * 2 ** max(0.0, (zoom - BROAD_FROM) / 2)
    for role, more in [(STREAM, 0.0), (RAIL, 0.0), *((role, more) for more in (EDGE, 0) for role in ROADS)]:
        if paths.get(role):
            ink = inks[role] if role in inks else inks["edge" if more else "road"]
            parts.append(f'<path fill="none" stroke="{ink}" stroke-width="{(WIDTHS[role] + more) * broad:.1f}" '
                         f'stroke-linejoin="round" stroke-linecap="round" d="{paths[role]}"/>')  # fmt: skip
    frame = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {EXTENT} {EXTENT}" width="512" height="512"'
    return f"<svg {frame}>{''.join(parts)}</svg>"


ROADS = (MINOR, MAIN, EXPRESS)


def shown(role: str, zoom: int) -> bool:
    return role != NAME and zoom >= {HOUSE: HOUSES_FROM, MINOR: MINOR_FROM}.get(role, 0)


def drawn(features: Collection[Feature], rules: Collection[Rule], role: str) -> Iterator[str]:
    """The paths of what plays the role."""
    mine = [rule for rule in rules if rule.role == role]
    shape = POLYGON if role in AREAS else LINE
    for one in features:
        if one.shape == shape and any(plays(one, rule) for rule in mine):
            for line in one.lines:
                yield path(line, closed=shape == POLYGON)


def plays(feature: Feature, rule: Rule) -> bool:
    return feature.layer == rule.layer and (not rule.words or feature.fields.get(rule.field) in rule.words)


def path(line: list[tuple[int, int]], *, closed: bool) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in line) + ("Z" if closed else "")
