"""Jobs of this room: what time itself does."""

from onegrid.kit import later
from onegrid.territory import actions


@later.task
def tell_of_redivision(redivision_id: int, n: int) -> None:
    actions.tell_of_redivision(redivision_id=redivision_id, n=n)


@later.task
def import_areas(import_id: int) -> None:
    actions.import_areas(import_id)


@later.task
def import_boundaries(import_id: int) -> None:
    actions.import_boundaries(import_id)


@later.every("* * * * *")
def sweep() -> None:
    """What has come into its day takes effect, once."""
    actions.sweep_redivisions()
