"""Work that is skipped while nothing it reads has changed and everything it made is still there."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from onegrid.launch.places import PROJECT

FOLDER = PROJECT / "var" / "stamps"


def fingerprint(paths: Iterable[Path]) -> str:
    """One hash over the names and contents of files."""
    total = sha256()
    for path in sorted(set(paths)):
        total.update(str(path.relative_to(PROJECT)).encode() + b"\0")
        total.update(sha256(path.read_bytes()).digest())
    return total.hexdigest()


def is_fresh(name: str, inputs: Iterable[Path], outputs: Iterable[Path]) -> bool:
    stamp = FOLDER / name
    return all(output.exists() for output in outputs) and stamp.exists() and stamp.read_text() == fingerprint(inputs)


def keep(name: str, inputs: Iterable[Path]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / name).write_text(fingerprint(inputs))


def files_below(folder: Path, *, without: tuple[str, ...] = ()) -> list[Path]:
    """Every file below a folder, except those with one of the given names on their way."""
    return [
        path for path in folder.rglob("*") if path.is_file() and not set(path.relative_to(folder).parts) & set(without)
    ]
