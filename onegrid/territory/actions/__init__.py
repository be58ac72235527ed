"""Verbs of this room; each one transaction, `actor` first."""

from onegrid.events.actions import NotAllowed, NotGiven
from onegrid.territory.actions.applying import apply_redivision, follow_stragglers, sweep_redivisions
from onegrid.territory.actions.drafting import add_change, drop_change
from onegrid.territory.actions.importing import (
    AreaPlan,
    BoundaryPlan,
    plan_areas,
    plan_boundaries,
    write_areas,
    write_boundaries,
)
from onegrid.territory.actions.mending import deeds, mend
from onegrid.territory.actions.redividing import begin_redivision, edit_redivision, move_redivision
from onegrid.territory.actions.stored import import_areas, import_boundaries
from onegrid.territory.actions.telling import tell_of_redivision

__all__ = [
    "AreaPlan",
    "BoundaryPlan",
    "NotAllowed",
    "NotGiven",
    "add_change",
    "apply_redivision",
    "begin_redivision",
    "deeds",
    "drop_change",
    "edit_redivision",
    "follow_stragglers",
    "import_areas",
    "import_boundaries",
    "mend",
    "move_redivision",
    "plan_areas",
    "plan_boundaries",
    "sweep_redivisions",
    "tell_of_redivision",
    "write_areas",
    "write_boundaries",
]
