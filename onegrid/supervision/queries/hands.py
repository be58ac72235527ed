"""Who acts for a unit, and to whom something is given by name."""

from onegrid.org import queries as org
from onegrid.org.models import Posting
from onegrid.org.roles import CHECKER, DISPATCHER, DUTY_LEADER, HANDLER, LEADER, RECEIVER, Actor


def hands(unit_id: int) -> list[Posting]:
    """Who has a unit's work in hand: a centre's receivers and dispatchers, a unit's handlers; else its leader."""
    unit = org.unit_by_id(unit_id)
    roles = (RECEIVER, DISPATCHER) if unit is not None and unit.kind == unit.CENTRE else (HANDLER,)
    return holding(unit_id, *roles) or holding(unit_id, LEADER)


def holding(unit_id: int, *roles: str) -> list[Posting]:
    """Everybody who holds one of the roles there, each once."""
    found = [one for role in roles for one in org.postings_with(role, unit_id)]
    return list({one.pk: one for one in found}.values())


def colleagues(actor: Actor) -> list[Posting]:
    """The people of the actor's own centre to whom a task may be given by name."""
    return holding(actor.unit_id or 0, RECEIVER, DISPATCHER, CHECKER, DUTY_LEADER, LEADER)


def chairs(actor: Actor) -> list[Posting]:
    """Who may be in the chair of the actor's centre."""
    return holding(actor.unit_id or 0, LEADER, DUTY_LEADER)
