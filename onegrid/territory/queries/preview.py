"""What a re-division would do, counted before anybody approves it: matters, people, and every row that names a code.

Matters are counted only, never named, and restricted ones are left out: who prepares it sees no matters.
"""

from collections import Counter
from dataclasses import dataclass

from onegrid.events import queries as events
from onegrid.org import queries as org
from onegrid.org.models import Posting
from onegrid.territory.models import Redivision
from onegrid.territory.queries.carrying import Carrying, carrying
from onegrid.territory.queries.redivisions import conflicts, current_rows, known_codes, outcome_of
from onegrid.territory.rules import outcome as rules
from onegrid.territory.rules.outcome import Matter, Outcome


@dataclass(frozen=True)
class Matters:
    """So many matters go from one grid to another."""

    was: str
    to: str
    open: int
    ended: int


@dataclass(frozen=True)
class Preview:
    """`codes`: the codes that new grids would get today; `idle`: keys of grids without a worker."""

    outcome: Outcome
    codes: dict[str, str]
    matters: list[Matters]
    people: list[Posting]
    carrying: list[Carrying]
    conflicts: list[str]
    idle: list[str]
    full: str = ""

    @property
    def open(self) -> int:
        return sum(one.open for one in self.matters)

    @property
    def ended(self) -> int:
        return sum(one.ended for one in self.matters)


def preview(one: Redivision) -> Preview:
    """Counted now, from what lies in the tables."""
    found, current = outcome_of(one), current_rows(one.area)
    codes, full = codes_of(found, one.area)
    people = org.posted_for(found.ended)
    return Preview(
        outcome=found,
        codes=codes,
        full=full,
        matters=matters(found),
        people=people,
        carrying=carrying(found, people),
        conflicts=conflicts(one, current) if one.state in ("draft", "submitted", "approved") else [],
        idle=[key for key in (*found.made, *found.altered) if not found.will[key]["workers"]],
    )


def codes_of(found: Outcome, area: str) -> tuple[dict[str, str], str]:
    """The codes of the new grids; and the village that has no number left, if there is one."""
    try:
        return rules.codes(found, known_codes(area)), ""
    except ValueError as error:
        return {}, str(error)


def matters(found: Outcome) -> list[Matters]:
    """From grid to grid, open and ended; restricted ones are not counted."""
    rows = [one for one in events.lying_in(found.places) if not one.restricted]
    is_open = {one.id: one.open for one in rows}
    moves = rules.moves(found, [Matter(one.id, one.area, one.lon, one.lat) for one in rows])
    many = Counter((was, to, is_open[pk]) for pk, was, to in moves)
    pairs = sorted({(was, to) for was, to, _open in many})
    return [Matters(was, to, many[was, to, True], many[was, to, False]) for was, to in pairs]
