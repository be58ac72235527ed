"""Many threads that do the same at the same instant, each over a connection of its own."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection

MANY = 64


@dataclass
class Crowd:
    """What came of it: answers of those who won, errors of the others."""

    answers: list[Any]
    errors: list[Exception]

    def kinds(self) -> set[str]:
        return {type(error).__name__ for error in self.errors}


def together(do: Callable[[int], Any], count: int = MANY) -> Crowd:
    """Let `count` threads call do(place) at once; every database connection is closed at the end."""
    crowd, gate = Crowd([], []), threading.Barrier(count)

    def one(place: int) -> None:
        try:
            with connection.cursor() as cursor:
                # A crowd of threads on a slow machine: waiting long is no fault here, a deadlock is.
                cursor.execute("SET lock_timeout = '60s'; SET statement_timeout = '60s'")
            gate.wait()
            crowd.answers.append(do(place))
        except Exception as error:
            crowd.errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return crowd
