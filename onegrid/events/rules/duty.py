"""Whose turn it is to be called: through the list in order, and after the last again from the first."""

from collections.abc import Sequence


def next_in_line(line: Sequence[int], called: Sequence[int | None]) -> tuple[int | None, bool]:
    """The posting to call now, and whether the list begins again with it; None when nobody is on call.

    `line` holds those on call at this moment, `called` everybody called so far: who comes back from an absence or
    joins the list meanwhile is called in this round yet.
    """
    left = [posting for posting in line if posting not in this_round(called)]
    if left:
        return left[0], False
    return (line[0] if line else None), bool(called)


def this_round(called: Sequence[int | None]) -> list[int | None]:
    """Those called since the list began for the last time: a call that repeats one begins it again."""
    found: list[int | None] = []
    for posting in called:
        if posting in found:
            found = []
        found.append(posting)
    return found
