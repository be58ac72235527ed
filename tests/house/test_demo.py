"""`make demo` around its processes: one house per folder, free ports, data forgotten only on RESET=1."""

import socket
from pathlib import Path

import pytest

from onegrid.launch import demo, ports
from onegrid.launch.house import CannotStart, House
from onegrid.launch.places import Places, adopt_demo
from onegrid.launch.supervisor import Supervisor


def house_in(folder: Path, port: int = 0) -> House:
    return House(Places(folder), Supervisor(lambda _: None), port or ports.free_pair())


def test_folder_belongs_to_one_supervisor(tmp_path: Path) -> None:
    first = house_in(tmp_path)
    first.enter(reset=False)
    with pytest.raises(CannotStart, match="already runs"):
        house_in(tmp_path).enter(reset=False)
    assert first.lock is not None
    first.lock.close()
    house_in(tmp_path).enter(reset=False)


@pytest.mark.parametrize("offset", [0, 1])
def test_taken_port_is_named(tmp_path: Path, offset: int) -> None:
    port = ports.free_pair()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + offset))
        taken.listen()
        with pytest.raises(CannotStart, match=f"Port {port + offset} is taken"):
            house_in(tmp_path, port).enter(reset=False)


def test_reset_forgets_data_but_neither_keys_nor_backups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for name in ("pg/data/PG_VERSION", "files/aa/photo", "done/county", "database"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    for name in ("secrets.env", "backups/one/manifest.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    house_in(tmp_path).enter(reset=True)
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"secrets.env", "backups/one/manifest.json", "run/lock"}


def test_reset_never_empties_an_outside_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@elsewhere/precious")
    with pytest.raises(CannotStart, match="RESET=1"):
        house_in(tmp_path).enter(reset=True)


def test_what_is_done_once_is_remembered_with_the_data(tmp_path: Path) -> None:
    house = house_in(tmp_path)
    assert [house.once("day"), house.once("day"), house_in(tmp_path).once("day")] == [True, False, False]


def test_logins_show_every_role_and_the_password(tmp_path: Path) -> None:
    path = tmp_path / "demo-logins.txt"
    path.write_text("dispatcher\twang\t王敏\t中心\tWang Min\tCentre\n", encoding="utf-8")
    text = demo.logins(path, "abcde-fghij")
    assert "dispatcher" in text
    assert "王敏 / 中心 / Wang Min / Centre" in text
    assert text.endswith("abcde-fghij")


def test_typed_command_speaks_to_the_demo_only_without_settings_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "house.env").write_text("ONEGRID_MODE=demo\nSECRET_KEY=kept\n")
    environment = {"ONEGRID_VAR": str(tmp_path)}
    monkeypatch.setattr("onegrid.launch.places.os.environ", environment)
    adopt_demo()
    assert environment["SECRET_KEY"] == "kept"
    environment.update(SECRET_KEY="own")
    adopt_demo()
    assert environment["SECRET_KEY"] == "own"
