"""The simulated day: only through the HTTP API, the same for the same seed, and true to the last event."""

import ast
import json
import random
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from demo import day, day_imported, day_lives, day_reports, day_work
from demo.day_people import READER, People
from onegrid.events.models import Event, Report, Step
from onegrid.events.workflow import EVENT, PART
from onegrid.kit import reference

PROJECT = Path(__file__).resolve().parents[2]
SEED = 2026
FEW = 40
MODULES = sorted((PROJECT / "demo").glob("day*.py"))


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_it_knows_no_action_and_no_model(path: Path) -> None:
    roots = {name.split(".")[0] for name in imported(path)}
    assert not roots & {"onegrid", "django", "psycopg", "importlib"}
    assert "__import__" not in path.read_text(encoding="utf-8")


def test_the_same_seed_tells_the_same_day() -> None:
    first, second, other = (day_reports.told(seed, 450) for seed in (SEED, SEED, SEED + 1))
    assert first == second != other
    assert [day_lives.life(one, SEED) for one in first] == [day_lives.life(one, SEED) for one in second]


def test_points_lie_in_their_grid() -> None:
    land, chance = day_reports.Land(), random.Random(SEED)
    for grid in land.grids:
        lon, lat = day_reports.point_in(grid, chance)
        moved = land.near(grid, (lon, lat), chance)
        assert day_reports.inside(grid.rings, lon, lat)
        assert day_reports.inside(grid.rings, *moved)


def test_a_place_that_is_named_is_found() -> None:
    land, chance = day_reports.Land(), random.Random(SEED)
    assert land.names[land.grid_for("高坡村段铁路边的护栏", chance).code[:12]] == "高坡村"
    assert land.names[land.grid_for("双河镇集市垃圾三天没清", chance).code[:9]] == "双河镇"
    assert land.grid_for("云湖公园的木栈道", chance).code == "511502001004901"


def test_one_matter_is_told_from_one_place() -> None:
    spots: dict[str, list[tuple[float, float]]] = {}
    for one in day_reports.told(SEED, 450):
        if one.text.matter:
            spots.setdefault(one.text.matter, []).append((one.body["longitude"], one.body["latitude"]))
    assert spots
    for found in spots.values():
        for axis in zip(*found, strict=True):
            assert max(axis) - min(axis) <= 2 * day_reports.SAME_PLACE + 1e-9


def test_shares_of_the_reports() -> None:
    reports = day_reports.told(SEED, 450)
    placed, reachable, typed = (
        sum(test(one) for one in reports) / len(reports)
        for test in (lambda one: "longitude" in one.body, lambda one: "contact" in one.body, lambda one: bool(one.by))
    )
    assert 0.75 < placed < 0.95
    assert 0.22 < reachable < 0.38
    assert 0.08 < typed < 0.22


def test_lives_follow_the_table() -> None:
    """Walked on paper, every planned act is a step of the table, and the plan ends in every state, three times."""
    ends: dict[str, int] = {standing: 0 for standing in EVENT.labels if standing not in LATER}
    for one in day_reports.told(SEED, 450):
        ends[walked(day_lives.life(one, SEED))] += 1
    assert min(ends.values()) >= 3
    ended = sum(ends[state] for state in EVENT.final if state not in LATER) / sum(ends.values())
    assert 0.33 < ended < 0.5


# Nothing is old enough for the archive after one day, and nobody merges in it.
LATER = ("archived", "joined")


def walked(acts: list[Any]) -> str:
    states = ["reported"]
    for act in acts:
        if act.leaves == "undo":
            states.pop()
        elif act.leaves not in ("request", "deny", *PART.verbs()):
            row = next(row for row in EVENT.rows(act.leaves) if states[-1] in row.sources)
            states.append(row.lands(states[-1]))
    return states[-1]


@pytest.fixture
def yunlu(
    transactional_db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, live_server: LiveServer
) -> list[str]:
    """The demo county in the database, and the options of a short day against its pages."""
    settings.MODE, settings.VAR_DIR = "demo", tmp_path
    monkeypatch.setenv("DEMO_PASSWORD", "cloud-foot-county-2026")
    call_command("load_demo", stdout=StringIO())
    reference.clear_all()
    printed = StringIO()
    call_command("token", *People().acting(), stdout=printed)
    (tmp_path / "tokens").write_text(printed.getvalue(), encoding="utf-8")
    told = ("--base", live_server.url, "--seed", str(SEED), "--tokens", str(tmp_path / "tokens"))
    return [*told, "--reports", str(FEW), "--pause", "0"]


def test_what_came_in_equals_the_database(yunlu: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Run twice: the second day sends everything again, doubles nothing and finds nothing left to do."""
    assert day.main(yunlu) == 0
    first = capsys.readouterr().out
    assert f"{FEW} received" in first.splitlines()[-1]
    assert first.splitlines()[-1].endswith("equal to the database")
    assert "not done: 0" in first
    assert Event.objects.count() == FEW
    steps = Step.objects.count()
    assert day.main(yunlu) == 0
    assert "steps taken: 0" in capsys.readouterr().out
    assert (Event.objects.count(), Step.objects.count()) == (FEW, steps)


MESSAGES = (
    "东门菜场门口的垃圾桶三天没有人收了", "南桥路口的路灯晚上不亮", "楼上装修半夜还在敲", "河边的栏杆松了一截",
    "小区停车场的收费牌看不清", "人行道的地砖翘起来绊人", "井盖响了半个月", "公交站牌被广告挡住了", "想问医保怎么转移",
    "工地扬尘大，衣服不敢晒", "消防通道又停满了车", "广场舞的喇叭太响",
)  # fmt: skip


def import_messages(folder: Path) -> None:
    """Made-up rows that name no place, spread over the grids as a trial does it."""
    (folder / "in.csv").write_text("\n".join(("words", *MESSAGES)), encoding="utf-8")
    (folder / "in.map").write_text(json.dumps({"words": "words"}), encoding="utf-8")
    call_command("import", "reports", str(folder / "in.csv"), map=folder / "in.map", spread=2020, stdout=StringIO())


def test_what_was_imported_is_worked_too(
    yunlu: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the own reports; run twice, the second day finds nothing left to do; no word of a message is printed."""
    import_messages(tmp_path)
    monkeypatch.setattr(day_imported, "DECK", {"done": 2, "refused": 2, "asked": 1, "suspended": 1, "lead_back": 1})
    began = Step.objects.count()
    assert day.main([*yunlu, "--over-imported", "--reports", "6"]) == 0
    first = capsys.readouterr().out
    assert first.splitlines()[-1] == "day: 14 sent, 6 received, 8 rejected, 12 imported, equal to the database"
    assert "imported, steps refused: 0" in first
    assert not [words for words in MESSAGES if words in first]
    events = Event.objects.filter(reports__channel="import")
    assert (events.count(), Report.objects.filter(channel="import").count()) == (len(MESSAGES), len(MESSAGES))
    assert len(set(events.values_list("state", flat=True))) >= 3
    steps = Step.objects.count()
    assert steps > began + 6 + len(MESSAGES)
    assert day.main([*yunlu, "--over-imported", "--reports", "6"]) == 0
    assert "imported, steps taken: 0" in capsys.readouterr().out
    assert Step.objects.count() == steps


def test_only_what_was_imported(yunlu: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A day cut off in the middle is gone on with where it stopped."""
    import_messages(tmp_path)
    only = [*yunlu, "--over-imported", "--reports", "0"]
    assert cut_off(only, after=9) == 9
    assert day.main(only) == 0
    said = capsys.readouterr().out
    assert "imported, steps refused: 0" in said
    assert said.splitlines()[-1] == "day: 0 sent, 0 received, 0 rejected, 12 imported, equal to the database"


def cut_off(options: list[str], after: int) -> int:
    """Live the day until so many steps were taken, then lose the day; returns how many there are."""
    began, post = Step.objects.count(), day_work.Work.took

    def lost(work: day_work.Work, *given: Any) -> bool:
        took = post(work, *given)
        if sum(work.tally.done.values()) == after:
            raise KeyboardInterrupt
        return took

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(day_work.Work, "took", lost)
        with pytest.raises(KeyboardInterrupt):
            day.main(options)
    return Step.objects.count() - began


def test_lives_of_imports_need_no_reporter() -> None:
    """Walked on paper, each way is one of the table; together they end in every state that an import can reach."""
    ends: set[str] = set()
    for n in range(1000):
        told = day_imported.message(n, "010101")
        acts = day_imported.life(told, SEED)
        assert not [act for act in acts if act.who == "reporter"]
        ends.add(walked([closing for act in acts for closing in closed_at_once(act)]))
    assert ends == set(EVENT.labels) - {"rating", *LATER}


def closed_at_once(act: day_lives.Act) -> list[day_lives.Act]:
    """Nobody is reachable, so the house closes what passed the check."""
    return [act, act._replace(verb="close")] if act.verb == "pass_check" else [act]


def test_a_loss_is_seen(yunlu: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """If the house answered for a report that it does not hold, the day ends with a difference."""
    counts = day.Day.counts

    def one_less(self: day.Day) -> Any:
        found = counts(self)
        found["reported"] -= 1 if found["reported"] else 0
        return found

    monkeypatch.setattr(day.Day, "counts", one_less)
    assert day.main([*yunlu, "--reports", "6"]) == 1
    assert "NOT equal to the database" in capsys.readouterr().out


def test_the_reader_sees_the_whole_county() -> None:
    people = People()
    found = next(one for one in people.all if one.name == READER)
    assert (found.unit, found.area) == ("centre", "511502")
    assert "receiver" in found.roles
