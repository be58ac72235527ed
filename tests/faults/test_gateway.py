"""Providers that refuse, fall silent after accepting and tell late; workers that are killed: 0 doubles, 0 silent drops.

What the provider refused is tried again; what nobody can know is shown as unknown and never sent again by itself;
every message ends in a state that says the truth. Small here, 100,000 messages and 10,000 alarms in the nightly run.
"""

import itertools
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as house
from django.db import connection, connections
from django.test import override_settings

from onegrid.kit import clock
from onegrid.notices import actions
from onegrid.notices.actions import carrying
from onegrid.notices.adapters import mail
from onegrid.notices.models import Message
from onegrid.notices.rules import storm
from onegrid.testing import matters
from onegrid.testing.cast import County
from tests.faults.gateway import SECRET, Gateway
from tests.faults.mail_server import MailServer

pytestmark = pytest.mark.django_db(transaction=True)
NIGHTLY = bool(os.environ.get("ONEGRID_NIGHTLY"))
MESSAGES, KILLS, ALARMS = (100_000, 40, 10_000) if NIGHTLY else (240, 3, 300)
CREWS, THREADS = 2, 12
SECONDS = "0.5"
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**9))
JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'notices.tasks.deliver' AND args->>'message_id' = %s"


def written(count: int, channel: str = "sms", **more: Any) -> list[int]:
    """Urgent ones, so that the hour at which the test runs does not matter."""
    for at in range(count):
        address = f"1380{at:07d}" if channel == "sms" else f"r{at}@example.com"
        actions.send(
            kind="accept", dedupe=f"message:{at}", number="2026-511502-K7M4PX-3", args={"promised": "10-14 12:00"},
            to_report=at + 1, channel=channel, address=address, **{"urgent": True, **more},
        )  # fmt: skip
    return list(Message.objects.order_by("id").values_list("pk", flat=True))


def crew(**settings: str) -> "subprocess.Popen[bytes]":
    row = connections["default"].settings_dict
    url = f"postgresql://{row['USER']}:{row['PASSWORD']}@{row['HOST']}:{row['PORT']}/{row['NAME']}"
    environment = os.environ | {
        "DATABASE_URL": url, "ONEGRID_MODE": "test", "SECRET_KEY": house.SECRET_KEY, "NOTICES_HOSTS": "127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "onegrid.settings", "NOTICES_SECONDS": SECONDS, **settings,
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.faults.carrier", str(THREADS)]
    return subprocess.Popen(command, cwd=house.BASE_DIR, env=environment)


def carry_all(kills: int, meanwhile: Callable[[], object], **settings: str) -> None:
    """Crews until nothing waits; so many of them are killed while they send, at moments of chance."""
    dice = random.Random(SEED)
    crews = [crew(**settings) for _ in range(CREWS)]
    while waiting() or any(one.poll() is None for one in crews):
        time.sleep(dice.uniform(0.2, 2.0))
        meanwhile()
        if kills and Message.objects.filter(state="sending").exists():
            victim = dice.choice(crews)
            kills -= victim.poll() is None
            victim.send_signal(signal.SIGKILL)
            victim.wait()
        crews = [one if one.poll() is None or not waiting() else crew(**settings) for one in crews]


def waiting() -> int:
    return Message.objects.filter(state="queued").count()


def settle_the_dead() -> int:
    later = clock.now() + carrying.STUCK + timedelta(seconds=1)
    with clock.use(lambda: later):
        return actions.settle_stuck()


def test_no_text_message_is_doubled_and_none_is_dropped(county: County, settings: Any) -> None:
    print(f"SEED={SEED}")
    settings.NOTICES_SMS_SECRET = SECRET
    written(MESSAGES)
    began = time.monotonic()
    with Gateway(seed=SEED) as gateway:
        carry_all(KILLS, gateway.tell, NOTICES_SMS_URL=gateway.url, NOTICES_SMS_SECRET=SECRET)
        died = settle_the_dead()
        before = states()
        late = gateway.tell(late=True)
    print(f"{MESSAGES} messages in {time.monotonic() - began:.0f} s, {KILLS} kills, {died} in dead hands, {late} late")
    print(f"before the late receipts {before}, after {states()}")
    print(f"at the gateway: {dict(Counter(itertools.chain(*gateway.behaved.values())))}")
    honest(gateway)


def states() -> dict[str, int]:
    return dict(Counter(Message.objects.values_list("state", flat=True)))


def honest(gateway: Gateway) -> None:
    """Compare what the house says of each message with what the gateway knows."""
    assert gateway.unsigned == 0
    assert max(gateway.sent.values()) == 1, "a message went out twice"
    rows = Message.objects.values_list("reference", "state", "address_sealed")
    assert len(rows) == MESSAGES
    for reference, state, address in rows.iterator():
        behaved = gateway.behaved.get(reference, [])
        assert set(behaved[:-1]) <= {"refuse"}, "tried again after something else than a no"
        if gateway.sent[reference]:
            # Its receipt has come by now: the house knows, and nobody's address is left lying.
            assert state in ("delivered", "undelivered"), state
            assert (address is None) == (state == "delivered")
        else:
            assert state in ("unknown", "failed"), f"{state}, but nothing went out"
            assert state == "unknown" or behaved == ["refuse"] * carrying.MOST_ATTEMPTS


def test_no_mail_is_doubled_and_none_is_dropped(county: County) -> None:
    print(f"SEED={SEED}")
    count = MESSAGES // 10
    written(count, "mail")
    with MailServer(faults=0.3, seed=SEED) as server:
        given = {"MAIL_HOST": "127.0.0.1", "MAIL_PORT": str(server.port), "MAIL_SECURITY": "none"}
        carry_all(1, lambda: None, MAIL_FROM="x@c.example", **given)
        settle_the_dead()
    assert max(server.taken.values()) == 1, "a mail went out twice"
    for message in Message.objects.order_by("id"):
        taken = server.taken[f"<{mail.identity(message.reference)}@c.example>"]
        assert message.state in (("sent", "unknown") if taken else ("failed", "unknown"))
        assert (message.address_sealed is None) == (message.state == "sent")
    print(f"{count} mails: {states()}; at the server: {dict(Counter(server.behaved))}")


def test_a_storm_from_many_hands_rings_three_times(county: County) -> None:
    """Four workers tell one person of the same kind at once: three notices, and one that says how many more."""
    handler = county.handler.posting_id
    todo, lock = iter(range(ALARMS)), threading.Lock()

    def tell() -> None:
        try:
            while True:
                with lock:
                    n = next(todo, None)
                if n is None:
                    return
                actions.send(kind="to_claim", dedupe=f"alarm:{n}", number="", args={}, to_posting=handler)
                if n % 10 == 0:
                    actions.send(
                        kind="urgent", dedupe=f"u:{n}", number="", args={}, to_posting=handler, urgent=True
                    )  # fmt: skip
        finally:
            connection.close()

    began = clock.now()
    crowd = [threading.Thread(target=tell) for _ in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    print(f"{ALARMS} alarms told in {(clock.now() - began).total_seconds():.1f} s")
    plain = Message.objects.filter(kind="to_claim")
    ringing = sorted(plain.exclude(state="bundled").values_list("due_at", flat=True))
    assert all(later - first >= storm.SPAN for first, later in zip(ringing, ringing[storm.MOST :], strict=False))
    assert sum(row.gathered.count() for row in plain.filter(gathers=True)) == ALARMS - plain.filter(
        gathers=False, bundle=None
    ).count()  # fmt: skip
    assert Message.objects.filter(kind="urgent", state="queued").count() == ALARMS // 10


@override_settings(NOTICES_SMS_URL="http://127.0.0.1:9/send", NOTICES_HOSTS=["127.0.0.1"])
def test_a_gateway_that_is_away_is_tried_again_later(county: County) -> None:
    """Nothing was sent, so it is safe: back to the queue with a later job each time, at last shown as failed."""
    reached = []
    with matters.at() as hand:
        (pk,) = written(1)
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
        (pk,) = written(1)
        hand.on(hours=2)
        assert carrying.taken(pk) is not None
        assert actions.settle_stuck() == 0
        hand.on(seconds=carrying.STUCK.total_seconds() + 1)
        assert actions.settle_stuck() == 1
    assert Message.objects.get().state == "unknown"
