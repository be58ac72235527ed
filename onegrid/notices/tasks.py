"""Jobs of the room; each may be done twice without harm."""

from onegrid.kit import later
from onegrid.notices import actions


@later.task
def deliver(message_id: int) -> None:
    actions.deliver(message_id=message_id)


@later.every("*/5 * * * *")
def settle_stuck() -> None:
    actions.settle_stuck()
    actions.wake()


@later.every("23 * * * *")
def forget() -> None:
    actions.forget()
