"""Values written into a statement instead of sent with it, so that a kept plan knows them.

A prepared statement is planned once for all values. Of a range that it does not know the planner expects one row in
two hundred, and for a whole county it then reads every open row (25 ms instead of 0.1). Only for the few values that
decide the plan: area codes and names of states; each other value is a statement of its own to the database.
"""

import re
from typing import Any

from django.db.models import Value

PLAIN = re.compile(r"[0-9A-Za-z_:]{1,40}", re.ASCII)


class Literal(Value):
    """A word of letters, digits, `_` and `:` that needs no quoting."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return f"'{self.value}'", ()


def literal(word: str) -> Literal | str:
    """The word as a literal; anything that is not plain stays a value that is sent beside the statement."""
    return Literal(word) if PLAIN.fullmatch(word) else word
