"""The supervisor: which PostgreSQL it takes, how it starts the dead again, how it stops everything."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from onegrid.launch import places, postgres, stamps, supervisor
from onegrid.launch.supervisor import Child, Stopped, Supervisor

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def make_programs(folder: Path, version: str, *, trigrams: bool = True) -> Path:
    """A folder that looks like PostgreSQL's programs."""
    programs, shared = folder / "bin", folder / "share"
    programs.mkdir(parents=True)
    (shared / "extension").mkdir(parents=True)
    if trigrams:
        (shared / "extension" / "pg_trgm.control").touch()
    for name, answer in (
        ("postgres", f"postgres (PostgreSQL) {version}"),
        ("initdb", ""),
        ("pg_config", shared),
    ):
        (programs / name).write_text(f"#!/bin/sh\necho '{answer}'\n")
        (programs / name).chmod(0o755)
    return programs


def found(monkeypatch: pytest.MonkeyPatch, system: list[Path], wheel: list[Path]) -> None:
    monkeypatch.setattr(postgres, "FOLDERS", {"system": lambda: system, "wheel": lambda: wheel})


def test_system_comes_before_wheel_and_newest_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old, new = make_programs(tmp_path / "a", "15.9"), make_programs(tmp_path / "b", "17.2")
    found(monkeypatch, [old, new], [make_programs(tmp_path / "c", "18.6")])
    assert postgres.find_programs().folder == new
    assert postgres.find_programs("wheel").version == 18


def test_too_old_or_without_trigrams_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = make_programs(tmp_path / "a", "13.1")
    bare = make_programs(tmp_path / "b", "16.1", trigrams=False)
    found(monkeypatch, [old, bare], [make_programs(tmp_path / "c", "18.6")])
    assert postgres.find_programs().source == "wheel"


def test_nothing_found_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    found(monkeypatch, [], [])
    with pytest.raises(postgres.NoPostgres, match="postgresql"):
        postgres.find_programs()
    with pytest.raises(postgres.NoPostgres, match="ONEGRID_PG"):
        postgres.find_programs("docker")


def test_pauses_grow_and_stay_bounded() -> None:
    assert [supervisor.pause_after(failures) for failures in (1, 2, 3, 9)] == [0.3, 0.6, 1.2, 5.0]


def test_dead_child_is_started_again() -> None:
    said: list[str] = []
    watch = Supervisor(said.append)
    child = watch.start(Child("sleeper", SLEEP, dict(os.environ)))
    first = child.process
    assert first is not None
    os.kill(first.pid, signal.SIGKILL)
    until = time.monotonic() + 10
    while (child.process is first or not child.running) and time.monotonic() < until:
        watch.wait(0.05)
    assert child.running
    assert child.process is not first
    assert "sleeper ended (status -9)" in said[0]
    watch.stop()
    assert not child.running


def test_child_that_always_dies_is_started_ever_more_slowly() -> None:
    said: list[str] = []
    watch = Supervisor(said.append)
    watch.start(Child("faulty", [sys.executable, "-c", "raise SystemExit(3)"], dict(os.environ)))
    until = time.monotonic() + 3
    while time.monotonic() < until:
        watch.wait(0.05)
    watch.stop()
    assert 2 <= len(said) <= 5
    assert said[0].endswith("0.3 s")
    assert said[1].endswith("0.6 s")


def test_what_a_dead_child_left_behind_is_swept_away(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    words = (
        f"import subprocess, time; p = subprocess.Popen({SLEEP!r});"
        f"open({str(note)!r}, 'w').write(str(p.pid)); time.sleep(60)"
    )
    watch = Supervisor(lambda _: None)
    child = watch.start(Child("parent", [sys.executable, "-c", words], dict(os.environ)))
    grandchild = wait_for_number(note)
    assert child.process is not None
    os.kill(child.process.pid, signal.SIGKILL)
    until = time.monotonic() + 10
    while is_alive(grandchild) and time.monotonic() < until:
        watch.wait(0.05)
    watch.stop()
    assert not is_alive(grandchild)


def test_task_answers_its_status_and_a_wish_to_stop_is_heard() -> None:
    said: list[str] = []
    watch = Supervisor(said.append)
    assert watch.run(Child("good", [sys.executable, "-c", ""], dict(os.environ))) == 0
    assert watch.run(Child("bad", [sys.executable, "-c", "raise SystemExit(4)"], dict(os.environ))) == 4
    assert said == ["bad failed (status 4)"]
    watch.note_wish()
    with pytest.raises(Stopped):
        watch.wait()
    watch.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells children of their parent's death on Linux only")
def test_children_of_a_killed_supervisor_end_and_leftovers_are_found(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    house = places.Places(tmp_path / "var")
    words = (
        "import os, time; from onegrid.launch.supervisor import *; s = Supervisor(print);"
        f"c = s.start(Child('x', {SLEEP!r}, dict(os.environ)));"
        f"open({str(note)!r}, 'w').write(str(c.process.pid)); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", words], cwd=places.PROJECT, env=house.environment())
    child = wait_for_number(note)
    assert set(supervisor.processes_marked(house.mark)) == {parent.pid, child}
    parent.kill()
    parent.wait()
    until = time.monotonic() + 10
    while is_alive(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_alive(child)
    assert supervisor.end_leftovers(house.mark) == 0


def test_leftovers_that_will_not_listen_are_killed(tmp_path: Path) -> None:
    house = places.Places(tmp_path / "var")
    deaf = "import signal as s, time; s.signal(s.SIGTERM, s.SIG_IGN); print(flush=True); time.sleep(60)"
    left = subprocess.Popen([sys.executable, "-c", deaf], env=house.environment(), stdout=subprocess.PIPE)
    assert left.stdout is not None
    left.stdout.readline()
    assert supervisor.end_leftovers(house.mark, seconds=0.3) == 1
    assert left.wait(5) == -signal.SIGKILL


def test_secrets_are_made_once_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    made = places.made_secrets(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert places.made_secrets(path) == made
    assert set(made) == set(places.MADE)
    assert len(made["DEMO_PASSWORD"]) >= 12


def test_work_is_skipped_until_an_input_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(stamps, "FOLDER", tmp_path / "stamps")
    monkeypatch.setattr(stamps, "PROJECT", tmp_path)
    source, output = tmp_path / "in", tmp_path / "out"
    source.write_text("one")
    assert not stamps.is_fresh("work", [source], [output])
    output.touch()
    stamps.keep("work", [source])
    assert stamps.is_fresh("work", [source], [output])
    source.write_text("two")
    assert not stamps.is_fresh("work", [source], [output])


def wait_for_number(path: Path) -> int:
    until = time.monotonic() + 10
    while not (path.exists() and path.read_text()) and time.monotonic() < until:
        time.sleep(0.02)
    return int(path.read_text())


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that waits for its parent to take notice does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
