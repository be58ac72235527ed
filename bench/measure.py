"""One row measured: statements in process, CPU and rate over HTTP, and the bare statements beside it."""

from dataclasses import dataclass

from django.db import connections

from bench import machine, statements
from bench.load import Outcome, run
from bench.rows import Row, Wanted
from bench.server import THREADS, WORKERS, Server

LOGGED = 60
WARM = 80
SLOWEST_MS = 60


@dataclass
class Figures:
    """What was measured of one row; CPU in milliseconds per request."""

    row: Row
    logged: statements.Logged
    outcome: Outcome
    web_ms: float = 0.0
    database_ms: float = 0.0
    prepared: statements.Bare | None = None
    plain: statements.Bare | None = None

    @property
    def cpu_ms(self) -> float:
        return self.web_ms + self.database_ms

    def met(self) -> bool:
        few = self.logged.middle <= self.row.statements
        if not self.row.times:
            return few and self.outcome.quantile(0.95) <= SLOWEST_MS
        return few and self.cpu_ms <= self.row.target_ms


def log_all(wanted: Wanted, rows: tuple[Row, ...]) -> dict[str, statements.Logged]:
    """Statements of each row, after a few requests that fill the caches."""
    found = {}
    for row in rows:
        statements.logged(row.make(wanted, 3))
        found[row.name] = statements.logged(row.make(wanted, LOGGED))
    connections.close_all()
    return found


def over_http(row: Row, wanted: Wanted, logged: statements.Logged, server: Server, url: str, count: int) -> Figures:
    """Closed loop over as many connections as the server has threads; a search is timed one by one."""
    requests, warm = row.make(wanted, count), row.make(wanted, WARM)
    connections.close_all()
    lanes = WORKERS * THREADS if row.times else 1
    run(server.port, warm, WORKERS * THREADS)
    database = machine.Database(url)
    before = server.times(), database.times()
    outcome = run(server.port, requests, lanes)
    after = server.times(), database.times()
    database.close()
    wrong = [body for body in outcome.refused if b"in_flight" not in body]
    if wrong:
        print(f"  {row.name}: {dict(outcome.statuses)}, first: {wrong[0]!r}")
    web, data = (machine.spent(one, other) / count for one, other in zip(before, after, strict=True))
    return Figures(row, logged, outcome, web, data)


def beside(figures: Figures, url: str) -> None:
    """Replay what was logged: writes half prepared and half not, for each may be written once only."""
    found = figures.logged.requests
    writes = any(statement.atomic for one in found for statement in one)
    halves = (found[::2], found[1::2]) if writes else (found * 5, found * 5)
    shape = {"processes": WORKERS, "threads": THREADS}
    figures.prepared = statements.replayed(url, halves[0], prepared=True, **shape)
    figures.plain = statements.replayed(url, halves[1], prepared=False, **shape)
