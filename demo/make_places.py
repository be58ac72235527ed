"""Draws the made-up streets, places and useful things of the demo county: `python -m demo.make_places`.

The same seed, the same files. Nothing in them exists; the points lie in the grids of demo/county/areas.json.
"""

import csv
import json
import random
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import LineString, Point, mapping, shape

HERE = Path(__file__).resolve().parent
TARGET = HERE / "places"
SEED = 2026
DECIMALS = 6
Row = dict[str, Any]


class Land:
    """The villages with their outlines, in the order of their codes."""

    def __init__(self) -> None:
        areas = json.loads((HERE / "county" / "areas.json").read_text(encoding="utf-8"))
        self.villages = [row for row in areas if row["kind"] == "village"]
        self.towns = {row["code"]: row for row in areas if row["kind"] == "town"}
        self.grids = [row for row in areas if row["kind"] == "grid"]
        self.words = json.loads((TARGET / "words.json").read_text(encoding="utf-8"))
        self.chance = random.Random(SEED)

    def point(self, row: Row) -> Point:
        """A point inside an area, away from its edge where there is room."""
        outline = shape(row["boundary"])
        inner = outline.buffer(-0.0008)
        inner = outline if inner.is_empty else inner
        west, south, east, north = inner.bounds
        while True:
            found = Point(self.chance.uniform(west, east), self.chance.uniform(south, north))
            if inner.contains(found):
                return found

    def at(self, row: Row) -> tuple[float, float]:
        found = self.point(row)
        return round(found.x, DECIMALS), round(found.y, DECIMALS)


def streets(land: Land) -> list[Row]:
    """Each street a line across a village; common names come in several towns, as they do."""
    rows = []
    for number, village in enumerate(land.villages):
        for turn in range(3):
            zh, en = land.words["streets"][(number * 5 + turn * 7) % len(land.words["streets"])]
            line = LineString([land.point(village), land.point(village), land.point(village)])
            inside = shapely.set_precision(line.intersection(shape(village["boundary"])), 10**-DECIMALS)
            longest = max(getattr(inside, "geoms", [inside]), key=lambda one: one.length)
            rows.append(feature(f"S{number:02d}{turn}", "street", zh, en, longest))
    return rows


def feature(ref: str, kind: str, zh: str, en: str, drawn: Any, aliases: str = "") -> Row:
    known = {"code": ref, "kind": kind, "name": zh, "name_en": en, "aliases": aliases}
    return {"type": "Feature", "properties": known, "geometry": mapping(drawn)}


def places(land: Land) -> list[Row]:
    """The villages themselves, their service centres, and a school, a market, a square or the like in each."""
    rows = []
    for number, village in enumerate(land.villages):
        zh, en = village["name_zh"], village["name_en"]
        stem = zh.removesuffix("社区").removesuffix("村")
        stem_en = en.removesuffix(" Community").removesuffix(" Village")
        rows.append(feature(f"C{number:02d}", "community", zh, en, middle(village), stem))
        service_zh, service_en = land.words["seats"][0]
        rows.append(feature(f"D{number:02d}", "seat", f"{zh}{service_zh}", f"{en} {service_en}", land.point(village)))
        for turn, (end_zh, end_en, kind) in enumerate(land.chance.sample(land.words["pois"], 5)):
            name = feature(f"P{number:02d}{turn}", kind, f"{stem}{end_zh}", f"{stem_en} {end_en}", land.point(village))
            rows.append(name)
    return rows


def middle(area: Row) -> Point:
    return Point(area["lon"], area["lat"])


def hydrants(land: Land) -> list[Row]:
    rows = []
    for grid in land.grids:
        for turn in range(3):
            lon, lat = land.at(grid)
            checked = f"2026-{land.chance.randint(1, 9):02d}-{land.chance.randint(1, 28):02d}"
            rows.append({"编码": f"XHS-{grid['code'][-9:]}-{turn + 1}", "经度": lon, "纬度": lat,
                         "口径": land.chance.choice((100, 150)), "上次检查": checked})  # fmt: skip
    return rows


def in_villages(land: Land, sign: str, end: str, end_en: str, more: tuple[str, tuple[str, ...]]) -> list[Row]:
    """One thing in every village, with one attribute."""
    rows = []
    for number, village in enumerate(land.villages, 1):
        lon, lat = land.at(village)
        rows.append({"编码": f"{sign}-{number:03d}", "名称": f"{village['name_zh']}{end}",
                     "英文名": f"{village['name_en']} {end_en}", "经度": lon, "纬度": lat,
                     more[0]: land.chance.choice(more[1])})  # fmt: skip
    return rows


def defibrillators(land: Land) -> list[Row]:
    rows = []
    for number, village in enumerate(land.villages, 1):
        zh, en = village["name_zh"], village["name_en"]
        known = {"code": f"AED-{number:03d}", "name": f"{zh}AED", "name_en": f"{en} AED",
                 "where": land.chance.choice(("便民服务中心大厅", "卫生站门口", "文化广场值班室")),
                 "hours": land.chance.choice(("全天", "8:30–17:30"))}  # fmt: skip
        rows.append({"type": "Feature", "properties": known, "geometry": mapping(land.point(village))})
    return rows


def write_geojson(name: str, rows: list[Row]) -> None:
    for row in rows:
        row["geometry"] = mapping(shapely.set_precision(shape(row["geometry"]), 10**-DECIMALS))
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    text = f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'
    (TARGET / name).write_text(text, encoding="utf-8")


def write_csv(name: str, rows: list[Row]) -> None:
    with (TARGET / name).open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def main() -> None:
    land = Land()
    names = streets(land) + places(land)
    write_geojson("names.geojson", names)
    write_csv("hydrants.csv", hydrants(land))
    write_geojson("aed.geojson", defibrillators(land))
    write_csv("shelters.csv", in_villages(land, "BN", "应急避难场所", "Shelter", ("可容纳人数", ("200", "500", "800"))))
    write_csv("toilets.csv", in_villages(land, "GC", "公厕", "Public Toilet", ("开放时间", ("全天", "6:00–22:00"))))
    write_csv("stores.csv", in_villages(land, "WZ", "应急物资点", "Emergency Store",
                                        ("存放物资", ("沙袋、抽水泵", "帐篷、棉被", "救生衣、绳索"))))  # fmt: skip
    layers = [{key: value for key, value in layer.items() if key != "file"} for layer in land.words["layers"]]
    text = json.dumps(layers, ensure_ascii=False, indent=1)
    (TARGET / "layers.json").write_text(f"{text}\n", encoding="utf-8")
    print(f"{len(names)} names, {len(layers)} layers")


if __name__ == "__main__":
    main()
