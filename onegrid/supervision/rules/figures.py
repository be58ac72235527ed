"""Figures of a circular from counted rows: few sealed matters are never told, small bases give no percentages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

# Fewer sealed matters than this are counted nowhere, so that nobody can be guessed from a number.
FEWEST = 5
# Below this base a percentage says more than it knows.
BASE = 20
MOST_GROUPS = 10
# What is counted, in the order of the table.
MEASURES = (
    "received", "accepted", "refused", "ended", "kept", "missed", "open", "late",
    "rated", "solved", "unsolved", "satisfied", "fair", "dissatisfied",
)  # fmt: skip
# What was so at the moment of counting has no period before it.
AT_THE_MOMENT = ("open", "late")
BY_UNIT = ("received", "ended", "late")
BY_TOWN = ("received", "ended", "open", "late")
REST = "rest"


@dataclass(frozen=True)
class Counted:
    """So many matters of this measure: by nothing, or by a door, group, unit or town; now, or in the period before."""

    measure: str
    by: str
    key: str
    restricted: bool
    before: bool
    amount: int


def total(rows: Iterable[Counted], measure: str) -> dict[str, Any]:
    """Sealed matters belong to it from five on; `before` compares without them."""
    found = [row for row in rows if row.measure == measure and not row.by]
    plain = sum(row.amount for row in found if not row.restricted and not row.before)
    sealed = sum(row.amount for row in found if row.restricted and not row.before)
    before = sum(row.amount for row in found if not row.restricted and row.before)
    told = sealed if sealed >= FEWEST else 0
    return {
        "count": plain + told,
        "sealed": told or None,
        "before": None if measure in AT_THE_MOMENT else before,
        "difference": None if measure in AT_THE_MOMENT else plain - before,
        "percent": percent(plain, before) if measure not in AT_THE_MOMENT else None,
    }


def percent(now: int, before: int) -> float | None:
    """One digit behind the point; None on a small base, and where it would read as nothing."""
    return (round((now - before) * 100 / before, 1) or None) if before >= BASE else None


def by(rows: Iterable[Counted], dimension: str, measures: tuple[str, ...]) -> dict[str, dict[str, int]]:
    """Key -> measure -> count; never a sealed matter."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        if row.by == dimension and not row.restricted and not row.before and row.measure in measures and row.amount:
            cells = found.setdefault(row.key, dict.fromkeys(measures, 0))
            cells[row.measure] += row.amount
    return found


def largest(cells: dict[str, dict[str, int]], measure: str) -> list[tuple[str, int]]:
    """The ten largest, then the rest in one row."""
    rows = sorted(((key, one[measure]) for key, one in cells.items()), key=lambda row: (-row[1], row[0]))
    rest = sum(amount for _key, amount in rows[MOST_GROUPS:])
    return [*rows[:MOST_GROUPS], *([(REST, rest)] if rest else [])]
