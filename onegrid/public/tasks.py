"""Jobs of this room."""

from onegrid.kit import later
from onegrid.public import actions


@later.every("23 * * * *")
def forget_addresses() -> None:
    actions.forget_addresses()
