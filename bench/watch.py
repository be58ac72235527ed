"""A stopwatch, and how much memory this process holds."""

import time
from pathlib import Path


class Watch:
    """Wall and CPU seconds of a piece of work."""

    def __enter__(self) -> "Watch":
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall, self.cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu


def memory_mb() -> tuple[int, int]:
    """What of this process is in memory now, and at most so far, in MB."""
    rows = dict(row.split(":", 1) for row in Path("/proc/self/status").read_text().splitlines())
    return int(rows["VmRSS"].split()[0]) // 1024, int(rows["VmHWM"].split()[0]) // 1024
