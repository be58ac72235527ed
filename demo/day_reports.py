"""What the residents of the simulated day send: which words, from where, with whose phone. All of it from the seed."""

import json
import random
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

DEMO = Path(__file__).resolve().parent
Body = dict[str, Any]
Ring = list[list[float]]
SHARE_ADDRESS, SHARE_NOWHERE, SHARE_CONTACT, SHARE_CHOSEN = 0.10, 0.07, 0.30, 0.25
SHARE_PHONE, SHARE_WORKER = 0.12, 0.03
SAME_PLACE = 0.0005  # degrees, about fifty metres
IN_TOWN = 3  # a grid of the county town is as full as three in the country
SUFFIXES = ("专属网格", "社区", "街道", "镇", "乡")


class Text(NamedTuple):
    leaf: str
    words: str
    matter: str


class Told(NamedTuple):
    """One report as it is sent; `by` is the role of whoever types it, empty for the resident's own phone."""

    n: int
    text: Text
    body: Body
    by: str

    @property
    def language(self) -> str:
        return "en" if self.text.words.isascii() else "zh-hans"


class Grid(NamedTuple):
    code: str
    name: str
    rings: list[Ring]


def texts(folder: Path = DEMO / "texts") -> list[Text]:
    """Every line of the residents' files: leaf | words [| matter]."""
    lines = [line for path in sorted(folder.glob("*.txt")) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [[part.strip() for part in line.split("|")] for line in lines if line.strip() and line[0] != "#"]
    return [Text(row[0], row[1], row[2] if len(row) > 2 else "") for row in rows]


class Land:
    """The grids, and which of them a sentence speaks of."""

    def __init__(self, path: Path = DEMO / "county" / "areas.json") -> None:
        rows = json.loads(path.read_text(encoding="utf-8"))
        self.names: dict[str, str] = {row["code"]: row["name_zh"] for row in rows}
        self.grids = [grid(row) for row in rows if row["kind"] in ("grid", "special")]
        named = [(spoken(row["name_zh"]), row["code"]) for row in rows if row["kind"] in ("town", "village", "special")]
        self.spoken = sorted(named, key=lambda pair: -len(pair[1]))

    def grid_for(self, words: str, chance: random.Random) -> Grid:
        """A grid of the place that the words name, else any, the county town's more often."""
        code = next((code for name, code in self.spoken if name in words), "")
        inside = [one for one in self.grids if one.code.startswith(code)]
        return chance.choices(inside, [IN_TOWN if one.code.startswith("511502001") else 1 for one in inside])[0]

    def near(self, place: Grid, point: tuple[float, float], chance: random.Random) -> tuple[float, float]:
        """Some steps away, in the same grid."""
        for _try in range(20):
            moved = tuple(round(at + chance.uniform(-SAME_PLACE, SAME_PLACE), 6) for at in point)
            if inside(place.rings, moved[0], moved[1]):
                return moved[0], moved[1]
        return point

    def place_name(self, code: str) -> str:
        """How staff name the place in a title: its village, else its town, else the county."""
        return next(self.names[code[:size]] for size in (12, 9, 6) if code[:size] in self.names)


def spoken(name: str) -> str:
    """How people say the name: without what kind of place it is."""
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name


def grid(row: Body) -> Grid:
    shape = row["boundary"]
    parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    return Grid(row["code"], row["name_zh"], [ring for part in parts for ring in part])


def inside(rings: list[Ring], lon: float, lat: float) -> bool:
    """Ray cast to the east over all rings; a hole counts itself out."""
    crossed = 0
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > lat) != (y2 > lat) and lon < x1 + (lat - y1) * (x2 - x1) / (y2 - y1):
                crossed += 1
    return crossed % 2 == 1


def point_in(place: Grid, chance: random.Random) -> tuple[float, float]:
    """A point drawn until it lies inside the polygon; a grid fills a good part of its box."""
    xs, ys = zip(*place.rings[0], strict=True)
    while True:
        lon, lat = chance.uniform(min(xs), max(xs)), chance.uniform(min(ys), max(ys))
        if inside(place.rings, lon, lat):
            return round(lon, 6), round(lat, 6)


def told(seed: int, most: int) -> list[Told]:
    """The reports of the day in the order in which they come."""
    chance = random.Random(f"reports {seed}")
    land, words = Land(), texts()
    staff = json.loads((DEMO / "texts" / "staff.json").read_text(encoding="utf-8"))
    chance.shuffle(words)
    anchors: dict[str, tuple[Grid, tuple[float, float]]] = {}
    return [one_report(n, text, land, staff, anchors, chance) for n, text in enumerate(words[:most])]


def one_report(
    n: int, text: Text, land: Land, staff: Body, anchors: dict[str, tuple[Grid, tuple[float, float]]],
    chance: random.Random,
) -> Told:  # fmt: skip
    """Words, place, contact and who types it."""
    body: Body = {"words": text.words} | place(text, land, staff, anchors, chance)
    if chance.random() < SHARE_CONTACT:
        called = chance.choice(staff["callers"]) + chance.choice(("先生", "女士"))
        body["contact"] = {"name": called, "phone": f"1380000{chance.randrange(10000):04d}"}
    if chance.random() < SHARE_CHOSEN:
        body["category"] = text.leaf
    at, by = chance.random(), ""
    if at < SHARE_PHONE:
        by = "receiver"
    elif at < SHARE_PHONE + SHARE_WORKER and "longitude" in body:
        by = "worker"
    return Told(n, text, body, by)


def place(
    text: Text, land: Land, staff: Body, anchors: dict[str, tuple[Grid, tuple[float, float]]], chance: random.Random
) -> Body:
    at = chance.random()
    if not text.matter and at < SHARE_NOWHERE:
        return {}
    if not text.matter and at < SHARE_NOWHERE + SHARE_ADDRESS:
        return {"address": chance.choice(staff["addresses"])}
    where = land.grid_for(text.words, chance)
    spot = where, point_in(where, chance)
    if text.matter:
        spot = anchors.setdefault(text.matter, spot)
    lon, lat = land.near(*spot, chance)
    known = chance.random() < 1 / 3  # who stands there mostly sends the point alone
    return {"longitude": lon, "latitude": lat} | ({"address": f"{land.place_name(spot[0].code)}附近"} if known else {})


def unusable() -> list[Body]:
    """What a careless client sends; the API has to turn each of them away and write nothing."""
    return [
        {"words": ""},
        {"words": "   \u3000 "},
        {"words": "路灯不亮" * 1001},
        {"words": "井盖松了", "urgent": True},
        {"words": "垃圾没人清", "longitude": 104.6},
        {"words": "树倒了", "longitude": 304.6, "latitude": 28.8},
        {"words": "水管爆了", "category": "999999"},
        {"words": "噪声太大", "contact": {"name": "李女士", "phone": "12"}},
    ]
