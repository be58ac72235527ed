"""The statements of a request: logged in process, then replayed by psycopg without the house around them."""

import multiprocessing
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connection
from django.test import Client

from bench import machine
from bench.load import Request

MANY = 1000


@dataclass
class Statement:
    """One statement as Django sent it; `returned` are the ids that it gave back."""

    sql: str
    params: Any
    atomic: bool
    returned: list[int] = field(default_factory=list)


class Log:
    """An execute wrapper that keeps every statement."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        result = execute(sql, params, many, context)
        statement = Statement(str(sql), params, connection.in_atomic_block)
        if "RETURNING" in statement.sql:
            raw = context["cursor"].cursor
            statement.returned = [row[0] for row in raw.fetchall()]
            raw.scroll(0, mode="absolute")
        self.statements.append(statement)
        return result


@dataclass(frozen=True)
class Logged:
    """The statements of some requests, one list each."""

    requests: list[list[Statement]]

    @property
    def middle(self) -> int:
        """Statements of the middle request; BEGIN and COMMIT are not counted."""
        return sorted(len(one) for one in self.requests)[len(self.requests) // 2]

    @property
    def most(self) -> int:
        return max(len(one) for one in self.requests)


def logged(requests: Iterable[Request]) -> Logged:
    """Send each request through the whole house in this process and log what it says to the database."""
    client, found = Client(), []
    for request in requests:
        log = Log()
        with connection.execute_wrapper(log):
            answer = client.generic(
                request.method,
                request.path,
                data=request.wire().partition(b"\r\n\r\n")[2],
                content_type="application/json",
                headers=request.headers(),
                REMOTE_ADDR="127.0.0.1",
            )
        if answer.status_code >= 400:
            raise SystemExit(f"{request.path}: {answer.status_code} {answer.content[:500]!r}")
        found.append(log.statements)
    return Logged(found)


@dataclass(frozen=True)
class Bare:
    """A replay: requests per second, and CPU ms per request of the database and of psycopg."""

    rate: float
    database_ms: float
    client_ms: float
    failed: int


def replayed(url: str, requests: list[list[Statement]], *, prepared: bool, processes: int, threads: int) -> Bare:
    """Send the statements again at the same concurrency; each round trip is awaited, as in the house."""
    shares = [requests[at::processes] for at in range(processes)]
    gate = multiprocessing.Barrier(processes + 1)
    results: Any = multiprocessing.Queue()
    database = machine.Database(url)
    workers = [
        multiprocessing.Process(target=process, args=(url, share, prepared, threads, gate, results)) for share in shares
    ]
    for worker in workers:
        worker.start()
    gate.wait()
    before, began = database.times(), time.perf_counter()
    gate.wait()
    gate.wait()
    seconds, after = time.perf_counter() - began, database.times()
    gate.wait()
    found = [results.get() for _ in workers]
    for worker in workers:
        worker.join()
    database.close()
    count = len(requests)
    client = sum(one[0] for one in found)
    return Bare(count / seconds, machine.spent(before, after) / count, client / count, sum(one[1] for one in found))


def process(url: str, requests: list[list[Statement]], prepared: bool, threads: int, gate: Any, results: Any) -> None:
    """One process of the replay with its own threads and connections."""
    options = "-c statement_timeout=5000 -c lock_timeout=2000 -c jit=off"
    connections = [psycopg.connect(url, autocommit=True, options=options) for _ in range(threads)]
    for one in connections:
        one.prepare_threshold = 0 if prepared else None
        warm(one, requests[:2] if all(not s.atomic for r in requests[:2] for s in r) else [])
    failed = [0] * threads
    workers = [
        threading.Thread(target=replay_all, args=(one, requests[at::threads], failed, at))
        for at, one in enumerate(connections)
    ]
    gate.wait()
    gate.wait()
    before = time.process_time()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    used = (time.process_time() - before) * 1000
    gate.wait()
    gate.wait()
    results.put((used, sum(failed)))
    for one in connections:
        one.close()


def warm(connection: psycopg.Connection, requests: list[list[Statement]]) -> None:
    for request in requests:
        replay(connection, request)


def replay_all(connection: psycopg.Connection, requests: list[list[Statement]], failed: list[int], at: int) -> None:
    for request in requests:
        try:
            replay(connection, request)
        except psycopg.Error as error:
            if not failed[at]:
                print(f"  replay: {type(error).__name__}: {str(error)[:200]}")
            failed[at] += 1
            connection.execute("ROLLBACK")


def replay(connection: psycopg.Connection, request: list[Statement]) -> None:
    """One request: BEGIN and COMMIT where the house had them; ids that came out otherwise are put in their place."""
    ids: dict[int, int] = {}
    inside = False
    for statement in request:
        if statement.atomic != inside:
            connection.execute("BEGIN" if statement.atomic else "COMMIT")
            inside = statement.atomic
        params = exchanged(statement.params, ids) if ids else statement.params
        cursor = connection.execute(statement.sql, params or None)
        if cursor.description is not None:
            rows = cursor.fetchall()
            if statement.returned:
                ids.update(zip(statement.returned, (row[0] for row in rows), strict=True))
    if inside:
        connection.execute("COMMIT")


def exchanged(params: Any, ids: dict[int, int]) -> Any:
    """Only ids of events and reports can be so large: small numbers stay what they are."""
    if isinstance(params, dict):
        return {name: ids.get(value, value) if large(value) else value for name, value in params.items()}
    return [ids.get(value, value) if large(value) else value for value in params or ()]


def large(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > MANY
