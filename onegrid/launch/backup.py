"""Backup and restore: the database by pg_dump, the files by their hashes, one manifest that proves both.

Keys are not in a backup: who steals it must not be able to read sealed contacts. Keep var/secrets.env
(or your own FIELD_KEYS) elsewhere; docs/operate.md says how.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from onegrid.launch.house import CannotStart, start_server, wait_for_server
from onegrid.launch.places import Places, made_secrets, write_private
from onegrid.launch.postgres import Cluster, Programs, find_programs, is_server_of, pid_file
from onegrid.launch.supervisor import Supervisor

MANIFEST = "manifest.json"
PLAIN = ("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1")
TABLES = "select tablename from pg_tables where schemaname = 'public' order by 1"


@dataclass(frozen=True)
class Server:
    """A database that answers, and programs of PostgreSQL at least as new as it."""

    url: str
    programs: Programs
    own: bool

    def at(self, name: str) -> str:
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def command(self, program: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
        """Words and environment; the password goes by the environment, so that no process list shows it."""
        parts = urlsplit(self.url)
        where = (
            "-h",
            parts.hostname or "127.0.0.1",
            "-p",
            str(parts.port or 5432),
            "-U",
            parts.username or "",
        )
        environment = {**os.environ, "PGPASSWORD": parts.password or "", "LC_ALL": "C.UTF-8"}
        return [self.programs.path(program), *where, "--no-password", *arguments], environment

    def call(self, program: str, *arguments: str) -> str:
        """Run a client program to its end; CannotStart with its words when it fails."""
        words, environment = self.command(program, *arguments)
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotStart(f"{program} failed:\n{done.stderr[-3000:]}")
        return done.stdout

    def ask(self, name: str, statement: str) -> str:
        return self.call("psql", "-d", name, *PLAIN, "-c", statement)

    @contextmanager
    def snapshot(self) -> Iterator[tuple[str, dict[str, int]]]:
        """One moment of the database held open: its name for pg_dump, and the rows of every table in it."""
        tables = self.ask(self.name, TABLES).split()
        words, environment = self.command("psql", "-d", self.name, *PLAIN)
        with subprocess.Popen(
            words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        ) as session:
            if session.stdin is None or session.stdout is None:
                raise CannotStart("psql has no input")
            session.stdin.write("begin isolation level repeatable read read only;select pg_export_snapshot();\n")
            name = session.stdout.readline().strip()
            session.stdin.writelines(f"{count_of(table)};\n" for table in tables)
            yield name, {table: int(session.stdout.readline()) for table in tables}
            session.stdin.close()

    @property
    def name(self) -> str:
        return urlsplit(self.url).path.lstrip("/")


@contextmanager
def server(places: Places, supervisor: Supervisor) -> Iterator[Server]:
    """DATABASE_URL, or the house's own PostgreSQL, which is started for this moment if it does not run."""
    if url := os.environ.get("DATABASE_URL"):
        yield Server(url, find_programs(os.environ.get("ONEGRID_PG", "")), own=False)
        return
    places.make()
    cluster = Cluster.at(places.var / "pg", made_secrets(places.var / "secrets.env"))
    pid = (pid_file(cluster.data) or ["0"])[0]
    try:
        if pid.isdigit() and int(pid) and is_server_of(int(pid), cluster.data):
            cluster.port = int((cluster.home / "port").read_text())
        else:
            cluster.prepare()
            wait_for_server(cluster, start_server(cluster, places, supervisor), supervisor)
        chosen = places.var / "database"
        name = chosen.read_text().strip() if chosen.exists() else "onegrid"
        yield Server(cluster.url(name), cluster.programs, own=True)
    finally:
        supervisor.stop()


def backup(places: Places, supervisor: Supervisor) -> Path:
    """Write one backup; its folder. The manifest is written last: a folder without one is no backup."""
    folder = places.var / "backups" / f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    folder.mkdir(parents=True, mode=0o700)
    with server(places, supervisor) as source, source.snapshot() as (snapshot, counts):
        chosen = (f"--snapshot={snapshot}", "-f", str(folder / "database.dump"), source.name)
        source.call("pg_dump", "-Fc", "--no-owner", "--no-acl", *chosen)
    copied = copy_files(files_root(places), folder / "files")
    manifest = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "database_sha256": digest(folder / "database.dump"),
        "rows": counts,
        "files": copied,
    }
    write_private(folder / MANIFEST, json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    supervisor.say(f"backup: {folder}: {sum(counts.values())} rows in {len(counts)} tables, {len(copied)} files")
    return folder


def restore(places: Places, supervisor: Supervisor, folder: Path | None, *, only_try: bool) -> str:
    """Restore into a fresh database beside the old one and compare; then the house uses it. Its name."""
    folder = folder or latest(places)
    manifest = checked_manifest(folder)
    name = f"onegrid_{datetime.now(UTC):%Y%m%d_%H%M%S}"
    with server(places, supervisor) as target:
        target.ask("postgres" if target.own else target.name, f'CREATE DATABASE "{name}"')
        try:
            target.call(
                "pg_restore",
                "--no-owner",
                "--no-acl",
                "--exit-on-error",
                "-d",
                name,
                str(folder / "database.dump"),
            )
            compare(counts_of(target, name), manifest["rows"])
        except CannotStart:
            target.ask(target.name, f'DROP DATABASE "{name}"')
            raise
        if only_try:
            target.ask(target.name, f'DROP DATABASE "{name}"')
    words = "proven, and nothing was changed"
    if not only_try:
        copy_files(folder / "files", files_root(places))
        words = take_over(places, name, own=target.own, url=target.at(name))
    rows, files = sum(manifest["rows"].values()), len(manifest["files"])
    supervisor.say(f"restore: {folder}: {rows} rows and {files} files are as in the manifest; {words}")
    return name


def take_over(places: Places, name: str, *, own: bool, url: str) -> str:
    if not own:
        parts = urlsplit(url)
        return f"set DATABASE_URL to the database {name} on {parts.hostname}:{parts.port or 5432}"
    write_private(places.var / "database", name + "\n")
    return f"the next `make demo` uses the database {name}; the old one is kept"


def latest(places: Places) -> Path:
    folders = sorted(path.parent for path in (places.var / "backups").glob(f"*/{MANIFEST}"))
    if not folders:
        raise CannotStart("There is no backup yet: `make backup`, or name one with FILE=…")
    return folders[-1]


def checked_manifest(folder: Path) -> dict[str, dict[str, int]]:
    """The manifest of a backup whose every byte is still as it was written."""
    if not (folder / MANIFEST).exists():
        raise CannotStart(f"{folder} holds no {MANIFEST}; it is not a complete backup.")
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if digest(folder / "database.dump") != manifest["database_sha256"]:
        raise CannotStart(f"{folder}/database.dump is damaged: its hash is not that of the manifest.")
    spoiled = [path for path, known in manifest["files"].items() if not same(folder / "files" / path, known)]
    if spoiled:
        raise CannotStart(f"{len(spoiled)} files of {folder} are damaged or missing, first {spoiled[0]}.")
    return {"rows": manifest["rows"], "files": manifest["files"]}


def same(path: Path, known: str) -> bool:
    return path.exists() and digest(path) == known


def counts_of(source: Server, name: str) -> dict[str, int]:
    """Rows of every table of ours, by exact count."""
    return {table: int(source.ask(name, count_of(table))) for table in source.ask(name, TABLES).split()}


def count_of(table: str) -> str:
    return f'select count(*) from public."{table}"'  # nosec B608


def compare(found: dict[str, int], wanted: dict[str, int]) -> None:
    differ = [table for table in wanted if found.get(table, -1) != wanted[table]]
    if differ:
        rows = ", ".join(f"{table}: {found.get(table)} instead of {wanted[table]}" for table in differ[:5])
        raise CannotStart(f"The restored database differs from the manifest ({rows}).")


def copy_files(source: Path, target: Path) -> dict[str, str]:
    """Copy what is not there yet; the SHA-256 of every file by its path."""
    target.mkdir(parents=True, exist_ok=True)
    hashes = {}
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        name = path.relative_to(source)
        copy = target / name
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
        hashes[str(name)] = digest(copy)
    return hashes


def files_root(places: Places) -> Path:
    return Path(os.environ.get("FILES_ROOT") or places.var / "files")


def digest(path: Path) -> str:
    with path.open("rb") as source:
        return file_digest(source, "sha256").hexdigest()
