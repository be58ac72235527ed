"""Starts processes as children, starts them again when they die, and stops all of them at the end.

One thread only: Linux ties "tell me when my parent dies" to the thread that made the child.
"""

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
FIRST_PAUSE, LONGEST_PAUSE, STEADY = 0.3, 5.0, 10.0  # seconds
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Stopped(Exception):
    """Somebody asked this process to end."""


@dataclass
class Child:
    """One process of the house: how it is started, how it is asked to stop."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    log: Path | None = None
    folder: Path | None = None
    user: int | None = None
    group: int | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals | None = None  # what it gets when its parent dies; else stop_signal
    stop_seconds: float = 8.0
    keep: bool = True
    told: bool = False  # whether the end of one that is not kept was told
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    began: float = 0.0
    due: float = field(default=0.0)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start the process in a group of its own, told to end when this one ends."""
        self.began = time.monotonic()
        with contextlib.ExitStack() as stack:
            output: IO[bytes] | None = stack.enter_context(self.log.open("ab")) if self.log else None
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                user=self.user,
                group=self.group,
                extra_groups=[] if self.user is not None else None,
                preexec_fn=self.end_with_parent,
            )

    def end_with_parent(self) -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, self.orphan_signal or self.stop_signal, 0, 0, 0)

    def signal_group(self, number: signal.Signals) -> None:
        """Reach also what the process itself has started and left behind."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def ask_to_stop(self) -> None:
        if self.running and self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(self.stop_signal)


def pause_after(failures: int) -> float:
    """Seconds to wait before the next start: 0.3, 0.6, 1.2 … 5."""
    return float(min(FIRST_PAUSE * 2 ** max(failures - 1, 0), LONGEST_PAUSE))


class Supervisor:
    """The list of children in the order of their start; stopped in the reverse order."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.children: list[Child] = []
        self.asked_to_stop = False
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.writer, False)

    def listen(self) -> None:
        """Take Ctrl-C, SIGTERM and a closed terminal as the wish to stop, and wake when a child ends."""
        signal.set_wakeup_fd(self.writer, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.note_wish)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def note_wish(self, *_: object) -> None:
        self.asked_to_stop = True

    def start(self, child: Child) -> Child:
        self.children.append(child)
        child.start()
        return child

    def run(self, child: Child, *, quiet: bool = False) -> int:
        """Run one task to its end while the others are watched; its exit status."""
        child.keep, child.told = False, True
        self.start(child)
        while child.running:
            self.wait()
        child.signal_group(signal.SIGKILL)
        self.children.remove(child)
        status = child.process.returncode if child.process else 1
        if status and not quiet:
            self.say(f"{child.name} failed (status {status}){log_end(child.log)}")
        return status

    def wait(self, seconds: float = 0.2) -> None:
        """Sleep until something happens, look after the children; Stopped when asked to end."""
        self.nap(seconds)
        if self.asked_to_stop:
            raise Stopped
        for child in self.children:
            if not child.running:
                self.revive(child) if child.keep else self.tell_end(child)

    def nap(self, seconds: float) -> None:
        if select.select([self.reader], [], [], seconds)[0]:
            os.read(self.reader, 4096)

    def tell_end(self, child: Child) -> None:
        """Once, with the last lines of what it wrote."""
        if not child.told:
            child.told = True
            status = child.process.returncode if child.process else "?"
            self.say(f"{child.name} has ended (status {status}){log_end(child.log, 6)}")

    def revive(self, child: Child) -> None:
        """First notice of a death: sweep and set the time of the next start; then start when it has come."""
        now = time.monotonic()
        if not child.due:
            child.failures = 1 if now - child.began > STEADY else child.failures + 1
            child.due = now + pause_after(child.failures)
            status = child.process.returncode if child.process else "?"
            self.say(f"{child.name} ended (status {status}); next start in {child.due - now:.1f} s")
            child.signal_group(signal.SIGTERM)
        elif now >= child.due:
            child.signal_group(signal.SIGKILL)
            child.due = 0.0
            child.start()

    def stop(self) -> None:
        """Stop every child, last started first; one that will not listen is killed after its time."""
        for child in reversed(self.children):
            child.keep = False
            child.ask_to_stop()
            until = time.monotonic() + child.stop_seconds
            while child.running and time.monotonic() < until:
                self.nap(0.05)
            if child.running:
                self.say(f"{child.name} did not stop in {child.stop_seconds:.0f} s and is killed")
            child.signal_group(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
        self.children.clear()


def log_end(log: Path | None, lines: int = 15) -> str:
    """The last lines of a log, to be shown under a failure."""
    if log is None or not log.exists():
        return ""
    rows = log.read_bytes()[-8000:].decode("utf-8", "replace").splitlines()[-lines:]
    return f"; the end of {log}:\n" + "\n".join(f"    {row}" for row in rows)


def processes_marked(mark: str) -> list[int]:
    """Processes of an earlier start that still carry this house's mark (Linux; elsewhere none are found)."""
    wanted = f"ONEGRID_LAUNCH={mark}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if wanted in (folder / "environ").read_bytes().split(b"\0") and int(folder.name) != os.getpid():
                found.append(int(folder.name))
    return found


def end_leftovers(mark: str, seconds: float = 5.0) -> int:
    """End what a killed supervisor left behind, politely first; how many there were."""
    first = processes_marked(mark)
    for pid in first:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + seconds
    while processes_marked(mark) and time.monotonic() < until:
        time.sleep(0.1)
    for pid in processes_marked(mark):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(first)
