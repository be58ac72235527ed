"""TCP ports of this machine: which are free, which was used last time."""

import socket
from pathlib import Path

from onegrid.launch.places import write_private


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free() -> int:
    """Any free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_pair() -> int:
    """A free port whose next one is free as well."""
    while not is_free((port := free()) + 1):
        pass
    return port


def kept(path: Path) -> int:
    """The port of last time if it is still free, else a free one, remembered."""
    last = path.read_text().strip() if path.exists() else ""
    if last.isdigit() and is_free(int(last)):
        return int(last)
    port = free()
    write_private(path, str(port))
    return port
