"""Draw the demo county: `python demo/make_county.py` writes county/areas.json from county/plan.json.

The land is cut into small cells; grids, villages and towns are unions of cells, so neighbours share every vertex.
"""

import json
import math
import random
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import MultiPoint, MultiPolygon, Point, Polygon, mapping
from shapely.ops import unary_union

HERE = Path(__file__).resolve().parent / "county"
SEED = 20261
KILOMETRES_PER_DEGREE = 110.9
DECIMALS = 6
XY = tuple[float, float]
Row = dict[str, Any]


def outline_radius(angle: float) -> float:
    """Kilometres from the middle to the county's edge in this direction."""
    wave = 0.09 * math.sin(3 * angle + 0.6) + 0.06 * math.sin(5 * angle + 2.1) + 0.04 * math.sin(8 * angle)
    return (1 + wave) / math.hypot(math.cos(angle) / 14.6, math.sin(angle) / 12.2)


def inside(at: XY) -> bool:
    return math.hypot(*at) < outline_radius(math.atan2(at[1], at[0]))


def spacing(at: XY, towns: list[Row]) -> float:
    """Kilometres between cell centres: small in the streets, wide in the hills."""
    return min(0.14 + 0.38 * min(1.0, max(0.0, math.dist(at, t["at"]) / t["dense"] - 0.35)) for t in towns)


def scatter(towns: list[Row], chance: random.Random) -> list[XY]:
    """Cell centres by throwing darts; those outside stay too, so that the edge cells are cut off evenly."""
    buckets: dict[tuple[int, int], list[XY]] = {}
    points: list[XY] = []
    for _ in range(90_000):
        dart = (chance.uniform(-18, 18), chance.uniform(-16, 16))
        gap = spacing(dart, towns)
        column, row = int(dart[0] // 0.6), int(dart[1] // 0.6)
        near = [p for i in (-1, 0, 1) for j in (-1, 0, 1) for p in buckets.get((column + i, row + j), ())]
        if all(math.dist(dart, other) > gap for other in near):
            buckets.setdefault((column, row), []).append(dart)
            points.append(dart)
    return points


def cells_of(points: list[XY], origin: XY) -> list[tuple[XY, Polygon]]:
    """Each cell with its centre in kilometres and its polygon in rounded degrees."""
    polygons = shapely.voronoi_polygons(MultiPoint(points), ordered=True).geoms
    kept = [(at, polygon) for at, polygon in zip(points, polygons, strict=True) if inside(at)]
    return [(at, degrees(polygon, origin)) for at, polygon in kept]


def degrees(polygon: Polygon, origin: XY) -> Polygon:
    across = KILOMETRES_PER_DEGREE * math.cos(math.radians(origin[1]))
    return Polygon(
        (round(origin[0] + x / across, DECIMALS), round(origin[1] + y / KILOMETRES_PER_DEGREE, DECIMALS))
        for x, y in polygon.exterior.coords
    )


def nearest_town(at: XY, towns: list[Row]) -> int:
    """Weighted nearest centre, bent by slow waves so that no border is a ruler's line."""
    bent = (at[0] + 0.9 * math.sin(at[1] * 0.55 + 1), at[1] + 0.9 * math.sin(at[0] * 0.5))
    return min(range(len(towns)), key=lambda t: math.dist(bent, towns[t]["at"]) / towns[t]["reach"])


def cluster(members: list[int], count: int, centres: list[XY], chance: random.Random) -> list[list[int]]:
    """Split cells into `count` compact groups of about equal number (k-means)."""
    middles = [centres[i] for i in chance.sample(members, count)]
    groups: list[list[int]] = []
    for _ in range(40):
        groups = [[] for _ in middles]
        for i in members:
            groups[min(range(count), key=lambda g: math.dist(centres[i], middles[g]))].append(i)
        middles = [middle([centres[i] for i in group]) for group in groups]
    return groups


def middle(points: list[XY]) -> XY:
    return (sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points))


def in_one_piece(members: list[int], shapes: list[Polygon]) -> bool:
    return isinstance(unary_union([shapes[i] for i in members]), Polygon)


def split(
    members: list[int], count: int, centres: list[XY], shapes: list[Polygon], chance: random.Random
) -> list[list[int]]:
    """The first clustering whose groups are all in one piece and not too unequal."""
    for _ in range(400):
        groups = cluster(members, count, centres, chance)
        smallest = min(len(group) for group in groups)
        if smallest * count * 2 > len(members) and all(in_one_piece(group, shapes) for group in groups):
            return groups
    raise SystemExit("this land cannot be cut into groups in one piece; change the seed")


def carve(grids: list[list[int]], size: int, centres: list[XY], shapes: list[Polygon]) -> list[int]:
    """Take `size` cells round the village's middle out of its grids, leaving every grid in one piece."""
    cells = [i for grid in grids for i in grid]
    heart = middle([centres[i] for i in cells])
    for seed in sorted(cells, key=lambda i: math.dist(centres[i], heart)):
        taken = sorted(cells, key=lambda i: math.dist(centres[i], centres[seed]))[:size]
        rest = [[i for i in grid if i not in taken] for grid in grids]
        if in_one_piece(taken, shapes) and all(len(g) > 3 and in_one_piece(g, shapes) for g in rest):
            grids[:] = rest
            return taken
    raise SystemExit("no room for a special grid; change the seed")


def area(code: str, kind: str, names: Row, parent: str, shape: Any, home: str | None = None) -> Row:
    at = Point(shape.representative_point())
    return {
        "code": code, "kind": kind, "name_zh": names["name_zh"], "name_en": names["name_en"], "parent": parent,
        "lon": round(at.x, DECIMALS), "lat": round(at.y, DECIMALS), "boundary": mapping(shape), "home": home,
    }  # fmt: skip


def telephones(rows: list[Row]) -> None:
    """Numbers that nobody has (none begins with 000), for the county, its villages and their grids, and households."""
    chance = random.Random(SEED)
    for place, row in enumerate(row for row in rows if row["kind"] in ("county", "village", "grid")):
        row["phone"] = f"0831-{1000 + place:07d}"
        if row["kind"] == "county":
            row["supervision_phone"] = "0831-0000111"
        if row["kind"] == "grid":
            row["households"] = chance.randint(280, 520)


def joined(rows: list[Row]) -> Any:
    return unary_union([shapely.geometry.shape(row["boundary"]) for row in rows])


def grid_names(plan: Row, village: Row, number: int) -> Row:
    return {
        "name_zh": plan["grid_zh"].format(village=village["name_zh"], number=plan["numbers_zh"][number]),
        "name_en": plan["grid_en"].format(village=village["name_en"], number=number + 1),
    }


class Draughtsman:
    """Holds the plan and the cells while the tree is drawn from the town down."""

    def __init__(self, plan: Row) -> None:
        self.plan = plan
        self.chance = random.Random(SEED)
        cells = cells_of(scatter(plan["towns"], self.chance), tuple(plan["origin"]))
        self.centres = [centre for centre, _ in cells]
        self.shapes = [shape for _, shape in cells]

    def union(self, members: list[int]) -> Any:
        return unary_union([self.shapes[i] for i in members])

    def draw(self) -> list[Row]:
        towns: list[list[int]] = [[] for _ in self.plan["towns"]]
        for i, centre in enumerate(self.centres):
            towns[nearest_town(centre, self.plan["towns"])].append(i)
        below: list[Row] = []
        for town, members in zip(self.plan["towns"], towns, strict=True):
            below += self.town(town, members)
        county, city, province = self.plan["county"], self.plan["city"], self.plan["province"]
        whole = joined([row for row in below if row["kind"] == "town"])
        top = area(county["code"], "county", county, city["code"], whole)
        above = [self.above(province, "province", None, top), self.above(city, "city", province["code"], top)]
        return [*above, top, *below]

    def above(self, names: Row, kind: str, parent: str | None, county: Row) -> Row:
        return {**county, **names, "kind": kind, "parent": parent, "boundary": None}

    def town(self, town: Row, members: list[int]) -> list[Row]:
        code = self.plan["county"]["code"] + town["code"]
        groups = split(members, len(town["villages"]), self.centres, self.shapes, self.chance)
        groups.sort(key=lambda g: math.dist(middle([self.centres[i] for i in g]), town["at"]))
        below: list[Row] = []
        for village, group in zip(town["villages"], groups, strict=True):
            below += self.village(village, code, group)
        shape = joined([row for row in below if row["kind"] == "village"])
        return [area(code, "town", town, self.plan["county"]["code"], shape), *below]

    def carved(self, grids: list[list[int]], place: Row) -> Polygon:
        return self.union(carve(grids, place["cells"], self.centres, self.shapes))

    def village(self, village: Row, town: str, members: list[int]) -> list[Row]:
        code = town + village["code"]
        grids = split(members, len(self.plan["numbers_zh"]), self.centres, self.shapes, self.chance)
        special = [
            area(code + place["code"], "special", place, code, self.carved(grids, place), code)
            for place in self.plan["special"]
            if place["village"] == code
        ]
        plain = [
            area(f"{code}{n + 1:03d}", "grid", grid_names(self.plan, village, n), code, self.union(group))
            for n, group in enumerate(grids)
        ]
        return [area(code, "village", village, town, joined(plain + special)), *plain, *special]


def check(rows: list[Row]) -> None:
    """Stop unless every level is in one piece per area and covers the county without gap or overlap."""
    for kinds in (("town",), ("village",), ("grid", "special")):
        shapes = [shapely.geometry.shape(row["boundary"]) for row in rows if row["kind"] in kinds]
        if any(isinstance(shape, MultiPolygon) for shape in shapes) or not shapely.coverage_is_valid(shapes):
            raise SystemExit(f"{kinds[0]} boundaries do not fit together; change the seed")


def main() -> None:
    rows = Draughtsman(json.loads((HERE / "plan.json").read_text())).draw()
    check(rows)
    telephones(rows)
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    (HERE / "areas.json").write_text(f"[\n{lines}\n]\n")
    kinds = sorted({row["kind"] for row in rows})
    print(", ".join(f"{sum(row['kind'] == kind for row in rows)} {kind}" for kind in kinds))


if __name__ == "__main__":
    main()
