"""`make demo`: from a clone to a living county in one command."""

import os
import time
from pathlib import Path

from onegrid.launch.house import House
from onegrid.launch.places import PROJECT, Places
from onegrid.launch.prepare import prepare
from onegrid.launch.supervisor import Stopped, Supervisor

BEGAN = time.monotonic()


def say(words: str) -> None:
    print(f"[{time.monotonic() - BEGAN:6.1f} s] {words}", flush=True)


def demo(port: int) -> int:
    """Run the demo until Ctrl-C; exit status 0 when it was stopped on purpose."""
    supervisor = Supervisor(say)
    supervisor.listen()
    house = House(Places.chosen(), supervisor, port)
    try:
        house.enter(reset=os.environ.get("RESET") == "1")
        prepare(house.places, supervisor)
        house.open_database()
        house.manage("migrations", "migrate", "--noinput", "-v", "0")
        load_county(house)
        house.open_doors()
        start_day(house)
        say(logins(house.places.var / "demo-logins.txt", house.environment["DEMO_PASSWORD"]))
        say(f"OneGrid is at http://127.0.0.1:{port}/   Ctrl-C stops it.")
        house.serve()
    except Stopped:
        say("stopping …")
    finally:
        supervisor.stop()
    say("stopped; the data are kept")
    return 0


def load_county(house: House) -> None:
    """The demo county is loaded into an empty house once; later starts keep what people did with it."""
    mark = house.places.var / "done" / "county"
    if mark.exists():
        return
    say("loading the demo county …")
    house.manage("load the demo county", "load_demo")
    house.once("county")


def start_day(house: House) -> None:
    """The simulated day acts through the HTTP API like anybody else, once, after the pages are up."""
    if os.environ.get("DAY") == "0" or not (PROJECT / "demo" / "day.py").exists() or not house.once("day"):
        return
    base = ("--base", f"http://127.0.0.1:{house.port}")
    child = house.python("the simulated day", "demo.day", *base, log="day")
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
