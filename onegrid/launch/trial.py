"""`make trial DATA=…`: real messages through the same door as the web form, in a house of their own."""

from pathlib import Path

from onegrid.launch.demo import Load, demo
from onegrid.launch.house import CannotStart
from onegrid.launch.places import PROJECT, Places

MESSAGES = Path("tipdm2020c") / "messages_raw.csv"
MAP = PROJECT / "demo" / "imports" / "messages.map"


def trial(data: Path, port: int) -> int:
    """Import the messages of a data folder into `var/trial`, then live the day over them; nothing leaves it."""
    source = data.absolute() / MESSAGES
    if not source.exists():
        raise CannotStart(f"There is no {source}. Say where the data lie: make trial DATA=folder")
    house = PROJECT / "var" / "trial"
    # The messages name no place: each gets a grid by this seed, and its row says so.
    command = (
        *("import", "reports", str(source), "--map", str(MAP), "--resume"),
        *("--spread", "2020", "--errors", str(house / "refused.csv")),
    )
    also: Load = ("import", "import the real messages", *command)
    return demo(Places(house), port, also)
