"""How many screens one live process carries: memory per screen and the time from commit to the last screen.

    python -m bench.live --clients 1000 --rounds 20

Starts the live process itself beside DATABASE_URL, opens so many streams, commits one note per round and
measures, per screen, the time from the commit to the line. Prints the figures; the limits are those of the
target (0 missed, p99 within 1 s).
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import psycopg

PORT = 8139
NOTE = """
SELECT pg_notify('onegrid', json_build_object('s', %s::bigint, 'n', 'bench', 'a', '511502', 'h', 1, 'o', 1,
    'u', ARRAY[1], 'x', ARRAY[]::int[], 'r', false, 'v', 'note', 't', 'reported', 'p', NULL)::text)
"""
HUGE = 10**15


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=20)
    parts = parser.parse_args()
    process = start()
    try:
        asyncio.run(measure(process.pid, parts.clients, parts.rounds))
    finally:
        process.terminate()
        process.wait(10)


def start() -> subprocess.Popen[bytes]:
    command = (
        *(sys.executable, "-m", "uvicorn", "onegrid.live:application", "--port", str(PORT)),
        *("--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "3", "--backlog", "4096"),
    )
    return subprocess.Popen(command, env={**os.environ, "PUBLIC_URL": "http://127.0.0.1:8000"})


async def measure(pid: int, clients: int, rounds: int) -> None:
    await healthy()
    base = resident(pid)
    screens = [Screen(number) for number in range(clients)]
    for start_at in range(0, clients, 100):
        await asyncio.gather(*(screen.open() for screen in screens[start_at : start_at + 100]))
    readers = [asyncio.create_task(screen.read()) for screen in screens]
    await asyncio.sleep(1)
    full = resident(pid)
    took = await asyncio.to_thread(send, rounds)
    await asyncio.sleep(3)
    for reader in readers:
        reader.cancel()
    report(screens, took, base, full)


async def healthy() -> None:
    for _ in range(100):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            if b" 200 " in await reader.readline():
                return
            writer.close()
        except OSError:
            pass
        await asyncio.sleep(0.1)
    raise SystemExit("the live process does not answer")


class Screen:
    """One stream, read by hand: a library would measure itself."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.heard: dict[int, float] = {}

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", PORT, limit=1 << 14)
        self.writer.write(f"GET /stream?ticket={ticket(self.number)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        if b" 200 " not in await self.reader.readline():
            raise SystemExit("a stream was refused")

    async def read(self) -> None:
        while line := await self.reader.readline():
            if line.startswith(b"id: "):
                self.heard[int(line[4:])] = time.perf_counter()


def ticket(number: int) -> str:
    from onegrid.kit import crypto

    sight = {
        "posting": 1, "unit": 1, "area": "511502", "area_restricted": "all", "by_unit": True, "unit_restricted": "all"
    }  # fmt: skip
    carried = {"nonce": str(number), "sign_in": 1, "roles": [], "area": "511502", "sight": sight}
    return crypto.sign(carried, 30, key=os.environ["SECRET_KEY"].encode())


def send(rounds: int) -> dict[int, float]:
    """Commit so many notices, four a second; when each was committed."""
    took = {}
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        for number in range(HUGE, HUGE + rounds):
            connection.execute(NOTE, (number,))
            took[number] = time.perf_counter()
            time.sleep(0.25)
    return took


def resident(pid: int) -> float:
    """Memory in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def report(screens: list[Screen], took: dict[int, float], base: float, full: float) -> None:
    delays = sorted(
        screen.heard[number] - at for screen in screens for number, at in took.items() if number in screen.heard
    )
    missed = len(screens) * len(took) - len(delays)
    figures = {
        "screens": len(screens),
        "lines": len(delays),
        "missed": missed,
        "p50_ms": round(statistics.median(delays) * 1000, 1),
        "p99_ms": round(delays[int(len(delays) * 0.99) - 1] * 1000, 1),
        "worst_ms": round(delays[-1] * 1000, 1),
        "base_mb": round(base, 1),
        "full_mb": round(full, 1),
        "kb_per_screen": round((full - base) * 1024 / len(screens), 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
