"""A table of area codes read row by row: what becomes an area, and every bad row with its reason."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from onegrid.territory.rules import codes

LONGEST_NAME = 100


@dataclass(frozen=True)
class Division:
    """An area as a table names it."""

    line: int
    code: str
    kind: str
    name: str
    parent: str


@dataclass(frozen=True)
class BadRow:
    """A row that cannot become an area, with the line in the file."""

    line: int
    code: str
    reason: str


def read(rows: Sequence[tuple[int, Mapping[str, str]]], known: Iterable[str]) -> tuple[list[Division], list[BadRow]]:
    """Rows become areas, the outer ones first; `known` are the codes that are there already."""
    cells = [row for _line, row in rows]
    code_field, name_field = codes.field_of(cells, codes.CODE_FIELDS), codes.field_of(cells, codes.NAME_FIELDS)
    if not code_field or not name_field:
        return [], [BadRow(1, "", _("The table needs a column for the code and one for the name."))]
    found: dict[str, Division] = {}
    bad: list[BadRow] = []
    for line, row in rows:
        given = row[code_field]
        code = codes.tidy(given)
        reason = fault(row, code, row[name_field], found)
        if reason:
            bad.append(BadRow(line, given, reason))
        else:
            found[code] = Division(line, code, codes.kind(code), row[name_field], "")
    return rooted(found, frozenset(known), bad)


def fault(row: Mapping[str, str], code: str, name: str, found: Mapping[str, Division]) -> str:
    """Why this row is none, or an empty text."""
    checks: tuple[tuple[Callable[[], bool], str], ...] = (
        (lambda: not code, _("The code is not one of 2, 4, 6, 9 or 12 digits.")),
        (lambda: len(code) > 12, _("Grids come with their boundaries, not with this table.")),
        (lambda: not name, _("The name is missing.")),
        (lambda: len(name) > LONGEST_NAME, _("The name is longer than 100 letters.")),
        (lambda: code in found, _("The code stands in the table twice.")),
        (lambda: codes.NAMES.get(row.get("level", ""), len(code)) != len(code), _("The level does not fit the code.")),
        (lambda: not fits_parent(code, row.get("parent", "")), _("The area above does not fit the code.")),
    )
    return next((reason for wrong, reason in checks if wrong()), "")


def fits_parent(code: str, parent: str) -> bool:
    return not parent or codes.tidy(parent) in codes.parents(code)


def rooted(
    found: Mapping[str, Division], known: frozenset[str], bad: list[BadRow]
) -> tuple[list[Division], list[BadRow]]:
    """Give each area the one above it; without one it cannot stand, and neither can what lies in it."""
    good: dict[str, Division] = {}
    for code, one in sorted(found.items(), key=lambda item: (len(item[0]), item[0])):
        above = codes.parents(code)
        parent = next((other for other in above if other in good or other in known), None)
        if above and parent is None:
            reason = _("The area above (%(code)s) is neither in the table nor here.") % {"code": above[0]}
            bad.append(BadRow(one.line, code, reason))
        else:
            good[code] = Division(one.line, code, one.kind, one.name, parent or "")
    return list(good.values()), sorted(bad, key=lambda row: row.line)
