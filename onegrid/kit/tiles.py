"""Map tiles out of one PMTiles file (version 3, github.com/protomaps/PMTiles).

Read by position and not by mapping into memory: a file that somebody copies over while it is read gives a wrong
answer for a moment, where a mapped one that became shorter would end the process.
"""

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from pmtiles.tile import (
    Compression,
    Entry,
    HeaderDict,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_directory,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)

HEADER_BYTES = 127
# The format knows a root, leaves, and leaves of leaves.
DEEPEST_LEAF = 4
# A directory has some thousand entries; neighbours on the map are neighbours in it.
DIRECTORIES_KEPT = 16
CONTENT_TYPES = {
    TileType.MVT: "application/vnd.mapbox-vector-tile",
    TileType.PNG: "image/png",
    TileType.JPEG: "image/jpeg",
    TileType.WEBP: "image/webp",
    TileType.AVIF: "image/avif",
}
Box = tuple[float, float, float, float]


class BadArchive(Exception):
    """The file is no archive that can be shown; says why, for whoever set it."""


class Archive:
    """One open file of tiles. `tag` tells two archives apart; a box is west, south, east, north."""

    def __init__(self, path: str) -> None:
        self._file = opened(path)
        with faults_said():
            self._header = header_of(self._file)
            root = read(self._file, self._header["root_offset"], self._header["root_length"])
            self._root = deserialize_directory(root)
            written = read(self._file, self._header["metadata_offset"], self._header["metadata_length"])
            self.metadata = metadata_of(written)
        self.tag = hashlib.sha256(read(self._file, 0, HEADER_BYTES) + root + written).hexdigest()[:16]
        self._directory = lru_cache(maxsize=DIRECTORIES_KEPT)(self._read_directory)

    @property
    def vector(self) -> bool:
        return self._header["tile_type"] is TileType.MVT

    @property
    def gzipped(self) -> bool:
        return self._header["tile_compression"] is Compression.GZIP

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self._header["tile_type"]]

    @property
    def zooms(self) -> tuple[int, int]:
        return self._header["min_zoom"], self._header["max_zoom"]

    @property
    def box(self) -> Box | None:
        """None where the file does not say what it covers."""
        h = self._header
        edges = (h["min_lon_e7"], h["min_lat_e7"], h["max_lon_e7"], h["max_lat_e7"])
        west, south, east, north = (edge / 1e7 for edge in edges)
        return (west, south, east, north) if west < east and south < north else None

    @property
    def attribution(self) -> str:
        return str(self.metadata.get("attribution") or "")

    @property
    def vector_layers(self) -> set[str]:
        layers = self.metadata.get("vector_layers")
        return {str(one.get("id")) for one in layers if isinstance(one, dict)} if isinstance(layers, list) else set()

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """A tile as it is stored; None where the archive has none. Raises BadArchive for a damaged part."""
        shallowest, deepest = self.zooms
        if not shallowest <= z <= deepest or max(x, y) >= 1 << z:
            return None
        with faults_said():
            return self._found(zxy_to_tileid(z, x, y))

    def _found(self, number: int) -> bytes | None:
        entries = self._root
        for _level in range(DEEPEST_LEAF):
            entry = find_tile(entries, number)
            if entry is None:
                return None
            if entry.run_length:
                return read(self._file, self._header["tile_data_offset"] + entry.offset, entry.length)
            entries = self._directory(entry.offset, entry.length)
        return None

    def _read_directory(self, offset: int, length: int) -> list[Entry]:
        return deserialize_directory(read(self._file, self._header["leaf_directory_offset"] + offset, length))


def plain(tile: bytes) -> bytes:
    """A gzipped tile unpacked."""
    with faults_said():
        return gzip.decompress(tile)


def opened(path: str) -> BinaryIO:
    try:
        return Path(path).open("rb", buffering=0)
    except FileNotFoundError as error:
        raise BadArchive(f"there is no file {path}") from error
    except OSError as error:
        raise BadArchive(f"{path} cannot be read ({error.strerror})") from error


def read(file: BinaryIO, offset: int, length: int) -> bytes:
    found = os.pread(file.fileno(), length, offset)
    if len(found) < length:
        raise BadArchive("the file ends too early; copy it again")
    return found


def header_of(file: BinaryIO) -> HeaderDict:
    """The header, when this house can show what it announces."""
    header = deserialize_header(read(file, 0, HEADER_BYTES))
    if header["internal_compression"] is not Compression.GZIP:
        raise BadArchive("its directories are not packed with gzip")
    if header["tile_type"] not in CONTENT_TYPES:
        raise BadArchive("its tiles are neither pictures (PNG, JPEG, WebP, AVIF) nor vector tiles (MVT)")
    if header["tile_compression"] not in (Compression.GZIP, Compression.NONE, Compression.UNKNOWN):
        raise BadArchive("its tiles are packed neither with gzip nor not at all")
    end = header["tile_data_offset"] + header["tile_data_length"]
    if os.fstat(file.fileno()).st_size < end:
        raise BadArchive("the file ends too early; copy it again")
    return header


def metadata_of(written: bytes) -> dict[str, Any]:
    if not written:
        return {}
    found = json.loads(gzip.decompress(written))
    return found if isinstance(found, dict) else {}


@contextmanager
def faults_said() -> Iterator[None]:
    """Whatever a damaged file does to its readers is one fault with one sentence."""
    try:
        yield
    except SpecVersionUnsupported as error:
        raise BadArchive("it is of an older version of PMTiles; convert it to version 3") from error
    except (MagicNumberNotFound, UnicodeDecodeError) as error:
        raise BadArchive("it is no PMTiles file") from error
    except (OSError, EOFError, IndexError, ValueError, OverflowError, MemoryError, zlib.error) as error:
        raise BadArchive("a part of the file is damaged; copy it again") from error
