"""How few are too few to be told: somebody could be found behind them (docs/decisions/0013 and 0037)."""

LEAST = 5


def few(amount: int) -> bool:
    """One to four. Nought is told: nobody stands behind it."""
    return 0 < amount < LEAST
