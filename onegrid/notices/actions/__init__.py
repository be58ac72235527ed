"""The verbs of this room: send, carry, settle what a provider tells, prefer, send again."""

from onegrid.notices.actions.carrying import deliver, settle_stuck, wake
from onegrid.notices.actions.sending import read, send

__all__ = ["deliver", "read", "send", "settle_stuck", "wake"]
