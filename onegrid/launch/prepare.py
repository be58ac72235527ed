"""What stands between a clone and a start: front end, translations, collected static files."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from onegrid.launch import stamps
from onegrid.launch.places import PROJECT, Places
from onegrid.launch.supervisor import Child, Supervisor

FRONTEND = PROJECT / "frontend"
BUILT = PROJECT / "onegrid" / "static" / "built"
FONTS = PROJECT / "onegrid" / "fonts"
COLLECTED = PROJECT / "onegrid" / "static" / "collected"
# Settings are read by every management command; collecting files needs none of the real ones.
NO_SECRETS = {
    "ONEGRID_MODE": "demo",
    "SECRET_KEY": "collecting-static-files-needs-no-secret-key-at-all",
    "FIELD_KEYS": "1:bm8tZmllbGQtaXMtc2VhbGVkLXdpdGgtdGhpcy1rZXk=",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
}


class NotPrepared(Exception):
    """A step before the start failed; its log says why."""


@dataclass(frozen=True)
class Work:
    """One step with what it reads and what it makes."""

    name: str
    words: str
    command: tuple[str, ...]
    inputs: tuple[Path, ...]
    outputs: tuple[Path, ...]


def works() -> Iterable[Work]:
    """The steps in order; each is described only when the one before is done, for it may read its files."""
    locks = [FRONTEND / "package.json", FRONTEND / "package-lock.json", FRONTEND / ".npmrc"]
    if locks[0].exists():
        npm = ("npm", "--prefix", str(FRONTEND))
        ci = (*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        yield Work("npm", "packages of the front end", ci, existing(locks), (FRONTEND / "node_modules",))
        sources = stamps.files_below(FRONTEND, without=("node_modules",))
        yield Work("build", "front end", (*npm, "run", "build"), tuple(sources), (BUILT, FONTS))
    BUILT.mkdir(parents=True, exist_ok=True)
    catalogs = tuple(PROJECT.glob("onegrid/**/locale/**/*.po"))
    compile_them = (sys.executable, "-m", "onegrid.launch", "messages", "compile")
    made = tuple(path.with_suffix(".mo") for path in catalogs)
    yield Work("messages", "translations", compile_them, catalogs, made)
    collect = (sys.executable, "-m", "onegrid", "collectstatic", "--noinput", "--clear", "-v", "0")
    yield Work("static", "static files", collect, static_sources(), (COLLECTED,))


def existing(paths: list[Path]) -> tuple[Path, ...]:
    return tuple(path for path in paths if path.exists())


def static_sources() -> tuple[Path, ...]:
    below = stamps.files_below(PROJECT / "onegrid")
    chosen = [path for path in below if "static" in path.parts and COLLECTED not in path.parents]
    return (*chosen, *existing([PROJECT / "uv.lock", PROJECT / "onegrid" / "settings.py"]))


def prepare(places: Places, supervisor: Supervisor) -> None:
    """Do the steps whose inputs have changed; NotPrepared when one fails."""
    environment = places.environment() | NO_SECRETS
    for work in works():
        if stamps.is_fresh(work.name, work.inputs, work.outputs):
            continue
        supervisor.say(f"{work.words} …")
        child = Child(work.words, work.command, environment, places.log / "prepare.log", PROJECT)
        if supervisor.run(child):
            raise NotPrepared(f"Could not make: {work.words}.")
        stamps.keep(work.name, work.inputs)
