"""Archives of map tiles drawn here: a town that is nowhere, as pictures and as vector tiles."""

import gzip
import io
import math
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from PIL import Image, ImageDraw
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from onegrid.gazetteer.rules import squares

Box = tuple[float, float, float, float]
Thing = tuple[str, dict[str, str], Any]
EXTENT, ROOM = 4096, 64
OPEN = '<a href="https://www.openstreetmap.org/copyright">© OpenStreetMap</a>'
INKS = {"green": "#cde3b8", "water": "#9cc8e0", "house": "#d9cfc0", "road": "#ffffff", "edge": "#c9bfae"}
# Layer and field of each kind of thing in the two schemata.
PROTOMAPS = {
    "green": ("landuse", "kind", "park"), "water": ("water", "kind", "lake"),
    "house": ("buildings", "kind", "building"), "street": ("roads", "kind", "minor_road"),
    "main": ("roads", "kind", "major_road"), "express": ("roads", "kind", "highway"),
    "ground": ("earth", "kind", "earth"),
}  # fmt: skip
OPENMAPTILES = {
    "green": ("landcover", "class", "wood"), "water": ("water", "class", "lake"), "house": ("building", "class", ""),
    "street": ("transportation", "class", "minor"), "main": ("transportation", "class", "primary"),
    "express": ("transportation", "class", "motorway"), "ground": ("landuse", "class", "residential"),
}  # fmt: skip


def town(box: Box) -> Iterator[tuple[str, str, Any]]:
    """Kind, name and shape of all there is, in degrees."""
    west, south, east, north = box
    yield "ground", "", shapely.box(*box)
    wide, high = east - west, north - south
    at = [(west + wide * n / 40, south + high * (0.42 + 0.1 * math.sin(n / 4))) for n in range(41)]
    yield "water", "清溪河", shapely.LineString(at).buffer(high / 60)
    for n in range(6):
        middle = (west + wide * (0.12 + 0.16 * n), south + high * (0.25 + 0.5 * (n % 2)))
        yield "green", "", shapely.Point(middle).buffer(high / 22)
    for n in range(1, 40):
        yield "street", f"槐树{n}巷", shapely.LineString([(west + wide * n / 40, south), (west + wide * n / 40, north)])
        yield "street", f"东门{n}巷", shapely.LineString([(west, south + high * n / 40), (east, south + high * n / 40)])
    for n in (1, 2, 3):
        yield "main", f"人民{n}路", shapely.LineString([(west + wide * n / 4, south), (west + wide * n / 4, north)])
    yield "express", "绕城高速", shapely.LineString([(west, south + high * 0.8), (east, south + high * 0.72)])
    for n in range(160):
        lon, lat = west + wide * (n % 40 + 0.3) / 40, south + high * (n // 40 * 10 + 0.3) / 40
        yield "house", "", shapely.box(lon, lat, lon + wide / 100, lat + high / 100)


def on_tile(shape: Any, z: int, x: int, y: int, size: float, room: float) -> Any:
    """A shape in units of a tile, cut at its edges with some room beyond."""

    def turned(pairs: Any) -> Any:
        return np.array([((squares.column(a, z) - x) * size, (squares.row(b, z) - y) * size) for a, b in pairs])

    return shapely.clip_by_rect(shapely.transform(shape, turned), -room, -room, size + room, size + room)


def write(path: Path, box: Box, zooms: tuple[int, int], kind: TileType, tile: Callable[[int, int, int], bytes | None],
          metadata: dict[str, Any]) -> Path:  # fmt: skip
    places = [(z, x, y) for z in range(zooms[0], zooms[1] + 1) for x, y in squares.covering(box, z)]
    with path.open("wb") as file:
        archive: Any = Writer(file)  # type: ignore[no-untyped-call]
        for z, x, y in sorted(places, key=lambda one: zxy_to_tileid(*one)):
            if (made := tile(z, x, y)) is not None:
                archive.write_tile(zxy_to_tileid(z, x, y), made)
        edges = zip(("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7"), box, strict=True)
        packing = Compression.GZIP if kind is TileType.MVT else Compression.NONE
        header = {name: round(edge * 1e7) for name, edge in edges} | {"tile_type": kind, "tile_compression": packing}
        archive.finalize(header | {"min_zoom": zooms[0], "max_zoom": zooms[1]}, metadata)
    return path


def pictures(path: Path, box: Box, zooms: tuple[int, int] = (8, 13), kind: TileType = TileType.PNG,
             attribution: str = "测绘院", holes: Iterable[tuple[int, int, int]] = ()) -> Path:  # fmt: skip
    """An archive of pictures, without the tiles that are holes."""
    without = set(holes)
    shapes = list(town(box))

    def tile(z: int, x: int, y: int) -> bytes | None:
        return None if (z, x, y) in without else picture(shapes, z, x, y, kind.name)

    return write(path, box, zooms, kind, tile, {"attribution": attribution})


def picture(shapes: list[tuple[str, str, Any]], z: int, x: int, y: int, kind: str = "PNG") -> bytes:
    """One tile as a picture of 256 dots."""
    image = Image.new("RGB", (256, 256), "#f4efe4")
    pen = ImageDraw.Draw(image)
    for role, _name, shape in shapes:
        for part in shapely.get_parts(on_tile(shape, z, x, y, 256, 8)).tolist():
            if part.geom_type == "Polygon" and role in INKS and not part.is_empty:
                pen.polygon(list(part.exterior.coords), fill=INKS[role])
            elif part.geom_type == "LineString" and len(part.coords) > 1 and (role != "street" or z > 12):
                wide = {"street": 1, "main": 3, "express": 5}[role]
                pen.line(list(part.coords), fill=INKS["edge"], width=wide + 2)
                pen.line(list(part.coords), fill=INKS["road"], width=wide)
    made = io.BytesIO()
    image.save(made, kind)
    return made.getvalue()


def vectors(path: Path, box: Box, schema: dict[str, tuple[str, str, str]] = PROTOMAPS, zooms: tuple[int, int] = (8, 13),
            attribution: str = OPEN) -> Path:  # fmt: skip
    """An archive of vector tiles in the layers of a schema."""
    shapes = [((layer, {field: word, "name": name}), shape) for kind, name, shape in town(box)
              for layer, field, word in [schema[kind]]]  # fmt: skip
    layers = sorted({layer for (layer, _fields), _shape in shapes})

    def tile(z: int, x: int, y: int) -> bytes:
        cut = [(layer, named, on_tile(shape, z, x, y, EXTENT, ROOM)) for (layer, named), shape in shapes]
        return gzip.compress(b"".join(layer_bytes(one, [thing for thing in cut if thing[0] == one]) for one in layers))

    told = {"attribution": attribution, "vector_layers": [{"id": one, "fields": {}} for one in layers]}
    return write(path, box, zooms, TileType.MVT, tile, told)


# --- the way back of kit/vector_tile.py ----------------------------------------------------------------------


def layer_bytes(name: str, things: list[Thing]) -> bytes:
    keys: list[str] = []
    values: list[str] = []
    body = message(1, name.encode())
    for _layer, fields, shape in things:
        for part in shapely.get_parts(shape).tolist():
            if not part.is_empty and part.geom_type in ("Polygon", "LineString"):
                body += message(2, feature_bytes(fields, part, keys, values))
    body += b"".join(message(3, key.encode()) for key in keys)
    body += b"".join(message(4, message(1, value.encode())) for value in values)
    return message(3, body + number(5, EXTENT) + number(15, 2))


def feature_bytes(fields: dict[str, str], part: Any, keys: list[str], values: list[str]) -> bytes:
    tags = [place for key, value in fields.items() if value for place in (known(keys, key), known(values, value))]
    polygon = part.geom_type == "Polygon"
    rings = [part.exterior, *part.interiors] if polygon else [part]
    commands, x, y = list[int](), 0, 0
    for ring in rings:
        pairs = [(round(a), round(b)) for a, b in ring.coords][: -1 if polygon else None]
        for n, (a, b) in enumerate(pairs):
            commands += [9] if n == 0 else [(len(pairs) - 1) << 3 | 2] if n == 1 else []
            commands += [zigzag(a - x), zigzag(b - y)]
            x, y = a, b
        commands += [15] if polygon else []
    packed = b"".join(map(varint, commands))
    return message(2, b"".join(map(varint, tags))) + number(3, 3 if polygon else 2) + message(4, packed)


def known(names: list[str], name: str) -> int:
    if name not in names:
        names.append(name)
    return names.index(name)


def zigzag(value: int) -> int:
    return value * 2 if value >= 0 else -value * 2 - 1


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def message(field: int, body: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(body)) + body


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)
