"""Which wall screens there are, who keeps them, and which link a code opens."""

from django.db.models import QuerySet

from onegrid.insight.models import WallLink
from onegrid.kit import clock, codes
from onegrid.org import queries as org
from onegrid.org.roles import ADMIN_SYSTEM, LEADER, Actor
from onegrid.org.scope import inside, visible_to

KINDS = ("county", "town", "village")
LISTED = 200


def keeps_walls(actor: Actor) -> bool:
    """The leader of a centre, and who administers the house; both in their own area only."""
    return (actor.has(LEADER) and actor.at_centre) or actor.has(ADMIN_SYSTEM)


def wall_areas(actor: Actor) -> list[org.Place]:
    """The areas for which this reader may make a wall."""
    if not keeps_walls(actor):
        return []
    return [one for one in org.areas().values() if one.code.startswith(actor.area) and one.kind in KINDS]


def wall_links(actor: Actor) -> QuerySet[WallLink]:
    """The screens of the own area. The administrator sees no matter, but every screen."""
    rows = WallLink.objects.select_related("made_by__user", "ended_by__user")
    if actor.has(ADMIN_SYSTEM):
        return rows.filter(inside(actor.area, WallLink.scope))
    return visible_to(actor, rows) if keeps_walls(actor) else rows.none()


def listed_walls(actor: Actor) -> list[WallLink]:
    """Those that are open first, then the newest of the others."""
    return sorted(wall_links(actor).order_by("-id")[:LISTED], key=lambda one: not is_open(one))


def is_open(link: WallLink) -> bool:
    return link.ended_at is None and link.expires_at > clock.now()


def wall_of(code: str) -> WallLink | None:
    """The link that this code opens now; None for a mistyped, unknown, expired or revoked one alike."""
    tidied = codes.tidy_receipt(code)
    found = codes.receipt_hash(tidied) if tidied else bytes(32)
    return WallLink.objects.filter(code_hash=found, ended_at__isnull=True, expires_at__gt=clock.now()).first()
