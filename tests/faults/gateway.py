"""A message gateway on loopback that behaves badly by seed, and remembers what it really sent on."""

import json
import random
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FAULTS = ("refuse", "silent", "cut", "cut_after")


class Gateway:
    """A context; `sent` counts what went out by message id, `behaved` what it did to each of the requests."""

    def __init__(self, *, faults: float, seed: int, silence: float) -> None:
        self.sent: Counter[str] = Counter()
        self.behaved: dict[str, list[str]] = {}
        self.chance, self.faults, self.silence = random.Random(seed), faults, silence
        self.lock = threading.Lock()

    def __enter__(self) -> "Gateway":
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                gateway.treat(self, json.loads(body)["id"])

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/send"

    def treat(self, handler: BaseHTTPRequestHandler, id: str) -> None:
        """Answer, refuse, take it and say nothing, or cut the line before or after taking it."""
        with self.lock:
            how = self.chance.choice(FAULTS) if self.chance.random() < self.faults else "answer"
            self.behaved.setdefault(id, []).append(how)
            if how in ("answer", "silent", "cut_after"):
                self.sent[id] += 1
        if how == "silent":
            time.sleep(self.silence)
        if how in ("answer", "refuse"):
            handler.send_response(200 if how == "answer" else 503)
            handler.end_headers()
            handler.wfile.write(f"gateway-{id}".encode())
        else:
            handler.close_connection = True
            handler.connection.close()
