"""A gateway that refuses, falls silent after accepting and cuts lines; workers that die: nothing twice, nothing lost.

30 % of the requests go wrong. What the provider refused is tried again; what nobody can know is shown as
unknown and never sent again by itself; every message ends in a state that says the truth.
"""

import itertools
import os
import random
import threading
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from onegrid.notices import actions
from onegrid.notices.actions import carrying
from onegrid.notices.adapters import Refused, Unknown
from onegrid.notices.adapters import sms as adapter
from onegrid.notices.models import Message
from onegrid.testing import matters
from onegrid.testing.cast import County
from tests.faults.gateway import Gateway

pytestmark = pytest.mark.django_db(transaction=True)
MESSAGES, WORKERS, KILLED = 200, 4, 10
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**9))
JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'notices.tasks.deliver' AND args->>'message_id' = %s"


@pytest.fixture
def impatient(settings: Any) -> None:
    settings.NOTICES_SECONDS, settings.NOTICES_HOSTS = 0.4, ["127.0.0.1"]


def written(county: County, count: int) -> list[int]:
    for at in range(count):
        actions.send(
            kind="accept", dedupe=f"message:{at}", number="2026-511502-K7M4PX-3", args={"promised": "10-14 12:00"},
            to_report=at + 1, channel="sms", address=f"1380000{at:04d}",
        )  # fmt: skip
    return list(Message.objects.order_by("id").values_list("pk", flat=True))


def deliver_all(ids: list[int]) -> Counter[str]:
    """Four workers, each job given to two of them: a job may always be done twice."""
    jobs, reached, lock = itertools.chain(ids, ids), Counter[str](), threading.Lock()

    def work() -> None:
        try:
            while True:
                with lock:
                    pk = next(jobs, None)
                if pk is None:
                    return
                state = actions.deliver(message_id=pk)
                with lock:
                    reached[state] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return reached


def die_while_sending(ids: list[int]) -> None:
    """Half of these workers are killed before they call, half after: both leave the message as being sent."""
    for at, pk in enumerate(ids):
        message = carrying.taken(pk)
        assert message is not None
        if at % 2:
            try:
                adapter.deliver(carrying.envelope(message))
            except (Refused, Unknown):
                continue


def test_nothing_is_sent_twice_and_nothing_is_lost(county: County, impatient: None) -> None:
    print(f"SEED={SEED}")
    with matters.at() as hand:
        ids = written(county, MESSAGES)
        carried(hand, ids)


def carried(hand: matters.Hand, ids: list[int]) -> None:
    with Gateway(faults=0.3, seed=SEED, silence=0.8) as gateway, override_settings(NOTICES_SMS_URL=gateway.url):
        killed = random.Random(SEED).sample(ids, KILLED)
        die_while_sending(killed)
        for _ in range(carrying.MOST_ATTEMPTS + 1):
            deliver_all(ids)
            hand.on(minutes=22)
        assert actions.settle_stuck() == KILLED
        assert deliver_all(ids) == Counter(skipped=2 * MESSAGES)
    honest(gateway, set(killed))


def honest(gateway: Gateway, killed: set[int]) -> None:
    """Compare what the house says of each message with what the gateway knows."""
    assert max(gateway.sent.values()) == 1, "a message went out twice"
    states: Counter[str] = Counter()
    for message in Message.objects.order_by("id"):
        behaved = gateway.behaved.get(message.reference, [])
        states[message.state] += 1
        assert behaved[:-1] == ["refuse"] * len(behaved[:-1]), "tried again after something else than a no"
        assert message.state in ("sent", "unknown", "failed")
        if message.pk in killed:
            assert message.state == "unknown"
        elif message.state == "sent":
            assert behaved[-1] == "answer"
            assert message.detail == f"gateway-{message.reference}"
        elif message.state == "unknown":
            assert behaved[-1] in ("silent", "cut", "cut_after")
        else:
            assert behaved == ["refuse"] * carrying.MOST_ATTEMPTS
    assert sum(states.values()) == MESSAGES
    assert states["sent"] > MESSAGES / 2
    assert states["unknown"] >= KILLED
    print(f"{dict(states)}; requests at the gateway: {dict(Counter(itertools.chain(*gateway.behaved.values())))}")


@override_settings(NOTICES_SMS_URL="http://127.0.0.1:9/send", NOTICES_HOSTS=["127.0.0.1"])
def test_a_gateway_that_is_away_is_tried_again_later(county: County) -> None:
    """Nothing was sent, so it is safe: back to the queue with a later job each time, at last shown as failed."""
    reached = []
    with matters.at() as hand:
        (pk,) = written(county, 1)
        for _ in range(carrying.MOST_ATTEMPTS + 1):
            reached.append(actions.deliver(message_id=pk))
            hand.on(minutes=22)
    assert reached == ["queued"] * (carrying.MOST_ATTEMPTS - 1) + ["failed", "skipped"]
    with connection.cursor() as cursor:
        cursor.execute(JOBS, [str(pk)])
        assert cursor.fetchone()[0] == carrying.MOST_ATTEMPTS  # the first, and one for each time that it went back


def test_a_long_queued_message_under_way_is_not_called_stuck(county: County) -> None:
    """Five minutes count from the moment at which a worker took it, not from when it was written."""
    with matters.at() as hand:
        (pk,) = written(county, 1)
        hand.on(hours=2)
        assert carrying.taken(pk) is not None
        assert actions.settle_stuck() == 0
        hand.on(seconds=carrying.STUCK.total_seconds() + 1)
        assert actions.settle_stuck() == 1
    assert Message.objects.get().state == "unknown"
