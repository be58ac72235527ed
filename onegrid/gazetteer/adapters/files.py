"""Files of places: CSV as Chinese offices write it, and GeoJSON; each row with the line or feature it came from."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from onegrid.kit import tables, text

LARGEST = 20_000_000
MOST_ROWS = 300_000


class Unreadable(ValueError):
    """The file is no table and no GeoJSON; the message says why in the reader's language."""


@dataclass(frozen=True)
class Row:
    """One row: its line in the file (of a GeoJSON: the number of the feature), its cells, its geometry if any."""

    line: int
    cells: dict[str, str]
    geometry: dict[str, Any] | None = None


def read(name: str, raw: bytes) -> list[Row]:
    """All rows of a file; raises Unreadable."""
    if len(raw) > LARGEST:
        raise Unreadable(_("larger than 20 MB"))
    rows = list(features(raw) if name.lower().endswith((".geojson", ".json")) else lines(decoded(raw)))
    if not rows:
        raise Unreadable(_("no row after the header"))
    if len(rows) > MOST_ROWS:
        raise Unreadable(_("more than 300,000 rows"))
    return rows


def decoded(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("the encoding is not known; save it as UTF-8"))


def lines(words: str) -> Iterator[Row]:
    reader = csv.reader(tables.stream(words))
    try:
        header = [name.strip() for name in next(reader, [])]
        if len(header) < 2:
            raise Unreadable(_("no header line"))
        if text.UNKEPT.search("".join(header)):
            raise Unreadable(_("line 1: a name of a column holds characters that are no letters; save the file anew"))
        begins = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Row(begins, {name: cell.strip() for name, cell in zip(header, cells, strict=False)})
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(_("line %(line)s is no CSV") % {"line": reader.line_num}) from error


def features(raw: bytes) -> Iterator[Row]:
    try:
        found = json.loads(raw)["features"]
        for number, feature in enumerate(found, start=1):
            known = feature.get("properties") or {}
            cells = {str(name): "" if value is None else str(value) for name, value in known.items()}
            if "id" in feature:
                cells.setdefault("id", str(feature["id"]))
            yield Row(number, cells, feature.get("geometry"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(_("this is no GeoJSON with features")) from error
