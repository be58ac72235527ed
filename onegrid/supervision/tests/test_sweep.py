"""The minute's sweep: one part that fails does not keep the others from their turn."""

import pytest

from onegrid.supervision import tasks


def test_every_part_has_its_turn_and_the_failure_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[str] = []

    def fails() -> None:
        turns.append("fails")
        raise ValueError("a part ran into something")

    monkeypatch.setattr(tasks, "PARTS", (lambda: turns.append("first"), fails, lambda: turns.append("last")))
    with pytest.raises(ValueError, match="ran into"):
        tasks.sweep()
    assert turns == ["first", "fails", "last"]
