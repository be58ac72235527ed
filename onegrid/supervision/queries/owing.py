"""One thing that is asked of somebody."""

from dataclasses import dataclass
from datetime import datetime

from onegrid.kit import clock


@dataclass(frozen=True)
class Owed:
    """Something that is asked of this actor: what, about what, by when, and where it is answered."""

    what: str
    about: str
    address: str
    due_at: datetime | None = None

    @property
    def late(self) -> bool:
        return self.due_at is not None and self.due_at < clock.now()
