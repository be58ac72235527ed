"""`make demo`: from a clone to a living county in one command."""

import os
import time
from pathlib import Path

from onegrid.launch.house import House
from onegrid.launch.places import PROJECT, Places
from onegrid.launch.prepare import prepare
from onegrid.launch.supervisor import Stopped, Supervisor, log_end

BEGAN = time.monotonic()
Load = tuple[str, ...]  # stamp, words for people, management command
PLACES = ("load_places", str(PROJECT / "demo" / "places"), "--write")
SUPERVISION = ("load_supervision", str(PROJECT / "demo" / "supervision"), "--by", "tang.lin")


def say(words: str) -> None:
    print(f"[{time.monotonic() - BEGAN:6.1f} s] {words}", flush=True)


def demo(places: Places, port: int, also: Load | None = None) -> int:
    """Run the demo until Ctrl-C; `also` loads something more once. Exit status 0 when stopped on purpose."""
    supervisor = Supervisor(say)
    supervisor.listen()
    house = House(places, supervisor, port)
    try:
        open_house(house, also)
        house.serve()
    except Stopped:
        say("stopping …")
    finally:
        supervisor.stop()
    say("stopped; the data are kept")
    return 0


def open_house(house: House, also: Load | None) -> None:
    """Every step from an empty folder to answering pages, in order."""
    house.enter(reset=os.environ.get("RESET") == "1")
    prepare(house.places, house.supervisor)
    house.open_database()
    house.manage("bring the database up to date", "migrate", "--noinput", "-v", "0")
    load(house, "county", "load the demo county", "load_demo")
    load(house, "supervision", "load what supervision works with", *SUPERVISION)
    load(house, "places", "load named places and layers", *PLACES)
    if also:
        load(house, *also)
    house.open_doors()
    start_day(house, over_imported=also is not None)
    say(logins(house.places.var / "demo-logins.txt", house.environment["DEMO_PASSWORD"]))
    say(f"OneGrid is at http://127.0.0.1:{house.port}/   Ctrl-C stops it.")


def load(house: House, stamp: str, words: str, *command: str) -> None:
    """Loaded into an empty house once; later starts keep what people did with it."""
    if (house.places.var / "done" / stamp).exists():
        return
    say(f"{words} …")
    house.manage(words, *command)
    house.once(stamp)
    say(f"done{log_end(house.places.log / f'{command[0]}.log', 3)}")


def start_day(house: House, over_imported: bool) -> None:
    """The simulated day acts through the HTTP API like anybody else, once, after the pages are up."""
    if os.environ.get("DAY") == "0" or not (PROJECT / "demo" / "day.py").exists() or not house.once("day"):
        return
    given = ("--base", f"http://127.0.0.1:{house.port}", *(("--over-imported",) if over_imported else ()))
    child = house.python("the simulated day", "demo.day", *given, log="day")
    child.keep = False
    house.supervisor.start(child)
    say(f"the simulated day has begun; what it does is told in {child.log}")


def logins(path: Path, password: str) -> str:
    """A login per role, as the loaded county names them, and the one password they share."""
    rows = [line.split("\t") for line in read(path).splitlines() if line and not line.startswith("#")]
    lines = [f"  {row[0]:<18} {row[1]:<22} {' / '.join(row[2:])}" for row in rows if len(row) > 1]
    title = f"  {'role':<18} {'user':<22} name and unit"
    return "\n".join(["log in at /login/ as:", title, *lines, f"  password of all of them: {password}"])


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
