"""What a file of areas would change, as the page of an import shows it: figures, sentences, the first rows."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from onegrid.kit.outlines import Reading
from onegrid.territory.rules import words
from onegrid.territory.rules.boundaries import CHANGED, NEW, REFUSED, SAME, Row
from onegrid.territory.rules.divisions import Division

# So many of what would change are shown; every bad row is kept by itself.
MOST_ROWS = 100


def of_areas(
    divisions: Sequence[Division], renamed: Sequence[tuple[Division, str]], known: Collection[str], bad: int
) -> dict[str, Any]:
    """A table of codes: which names change, then which areas are new."""
    new = [one for one in divisions if one.code not in known]
    rows = [row(one.line, one.code, one.name, CHANGED, [f"{before} → {one.name}"]) for one, before in renamed]
    rows += [row(one.line, one.code, one.name, NEW) for one in new[: max(0, MOST_ROWS - len(rows))]]
    same = len(divisions) - len(new) - len(renamed)
    return told({NEW: len(new), CHANGED: len(renamed), SAME: same, REFUSED: bad}, rows, [])


def of_boundaries(rows: Sequence[Row], system: str, residuals: Mapping[str, float]) -> dict[str, Any]:
    """A map file: which outlines change or are new, and how the system is known."""
    states = dict.fromkeys((NEW, CHANGED, SAME, REFUSED), 0)
    for one in rows:
        states[one.state] += 1
    shown = [row(one.line, one.code, one.name, one.state) for one in rows if one.written]
    changed_first = sorted(shown, key=lambda one: one["mark"] != str(words.STATES[CHANGED]))
    return told(states, changed_first, [known(system, residuals)])


def known(system: str, residuals: Mapping[str, float]) -> str:
    if not residuals:
        return _("Coordinate system %(system)s, as stated.") % {"system": words.SYSTEMS[system]}
    left = ", ".join(f"{words.SYSTEMS[name]} {metres:.1f} m" for name, metres in sorted(residuals.items()))
    said = _("Coordinate system %(system)s, told by what is known; each would leave: %(left)s.")
    return said % {"system": words.SYSTEMS[system], "left": left}


def told(states: Mapping[str, int], rows: Sequence[dict[str, Any]], facts: list[str]) -> dict[str, Any]:
    counts = [{"label": str(words.STATES[state]), "n": n, "late": state == REFUSED and n > 0}
              for state, n in states.items()]  # fmt: skip
    return {"counts": counts, "facts": facts, "rows": list(rows[:MOST_ROWS]), "all_rows": states[NEW] + states[CHANGED]}


def row(line: int, code: str, name: str, state: str, said: Sequence[str] = ()) -> dict[str, Any]:
    return {"line": line, "code": code, "name": name, "mark": str(words.STATES[state]), "words": list(said)}


def mended(reading: Reading) -> str:
    given = {"metres": f"{reading.change_m2:.1f}", "percent": f"{reading.change_percent:.4f}"}
    return _("mended; area changed by %(metres)s m² (%(percent)s %%)") % given


def stops(written: Sequence[object]) -> str:
    """Why the file cannot be applied; an empty text where it can."""
    return "" if written else _("No row would change anything.")
