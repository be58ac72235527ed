"""Tables of cells with marks between: the longest cell is a limit of the process, so that it is one for all rooms."""

import csv
from io import StringIO

LONGEST_CELL = 1_000_000  # characters


def stream(words: str) -> StringIO:
    """What a reader of csv reads; a longer cell makes it raise csv.Error, whoever read before."""
    csv.field_size_limit(LONGEST_CELL)
    return StringIO(words, newline="")
