"""What strangers may do how often."""


class Throttled(Exception):
    """Too much from one address; `retry_after` in seconds. Doors answer 429."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"again in {retry_after} seconds")
        self.retry_after = retry_after


def spend(*, address: str, kind: str) -> None:
    """Take one from what this address may do of this kind now; raises Throttled."""
