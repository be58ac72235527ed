"""How long it may take to get there: a guess from the straight line, and called one wherever it is shown.

Streets are about a third longer than the straight line (detour index of 1.2 to 1.4 in built-up land); on foot
4.5 km/h, by car through a town 25 km/h.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

DETOUR = 1.3
WALK_METRES_A_MINUTE = 75
DRIVE_METRES_A_MINUTE = 417


@dataclass(frozen=True)
class Travel:
    """Minutes, at least one."""

    walk: int
    drive: int


def travel(metres: float) -> Travel:
    way = metres * DETOUR
    return Travel(max(1, round(way / WALK_METRES_A_MINUTE)), max(1, round(way / DRIVE_METRES_A_MINUTE)))


def distance(metres: float) -> str:
    """In metres, from a kilometre on in kilometres."""
    return _("%(n)d m") % {"n": metres} if metres < 1000 else _("%(n).1f km") % {"n": metres / 1000}
