"""Who acts, and under which roles: the words that doors, scope and the workflow are written in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from onegrid.org.models import Posting

RESIDENT = "resident"
WORKER = "worker"
GRID_HEAD = "grid_head"
RECEIVER = "receiver"
DISPATCHER = "dispatcher"
CHECKER = "checker"
HANDLER = "handler"
MEDIATOR = "mediator"
DUTY_LEADER = "duty_leader"
LEADER = "leader"
ANALYST = "analyst"
AUDITOR = "auditor"
ADMIN_SYSTEM = "admin_system"
ADMIN_SECURITY = "admin_security"
ADMIN_AUDIT = "admin_audit"
CLIENT = "client"
# A unit without an account, by a link to one matter; nobody can be posted to it.
GUEST = "guest"
# Jobs and loaders act as the system; nobody can be posted to it.
SYSTEM = "system"

LABELS: dict[str, _StrPromise] = {
    RESIDENT: _("resident"),
    WORKER: _("grid worker"),
    GRID_HEAD: _("grid head"),
    RECEIVER: _("receiver"),
    DISPATCHER: _("dispatcher"),
    CHECKER: _("checker"),
    HANDLER: _("handler"),
    MEDIATOR: _("mediator"),
    DUTY_LEADER: _("duty leader"),
    LEADER: _("leader"),
    ANALYST: _("analyst"),
    AUDITOR: _("auditor"),
    ADMIN_SYSTEM: _("system administrator"),
    ADMIN_SECURITY: _("security administrator"),
    ADMIN_AUDIT: _("audit administrator"),
    CLIENT: _("connected system"),
    GUEST: _("unit without an account"),
    SYSTEM: _("system"),
}

# Three separate administrators (R15): none holds two, none holds another role, none sees an event.
ADMINISTRATORS = (ADMIN_SYSTEM, ADMIN_SECURITY, ADMIN_AUDIT)
# Roles that a posting may carry.
POSTABLE = tuple(role for role in LABELS if role not in (RESIDENT, GUEST, SYSTEM))
# Roles of a centre: they see by area.
CENTRE = (RECEIVER, DISPATCHER, CHECKER, DUTY_LEADER, LEADER)
# Roles that see by area wherever their unit stands.
ROAMING = (WORKER, GRID_HEAD, ANALYST, AUDITOR)
# Roles that see by unit.
UNIT = (HANDLER, MEDIATOR, *CENTRE)
# Named duty officers: the only ones who see a restricted row by area.
DUTY = (RECEIVER, DISPATCHER, DUTY_LEADER, LEADER)


@dataclass(frozen=True)
class Actor:
    """Who acts now: a posting (person, unit, area, roles), a reporter, a unit by link, the system, or a stranger."""

    posting_id: int | None
    user_id: int | None
    unit_id: int | None
    area: str
    roles: frozenset[str]
    name: str
    report_id: int | None = None
    link_id: int | None = None
    username: str = ""
    # False in a department, station or contractor: its leader sees the unit's rows, not the county's.
    at_centre: bool = True

    @classmethod
    def of(cls, posting: Posting) -> Actor:
        """Read posting.user and posting.unit: have them joined."""
        return cls(
            posting_id=posting.pk,
            user_id=posting.user_id,
            unit_id=posting.unit_id,
            area=posting.area,
            roles=frozenset(posting.roles),
            name=posting.user.name,
            username=posting.user.username,
            at_centre=posting.unit.kind == "centre",
        )

    @classmethod
    def stranger(cls) -> Actor:
        return cls(None, None, None, "", frozenset(), "")

    @classmethod
    def reporter(cls, report_id: int) -> Actor:
        """Act as whoever holds the receipt of this report."""
        return cls(None, None, None, "", frozenset({RESIDENT}), "", report_id=report_id)

    @classmethod
    def guest(cls, link_id: int, unit_id: int) -> Actor:
        """Act as the unit to which this link was given: in one matter, without an account."""
        return cls(None, None, unit_id, "", frozenset({GUEST}), "", link_id=link_id)

    @classmethod
    def system(cls) -> Actor:
        return cls(None, None, None, "", frozenset({SYSTEM}), "system", username="system")

    def has(self, *roles: str) -> bool:
        """Tell whether at least one of these roles is held."""
        return not self.roles.isdisjoint(roles)

    @property
    def key(self) -> str:
        """Who this is in the table of answered requests; strangers share one, their keys are random."""
        for kind, number in (
            ("posting", self.posting_id),
            ("report", self.report_id),
            ("link", self.link_id),
            ("user", self.user_id),
        ):
            if number:
                return f"{kind}:{number}"
        return "stranger"
