"""What somebody owes now: one list from all parts of the room, earliest first."""

from collections.abc import Callable

from onegrid.kit import clock
from onegrid.org.roles import Actor
from onegrid.supervision.queries.circulars import to_read
from onegrid.supervision.queries.hard import owed_reviews_of_hard
from onegrid.supervision.queries.meetings import owed_meetings
from onegrid.supervision.queries.orders import replies_owed, replies_to_judge
from onegrid.supervision.queries.owing import Owed
from onegrid.supervision.queries.place_work import owed_place_work
from onegrid.supervision.queries.reviews import owed_reviews
from onegrid.supervision.queries.rules import proposed
from onegrid.supervision.queries.rulings import owed_rulings
from onegrid.supervision.queries.swaps import swaps_owed
from onegrid.supervision.queries.tasks import owed_tasks

# Each part of the room that asks something of a person or a unit adds its question here.
SOURCES: tuple[Callable[[Actor], list[Owed]], ...] = (
    owed_meetings,
    owed_reviews,
    owed_reviews_of_hard,
    owed_tasks,
    owed_place_work,
    owed_rulings,
    proposed,
    replies_owed,
    replies_to_judge,
    swaps_owed,
    to_read,
)


def owed(actor: Actor) -> list[Owed]:
    """Everything the actor or the actor's unit owes; what has no date stands last."""
    found = [one for source in SOURCES for one in source(actor)]
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at or clock.now()))
