"""A worker of its own process that writes one import, and says so and stops at a moment at which it can be killed.

python -m tests.faults.importer areas|things IMPORT_ID [planned|written]
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from onegrid.gazetteer import actions as gazetteer  # noqa: E402
from onegrid.gazetteer.actions import layers  # noqa: E402
from onegrid.org.actions import imports  # noqa: E402
from onegrid.territory.actions import stored  # noqa: E402

WORK = {"areas": stored.import_areas, "things": gazetteer.import_things}


def held(real: Callable[..., Any], word: str) -> Callable[..., Any]:
    def done(*given: Any, **more: Any) -> Any:
        answer = real(*given, **more)
        print(word, flush=True)
        time.sleep(120)
        return answer

    return done


if __name__ == "__main__":
    kind, import_id, moment = [*sys.argv[1:], ""][:3]
    if moment == "planned":
        imports.patiently = held(imports.patiently, moment)
    if moment == "written":
        stored.counts = held(stored.counts, moment)
        layers.keep_things = held(layers.keep_things, moment)
    WORK[kind](int(import_id))
