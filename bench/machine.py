"""CPU of processes from /proc, and what machine this is."""

import os
import platform
import subprocess
from pathlib import Path

import psycopg

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
# Beside the backends, a server that serves nobody else works for us alone.
BACKGROUND = ("checkpointer", "background writer", "walwriter", "autovacuum")


def cpu_ms(pid: int) -> float:
    """User and system time of a process so far, in milliseconds; 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) * TICK_MS


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


def children_of(pid: int) -> list[int]:
    numbers = [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]
    return [number for number in numbers if parent_of(number) == pid]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


class Database:
    """The processes of the PostgreSQL server that work for one database."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        self.own = self.connection.info.backend_pid
        self.server = parent_of(self.own)
        self.alone = not self.others()

    def others(self) -> bool:
        sql = "SELECT count(*) FROM pg_stat_activity WHERE datname IS NOT NULL AND datname <> current_database()"
        row = self.connection.execute(sql).fetchone()
        return bool(row and row[0])

    def times(self) -> dict[int, float]:
        """CPU so far per process: the backends of our database, and the server's own when it is ours alone."""
        sql = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        pids = [row[0] for row in self.connection.execute(sql).fetchall()]
        if self.alone:
            pids += [pid for pid in children_of(self.server) if any(name in command_of(pid) for name in BACKGROUND)]
        return {pid: cpu_ms(pid) for pid in pids}

    def close(self) -> None:
        self.connection.close()


def spent(before: dict[int, float], after: dict[int, float]) -> float:
    return sum(value - before.get(pid, 0.0) for pid, value in after.items())


def described() -> str:
    """Cores, memory, Python; no name of the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    rows = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((row.split(":", 1)[1].strip() for row in rows if row.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GB, Python {platform.python_version()}"


def load() -> str:
    return " ".join(f"{value:.1f}" for value in os.getloadavg())


def commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    changed = subprocess.run(["git", "status", "--porcelain", "onegrid"], capture_output=True, text=True, check=False)
    return (done.stdout.strip() or "nocommit") + ("+changes" if changed.stdout.strip() else "")
