"""Starts the demo as on a bare machine and holds it to its word; run by .ci/run.

A fresh clone below a folder closed to others, a PATH on which there is nothing but Python, make, a shell and
coreutils, PostgreSQL from its wheel. Asserted: pages answer, second start within 15 seconds, Ctrl-C leaves no
process, neither does a killed supervisor, a backup restores.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from onegrid.launch import ports

PROJECT = Path(__file__).resolve().parent.parent
COREUTILS = """
    [ basename cat chmod chown cp cut date dirname echo env expr false head id ln ls mkdir mktemp mv printf
    pwd readlink realpath rm rmdir seq sha256sum sleep sort stat tail tee test touch tr true uname wc
""".split()  # noqa: SIM905 - a list of words reads better as words
HIDDEN = ("psql", "pg_config", "node", "npm", "msgfmt", "chromium", "git", "uv", "gcc")
FIRST_START, SECOND_START, STOP = 300, 15, 25  # seconds
READY = "OneGrid is at"


def main() -> None:
    scratch = Path(tempfile.mkdtemp(prefix="bare-"))
    scratch.chmod(0o700)
    try:
        path = bare_path(scratch / "bin")
        clone = scratch / "clone"
        subprocess.run(["git", "clone", "--quiet", str(PROJECT), str(clone)], check=True)
        hold_to_its_word(clone, bare_environment(path))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def hold_to_its_word(clone: Path, environment: dict[str, str]) -> None:
    port = int(environment["PORT"])
    first = start(clone, environment, FIRST_START, "first start")
    for page in ("/healthz", "/", "/login/"):
        require(status(port, page) == 200, f"GET {page} answers {status(port, page)}")
    stop(first, clone, "Ctrl-C")
    second = start(clone, environment, SECOND_START, "second start")
    kill_supervisor(second, clone)
    for verb in (["backup"], ["restore", "TRY=1"]):
        subprocess.run(["make", *verb], cwd=clone, env=environment, check=True, stdin=subprocess.DEVNULL)
    third = start(clone, environment, SECOND_START, "start after kill -9")
    stop(third, clone, "Ctrl-C")


def bare_path(folder: Path) -> Path:
    """A folder with links to what a bare machine has, and to nothing else."""
    folder.mkdir(parents=True)
    for name in ("sh", "bash", "make", *COREUTILS):
        found = shutil.which(name)
        require(found is not None, f"{name} is missing on this machine")
        (folder / name).symlink_to(str(found))
    python = folder / "python3"
    python.write_text(f'#!/bin/sh\nexec {sys._base_executable} "$@"\n')  # type: ignore[attr-defined]
    python.chmod(0o755)
    for name in HIDDEN:
        require(shutil.which(name, path=str(folder)) is None, f"{name} is not hidden")
    return folder


def bare_environment(path: Path) -> dict[str, str]:
    ours = ("DATABASE_URL", "ONEGRID_", "VIRTUAL_ENV", "SECRET_KEY", "FIELD_KEYS", "PYTHON", "MAKE", "MFLAGS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PATH": str(path), "ONEGRID_PG": "wheel", "PORT": str(ports.free_pair()), "DAY": "0"}


def start(clone: Path, environment: dict[str, str], seconds: float, name: str) -> subprocess.Popen[str]:
    """`make demo` until it says that it is ready, with all that it prints shown."""
    began = time.monotonic()
    made = subprocess.Popen(
        ["make", "demo"],
        cwd=clone,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    for line in made.stdout or ():
        print(f"    {line}", end="", flush=True)
        if READY in line:
            break
    took = time.monotonic() - began
    require(made.poll() is None, f"{name}: make demo ended with status {made.poll()}")
    require(took <= seconds, f"{name} took {took:.1f} s, allowed are {seconds} s")
    print(f"{name}: {took:.1f} s (allowed {seconds} s)", flush=True)
    return made


def stop(made: subprocess.Popen[str], clone: Path, name: str) -> None:
    """What a terminal does on Ctrl-C: SIGINT to the whole group."""
    began = time.monotonic()
    os.killpg(made.pid, signal.SIGINT)
    made.communicate(timeout=STOP)
    require(not processes_of(clone), f"{name} left processes behind: {processes_of(clone)}")
    print(f"{name}: stopped in {time.monotonic() - began:.1f} s, nothing left behind", flush=True)


def kill_supervisor(made: subprocess.Popen[str], clone: Path) -> None:
    began = time.monotonic()
    os.killpg(made.pid, signal.SIGKILL)
    while processes_of(clone) and time.monotonic() - began < STOP:
        time.sleep(0.2)
    require(not processes_of(clone), f"kill -9 left processes behind: {processes_of(clone)}")
    print(f"kill -9 of the supervisor: everything ended in {time.monotonic() - began:.1f} s", flush=True)


def processes_of(clone: Path) -> list[str]:
    """Processes that work in the clone or run its programs."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            where = str((folder / "cwd").readlink())
        except OSError:
            continue
        if str(clone) in words or where.startswith(str(clone)):
            found.append(f"{folder.name} {words[:100]}")
    return [words for words in found if not words.startswith(f"{os.getpid()} ")]


def status(port: int, page: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def require(good: bool, words: str) -> None:
    if not good:
        raise SystemExit(f"bare start: {words}")


if __name__ == "__main__":
    main()
