"""Whom to send, with reasons: an order that can be followed by hand, and one reason for each who is passed over.

No score: the unit that the rule of place and kind names comes first, then who is on duty, then who is nearer, then who
has less in hand. A unit is passed over for the first of REASONS that holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass

CLOSED, ABOUT, CENTRE, OTHER_AREA, CONTRACTOR, NOT_COMPETENT, NO_ACCOUNT, OFF_DUTY = (
    "closed", "about", "centre", "other_area", "contractor", "not_competent", "no_account", "off_duty",
)  # fmt: skip
REASONS = (CLOSED, ABOUT, CENTRE, OTHER_AREA, CONTRACTOR, NOT_COMPETENT, NO_ACCOUNT, OFF_DUTY)
ON, OFF, NO_ROSTER = "on", "off", "no_roster"
# From this level of gravity on (1 is the gravest) nobody is asked who is not there.
AT_ONCE = 2


@dataclass(frozen=True)
class Facts:
    """What the database knows of a unit about one matter.

    `rule`: a rule names it for this place and kind; `first`: it is the one that hits. `metres`: from its seat, None
    where that is not known. `duty`: whether somebody has a shift now. `load`: open matters it leads. `done`, `in_time`:
    matters of this kind it ended in this town within a year, and how many of them as promised. `here`: matters it ended
    within 200 m in that time.
    """

    unit_id: int
    active: bool
    centre: bool
    contractor: bool
    covers: bool
    about: bool
    rule: bool
    first: bool
    accounts: int
    duty: str
    metres: int | None
    load: int
    done: int
    in_time: int
    here: int


@dataclass(frozen=True)
class Passed:
    """Who is not asked, and why."""

    facts: Facts
    reason: str


def reason_against(unit: Facts, level: int) -> str:
    """The first reason that holds, or nothing: then the unit may be asked."""
    holds = {
        CLOSED: not unit.active,
        ABOUT: unit.about,
        CENTRE: unit.centre,
        OTHER_AREA: not unit.covers,
        # A rule that names a contractor is the standing consent of its employer.
        CONTRACTOR: unit.contractor and not unit.rule,
        NOT_COMPETENT: not unit.rule and unit.done == 0,
        NO_ACCOUNT: unit.accounts == 0,
        OFF_DUTY: level <= AT_ONCE and unit.duty == OFF,
    }
    return next((name for name in REASONS if holds[name]), "")


def ranked(units: Iterable[Facts], level: int) -> tuple[list[Facts], list[Passed]]:
    """Who may be asked, in order, and who not."""
    told = [(unit, reason_against(unit, level)) for unit in units]
    asked = sorted((unit for unit, reason in told if not reason), key=order)
    return asked, [Passed(unit, reason) for unit, reason in told if reason]


def order(unit: Facts) -> tuple[bool, bool, bool, int, int, int]:
    return not unit.first, unit.duty != ON, unit.metres is None, unit.metres or 0, unit.load, unit.unit_id
