"""A throw-away PostgreSQL around one command: tests and benchmarks."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

from onegrid.launch.house import start_server, wait_for_server
from onegrid.launch.places import PROJECT, Places
from onegrid.launch.postgres import Cluster, remove_home, throwaway_secrets
from onegrid.launch.supervisor import Child, Stopped, Supervisor


def with_postgres(command: list[str], *, durable: bool) -> int:
    """Run a command with DATABASE_URL of a server that lives as long as it; the command's exit status."""
    supervisor = Supervisor(lambda words: print(words, flush=True))
    supervisor.listen()
    places = Places(Path(tempfile.mkdtemp(prefix="onegrid-")))
    places.make()
    try:
        environment = places.environment() | {"DATABASE_URL": database(places, supervisor, durable=durable)}
        child = Child(command[0], command, environment, None, PROJECT, stop_signal=signal.SIGINT)
        return supervisor.run(child, quiet=True)
    except Stopped:
        return 130
    finally:
        supervisor.stop()
        remove_home(places.var / "pg")
        shutil.rmtree(places.var, ignore_errors=True)


def database(places: Places, supervisor: Supervisor, *, durable: bool) -> str:
    if url := os.environ.get("DATABASE_URL"):
        return url
    cluster = Cluster.at(places.var / "pg", throwaway_secrets(), durable=durable)
    cluster.prepare()
    wait_for_server(cluster, start_server(cluster, places, supervisor), supervisor)
    return cluster.url()
