"""A small table of codes as CSV, UTF-8 or GB 18030, with the line of each row."""

import csv
from itertools import islice

from django.utils.translation import gettext as _

from onegrid.kit import tables

LARGEST, MOST_ROWS, MOST_COLUMNS = 60_000_000, 300_000, 1_000
Line = tuple[int, dict[str, str]]


class Unreadable(ValueError):
    """The file cannot be read; the message says why."""


def read(raw: bytes) -> list[Line]:
    """Rows with the line in the file, by column; raises Unreadable."""
    if len(raw) > LARGEST:
        raise Unreadable(_("The file is larger than 60 MB."))
    reader = csv.DictReader(tables.stream(text_of(raw)), restval="")
    try:
        if not reader.fieldnames:
            raise Unreadable(_("The table has no header line."))
        # A short row is filled up to all columns.
        if len(reader.fieldnames) > MOST_COLUMNS:
            raise Unreadable(_("The table has more than 1,000 columns."))
        rows = [(reader.line_num, cells_of(row)) for row in islice(reader, MOST_ROWS + 1)]
    except csv.Error as error:
        given = {"line": reader.line_num, "why": error}
        raise Unreadable(_("Line %(line)s is no line of a table: %(why)s") % given) from error
    if len(rows) > MOST_ROWS:
        raise Unreadable(_("The table has more than 300,000 rows; divide it."))
    return rows


def cells_of(row: dict[str | None, str]) -> dict[str, str]:
    return {name.strip(): (cell or "").strip() for name, cell in row.items() if name is not None}


def text_of(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        # UTF-16 without its mark: every other byte is nought, which no table of words has.
        if (nought := text.find("\0")) >= 0:
            line = text.count("\n", 0, nought) + 1
            raise Unreadable(_("Line %(line)s: the letters cannot be read; save the file as UTF-8.") % {"line": line})
        return text
    raise Unreadable(_("The letters cannot be read; save the file as UTF-8."))
