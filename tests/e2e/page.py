"""One page that the browser tests look at."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Page:
    """One page: the name of its address, who opens it, its path and form with {places} that the stage fills."""

    name: str
    who: str
    path: str
    form: dict[str, str] = field(default_factory=dict)
    status: int = 200

    def __str__(self) -> str:
        return f"{self.path} as {self.who}" + (f" ({self.status})" if self.status != 200 else "")
