"""The web server as `make demo` starts it: granian, two workers of four threads, on loopback."""

import base64
import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType

from bench import machine
from bench.database import ROOT
from bench.load import Connection, Request

WORKERS, THREADS = 2, 4


def environment(url: str, files: str) -> dict[str, str]:
    """Settings of the measured process; loopback counts as a proxy, so that each request has its own address."""
    return {
        "DATABASE_URL": url,
        "ONEGRID_MODE": "demo",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_KEYS": "1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "HTTPS": "0",
        "TRUSTED_PROXIES": "127.0.0.1",
        "FILES_ROOT": files,
        "DJANGO_SETTINGS_MODULE": "onegrid.settings",
    }


class Server:
    """A context in which the pages answer."""

    def __init__(self, port: int) -> None:
        self.port, self.log = port, Path(tempfile.mkdtemp(prefix="onegrid-bench-")) / "web.log"

    def __enter__(self) -> "Server":
        command = [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", str(WORKERS)),
            *("--blocking-threads", str(THREADS), "--host", "127.0.0.1", "--port", str(self.port)),
            *("--no-access-log", "onegrid.wsgi:application"),
        ]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=log, stderr=log)
        self.wait()
        return self

    def wait(self, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if Connection(self.port).ask(Request("GET", "/api/v1/openapi.json")).status == 200:
                    return
            except OSError:
                time.sleep(0.2)
        self.process.kill()
        raise SystemExit(f"The web server does not answer:\n{self.log.read_text()[-3000:]}")

    def times(self) -> dict[int, float]:
        pids = [self.process.pid, *machine.children_of(self.process.pid)]
        return {pid: machine.cpu_ms(pid) for pid in pids}

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
