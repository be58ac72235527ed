"""The running house: PostgreSQL, the web server, the live process and the worker, for demo and tests."""

import fcntl
import os
import shutil
import signal
import sys
import time
import urllib.error
import urllib.request
from typing import IO

from onegrid.launch import ports
from onegrid.launch.places import PROJECT, Places, made_secrets, write_private
from onegrid.launch.postgres import Cluster, remove_home
from onegrid.launch.supervisor import Child, Supervisor, end_leftovers, log_end

SECRETS = ("SECRET_KEY", "FIELD_KEYS", "DEMO_PASSWORD")
BIGGEST_LOG = 20_000_000  # bytes


class CannotStart(Exception):
    """Something outside this program must be changed first; the words say what."""


class House:
    """One state folder and everything that runs on it."""

    def __init__(self, places: Places, supervisor: Supervisor, port: int) -> None:
        self.places = places
        self.supervisor = supervisor
        self.port = port
        self.lock: IO[str] | None = None
        self.environment: dict[str, str] = {}

    def enter(self, *, reset: bool) -> None:
        """Take the folder for this process alone, clear away leftovers, make room in the logs."""
        self.places.make()
        self.lock = (self.places.run / "lock").open("w")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotStart(f"It already runs on {self.places.var}; stop that first.") from error
        if left := end_leftovers(self.places.mark):
            self.supervisor.say(f"ended {left} processes that an earlier start left behind")
        if reset:
            self.reset()
        for log in self.places.log.glob("*.log"):
            if log.stat().st_size > BIGGEST_LOG:
                log.replace(log.with_suffix(".log.old"))
        for port in (self.port, self.port + 1):
            if not ports.is_free(port):
                raise CannotStart(f"Port {port} is taken; PORT=… chooses another (PORT and PORT+1 are used).")

    def reset(self) -> None:
        """Forget the data, not the backups, and not the keys that the backups need."""
        if os.environ.get("DATABASE_URL"):
            raise CannotStart("RESET=1 is for the database of this command only, not for DATABASE_URL.")
        self.supervisor.say("RESET=1: the data of the last time are removed")
        remove_home(self.places.var / "pg")
        for folder in ("files", "log", "done"):
            shutil.rmtree(self.places.var / folder, ignore_errors=True)
        for name in ("demo-logins.txt", "database"):
            (self.places.var / name).unlink(missing_ok=True)
        self.places.make()

    def open_database(self) -> None:
        """Start PostgreSQL, or take the one of DATABASE_URL, and set the environment of all that follows."""
        kept = made_secrets(self.places.var / "secrets.env")
        url = os.environ.get("DATABASE_URL") or self.own_database(kept)
        self.environment = self.places.environment() | {
            **{name: os.environ.get(name) or kept[name] for name in SECRETS},
            "ONEGRID_MODE": "demo",
            "DATABASE_URL": url,
            "PUBLIC_URL": os.environ.get("PUBLIC_URL") or f"http://127.0.0.1:{self.port}",
            "STREAM_URL": os.environ.get("STREAM_URL") or f"http://127.0.0.1:{self.port + 1}/stream",
            "PORT": str(self.port),
        }
        self.remember_environment()

    def own_database(self, kept: dict[str, str]) -> str:
        cluster = Cluster.at(self.places.var / "pg", kept)
        cluster.prepare()
        child = start_server(cluster, self.places, self.supervisor)
        wait_for_server(cluster, child, self.supervisor)
        programs = cluster.programs
        self.supervisor.say(f"PostgreSQL {programs.version} ({programs.source}) on port {cluster.port}")
        chosen = self.places.var / "database"
        return cluster.url(chosen.read_text().strip() if chosen.exists() else "onegrid")

    def remember_environment(self) -> None:
        """For commands that people type beside the running house: `onegrid explain NUMBER`."""
        names = (*SECRETS, "ONEGRID_MODE", "DATABASE_URL", "PUBLIC_URL", "STREAM_URL", "PORT")
        lines = [f"{name}={self.environment[name]}\n" for name in names]
        write_private(self.places.var / "house.env", "".join(lines))

    def manage(self, words: str, *arguments: str) -> None:
        """One management command to its end; CannotStart when it fails."""
        child = self.python(words, "onegrid", *arguments, log=arguments[0])
        if self.supervisor.run(child):
            raise CannotStart(f"Could not: {words}.")

    def python(self, name: str, module: str, *arguments: str, log: str) -> Child:
        command = (sys.executable, "-m", module, *arguments)
        return Child(name, command, self.environment, self.places.log / f"{log}.log", PROJECT)

    def once(self, stamp: str) -> bool:
        """True the first time only; the answer is kept with the data."""
        mark = self.places.var / "done" / stamp
        if mark.exists():
            return False
        mark.parent.mkdir(exist_ok=True)
        mark.touch()
        return True

    def open_doors(self) -> None:
        """Start the web server, the live process and the worker; wait until the pages answer."""
        web = (
            *("--interface", "wsgi", "--workers", "2", "--blocking-threads", "4"),
            *("--host", "127.0.0.1", "--port", str(self.port)),
            *("--respawn-failed-workers", "--respawn-interval", "0.3"),
            *("--workers-kill-timeout", "5", "--no-access-log", "onegrid.wsgi:application"),
        )
        live = (
            *("onegrid.live:application", "--host", "127.0.0.1", "--port", str(self.port + 1)),
            *("--no-access-log", "--timeout-graceful-shutdown", "3", "--lifespan", "auto"),
        )
        self.supervisor.start(self.python("web server", "granian", *web, log="web"))
        self.supervisor.start(self.python("live process", "uvicorn", *live, log="live"))
        worker = ("procrastinate", "worker", "--concurrency", "2", "--shutdown-graceful-timeout", "5")
        jobs = self.python("worker", "onegrid", *worker, log="worker")
        # Without its database, which ends at the same moment, it would wait for ever to say goodbye.
        jobs.orphan_signal = signal.SIGKILL
        self.supervisor.start(jobs)
        self.wait_for_pages()

    def wait_for_pages(self, seconds: float = 90) -> None:
        until = time.monotonic() + seconds
        while not answers(f"http://127.0.0.1:{self.port}/healthz"):
            if time.monotonic() > until:
                raise CannotStart(f"No answer in {seconds:.0f} s" + log_end(self.places.log / "web.log"))
            self.supervisor.wait()

    def serve(self) -> None:
        """Look after everything until somebody asks to stop."""
        while True:
            self.supervisor.wait(1.0)


def start_server(cluster: Cluster, places: Places, supervisor: Supervisor) -> Child:
    return supervisor.start(cluster.child(places.environment(), places.log / "postgres.log"))


def wait_for_server(cluster: Cluster, child: Child, supervisor: Supervisor, seconds: float = 120) -> None:
    """Until the server takes connections; recovery after a crash may take its time."""
    until = time.monotonic() + seconds
    while not (child.process and child.running and cluster.ready(child.process.pid)):
        if time.monotonic() > until:
            raise CannotStart("PostgreSQL does not start" + log_end(child.log))
        supervisor.wait(0.05)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # nosec B310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
