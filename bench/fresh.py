"""What a work costs a process that has done nothing before: `python -m bench.fresh WORK` on DATABASE_URL.

Prints CPU and wall seconds, its memory before and after, and the most it held meanwhile, in MB.
"""

import json
import os
import subprocess
import sys
from typing import Any

import django

from bench import database
from bench.watch import Watch, memory_mb

LEVELS = ("village", "grid")
PACKED = {"Accept-Encoding": "gzip"}


def draw() -> None:
    """All outlines, as the worker draws them."""
    from onegrid.insight import actions

    actions.draw_outlines()


def send() -> None:
    """Every sheet of every town once, as a web process gives them."""
    from django.test import Client

    client = Client()
    towns = json.loads(client.get("/map/outlines/town/").content)["parts"]
    for level in LEVELS:
        for home, *_box in towns:
            assert client.get(f"/map/outlines/{level}/{home}/", headers=PACKED).status_code == 200


def locate() -> None:
    """The grids as every process keeps them that locates points."""
    from onegrid.org import queries

    assert queries.territory().reaches


def edit() -> None:
    """The outlines as a process keeps them from its first page of the editor on."""
    from onegrid.org.models import Area
    from onegrid.territory.queries.redivisions import current_rows

    county = Area.objects.get(kind="county").code
    assert current_rows(county)


WORKS = {"draw": draw, "send": send, "locate": locate, "edit": edit}


def measured(work: str) -> dict[str, Any]:
    """Ask a process of its own, with our environment."""
    command = [sys.executable, "-m", "bench.fresh", work]
    done = subprocess.run(command, cwd=database.ROOT, check=True, text=True, stdout=subprocess.PIPE)
    return dict(json.loads(done.stdout))


def memory(found: dict[str, Any]) -> str:
    return f"memory {found['before']} -> {found['after']} MB (at most {found['most']})"


def main() -> None:
    django.setup()
    from django.test import Client
    from django.urls import reverse

    # All modules and templates that any page needs are there before.
    Client().get(reverse("public:portal"))
    before, _most = memory_mb()
    with Watch() as working:
        WORKS[sys.argv[1]]()
    after, most = memory_mb()
    print(json.dumps({"cpu": working.cpu, "wall": working.wall, "before": before, "after": after, "most": most}))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onegrid.settings")
    main()
