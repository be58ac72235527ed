"""Tables from elsewhere: CSV in the encodings that Chinese offices write, and Excel; rows as plain text."""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook

from onegrid.kit import tables

EXCEL = {".xlsx", ".xls", ".xlsb", ".ods"}
LARGEST = 300_000_000
DELIMITERS = ",;\t"
SAMPLE = 64_000


class Unreadable(ValueError):
    """The file is no table that we can read; the message says why."""


@dataclass(frozen=True)
class Row:
    """One row: `line` is where it begins in the file, counted from 1; a row of a wrong length has `fault` set."""

    line: int
    cells: dict[str, str]
    fault: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table: its columns, its rows, and the hash of the file by which it is known again."""

    columns: list[str]
    rows: list[Row]
    encoding: str
    hash: str


def read(path: Path) -> Sheet:
    """Read a whole table; raises Unreadable."""
    if path.stat().st_size > LARGEST:
        raise Unreadable(_("larger than 300 MB"))
    raw = path.read_bytes()
    if path.suffix.lower() in EXCEL:
        lines, encoding = excel_lines(path), "excel"
    else:
        encoding = encoding_of(raw)
        lines = csv_lines(raw.decode(encoding))
    return sheet(lines, encoding, hashlib.sha256(raw).hexdigest())


def sheet(lines: Iterator[tuple[int, list[str]]], encoding: str, hash: str) -> Sheet:
    _line, columns = next(lines, (1, []))
    columns = [name.strip() for name in columns]
    if not any(columns):
        raise Unreadable(_("no header line"))
    rows = [row_of(line, cells, columns) for line, cells in lines if any(cell.strip() for cell in cells)]
    return Sheet(columns, rows, encoding, hash)


def row_of(line: int, cells: Sequence[str], columns: Sequence[str]) -> Row:
    fault = "more cells than columns" if any(cell.strip() for cell in cells[len(columns) :]) else ""
    padded = [*cells, *[""] * (len(columns) - len(cells))]
    return Row(line, dict(zip(columns, padded, strict=False)), fault)


def encoding_of(raw: bytes) -> str:
    """UTF-8, UTF-16 and GB 18030 are tried in this order, the whole file each; others are guessed."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # UTF-16 without its mark: half the bytes of a table's separators and digits are zero.
    if b"\0" in raw[:SAMPLE]:
        return guessed(raw)
    for name in ("utf-8-sig", "gb18030"):
        if decodes(raw, name):
            return name
    return guessed(raw)


def decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def guessed(raw: bytes) -> str:
    likely = [name for name in ("utf-16-le", "utf-16-be") if b"\0" in raw[:SAMPLE] and is_text(raw, name)]
    if likely:
        return likely[0]
    found = from_bytes(raw[:LARGEST]).best()
    if found is None or not decodes(raw, found.encoding):
        raise Unreadable(_("the encoding is not known; save it as UTF-8"))
    return found.encoding


def is_text(raw: bytes, encoding: str) -> bool:
    """Decodes, and the separators of a table stand where they should."""
    if not decodes(raw, encoding):
        return False
    head = raw[:SAMPLE].decode(encoding, "ignore")
    return "\n" in head and any(mark in head for mark in DELIMITERS)


def csv_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line on which each begins; a cell in quotes may hold line breaks."""
    reader = csv.reader(tables.stream(text), delimiter=delimiter_of(text))
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(_("line %(line)s is no CSV") % {"line": begins}) from error


def delimiter_of(text: str) -> str:
    """The mark that stands most often in the header."""
    header = text.lstrip().split("\n", 1)[0]
    return max(DELIMITERS, key=header.count)


def excel_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except Exception as error:  # the reader has no base class of its own for faults
        raise Unreadable(_("this is no Excel file")) from error
    for line, cells in enumerate(rows, start=1):
        yield line, [plain(cell) for cell in cells]


def plain(cell: object) -> str:
    """A cell as a person reads it: whole numbers without .0, times as ISO."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return "" if cell is None else str(cell)
