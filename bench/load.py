"""A frugal HTTP client on kept connections, and a closed loop of a few of them."""

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Request:
    """One request before it is sent."""

    method: str
    path: str
    token: str = ""
    body: dict[str, Any] | None = None
    key: str = ""
    address: str = ""
    session: str = ""

    def headers(self) -> dict[str, str]:
        found = {"Accept": "application/json", "Accept-Language": "zh-CN"}
        found |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        found |= {"Idempotency-Key": self.key} if self.key else {}
        found |= {"Cookie": f"session={self.session}"} if self.session else {}
        return found | ({"X-Forwarded-For": self.address} if self.address else {})

    def wire(self) -> bytes:
        body = b"" if self.body is None else json.dumps(self.body, ensure_ascii=False).encode()
        lines = [f"{self.method} {self.path} HTTP/1.1", "Host: 127.0.0.1"]
        lines += [f"{name}: {value}" for name, value in self.headers().items()]
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"] if body else []
        return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


class Connection:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: Request) -> Answer:
        self.socket.sendall(request.wire())
        data = b""
        while b"\r\n\r\n" not in data:
            data += self.some()
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").lower().split("\r\n")
        sizes = [int(line.split(":")[1]) for line in lines if line.startswith("content-length:")]
        while len(body) < (sizes[0] if sizes else 0):
            body += self.some()
        return Answer(int(lines[0].split()[1]), body)

    def some(self) -> bytes:
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data


@dataclass
class Outcome:
    """What a run of requests gave: seconds in all, milliseconds of each, how often each status."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    refused: list[bytes] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def quantile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def run(port: int, requests: Iterable[Request], connections: int) -> Outcome:
    """Send all requests over so many connections, each sending its next one as soon as it has an answer."""
    outcome, lock, todo = Outcome(), threading.Lock(), iter(list(requests))
    threads = [threading.Thread(target=work, args=(port, todo, lock, outcome)) for _ in range(connections)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome.seconds = time.perf_counter() - began
    return outcome


def work(port: int, todo: Iterator[Request], lock: threading.Lock, outcome: Outcome) -> None:
    connection = Connection(port)
    while True:
        with lock:
            request = next(todo, None)
        if request is None:
            return
        began = time.perf_counter()
        answer = connection.ask(request)
        took = (time.perf_counter() - began) * 1000
        with lock:
            outcome.latencies.append(took)
            outcome.statuses[answer.status] += 1
            if answer.status >= 400:
                outcome.refused.append(answer.body[:300])
