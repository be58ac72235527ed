"""Outlines from a map file: GeoJSON, Shapefile in a zip, GeoPackage. Whatever is in the file is untrusted."""

import io
import json
import lzma
import sqlite3
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Any

import shapefile
import shapely
from django.utils.translation import gettext as _
from shapely.geometry import mapping

from onegrid.kit import text
from onegrid.territory.adapters.tables import Unreadable, text_of

LARGEST = 60_000_000
# What a zip may unpack to, and how many files it may hold: a bomb is refused before it is unpacked.
UNPACKED, MEMBERS = 300_000_000, 200
MOST_SHAPES = 20_000
# What damaged bytes lead the zip reader and its four ways of packing to.
BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, NotImplementedError, RuntimeError,
    UnicodeDecodeError,
)  # fmt: skip
# Steps of the database engine before a GeoPackage is given up: some seconds.
MOST_STEPS = 2_000
# Bytes of the envelope in a GeoPackage geometry by its kind (OGC 12-128r19, 2.1.3).
ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}


@dataclass(frozen=True)
class Shape:
    """One thing on the map: its place in the file from 1, its fields as text, its GeoJSON geometry."""

    line: int
    fields: dict[str, str]
    geometry: Mapping[str, Any] | None


@dataclass(frozen=True)
class MapFile:
    """What a map file holds; `stated` is its own word on its system: no file can say GCJ-02, so it proves little."""

    shapes: list[Shape]
    stated: str = ""


def read(raw: bytes) -> MapFile:
    """Read a file by what is in it, not by its name. Raises Unreadable."""
    if len(raw) > LARGEST:
        raise Unreadable(_("The file is larger than 60 MB."))
    if raw.startswith(b"PK"):
        found = shapefile_zip(raw)
    elif raw.startswith(b"SQLite format 3\0"):
        found = geopackage(raw)
    else:
        found = geojson(raw)
    if not found.shapes:
        raise Unreadable(_("There is nothing on this map."))
    if len(found.shapes) > MOST_SHAPES:
        raise Unreadable(_("More than 20,000 outlines; import one county after the other."))
    refuse_metres(found.stated)
    return found


def refuse_metres(stated: str) -> None:
    if stated.startswith(("PROJCS", "PROJCRS", "projected")):
        raise Unreadable(
            _("The map is in metres of a projection. Convert it to degrees (CGCS2000, EPSG 4490) and try again.")
        )


def geojson(raw: bytes) -> MapFile:
    try:
        given = json.loads(text_of(raw))
    except (ValueError, RecursionError) as error:
        raise Unreadable(_("This is no GeoJSON, no zip with a Shapefile and no GeoPackage.")) from error
    features = given.get("features", [given]) if isinstance(given, dict) else None
    if not isinstance(features, list):
        raise Unreadable(_("This is no GeoJSON, no zip with a Shapefile and no GeoPackage."))
    shapes = [Shape(line, fields_of(one), geometry_of(one)) for line, one in enumerate(features, 1)]
    crs = given.get("crs") if isinstance(given, dict) else None
    return MapFile(shapes, json.dumps(crs)[:200] if crs else "")


def fields_of(feature: Any) -> dict[str, str]:
    given = feature.get("properties") if isinstance(feature, dict) else None
    return {str(name): plain(value) for name, value in given.items()} if isinstance(given, dict) else {}


def geometry_of(feature: Any) -> Mapping[str, Any] | None:
    found = feature.get("geometry") if isinstance(feature, dict) else None
    return found if isinstance(found, dict) else None


def plain(value: object) -> str:
    """A field as text: whole numbers without .0, nothing for null."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else text.tidy(str(value))


def shapefile_zip(raw: bytes) -> MapFile:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = members(archive)
    except BROKEN_ZIP as error:
        raise Unreadable(_("The zip is damaged.")) from error
    if "shp" not in parts or "dbf" not in parts:
        raise Unreadable(_("The zip must hold one Shapefile: its .shp and its .dbf."))
    encoding = encoding_of(parts)
    try:
        with (
            warnings.catch_warnings(action="ignore"),
            shapefile.Reader(
                shp=io.BytesIO(parts["shp"]), dbf=io.BytesIO(parts["dbf"]), encoding=encoding, encodingErrors="replace"
            ) as reader,
        ):
            shapes = [
                Shape(line, {name: plain(value) for name, value in one.record.as_dict().items()}, geo(one.shape))
                for line, one in enumerate(reader.iterShapeRecords(), 1)
            ]
    except Exception as error:  # the reader raises whatever damaged bytes lead it to
        raise Unreadable(_("The Shapefile is damaged.")) from error
    return MapFile(shapes, parts.get("prj", b"").decode("utf-8", "replace").strip()[:2000])


def geo(shape: Any) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] = shape.__geo_interface__
    return found if found.get("coordinates") else None


def members(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """The parts of the one Shapefile by their ending; never more bytes than UNPACKED, whatever the zip says."""
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MEMBERS or sum(info.file_size for info in infos) > UNPACKED:
        raise Unreadable(_("The zip unpacks to more than 300 MB."))
    wanted = [info for info in infos if "__MACOSX" not in info.filename]
    maps = [info.filename[:-4] for info in wanted if info.filename.lower().endswith(".shp")]
    if len(maps) != 1:
        raise Unreadable(_("The zip must hold one Shapefile: its .shp and its .dbf."))
    found: dict[str, bytes] = {}
    left = UNPACKED
    for info in wanted:
        name, _dot, ending = info.filename.rpartition(".")
        if name == maps[0] and ending.lower() in ("shp", "dbf", "prj", "cpg"):
            with archive.open(info) as member:
                found[ending.lower()] = member.read(left + 1)
            left -= len(found[ending.lower()])
            if left < 0:
                raise Unreadable(_("The zip unpacks to more than 300 MB."))
    return found


def encoding_of(parts: Mapping[str, bytes]) -> str:
    """What the .cpg says, else UTF-8 if the table is that, else the GB 18030 of Chinese offices."""
    said = parts.get("cpg", b"").decode("ascii", "ignore").strip().lower()
    if said in ("936", "cp936", "gbk", "gb2312", "gb18030"):
        return "gb18030"
    try:
        parts["dbf"].decode("utf-8")
    except UnicodeDecodeError:
        # The binary head of a table is seldom UTF-8; its letters decide.
        return "utf-8" if said in ("utf-8", "utf8", "65001") else "gb18030"
    return "utf-8"


def geopackage(raw: bytes) -> MapFile:
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(raw)
            # Views and triggers of a stranger's file are not to run anything, and no query runs for ever.
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA query_only = ON")
            # A column may be reckoned by a formula: it makes no cell larger than a whole file may be.
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST)
            steps = iter(range(MOST_STEPS))
            database.set_progress_handler(lambda: next(steps, None) is None, 100_000)
            return features(database)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise Unreadable(_("The GeoPackage is damaged.")) from error


def features(database: sqlite3.Connection) -> MapFile:
    """The one table of features (OGC 12-128r19, 2.1)."""
    tables = database.execute(
        "SELECT g.table_name, g.column_name, coalesce(s.definition, '') FROM gpkg_geometry_columns g"
        " JOIN sqlite_master m ON m.name = g.table_name AND m.type = 'table'"
        " LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id"
    ).fetchall()
    if len(tables) != 1:
        raise Unreadable(_("The GeoPackage must hold one layer."))
    table, column, stated = tables[0]
    # The name is the file's own, quoted as SQL quotes names; the engine holds nothing but the file.
    rows = database.execute("SELECT * FROM " + quoted(str(table)))  # nosec B608
    names = [str(one[0]) for one in rows.description]
    return MapFile(list(shapes_of(rows, names, str(column))), str(stated).strip()[:2000])


def shapes_of(rows: sqlite3.Cursor, names: list[str], column: str) -> Iterator[Shape]:
    left = UNPACKED
    for line, row in enumerate(islice(rows, MOST_SHAPES + 1), 1):
        left -= sum(len(cell) for cell in row if isinstance(cell, (str, bytes)))
        if left < 0:
            raise Unreadable(_("The GeoPackage is damaged."))
        cells = dict(zip(names, row, strict=True))
        blob = cells.pop(column, None)
        fields = {name: plain(cell) for name, cell in cells.items() if not isinstance(cell, bytes)}
        yield Shape(line, fields, from_blob(blob) if isinstance(blob, bytes) else None)


def from_blob(blob: bytes) -> Mapping[str, Any] | None:
    """A GeoPackage geometry: its head, then WKB; None when it is damaged or empty."""
    if len(blob) < 8 or blob[:2] != b"GP":
        return None
    envelope = ENVELOPES.get((blob[3] >> 1) & 7)
    if envelope is None:
        return None
    found = shapely.from_wkb(blob[8 + envelope :], on_invalid="ignore")
    return None if found is None or found.is_empty else mapping(found)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
