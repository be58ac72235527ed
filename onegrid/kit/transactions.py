"""One transaction for one deed, whoever called it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

# The limits of the settings are for pages; a job that writes a county's outlines or moves its matters takes longer.
PATIENCE = ("statement_timeout = '120s'", "lock_timeout = '30s'", "idle_in_transaction_session_timeout = '600s'")


@contextmanager
def joined() -> Iterator[None]:
    """Be a part of the open transaction, or be one; also a decorator. Saves the two statements of a savepoint.

    Only for a deed that raises each of its refusals before its first write: a caller who catches one inside a
    transaction of its own goes on and commits, and nothing here takes back what was written before.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        yield


def patiently() -> None:
    """Let the open transaction take minutes; for jobs only, what waits for its locks waits as long."""
    with connection.cursor() as cursor:
        for limit in PATIENCE:
            cursor.execute(f"SET LOCAL {limit}")
