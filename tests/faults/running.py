"""A house started by the very command that people type, in a folder of its own, with its parts in reach."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from onegrid.launch import ports
from onegrid.launch.places import PROJECT, Places, read_lines
from onegrid.launch.postgres import pid_file
from onegrid.launch.supervisor import processes_marked

PARTS = ("web main", "web worker", "job worker", "live process", "postgres backend", "postmaster")
OUTSIDE = ("DATABASE_URL", "SECRET_KEY", "FIELD_KEYS", "PYTEST", "TEST_DATABASE_NAME", "RESET", "PORT")
OURS = ("ONEGRID_VAR", "ONEGRID_LAUNCH", "ONEGRID_MODE", "FILES_ROOT")


class RunningHouse:
    """`python -m onegrid.launch demo` until it answers; stopped by SIGTERM."""

    def __init__(self, var: Path) -> None:
        self.places = Places(var)
        self.port = ports.free_pair()
        kept = {name: value for name, value in os.environ.items() if not name.startswith((*OUTSIDE, *OURS))}
        # Every client may come from its own address: the house limits how much one address may send.
        changes = {
            "ONEGRID_VAR": str(var),
            "PORT": str(self.port),
            "DAY": "0",
            "TRUSTED_PROXIES": "127.0.0.1",
        }
        command = [sys.executable, "-m", "onegrid.launch", "demo"]
        self.said: list[str] = []
        self.process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**kept, **changes},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self) -> None:
        for line in self.process.stdout or ():
            self.said.append(line)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        return read_lines(self.places.var / "house.env")["DATABASE_URL"]

    def wait_until_ready(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not any("OneGrid is at" in line for line in self.said):
            if self.process.poll() is not None or time.monotonic() > until:
                raise AssertionError("the house does not start:\n" + "".join(self.said[-40:]))
            time.sleep(0.1)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def parts(self) -> dict[str, list[int]]:
        """The process ids of every part that may be killed."""
        found: dict[str, list[int]] = {name: [] for name in PARTS}
        marked = processes_marked(self.places.mark)
        for pid in marked:
            words, parent = command_of(pid), parent_of(pid)
            if "granian" in words or "multiprocessing" in words:
                found["web main" if parent == self.process.pid else "web worker"].append(pid)
            elif "procrastinate worker" in words:
                found["job worker"].append(pid)
            elif "uvicorn" in words:
                found["live process"].append(pid)
        rows = pid_file(self.places.var / "pg" / "data")
        if rows and command_of(int(rows[0])):
            found["postmaster"] = [int(rows[0])]
            found["postgres backend"] = [pid for pid in children_of(int(rows[0])) if " app " in command_of(pid)]
        return found

    def stop(self, seconds: float = 40) -> int:
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(seconds)
        self.reader.join(5)
        return status


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


def children_of(pid: int) -> list[int]:
    numbers = (int(folder.name) for folder in Path("/proc").glob("[0-9]*"))
    return [number for number in numbers if parent_of(number) == pid]
