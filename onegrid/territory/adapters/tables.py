"""A small table of codes as CSV, UTF-8 or GB 18030, with the line of each row."""

import csv
import io

from django.utils.translation import gettext as _

LARGEST = 60_000_000
Line = tuple[int, dict[str, str]]


class Unreadable(ValueError):
    """The file cannot be read; the message says why."""


def read(raw: bytes) -> list[Line]:
    """Rows with the line in the file, by column; raises Unreadable."""
    if len(raw) > LARGEST:
        raise Unreadable(_("The file is larger than 60 MB."))
    try:
        reader = csv.DictReader(io.StringIO(text_of(raw), newline=""), restval="")
        rows = [(reader.line_num, {name.strip(): (cell or "").strip() for name, cell in named(row)}) for row in reader]
    except csv.Error as error:
        raise Unreadable(_("The file is no table: %(why)s") % {"why": error}) from error
    if not reader.fieldnames:
        raise Unreadable(_("The table has no header line."))
    return rows


def named(row: dict[str | None, str]) -> list[tuple[str, str]]:
    return [(name, cell) for name, cell in row.items() if name is not None]


def text_of(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        # UTF-16 without its mark: every other byte is nought, which no table of words has.
        if "\0" not in text:
            return text
    raise Unreadable(_("The letters cannot be read; save the file as UTF-8."))
