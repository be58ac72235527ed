"""Codes of the area tree as files write them: padded with zeros to 12 digits, or short (GB/T 2260, GB/T 10114)."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

LEVELS = {2: "province", 4: "city", 6: "county", 9: "town", 12: "village"}
GRID = "grid"
GRID_DIGITS = (15, 17)
# How published tables call the levels.
NAMES = {"province": 2, "city": 4, "county": 6, "township": 9, "town": 9, "village": 12}
# Where codes and names may stand, the likeliest first.
FIELD_NAMES = Path(__file__).with_name("field_names.csv")


def usual(what: str) -> tuple[str, ...]:
    lines = FIELD_NAMES.read_text(encoding="utf-8").splitlines()
    return tuple(name for kind, name in (line.split(",") for line in lines) if kind == what)


CODE_FIELDS, NAME_FIELDS = usual("code"), usual("name")


def tidy(code: str) -> str:
    """The code at its own length, or an empty text when it is none."""
    code = code.strip()
    if not code.isascii() or not code.isdigit():
        return ""
    if len(code) in (*GRID_DIGITS, 2, 4, 9):
        return code
    if len(code) not in (6, 12):
        return ""
    for length in (9, 6, 4, 2):
        if length < len(code) and code[length:].strip("0") == "":
            code = code[:length]
    return code


def kind(code: str) -> str:
    """The kind of area that a code of this length names."""
    return LEVELS.get(len(code), GRID)


def parents(code: str) -> list[str]:
    """Codes that may stand right above, the nearest first.

    A town may lie right under a city without districts (4419 00 …), a county right under a province.
    """
    if len(code) > 12:
        return [code[:12]]
    above = {12: (9,), 9: (6, 4), 6: (4, 2), 4: (2,)}.get(len(code), ())
    return [code[:length] for length in above if length == above[0] or code[length : above[0]].strip("0") == ""]


def field_of(rows: Sequence[Mapping[str, str]], wanted: Sequence[str], asked: str = "") -> str:
    """The column that holds it: the one that was asked for, or the first of the usual names; empty if none."""
    columns: Collection[str] = rows[0].keys() if rows else ()
    if asked:
        return asked if asked in columns else ""
    lower = {name.lower(): name for name in columns}
    return next((lower[name] for name in wanted if name in lower), "")
