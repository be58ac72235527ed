"""The verbs of this room: follow by e-mail, count the promises."""

from onegrid.public.actions.counting import count_promises
from onegrid.public.actions.following import (
    ask_to_follow,
    can_follow,
    confirm,
    end,
    followed,
    forget_unconfirmed,
    tell_followers,
    what_of,
)

__all__ = [
    "ask_to_follow", "can_follow", "confirm", "count_promises", "end", "followed", "forget_unconfirmed",
    "tell_followers", "what_of",
]  # fmt: skip
