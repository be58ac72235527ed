"""kill -9 of the worker that writes a file: nothing of it is there; the next one writes it, once."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings as house
from django.db import connections

from onegrid.gazetteer import actions as gazetteer
from onegrid.gazetteer.models import Thing
from onegrid.org import actions
from onegrid.org.models import Area, Import, TrailEntry
from onegrid.org.roles import Actor
from onegrid.territory.actions import stored
from onegrid.testing import cast
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, LAST = 100, 999
TOWNS = [f"511502{place}" for place in range(FIRST, LAST + 1)]
LAYER = "hydrants"
# What is on the layer, and what its new file says is all there is: a part ends, a part stays, a part is new.
FORMER, NEW = [f"H{n:03}" for n in range(600)], [f"H{n:03}" for n in range(300, 900)]


@dataclass(frozen=True)
class Case:
    """A file that was looked at and is to be written: what is there before and after, and what says so once."""

    one: Import
    here: Callable[[], list[str]]
    before: list[str]
    after: list[str]
    counts: dict[str, int]
    verb: str


def pressed(county: County, kind: str, look: Callable[[int], None], lines: list[str], **asked: str) -> Import:
    given = ["\n".join(lines).encode()]
    upload = actions.Upload(kind, f"nowhere.tasks.{kind}", "/", f"{kind}.csv", given, LAYER, asked)
    one = actions.begin_import(county.admin_system, upload)
    look(one.pk)
    return actions.apply_import(county.admin_system, import_id=one.pk, version=2)


def of_areas(county: County) -> Case:
    def here() -> list[str]:
        rows = Area.objects.filter(code__gte=TOWNS[0], code__lte=TOWNS[-1], kind="town").order_by("code")
        return list(rows.values_list("code", flat=True))

    one = pressed(county, "areas", stored.import_areas, ["code,name", *(f"{code},第{code[6:]}镇" for code in TOWNS)])
    return Case(one, here, [], TOWNS, {"made": len(TOWNS), "changed": 0, "same": 0}, "place_areas")


def of_things(county: County) -> Case:
    """The file is all there is: what it lacks ends."""

    def here() -> list[str]:
        return list(Thing.objects.order_by("ref").values_list("ref", flat=True))

    lon, lat = cast.middle(0)
    gazetteer.keep_layer(Actor.system(), wish=gazetteer.LayerWish(LAYER, "消火栓", "消防大队"))
    rows = [gazetteer.ThingRow(ref, lon, lat) for ref in FORMER]
    gazetteer.keep_things(Actor.system(), layer=LAYER, rows=rows)
    lines = ["code,lon,lat", *(f"{ref},{lon},{lat}" for ref in NEW)]
    one = pressed(county, "things", gazetteer.import_things, lines, system="wgs84", whole="yes")
    return Case(one, here, FORMER, NEW, {"made": 300, "changed": 0, "same": 300, "ended": 300}, "keep_things")


def worker(one: Import, moment: str = "") -> "subprocess.Popen[str]":
    row = connections["default"].settings_dict
    url = f"postgresql://{row['USER']}:{row['PASSWORD']}@{row['HOST']}:{row['PORT']}/{row['NAME']}"
    environment = os.environ | {
        "DATABASE_URL": url, "ONEGRID_MODE": "test", "SECRET_KEY": house.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "onegrid.settings", "ONEGRID_VAR": str(house.VAR_DIR),
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.faults.importer", one.kind, str(one.pk), moment]
    return subprocess.Popen(command, cwd=house.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("moment", ["planned", "written"])
@pytest.mark.parametrize("case", [of_areas, of_things])
def test_a_killed_worker_leaves_nothing_and_the_next_two_write_once(
    county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: Callable[[County], Case], moment: str
) -> None:
    monkeypatch.setattr(house, "VAR_DIR", tmp_path)
    given = case(county)
    one, since = given.one, TrailEntry.objects.latest("pk").pk
    victim = worker(one, moment)
    assert victim.stdout is not None
    assert victim.stdout.readline().strip() == moment
    victim.kill()
    victim.wait(30)
    one.refresh_from_db()
    assert (one.state, given.here()) == ("writing", given.before)
    crew = [worker(one) for _ in range(2)]
    assert [each.wait(120) for each in crew] == [0, 0]
    one.refresh_from_db()
    assert (one.state, given.here(), one.counts) == ("done", given.after, given.counts)
    assert TrailEntry.objects.filter(verb=given.verb, pk__gt=since).count() == 1
