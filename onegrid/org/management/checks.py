"""System checks: nothing of the demo lives in production."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import DatabaseError

from onegrid.org import queries


def no_demo_accounts(databases: Sequence[str] | None = None, **given: Any) -> list[CheckMessage]:
    """Runs with the checks that may ask a database (`check --database default`, `migrate`)."""
    if settings.MODE != "production" or not databases:
        return []
    try:
        found = bool(queries.demo_hash())
    except DatabaseError:
        # Before the first migration there is no table, hence no account.
        return []
    words = "This database holds demo accounts; their password is known. Production must not use it."
    return [Error(words, id="org.E001")] if found else []
