import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from onegrid.kit import reference


def test_an_answer_is_asked_for_once_per_arguments() -> None:
    asked: list[str] = []

    @reference.reference(seconds=60)
    def unit(code: str, *, language: str = "zh") -> str:
        """Return the name of a unit."""
        asked.append(code)
        return f"{code} {language}"

    assert [unit("a"), unit("a"), unit("b"), unit("a", language="en")] == ["a zh", "a zh", "b zh", "a en"]
    assert asked == ["a", "b", "a"]
    assert unit.__doc__ == "Return the name of a unit."


def test_an_answer_is_forgotten_after_its_seconds_or_when_told() -> None:
    asked: list[int] = []

    @reference.reference(seconds=0.05)
    def areas() -> int:
        asked.append(1)
        return len(asked)

    assert (areas(), areas()) == (1, 1)
    time.sleep(0.06)
    assert areas() == 2
    areas.clear()
    assert areas() == 3
    reference.clear_all()
    assert areas() == 4


def test_none_is_an_answer_and_an_error_is_not() -> None:
    asked: list[int] = []

    @reference.reference()
    def maybe(code: int) -> None:
        asked.append(code)
        if code == 0:
            raise LookupError

    maybe(1)
    maybe(1)
    for _ in range(2):
        with pytest.raises(LookupError):
            maybe(0)
    assert asked == [1, 0, 0]


def test_clearing_during_a_call_drops_what_the_call_brings() -> None:
    entered, leave = threading.Event(), threading.Event()
    answers = iter(["old", "new"])

    @reference.reference(seconds=60)
    def name() -> str:
        answer = next(answers)
        if answer == "old":
            entered.set()
            leave.wait(5)
        return answer

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(name)
        entered.wait(5)
        name.clear()
        leave.set()
        assert slow.result() == "old"
    assert name() == "new"


def test_many_arguments_do_not_fill_the_memory() -> None:
    @reference.reference(seconds=60)
    def same(number: int) -> int:
        return number

    for number in range(5000):
        assert same(number) == number
    assert len(same._answers) <= reference.LARGEST
