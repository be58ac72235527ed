"""The steps of the last ten minutes as the live process remembers them, for pages that were away."""

import json
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from onegrid.kit import clock

Row = dict[str, Any]

REMEMBERED = timedelta(minutes=10)
# A transaction lives at most 15 s: a step with a lower id may be committed that much later.
OVERLAP = timedelta(seconds=15)


@dataclass
class Line:
    """One committed step as screens get it."""

    step: int
    at: datetime
    row: Row
    text: bytes

    def told(self, *, wall: bool) -> bytes:
        """A wall hears that something happened, never what."""
        return f"id: {self.step}\nevent: step\ndata: {{}}\n\n".encode() if wall else self.text

    @classmethod
    def of(cls, row: Row, at: datetime) -> "Line":
        data = json.dumps({"n": row["n"], "v": row["v"], "t": row["t"]}, separators=(",", ":"))
        return cls(row["s"], at, row, f"id: {row['s']}\nevent: step\ndata: {data}\n\n".encode())


class Memory:
    """The lines of the last ten minutes, in the order in which they were heard."""

    def __init__(self) -> None:
        self.lines: deque[Line] = deque()
        self.known: set[int] = set()
        # Steps up to this one may be gone from here; all later ones are held.
        self.forgotten = 0

    def add(self, line: Line) -> bool:
        """Whether it is new."""
        if line.step in self.known:
            return False
        self.lines.append(line)
        self.known.add(line.step)
        while self.lines[0].at < clock.now() - REMEMBERED and len(self.lines) > 1:
            gone = self.lines.popleft().step
            self.known.discard(gone)
            self.forgotten = max(self.forgotten, gone)
        return True

    def forget(self, step: int) -> None:
        """Of nothing up to this step is it known any more what came after it."""
        self.lines.clear()
        self.known.clear()
        self.forgotten = max(self.forgotten, step)

    def after(self, step: int) -> list[Line] | None:
        """What may have come after this one, with an overlap; None when it is not remembered."""
        if step not in self.known:
            # A page says the newest step there was: an old one, or none, when nothing happened lately.
            held = self.forgotten <= step <= max(self.known, default=self.forgotten)
            return [line for line in self.lines if line.step > step] if held else None
        seen = next(line for line in self.lines if line.step == step)
        return [line for line in self.lines if line.at >= seen.at - OVERLAP and line.step != step]
