"""Databases of the benchmark: one filled and kept, copies of it for each measure."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent
# What decides how a filled database looks; a change of any makes it anew.
SOURCES = ("bench/county.py", "bench/lives.py", "bench/population.py", "bench/words.json", "onegrid/*/migrations/*.py")


def url_of(base: str, name: str) -> str:
    return urlunsplit(urlsplit(base)._replace(path=f"/{name}"))


def mark(events: int) -> str:
    """What the comment of a finished database says."""
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return f"{events} events, {digest.hexdigest()[:16]}"


def filled(base: str, events: int) -> str:
    """The name of the filled database, made now unless it is there already."""
    name = f"onegrid_bench_{events}"
    with psycopg.connect(base, autocommit=True) as connection:
        row = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if row is not None and row[0] == mark(events):
            print(f"{name} is there already")
            return name
        drop(connection, name)
        connection.execute(f"CREATE DATABASE {name}")
        environment = {**os.environ, "DATABASE_URL": url_of(base, name), "ONEGRID_MODE": "test"}
        subprocess.run([sys.executable, "-m", "bench.population", str(events)], env=environment, cwd=ROOT, check=True)
        connection.execute(f"COMMENT ON DATABASE {name} IS '{mark(events)}'")
    return name


def copied(base: str, source: str, name: str) -> str:
    """A fresh copy; returns its URL."""
    with psycopg.connect(base, autocommit=True) as connection:
        drop(connection, name)
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY FILE_COPY")
    return url_of(base, name)


def dropped(base: str, name: str) -> None:
    with psycopg.connect(base, autocommit=True) as connection:
        drop(connection, name)


def drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
