"""How far a long work has come, told as often as somebody looks and not more."""

import time
from collections.abc import Callable

# Which part of the work, how many of its rows are done, of how many; 0 of 0 where nobody counts them.
Tell = Callable[[str, int, int], None]
EVERY_SECONDS = 0.7


def silent(stage: str, done: int, total: int) -> None:
    """For whoever works without somebody looking on."""


def now_and_then(tell: Tell) -> Tell:
    """The same, but of one stage at most every 0.7 seconds."""
    last = ("", 0.0)

    def told(stage: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if stage != last[0] or now - last[1] > EVERY_SECONDS:
            last = (stage, now)
            tell(stage, done, total)

    return told
