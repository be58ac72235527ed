"""What wakes what: from a happening to the jobs that follow it, enqueued in the same transaction. Read it aloud."""

REACTIONS: dict[str, tuple[str, ...]] = {}
