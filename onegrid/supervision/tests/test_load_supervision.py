"""Rules, plans and a roster from a folder, kept by the leader of a centre; loaded again, nothing is doubled."""

import json
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from onegrid.org.rules import closed_list
from onegrid.supervision.models import Circular, HardCase, Meeting, PlaceWork, Plan, Shift, SupervisionRule, Task
from onegrid.supervision.queries import roster
from onegrid.testing import matters as told
from onegrid.testing.cast import VILLAGES, County

pytestmark = pytest.mark.django_db
RULE = {"trigger": "percent", "amount": "80", "action": "warn_handler"}
PLAN = {"name": "燃气", "category": told.GAS, "levels": ["2"], "assists": [["fire", "到场警戒", ""]], "steps": "关阀"}
MEETING = {
    "title": "消防通道会商", "kind": "analysis", "room": "三楼", "at": "09:00", "series": "weekly",
    "called_by": "dispatcher", "units": ["city", "fire"], "agenda": ["通报情况"], "minutes": ["先清后划。"],
    "conclusions": [{"words": "劝离车辆", "unit": "city", "in_days": 3}],
}  # fmt: skip
PLACE = {
    "title": "东门市场周边整治", "proposed_by": "dispatcher", "area": VILLAGES[0], "days": 56, "lead": "city",
    "units": ["fire"], "leaves": [told.LANE], "problem": "占道反复。", "plan": "先清理，后巡查。",
    "measures": [{"words": "清理通道", "unit": "city", "in_days": 10}],
}  # fmt: skip
CIRCULAR = {
    "title": "首期通报", "drafted_by": "dispatcher", "prefix": "云综治通", "overview": ["启用。"],
    "handling": ["办理。"], "problems": ["问题。"], "demands": ["要求。"],
}  # fmt: skip
HARD = {"categories": [told.NEIGHBOURS, told.LAMP], "way": "mediation", "in_days": 14, "words": "缺少书面依据。"}
LIVES = {"meetings": [MEETING], "places": [PLACE], "circulars": [CIRCULAR], "hard": [HARD]}
DEMO = settings.BASE_DIR / "demo"
ROSTER = {"kind": "duty_leader", "people": ["leader", "duty_leader"], "days": 4, "begins": "08:00", "ends": "08:00"}


@pytest.fixture
def folder(county: County, tmp_path: Path) -> Path:
    told.make_matters(county)
    write(tmp_path, rules=[RULE], plans=[PLAN], roster=ROSTER)
    return tmp_path


def write(folder: Path, **files: Any) -> None:
    for name, rows in files.items():
        (folder / f"{name}.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def load(folder: Path, by: str = "leader", at: datetime = told.MORNING) -> str:
    said = StringIO()
    with told.at(at):
        call_command("load_supervision", folder, by=by, stdout=said)
    return said.getvalue()


def test_it_is_loaded_once(folder: Path) -> None:
    assert load(folder).startswith("1 rules, 1 plans, 4 shifts")
    assert load(folder).startswith("0 rules, 0 plans, 0 shifts")
    assert (SupervisionRule.objects.count(), Plan.objects.count(), Shift.objects.count()) == (1, 1, 4)


def test_loaded_at_night_the_shift_of_last_evening_runs(folder: Path, county: County) -> None:
    night = told.MORNING.replace(hour=18)
    assert load(folder, at=night).startswith("1 rules, 1 plans, 5 shifts")
    assert county.leader.unit_id is not None
    assert len(roster.on_duty(county.leader.unit_id, night)) == 1


def test_who_does_not_lead_a_centre_loads_nothing(folder: Path) -> None:
    for name in ("handler", "dispatcher", "nobody"):
        with pytest.raises(CommandError):
            load(folder, by=name)
    assert not SupervisionRule.objects.exists()


def test_a_file_that_cannot_be_read_is_named(folder: Path) -> None:
    (folder / "plans.json").write_text("[", encoding="utf-8")
    with pytest.raises(CommandError, match=r"plans\.json"):
        load(folder)


def test_the_files_of_the_demo_can_be_loaded_in_part_without_the_others(county: County, tmp_path: Path) -> None:
    told.make_matters(county)
    kept = json.loads((settings.BASE_DIR / "demo" / "supervision" / "rules.json").read_text(encoding="utf-8"))
    write(tmp_path, rules=kept)
    assert load(tmp_path).startswith(f"{len(kept)} rules, 0 plans, 0 shifts")


def test_what_lives_is_set_going_once_and_the_hard_matter_when_one_fits(folder: Path, county: County) -> None:
    write(folder, **LIVES)
    for _turn in range(2):
        load(folder)
    work, circular = PlaceWork.objects.get(), Circular.objects.get()
    assert (work.state, work.measures.count(), circular.state, len(circular.sent_to)) == ("running", 1, "published", 6)
    assert list(Meeting.objects.order_by("pk").values_list("state", flat=True)) == ["signed", "called"]
    assert sorted(Task.objects.values_list("source", flat=True)) == ["meeting", "place"]
    assert not HardCase.objects.exists(), "no matter fits yet"
    told.event_in("handling", county)
    told.reported("楼下麻将馆天天赌博")
    for expected in (1, 0):
        assert f"{expected} hard matters" in load(folder)
    assert HardCase.objects.get().event.category == told.LAMP


def test_a_file_that_does_not_fit_is_loaded_in_no_part(folder: Path) -> None:
    write(folder, meetings=[MEETING, {**MEETING, "title": "第二个", "units": ["nobody"]}])
    with pytest.raises(CommandError, match=r"meetings\.json"):
        load(folder)
    assert not Meeting.objects.exists()
    write(folder, meetings=[{"title": "第三个"}])
    with pytest.raises(CommandError, match=r"meetings\.json"):
        load(folder)


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def names_in(given: Any, *keys: str) -> set[str]:
    """Every value under these keys, however deep."""
    if isinstance(given, list):
        return {name for one in given for name in names_in(one, *keys)}
    if not isinstance(given, dict):
        return set()
    own = {name for key in keys for name in flat(given.get(key))}
    return own | {name for one in given.values() for name in names_in(one, *keys)}


def flat(given: Any) -> list[str]:
    return [given] if isinstance(given, str) else [one for one in given or () if isinstance(one, str)]


def test_the_files_of_the_demo_name_what_the_demo_county_has() -> None:
    lives = [read(DEMO / "supervision" / f"{name}.json") for name in LIVES]
    known = {
        "units": {one["code"] for one in read(DEMO / "county" / "units.json")},
        "people": {one["username"] for one in read(DEMO / "county" / "people.json")},
        "areas": {one["code"] for one in read(DEMO / "county" / "areas.json")},
        "leaves": {one["code"] for one in read(DEMO / "categories" / "categories.json")},
    }
    assert names_in(lives, "unit", "units", "lead") <= known["units"]
    assert names_in(lives, "called_by", "proposed_by", "drafted_by") <= known["people"]
    assert names_in(lives, "area") <= known["areas"]
    assert names_in(lives, "leaves", "categories") <= known["leaves"]
    texts = [(DEMO / "supervision" / f"{name}.json").read_text(encoding="utf-8") for name in LIVES]
    assert [why for text in texts if (why := closed_list.refuse(text))] == []
