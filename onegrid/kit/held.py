"""A file that was uploaded to be looked at first: kept for a day beside the house's other files, then gone."""

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from onegrid.kit import chance, clock

KEPT_SECONDS = 86_400
NAME = re.compile(r"[0-9A-Z]{26}\Z")


def keep(folder: Path, pieces: Iterable[bytes]) -> str:
    """Store the pieces and return the name by which they are found again; what is older than a day goes."""
    drop_old(folder)
    name = chance.base32(26)
    with (folder / name).open("wb") as out:
        for piece in pieces:
            out.write(piece)
    return name


def read(folder: Path, name: str) -> bytes | None:
    """The bytes kept under a name, None when they are gone or the name is none of ours."""
    if not NAME.match(name):
        return None
    try:
        return (folder / name).read_bytes()
    except OSError:
        return None


def there(folder: Path, name: str) -> bool:
    """Whether the file of this name is still kept."""
    return bool(NAME.match(name)) and (folder / name).is_file()


def drop(folder: Path, name: str) -> None:
    """Delete it now; what is gone is gone already."""
    if NAME.match(name):
        (folder / name).unlink(missing_ok=True)


def drop_old(folder: Path) -> None:
    """Delete what is older than a day; a job does it each hour, whoever uploads next does it too."""
    folder.mkdir(parents=True, exist_ok=True)
    oldest = clock.now().timestamp() - KEPT_SECONDS
    for one in folder.iterdir():
        with suppress(FileNotFoundError):
            if one.stat().st_mtime < oldest:
                one.unlink()
