"""kill -9 of any part of the running house loses no report that was confirmed and doubles none.

Residents post reports with an idempotency key and write down, outside the database, what they were told:
confirmed, refused or nothing. Meanwhile parts are killed. Afterwards every resident who was told nothing
asks again with the same key. The journal and the database must then tell the same story.
"""

import json
import os
import random
import signal
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from tests.faults.running import PARTS, RunningHouse

KILLS = int(os.environ.get("ONEGRID_KILLS") or 20)
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**9))
RESIDENTS = 4
BACK_WITHIN = 40  # seconds until pages answer again after any kill
MOMENTARY = (409, 429, 500, 502, 503, 504)  # answers after which one asks again
# A periodic job whose worker was killed is given up (the next one comes by itself); no other may be.
DUE = """select count(*) from procrastinate_jobs
         where status = 'doing' or (status = 'failed' and queueing_lock is null)
         or (status = 'todo' and coalesce(scheduled_at, now()) <= now())"""


@dataclass
class Call:
    """One report and what its sender knows about it."""

    key: str
    words: str
    outcome: str = "unknown"  # ok, refused, unknown
    number: str = ""
    asked: int = 0


class Resident(threading.Thread):
    """Posts one report after the other until told to go home, and keeps the journal."""

    def __init__(self, house: RunningHouse, name: str, journal: Path) -> None:
        super().__init__(daemon=True)
        self.house, self.name_, self.journal = house, name, journal
        self.calls: list[Call] = []
        self.go_home = threading.Event()

    def run(self) -> None:
        while not self.go_home.is_set():
            mark = f"{SEED}-{self.name_}-{len(self.calls)}"
            call = Call(f"kill-{mark}", f"The street lamp at post {mark} has been dark since yesterday.")
            self.calls.append(call)
            self.ask(call)
            time.sleep(0.05 if call.outcome == "ok" else 0.5)

    def ask(self, call: Call) -> None:
        """Send once; the journal gets the line before and the line after."""
        self.write(call, "asks")
        call.asked += 1
        call.outcome, call.number = post(self.house.base, call, self.address(len(self.calls)))
        self.write(call, call.outcome)

    def address(self, number: int) -> str:
        return f"10.{self.name_}.{number // 250 % 250}.{number % 250 + 1}"

    def write(self, call: Call, what: str) -> None:
        with self.journal.open("a", encoding="utf-8") as out:
            out.write(json.dumps([call.key, what, call.number]) + "\n")


def post(base: str, call: Call, address: str) -> tuple[str, str]:
    """What the sender learns: ok with a number, refused, or nothing for sure."""
    headers = {"Idempotency-Key": call.key, "Content-Type": "application/json", "X-Forwarded-For": address}
    body = json.dumps({"words": call.words}).encode()
    request = urllib.request.Request(f"{base}/api/v1/public/reports", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=15) as answer:
            return "ok", str(json.load(answer)["number"])
    except urllib.error.HTTPError as error:
        return ("unknown" if error.code in MOMENTARY else "refused"), str(error.code)
    except (urllib.error.URLError, OSError, ValueError):
        return "unknown", ""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[RunningHouse]:
    house = RunningHouse(tmp_path / "var")
    try:
        house.wait_until_ready(240)
        yield house
    finally:
        if house.process.poll() is None:
            house.stop()


def test_kills_lose_nothing_and_double_nothing(
    house: RunningHouse, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    residents = [Resident(house, str(number), tmp_path / f"journal-{number}") for number in range(RESIDENTS)]
    for resident in residents:
        resident.start()
    killed, longest = kill_parts(house, random.Random(SEED))
    for resident in residents:
        resident.go_home.set()
    for resident in residents:
        resident.join(60)
    settle(residents)
    calls = [call for resident in residents for call in resident.calls]
    lost, doubled, invented = compare(house, calls)
    told = Counter(call.outcome for call in calls)
    with capsys.disabled():
        print(
            f"\nSEED={SEED} kills={sum(killed.values())} {dict(killed)} longest silence {longest:.1f} s; "
            f"reports={len(calls)} told={dict(told)} asked again={sum(call.asked > 1 for call in calls)}; "
            f"lost={len(lost)} doubled={len(doubled)} invented={len(invented)}"
        )
    assert (lost, doubled, invented) == ([], [], [])
    assert jobs_left(house) == 0
    assert sum(killed.values()) == KILLS
    assert told["ok"] == len(calls) > KILLS


def kill_parts(house: RunningHouse, dice: random.Random) -> tuple[Counter[str], float]:
    """Kill one part after the other, each kind in turn, and wait until the pages answer again."""
    killed: Counter[str] = Counter()
    longest = 0.0
    round_: list[str] = []
    while sum(killed.values()) < KILLS:
        round_ = round_ or dice.sample(PARTS, len(PARTS))
        time.sleep(dice.uniform(0.3, 1.2))
        part = round_.pop()
        found = until_found(house, part)
        os.kill(dice.choice(found), signal.SIGKILL)
        killed[part] += 1
        longest = max(longest, until_answers(house, part))
    return killed, longest


def until_found(house: RunningHouse, part: str) -> list[int]:
    until = time.monotonic() + BACK_WITHIN
    while time.monotonic() < until:
        if found := house.parts()[part]:
            return found
        time.sleep(0.2)
    raise AssertionError(f"{part} did not come back in {BACK_WITHIN} s:\n" + "".join(house.said[-20:]))


def until_answers(house: RunningHouse, part: str) -> float:
    began = time.monotonic()
    while not house.answers():
        if time.monotonic() - began > BACK_WITHIN:
            raise AssertionError(f"no page {BACK_WITHIN} s after the end of {part}:\n" + "".join(house.said[-20:]))
        time.sleep(0.1)
    return time.monotonic() - began


def settle(residents: list[Resident], seconds: float = 90) -> None:
    """Whoever was told nothing asks again with the same key, until there is an answer."""
    until = time.monotonic() + seconds
    for resident in residents:
        for call in resident.calls:
            while call.outcome == "unknown" and time.monotonic() < until:
                resident.ask(call)
                time.sleep(0.2 if call.outcome == "unknown" else 0)


def jobs_left(house: RunningHouse, seconds: float = 200) -> int:
    """Jobs that are due and not done; those of a killed worker are taken up again by the next sweeps."""
    until = time.monotonic() + seconds
    with psycopg.connect(house.database_url, autocommit=True) as connection:
        while (left := count(connection, DUE)) and time.monotonic() < until:
            time.sleep(1)
    return left


def count(connection: psycopg.Connection, statement: LiteralString) -> int:
    row = connection.execute(statement).fetchone()
    return int(row[0]) if row else 0


def compare(house: RunningHouse, calls: list[Call]) -> tuple[list[str], list[str], list[str]]:
    """Lost: confirmed, but not there. Doubled: there more than once. Invented: there, never confirmed."""
    with psycopg.connect(house.database_url) as connection:
        rows = connection.execute(
            "select words, number from events_report where words like %s", (f"%post {SEED}-%",)
        ).fetchall()
    numbers: dict[str, str] = dict(rows)
    often = Counter(words for words, _ in rows)
    lost = [call.key for call in calls if call.outcome == "ok" and numbers.get(call.words) != call.number]
    doubled = [words for words, count in often.items() if count > 1]
    confirmed = {call.words for call in calls if call.outcome == "ok"}
    return lost, doubled, [words for words in numbers if words not in confirmed]
