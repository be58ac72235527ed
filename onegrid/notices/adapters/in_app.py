"""The message stands in the product itself: on the desk, on the track page. Written is delivered."""

from onegrid.notices.rules.words import Envelope


def deliver(envelope: Envelope) -> str:
    return ""
