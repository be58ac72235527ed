"""kill -9 of the worker that writes a file of areas: nothing of it is there; the next one writes it, once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as house
from django.db import connections

from onegrid.org import actions
from onegrid.org.models import Area, Import, TrailEntry
from onegrid.territory.actions import stored
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, LAST = 100, 999
TOWNS = LAST - FIRST + 1


@pytest.fixture
def pressed(county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Import:
    """A file that was looked at and is to be written."""
    monkeypatch.setattr(house, "VAR_DIR", tmp_path)
    lines = ["code,name", *(f"511502{place},第{place}镇" for place in range(FIRST, LAST + 1))]
    upload = actions.Upload("areas", "territory.tasks.import_areas", "/", "codes.csv", ["\n".join(lines).encode()])
    one = actions.begin_import(county.admin_system, upload)
    stored.import_areas(one.pk)
    return actions.apply_import(county.admin_system, import_id=one.pk, version=2)


def worker(one: Import, moment: str = "") -> "subprocess.Popen[str]":
    row = connections["default"].settings_dict
    url = f"postgresql://{row['USER']}:{row['PASSWORD']}@{row['HOST']}:{row['PORT']}/{row['NAME']}"
    environment = os.environ | {
        "DATABASE_URL": url, "ONEGRID_MODE": "test", "SECRET_KEY": house.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "onegrid.settings", "ONEGRID_VAR": str(house.VAR_DIR),
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.faults.importer", str(one.pk), moment]
    return subprocess.Popen(command, cwd=house.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True)


def there() -> int:
    return Area.objects.filter(code__gte=f"511502{FIRST}", code__lte=f"511502{LAST}", kind="town").count()


@pytest.mark.parametrize("moment", ["planned", "written"])
def test_a_killed_worker_leaves_nothing_and_the_next_two_write_once(pressed: Import, moment: str) -> None:
    victim = worker(pressed, moment)
    assert victim.stdout is not None
    assert victim.stdout.readline().strip() == moment
    victim.kill()
    victim.wait(30)
    pressed.refresh_from_db()
    assert (pressed.state, there()) == ("writing", 0)
    crew = [worker(pressed) for _ in range(2)]
    assert [one.wait(120) for one in crew] == [0, 0]
    pressed.refresh_from_db()
    assert (pressed.state, there(), pressed.counts["made"]) == ("done", TOWNS, TOWNS)
    assert TrailEntry.objects.filter(verb="place_areas").count() == 1
