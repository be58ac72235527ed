"""Every write answers a repeated request with its first answer (R21)."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from onegrid.kit import clock
from onegrid.org.models import AnsweredRequest

Answer = tuple[int, dict[str, Any]]
KEPT = timedelta(days=30)
LONGEST_KEY = 128


class InFlight(Exception):
    """The same request is being answered right now; ask again in a moment (409)."""


class KeyReused(Exception):
    """This key already answered another request body (422)."""


def fingerprint(*parts: object) -> bytes:
    """Digest what makes a request the same request: method, path, body, file hashes."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).digest()


def answer_once(
    *, actor_key: str, key: str, fingerprint: bytes, produce: Callable[[], Answer]
) -> tuple[int, dict[str, Any], bool]:
    """Return (status, body, replayed); raise InFlight or KeyReused. A status of 400 or more is not kept.

    1. One statement tries the lock of this key and reads the kept answer.
    2. `produce` does the deed in this same transaction.
    3. The answer is inserted; when a twin committed between its own 2 and our 1, nothing is inserted
       and everything done here is rolled back.
    """
    with transaction.atomic():
        locked, kept = lock_and_read(actor_key, key)
        if not locked:
            raise InFlight
        if kept is not None:
            return replay(kept, fingerprint)
        status, body = produce()
        if status < 400 and not keep(actor_key, key, fingerprint, status, body):
            raise InFlight
        return status, body, False


def lock_and_read(actor_key: str, key: str) -> tuple[bool, tuple[bytes, int, str] | None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.locked, a.fingerprint, a.status, a.body::text "
            "FROM (SELECT pg_try_advisory_xact_lock(%s::bigint) AS locked) l "
            "LEFT JOIN org_answeredrequest a ON a.actor = %s AND a.key = %s",
            [lock_number(actor_key, key), actor_key, key],
        )
        row = cursor.fetchone()
    return row[0], None if row[1] is None else (bytes(row[1]), row[2], row[3])


def lock_number(*parts: str) -> int:
    digest = hashlib.blake2b("\0".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def replay(kept: tuple[bytes, int, str], fingerprint: bytes) -> tuple[int, dict[str, Any], bool]:
    if kept[0] != fingerprint:
        raise KeyReused
    return kept[1], json.loads(kept[2]), True


def keep(actor_key: str, key: str, fingerprint: bytes, status: int, body: dict[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO org_answeredrequest (actor, key, fingerprint, status, body, at) "
            "VALUES (%s, %s, %s, %s, %s::jsonb, %s) ON CONFLICT (actor, key) DO NOTHING",
            [actor_key, key, fingerprint, status, json.dumps(body, ensure_ascii=False), clock.now()],
        )
        return int(cursor.rowcount) == 1


def forget_answers() -> int:
    """Delete answers older than 30 days; return how many."""
    return AnsweredRequest.objects.filter(at__lt=clock.now() - KEPT).delete()[0]
