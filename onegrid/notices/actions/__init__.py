"""The verbs of this room: send, carry, settle what a provider tells, prefer, send again."""

from onegrid.notices.actions.again import NoReason, leave, send_again, send_all_again
from onegrid.notices.actions.carrying import deliver, settle_stuck, wake
from onegrid.notices.actions.forgetting import forget_addresses, forget_words
from onegrid.notices.actions.preferring import NotGiven, Stale, Wish, prefer
from onegrid.notices.actions.receipts import Receipt, Replayed, forget, settle, signed_by_provider
from onegrid.notices.actions.sending import read, send

__all__ = [
    "NoReason", "NotGiven", "Receipt", "Replayed", "Stale", "Wish", "deliver", "forget", "forget_addresses",
    "forget_words", "leave", "prefer", "read", "send", "send_again", "send_all_again", "settle", "settle_stuck",
    "signed_by_provider", "wake",
]  # fmt: skip
