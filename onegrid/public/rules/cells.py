"""Which figures of a table are kept back, so that no few people can be found behind one of them."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

from onegrid.kit.few import LEAST, few

Key = TypeVar("Key", bound=Hashable)


def kept_back(amounts: Mapping[Key, int]) -> set[Key]:
    """The cells of one to four; and where the total would give them away, the next smallest ones with them.

    From a total and all shown cells the sum of the others can be computed: it must be of two cells at least and of
    five at least, else a further cell goes.
    """
    hidden = {key for key, amount in amounts.items() if few(amount)}
    if not hidden:
        return hidden
    others = sorted((amount, str(key), key) for key, amount in amounts.items() if amount >= LEAST)
    for _amount, _name, key in others:
        if len(hidden) >= 2 and sum(amounts[one] for one in hidden) >= LEAST:
            break
        hidden.add(key)
    return hidden


def total(amounts: Mapping[Key, int]) -> int | None:
    """The sum of all cells; None where it is itself one to four, or would be the only cell's own."""
    whole = sum(amounts.values())
    return None if few(whole) else whole


def rate(part: int, whole: int | None) -> int | None:
    """Whole per cent; None without anything to measure: never 0 nor 100."""
    return round(100 * part / whole) if whole else None
