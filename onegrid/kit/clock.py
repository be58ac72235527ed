"""The one place where the house learns what time it is; phones and other systems are never asked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

Source = Callable[[], datetime]


def now() -> datetime:
    """The present moment, aware, in UTC."""
    moment = _source()
    if moment.tzinfo is None:
        raise ValueError("a clock must give an aware time")
    return moment.astimezone(UTC)


@contextmanager
def use(source: Source) -> Iterator[None]:
    """Let `source` tell the time within the block, for all threads of this process (tests, simulation)."""
    global _source
    former, _source = _source, source
    try:
        yield
    finally:
        _source = former


def local(moment: datetime, zone: str = "Asia/Shanghai") -> datetime:
    """The same moment as the clock on the wall shows it in `zone` (an IANA name)."""
    if moment.tzinfo is None:
        raise ValueError("only an aware time has a place on the wall")
    return moment.astimezone(ZoneInfo(zone))


def _of_this_machine() -> datetime:
    return datetime.now(UTC)


_source: Source = _of_this_machine
