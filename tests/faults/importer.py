"""A worker of its own process that writes one import, and says so and stops at a moment at which it can be killed.

python -m tests.faults.importer IMPORT_ID [planned|written]
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from onegrid.org.actions import imports  # noqa: E402
from onegrid.territory.actions import stored  # noqa: E402


def held(real: Callable[..., Any], word: str) -> Callable[..., Any]:
    def done(*given: Any) -> Any:
        answer = real(*given)
        print(word, flush=True)
        time.sleep(120)
        return answer

    return done


if __name__ == "__main__":
    moment = sys.argv[2] if len(sys.argv) > 2 else ""
    if moment == "planned":
        imports.patiently = held(imports.patiently, moment)
    if moment == "written":
        stored.counts = held(stored.counts, moment)
    stored.import_areas(int(sys.argv[1]))
