"""One file of tiles: every tile it has and no other, and whatever is wrong with it said in one sentence."""

import gzip
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from onegrid.kit import tiles, vector_tile
from onegrid.testing import tiles as drawn

BOX = (104.5, 28.6, 104.7, 28.8)
WIDE, HIGH = 809, 426  # a tile of zoom 10 in the middle of the box


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    return drawn.pictures(folder / "p.pmtiles", BOX, (8, 11), holes={(10, WIDE, HIGH)})


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn.vectors(tmp_path_factory.mktemp("vectors") / "v.pmtiles", BOX, zooms=(8, 12))


def test_pictures_are_read_as_they_were_written(pictures: Path) -> None:
    archive = tiles.Archive(str(pictures))
    assert (archive.zooms, archive.content_type) == ((8, 11), "image/png")
    assert not archive.vector
    assert not archive.gzipped
    assert archive.box == pytest.approx(BOX)
    assert archive.attribution == "测绘院"
    assert (archive.tile(11, WIDE * 2, HIGH * 2) or b"").startswith(b"\x89PNG")


def test_a_hole_and_a_place_beyond_have_no_tile(pictures: Path) -> None:
    archive = tiles.Archive(str(pictures))
    assert archive.tile(10, WIDE, HIGH) is None
    assert archive.tile(7, 100, 50) is None
    assert archive.tile(12, 3260, 1708) is None
    assert archive.tile(9, 512, 0) is None
    assert archive.tile(10**40, 0, 0) is None


def test_vector_tiles_come_packed_and_say_their_layers(vectors: Path) -> None:
    archive = tiles.Archive(str(vectors))
    assert archive.vector
    assert archive.gzipped
    assert {"roads", "water", "buildings"} <= archive.vector_layers
    tile = archive.tile(10, WIDE, HIGH)
    assert tile is not None
    found = vector_tile.read(tiles.plain(tile), {"roads", "water"})
    assert {one.layer for one in found} == {"roads", "water"}
    road = next(one for one in found if one.fields.get("kind") == "highway")
    assert road.shape == vector_tile.LINE
    assert road.fields["name"] == "绕城高速"


def body(number: int) -> bytes:
    """A tile of its own length: no two entries of a directory are alike."""
    return f"{number}".encode() * (1 + zlib.crc32(f"{number}".encode()) % 599)


def test_thousands_of_tiles_in_leaves_are_found(tmp_path: Path) -> None:
    """More than a root holds: the way leads over leaves, which are unpacked once."""
    path, many = tmp_path / "many.pmtiles", range(1 << 7)
    with path.open("wb") as file:
        made = Writer(file)  # type: ignore[no-untyped-call]
        for number in sorted(zxy_to_tileid(7, x, y) for x in many for y in many):
            made.write_tile(number, body(number))  # type: ignore[no-untyped-call]
        header = {"tile_type": TileType.PNG, "tile_compression": Compression.NONE, "min_zoom": 7, "max_zoom": 7}
        made.finalize(header, {})  # type: ignore[no-untyped-call]
    archive = tiles.Archive(str(path))
    for x, y in ((0, 0), (127, 127), (5, 77)):
        assert archive.tile(7, x, y) == body(zxy_to_tileid(7, x, y))
    assert archive._directory.cache_info().misses <= 3
    assert archive._directory.cache_info().currsize >= 1


def damaged(change: Callable[[bytes], bytes]) -> Callable[[Path, Path], str]:
    def make(source: Path, folder: Path) -> str:
        path = folder / "bad.pmtiles"
        path.write_bytes(change(source.read_bytes()))
        return str(path)

    return make


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (damaged(lambda found: b""), "ends too early"),
        (damaged(lambda found: found[:5000]), "ends too early"),
        (damaged(lambda found: os.urandom(len(found))), "no PMTiles file"),
        (damaged(lambda found: b"PK\x03\x04" + found), "no PMTiles file"),
        (damaged(lambda found: found[:7] + b"\x02" + found[8:]), "older version"),
        (damaged(lambda found: found[:97] + b"\x03" + found[98:]), "not packed with gzip"),
        (damaged(lambda found: found[:98] + b"\x04" + found[99:]), "neither with gzip"),
        (damaged(lambda found: found[:99] + b"\x06" + found[100:]), "neither pictures"),
        (damaged(lambda found: found[:99] + b"\x63" + found[100:]), "damaged"),
        (damaged(lambda found: found[:127] + bytes(20) + found[147:]), "damaged"),
        (lambda source, folder: str(folder / "nowhere.pmtiles"), "there is no file"),
        (lambda source, folder: str(folder), "cannot be read"),
    ],
)
def test_what_is_wrong_is_said(pictures: Path, tmp_path: Path, make: Callable[[Path, Path], str], said: str) -> None:
    with pytest.raises(tiles.BadArchive, match=said):
        tiles.Archive(make(pictures, tmp_path))


def test_a_file_that_shrinks_while_it_is_open_gives_a_fault_and_no_crash(pictures: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.pmtiles"
    copy.write_bytes(pictures.read_bytes())
    archive = tiles.Archive(str(copy))
    os.truncate(copy, 400)
    with pytest.raises(tiles.BadArchive, match="ends too early"):
        archive.tile(11, WIDE * 2, HIGH * 2)


def test_another_content_has_another_tag(pictures: Path, vectors: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.pmtiles"
    copy.write_bytes(pictures.read_bytes())
    tags = [tiles.Archive(str(path)).tag for path in (pictures, copy, vectors)]
    assert tags[0] == tags[1] != tags[2]


@pytest.mark.parametrize("tile", [b"\x1a\xff\x01", b"\x1a\x05\x0a\x05ro", b"\xff" * 40, b"no tile at all"])
def test_bytes_that_are_no_vector_tile_are_a_fault(tile: bytes) -> None:
    with pytest.raises(vector_tile.BadTile):
        vector_tile.read(tile, {"roads"})


@pytest.mark.parametrize(("units", "seen"), [(4096, (80, 160)), (8192, (40, 80)), (512, (640, 1280))])
def test_a_layer_that_counts_in_other_units_is_drawn_at_the_same_scale(units: int, seen: tuple[int, int]) -> None:
    body = drawn.message(1, b"roads") + drawn.number(5, units)
    line = shapely.LineString([(80, 160), (800, 1600)])
    body += drawn.message(2, drawn.feature_bytes({}, line, [], []))
    (road,) = vector_tile.read(drawn.message(3, body), {"roads"})
    assert road.lines[0][0] == seen


def test_a_layer_without_breadth_is_a_fault() -> None:
    with pytest.raises(vector_tile.BadTile):
        vector_tile.read(drawn.message(3, drawn.message(1, b"roads") + drawn.number(5, 0)), {"roads"})


def test_a_torn_pack_is_a_fault() -> None:
    with pytest.raises(tiles.BadArchive):
        tiles.plain(gzip.compress(b"x" * 500)[:-9])
