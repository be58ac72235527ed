"""Map files as other programs write them, made for tests."""

import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import shapefile
from shapely.geometry import mapping

Outlines = Mapping[str, Any]
DEGREES = 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]]]'
METRES = 'PROJCS["CGCS2000_3_Degree_GK_CM_105E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000"]]'


def geojson(outlines: Outlines, names: Mapping[str, str] | None = None) -> bytes:
    features = [
        {"type": "Feature", "properties": {"code": code, "name": (names or {}).get(code, f"网格{code[-3:]}")},
         "geometry": outline if isinstance(outline, dict) else mapping(outline)}
        for code, outline in outlines.items()
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def shapefile_zip(outlines: Outlines, *, encoding: str = "gb18030", prj: str = DEGREES, cpg: str = "") -> bytes:
    shp, dbf, shx = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, dbf=dbf, shx=shx, encoding=encoding, shapeType=shapefile.POLYGON) as writer:
        writer.field("adcode", "C", size=20)
        writer.field("名称", "C", size=60)
        for code, outline in outlines.items():
            writer.shape(mapping(outline))
            writer.record(code, f"网格{code[-3:]}")
    return zipped({"图/grids.shp": shp.getvalue(), "图/grids.dbf": dbf.getvalue(), "图/grids.prj": prj.encode(),
                   **({"图/grids.cpg": cpg.encode()} if cpg else {})})  # fmt: skip


def zipped(parts: Mapping[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return whole.getvalue()


def geopackage(outlines: Outlines, folder: Path, definition: str = DEGREES) -> bytes:
    """A GeoPackage with one layer (OGC 12-128r19), an envelope before every geometry."""
    file = folder / "grids.gpkg"
    file.unlink(missing_ok=True)
    database = sqlite3.connect(file)
    database.executescript(
        "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, definition TEXT);"
        "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);"
        'CREATE TABLE "网格" (fid INTEGER PRIMARY KEY, geom BLOB, 网格编码 TEXT, 网格名称 TEXT);'
    )
    database.execute("INSERT INTO gpkg_spatial_ref_sys VALUES ('g', 4326, ?)", [definition])
    database.execute("INSERT INTO gpkg_geometry_columns VALUES ('网格', 'geom', 4326)")
    for code, outline in outlines.items():
        west, south, east, north = outline.bounds
        head = b"GP\0\x03" + struct.pack("<i", 4326) + struct.pack("<4d", west, east, south, north)
        row = [head + outline.wkb, code, f"网格{code[-3:]}"]
        database.execute('INSERT INTO "网格" (geom, 网格编码, 网格名称) VALUES (?, ?, ?)', row)
    database.commit()
    database.close()
    return file.read_bytes()
