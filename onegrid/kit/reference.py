"""What hardly ever changes (areas, calendars, routing), kept for some seconds in each process."""

import threading
import time
from collections.abc import Callable, Hashable
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar
from weakref import WeakSet

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

LARGEST = 1024


class Kept(Generic[Given, Answer]):
    """A function whose answers are kept; `clear()` forgets them in this process."""

    def __init__(self, function: Callable[Given, Answer], seconds: float) -> None:
        self._function = function
        self._seconds = seconds
        self._answers: dict[Hashable, tuple[float, Answer]] = {}
        self._lock = threading.Lock()
        update_wrapper(self, function)
        _all.add(self)

    def __call__(self, *args: Given.args, **kwargs: Given.kwargs) -> Answer:
        key = (args, tuple(sorted(kwargs.items())))
        # The monotonic clock: a step of the wall clock must neither freeze an answer nor drop them all.
        kept = self._answers.get(key)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        answers = self._answers
        answer = self._function(*args, **kwargs)
        self._keep(answers, key, answer)
        return answer

    def clear(self) -> None:
        """Forget all answers, also of calls that are under way."""
        with self._lock:
            self._answers = {}

    def _keep(self, answers: dict[Hashable, tuple[float, Answer]], key: Hashable, answer: Answer) -> None:
        with self._lock:
            if len(answers) >= LARGEST:
                answers.clear()
            answers[key] = (time.monotonic() + self._seconds, answer)


def reference(seconds: float = 5) -> Callable[[Callable[Given, Answer]], Kept[Given, Answer]]:
    """Keep the answers of a function with hashable arguments for so many seconds; treat them as read only."""

    def keep(function: Callable[Given, Answer]) -> Kept[Given, Answer]:
        return Kept(function, seconds)

    return keep


def clear_all() -> None:
    """Forget every kept answer of this process; for tests and after loading."""
    for kept in list(_all):
        kept.clear()


_all: WeakSet[Kept[Any, Any]] = WeakSet()
