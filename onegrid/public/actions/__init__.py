"""The verbs of this room: spend what an address may ask for, follow by e-mail, count the promises."""

from onegrid.org.actions import MOST, WINDOW, Throttled, spend
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
    "MOST", "WINDOW", "Throttled", "ask_to_follow", "can_follow", "confirm",
    "count_promises", "end", "followed", "forget_unconfirmed", "spend", "tell_followers", "what_of",
]  # fmt: skip
