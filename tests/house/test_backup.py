"""A backup is one that was restored: rows and files equal, damage refused, old data untouched."""

import subprocess
from pathlib import Path

import pytest

from onegrid.launch import backup as backups
from onegrid.launch.house import CannotStart
from onegrid.launch.places import Places
from onegrid.launch.supervisor import Supervisor


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """A house of its own with three rows and two files in it."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("FILES_ROOT", raising=False)
    places = Places(tmp_path / "var")
    ask(places, "create table matter (id int primary key, words text)")
    ask(places, "insert into matter select n, repeat('word ', n) from generate_series(1, 3) n")
    for name in ("aa/one", "bb/two"):
        path = places.var / "files" / name
        path.parent.mkdir(parents=True)
        path.write_text(name)
    return places


def ask(places: Places, statement: str) -> str:
    with backups.server(places, quiet()) as server:
        return server.ask(server.name, statement).strip()


def quiet() -> Supervisor:
    return Supervisor(lambda _: None)


def test_restored_database_holds_the_same_and_is_used_from_then_on(house: Places) -> None:
    backups.backup(house, quiet())
    ask(house, "delete from matter")
    (house.var / "files" / "aa" / "one").unlink()
    name = backups.restore(house, quiet(), None, only_try=False)
    assert ask(house, "select current_database()") == name
    assert ask(house, "select count(*) from matter") == "3"
    assert (house.var / "files" / "aa" / "one").read_text() == "aa/one"


def test_trial_changes_nothing(house: Places) -> None:
    backups.backup(house, quiet())
    ask(house, "delete from matter where id = 1")
    backups.restore(house, quiet(), None, only_try=True)
    assert ask(house, "select count(*) from matter") == "2"
    assert ask(house, "select count(*) from pg_database where datname like 'onegrid%'") == "1"


@pytest.mark.parametrize("part", ["database.dump", "files/bb/two"])
def test_one_changed_byte_is_refused(house: Places, part: str) -> None:
    path = backups.backup(house, quiet()) / part
    spoiled = bytearray(path.read_bytes())
    spoiled[-1] ^= 1
    path.write_bytes(spoiled)
    with pytest.raises(CannotStart, match="damaged"):
        backups.restore(house, quiet(), None, only_try=True)


def test_folder_without_manifest_is_no_backup(house: Places) -> None:
    folder = backups.backup(house, quiet())
    (folder / backups.MANIFEST).unlink()
    with pytest.raises(CannotStart, match="no backup"):
        backups.restore(house, quiet(), None, only_try=True)


def test_password_is_in_no_process_list(house: Places) -> None:
    with backups.server(house, quiet()) as server:
        words, environment = server.command("pg_dump")
        assert environment["PGPASSWORD"] not in " ".join(words)
        assert subprocess.run(words, env=environment, capture_output=True, check=False).returncode != 127
