"""What strangers may do how often: fixed windows in the database, so that every process counts together."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection

from onegrid.kit import clock
from onegrid.org.actions.signing import keyed_hash
from onegrid.org.models import Throttle

WINDOW, MINUTE, HOUR = 600, 60, 3600  # seconds
# A phone network hides many people behind one address: generous for them, narrow for a machine.
MOST = {"report": 20, "step": 40, "track": 120, "answer": 60, "open": 60, "follow": 20, "places": 400,
        "grid": 60, "wall": 180}  # fmt: skip
# By the hour: who reads what strangers may see does it now and then, who copies it does it all day. By the minute: a
# screen that was stopped goes on soon; a busy one asks ten times, a hall has several behind one address.
WINDOWS = {"open": HOUR, "follow": HOUR, "grid": HOUR, "wall": MINUTE}
# All residents of a demo sit at one machine.
LOOSER_IN_DEMO = 50
KEPT = timedelta(hours=24)


class Throttled(Exception):
    """Too much from one address; `retry_after` in seconds. Doors answer 429."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"again in {retry_after} seconds")
        self.retry_after = retry_after


def spend(*, address: str, kind: str) -> None:
    """Take one from what this address may do of this kind now (one statement); raises Throttled.

    Inside a transaction that is rolled back nothing was spent: what was refused costs nothing.
    """
    now, seconds = clock.now(), WINDOWS.get(kind, WINDOW)
    began = datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO org_throttle AS t (address_hash, kind, "window", spent) VALUES (%s, %s, %s, 1)'
            ' ON CONFLICT (address_hash, kind, "window") DO UPDATE SET spent = t.spent + 1 RETURNING spent',
            [keyed_hash("stranger", address), kind, began],
        )
        spent = int(cursor.fetchone()[0])
    if spent > MOST[kind] * (LOOSER_IN_DEMO if settings.MODE == "demo" else 1):
        raise Throttled(seconds - int((now - began).total_seconds()))


def forget_addresses() -> int:
    """Delete what is older than a day; returns how many rows."""
    return Throttle.objects.filter(window__lt=clock.now() - KEPT).delete()[0]
