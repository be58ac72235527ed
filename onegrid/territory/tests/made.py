"""Re-divisions of the small county for tests: its six squares in a row, from west to east."""

from typing import Any

from onegrid.org import queries as places
from onegrid.org.roles import Actor
from onegrid.territory import actions
from onegrid.territory.models import Redivision
from onegrid.testing.cast import GRIDS, SOUTH, STEP, WEST, County

# The test's morning is 2026-10-14; from the next midnight in China on.
TOMORROW = "2026-10-15"


def begin(county: County, day: str = TOMORROW, title: str = "东门社区网格调整") -> Redivision:
    return actions.begin_redivision(
        actor=county.admin_system, title=title, reason="楼院新建，住户增加", effective_on=day
    )  # fmt: skip


def add(county: County, one: Redivision, kind: str, **asked: Any) -> Redivision:
    one.refresh_from_db()
    return actions.add_change(
        actor=county.admin_system, redivision_id=one.pk, version=one.version, kind=kind, asked=asked
    )  # fmt: skip


def step(one: Redivision, verb: str, actor: Actor, words: str = "") -> Redivision:
    one.refresh_from_db()
    return actions.move_redivision(actor=actor, redivision_id=one.pk, verb=verb, version=one.version, words=words)


def approved(county: County, one: Redivision) -> Redivision:
    return step(step(one, "submit", county.admin_system), "approve", county.leader)


def applied(county: County, one: Redivision, hand: Any, day: str = TOMORROW) -> Redivision:
    """Approved, and its midnight gone by."""
    approved(county, one)
    hand.to(hand.moment.replace(day=int(day[-2:]) - 1, hour=16, minute=1))
    places.forget_reference()
    actions.sweep_redivisions()
    one.refresh_from_db()
    return one


def middle_line(place: int) -> list[list[float]]:
    """From south to north through the middle of a square, beyond both edges."""
    east = WEST + STEP * (place + 0.5)
    return [[east, SOUTH - 0.005], [east, SOUTH + STEP + 0.005]]


def split_first(county: County, one: Redivision) -> Redivision:
    return add(county, one, "split", key=GRIDS[0], line=middle_line(0))
