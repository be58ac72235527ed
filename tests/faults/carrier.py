"""A worker of its own process that carries messages until none is left, or until it is killed.

python -m tests.faults.carrier THREADS
"""

import sys
import threading

import django

django.setup()

from django.db import connection  # noqa: E402

from onegrid.kit import clock  # noqa: E402
from onegrid.notices import actions  # noqa: E402
from onegrid.notices.actions import carrying  # noqa: E402
from onegrid.notices.models import Message  # noqa: E402

# Tried again at once: the battery has no hour to wait.
carrying.FIRST_PAUSE = 0
TAKE = 200


def carry(place: int, threads: int) -> None:
    """Every thread begins elsewhere, and meets the others now and then."""
    try:
        while True:
            rows = Message.objects.filter(state="queued", due_at__lte=clock.now())
            ids = list(rows.order_by("due_at", "id").values_list("pk", flat=True)[:TAKE])
            if not ids:
                return
            for pk in ids[place % max(1, len(ids)) :: threads] or ids[:1]:
                actions.deliver(message_id=pk)
    finally:
        connection.close()


if __name__ == "__main__":
    many = int(sys.argv[1])
    crew = [threading.Thread(target=carry, args=(place, many)) for place in range(many)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
