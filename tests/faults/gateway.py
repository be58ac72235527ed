"""A gateway for text messages on loopback that behaves badly by seed, and remembers what it really sent on."""

import json
import random
import threading
from collections import Counter
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.test import Client

from onegrid.kit import chance, clock
from onegrid.notices.rules.signature import holds, sign

SECRET = "shared-with-the-gateway"
# What it does to a request, and how often: 10 % fall silent after taking it, 10 % answer 5xx without taking it,
# and now and then the line is cut before or after.
MOODS = {"answer": 0.76, "silent": 0.10, "refuse": 0.10, "cut": 0.02, "cut_after": 0.02}
TAKES = ("answer", "silent", "cut_after")
LATE, UNDELIVERED = 0.10, 0.03
PATH = "/api/v1/notices/receipts"


@dataclass(frozen=True)
class Told:
    """A receipt that the gateway owes the house."""

    id: str
    state: str


class Gateway:
    """A context; `sent` counts what went out by reference, `behaved` what it did to each of the requests."""

    def __init__(self, *, seed: int, moods: dict[str, float] = MOODS) -> None:
        self.sent: Counter[str] = Counter()
        self.behaved: dict[str, list[str]] = {}
        self.unsigned = 0
        self.soon: list[Told] = []
        self.late: list[Told] = []
        self.chance, self.moods, self.lock = random.Random(seed), moods, threading.Lock()
        self.closing = threading.Event()

    def __enter__(self) -> "Gateway":
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                said = [self.headers.get(f"X-{name}", "") for name in ("Timestamp", "Nonce")]
                if not holds(SECRET, "send", *said, body, self.headers.get("X-Signature", ""), clock.now()):
                    gateway.unsigned += 1
                gateway.treat(self, json.loads(body)["id"])

            def log_message(self, format: str, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size, block_on_close = 256, False

            def handle_error(self, *_line: Any) -> None:
                """A worker that was killed hangs up: that is what this is for."""

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/send"

    def treat(self, line: BaseHTTPRequestHandler, id: str) -> None:
        """Answer, refuse, take it and say nothing, or cut the line before or after taking it."""
        with self.lock:
            (how,) = self.chance.choices(list(self.moods), list(self.moods.values()))
            self.behaved.setdefault(id, []).append(how)
            if how in TAKES:
                self.sent[id] += 1
                self.owe(id)
        if how == "silent":
            self.closing.wait(5)
        if how in ("answer", "refuse"):
            answer = json.dumps({"id": f"gateway-{id}"}).encode()
            line.send_response(200 if how == "answer" else 503)
            line.send_header("Content-Length", str(len(answer)))
            line.end_headers()
            line.wfile.write(answer)
        line.close_connection = True

    def owe(self, id: str) -> None:
        """A receipt for each message that went out; one in ten comes long after, a few say that it did not arrive."""
        state = "undelivered" if self.chance.random() < UNDELIVERED else "delivered"
        (self.late if self.chance.random() < LATE else self.soon).append(Told(id, state))

    def tell(self, *, late: bool = False) -> int:
        """Call the house back with what is owed, each batch three times: as it is, played back, and repeated."""
        with self.lock:
            owed, self.soon = self.soon + (self.late if late else []), []
            self.late = [] if late else self.late
        self.chance.shuffle(owed)
        for at in range(0, len(owed), 100):
            batch = [{"id": one.id, "state": one.state} for one in owed[at : at + 100]]
            nonce = chance.base32(26)
            assert call_back(batch, nonce) == 200
            assert call_back(batch, nonce) == 409
            assert call_back(batch, chance.base32(26)) == 200
        return len(owed)


def call_back(receipts: list[dict[str, str]], nonce: str) -> int:
    body, timestamp = json.dumps({"receipts": receipts}).encode(), str(int(clock.now().timestamp()))
    headers = {
        "X-Timestamp": timestamp,
        "X-Nonce": nonce,
        "X-Signature": sign(SECRET, "receipt", timestamp, nonce, body),
    }
    return Client().post(PATH, body, "application/json", headers=headers).status_code
