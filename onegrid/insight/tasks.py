"""Jobs of the map."""

from onegrid.insight import actions
from onegrid.kit import later


@later.every("* * * * *")
def count_cells() -> None:
    actions.count_cells()


@later.every("* * * * *")
def draw_outlines() -> None:
    """Nothing to do until an area changed; of a city it takes some seconds then."""
    actions.draw_outlines()
