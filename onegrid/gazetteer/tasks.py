"""Jobs of this room."""

from onegrid.gazetteer import actions
from onegrid.kit import later


@later.task
def import_things(import_id: int) -> None:
    actions.import_things(import_id)


@later.task
def import_names(import_id: int) -> None:
    actions.import_names(import_id)
