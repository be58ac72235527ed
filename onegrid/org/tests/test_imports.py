"""A file that is looked at by a job and written by another: every bad row, one press, nothing half, nothing twice."""

import csv
import io
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from onegrid.kit import chance, clock, held, progress
from onegrid.org import actions, queries, tasks
from onegrid.org.actions import imports
from onegrid.org.models import Area, Import, ImportFault, Posting, TrailEntry
from onegrid.org.roles import Actor
from onegrid.territory.actions import importing, stored
from onegrid.territory.adapters import tables
from onegrid.testing import cast, jobs
from onegrid.testing import matters as told
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
PAGE, TASK = "/settings/areas/import/", "territory.tasks.import_areas"
TOWN, VILLAGE = "511502009", "511502009001"
GOOD = f"code,name\n{TOWN},新设镇\n{VILLAGE},新设社区\n"
MIXED = f"code,name\n{TOWN},新设镇\nabc,无代码\n{VILLAGE},\n{TOWN},重复镇\n511502008001,无上级社区\n"


Commits = Callable[..., AbstractContextManager[object]]


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Commits) -> Commits:
    """What waits for the end of a transaction, done here although the test's own never ends."""
    return django_capture_on_commit_callbacks


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path)


@pytest.fixture
def keeper(county: County) -> Client:
    return cast.client_of(county.admin_system)


@pytest.fixture
def other(county: County) -> Actor:
    return cast.post(county, "second_admin", "centre", cast.COUNTY, ("admin_system",))


def uploaded(browser: Client, text: str = GOOD, **more: Any) -> Import:
    file = SimpleUploadedFile("codes.csv", text.encode())
    answer = browser.post(PAGE, {"what": "areas", "file": file, "idempotency_key": chance.base32(26), **more})
    assert answer.status_code == 302, answer.content.decode()
    one = Import.objects.latest("pk")
    assert answer.headers["Location"] == f"/settings/imports/{one.pk}/"
    return one


def looked(browser: Client, text: str = GOOD) -> Import:
    one = uploaded(browser, text)
    jobs.work(TASK)
    one.refresh_from_db()
    return one


def pressed(browser: Client, one: Import, deed: str = "apply", version: int | None = None) -> Any:
    given = {"deed": deed, "version": version or one.version, "idempotency_key": chance.base32(26)}
    return browser.post(f"/settings/imports/{one.pk}/", given)


def seen(browser: Client, one: Import) -> str:
    return browser.get(f"/settings/imports/{one.pk}/").content.decode()


def test_a_file_is_looked_at_shown_and_written_by_jobs(keeper: Client, commits: Commits) -> None:
    one = uploaded(keeper)
    assert one.state == "waiting"
    assert not Area.objects.filter(code=TOWN).exists()
    assert "检查中" in seen(keeper, one)
    assert jobs.work(TASK) == 1
    one.refresh_from_db()
    page = seen(keeper, one)
    assert one.state == "ready"
    assert all(words in page for words in ("新设镇", "新设社区", "确认写入"))
    assert not Area.objects.filter(code=TOWN).exists()
    assert pressed(keeper, one).status_code == 302
    assert not Area.objects.filter(code=TOWN).exists()
    with commits(execute=True):
        jobs.work(TASK)
    one.refresh_from_db()
    assert (one.state, one.counts) == ("done", {"made": 2, "changed": 0, "same": 0})
    assert list(Area.objects.filter(code__startswith=TOWN).values_list("code", flat=True)) == [TOWN, VILLAGE]
    assert "已写入" in seen(keeper, one)
    verbs = TrailEntry.objects.filter(verb__in=("begin_import", "apply_import", "place_areas")).order_by("pk")
    assert [entry.verb for entry in verbs] == ["begin_import", "apply_import", "place_areas"]
    assert {entry.posting_id for entry in verbs} == {one.applied_by_id}
    assert not held.there(imports.folder(), one.upload)


def test_every_bad_row_stands_on_the_page_and_in_the_file_with_its_line(keeper: Client) -> None:
    one = looked(keeper, MIXED)
    assert one.bad == 4
    answer = keeper.get(f"/settings/imports/{one.pk}/faults.csv")
    raw = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert raw.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(raw.removeprefix("\ufeff"))))
    assert [(row[0], row[1]) for row in rows[1:]] == [("3", "abc"), ("4", VILLAGE), ("5", TOWN), ("6", "511502008001")]
    assert all(row[3] for row in rows)
    page = seen(keeper, one)
    assert all(reason in page for _line, _code, _what, reason in rows[1:])


def test_a_thousand_bad_rows_are_all_in_the_file_and_the_first_on_the_page(keeper: Client) -> None:
    one = looked(keeper, GOOD + "x,=2+2\n" * 1000)
    assert one.bad == 1000
    raw = b"".join(keeper.get(f"/settings/imports/{one.pk}/faults.csv").streaming_content)  # type: ignore[attr-defined]
    assert len(raw.decode().splitlines()) == 1001
    assert seen(keeper, one).count("<code>x</code>") == 200


def test_a_cell_that_a_spreadsheet_would_reckon_stays_a_word(keeper: Client) -> None:
    one = looked(keeper, "code,name\n=1+1,甲\n")
    raw = b"".join(keeper.get(f"/settings/imports/{one.pk}/faults.csv").streaming_content)  # type: ignore[attr-defined]
    assert ",'=1+1," in raw.decode()


@pytest.mark.parametrize(
    ("raw", "why"),
    [("", "标题行"), ("x\0y", "第 1 行"), ("code,name\n5115,甲\n\0", "第 3 行"),
     ("code,name\n" + "x" * 1_000_001, "第 1 行"), (",".join(f"c{n}" for n in range(1_001)), "1000 列"),
     ("code,name\nabc,甲\n", "没有需要写入的行")],
)  # fmt: skip
def test_a_file_that_cannot_be_used_says_why_and_has_no_button(keeper: Client, raw: str, why: str) -> None:
    one = looked(keeper, raw)
    page = seen(keeper, one)
    assert why in page
    assert 'value="apply"' not in page
    assert pressed(keeper, one).status_code == 409
    assert not jobs.work(TASK)


def test_a_table_of_more_rows_than_the_house_takes_is_refused(keeper: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    assert looked(keeper).state == "ready"
    one = looked(keeper, GOOD + "511502010,又一镇\n")
    assert one.state == "refused"
    assert "30 万行" in seen(keeper, one)


def test_of_all_files_one_is_worked_on_at_a_time(keeper: Client) -> None:
    pressed(keeper, looked(keeper))
    uploaded(keeper)
    waiting = ProcrastinateJob.objects.filter(status="todo", task_name=TASK)
    assert list(waiting.values_list("lock", flat=True)) == [imports.LOCK] * 2


def test_a_job_that_is_done_twice_does_nothing_the_second_time(keeper: Client) -> None:
    one = looked(keeper)
    stored.import_areas(one.pk)
    one.refresh_from_db()
    assert one.version == 2
    pressed(keeper, one)
    stored.import_areas(one.pk)
    stored.import_areas(one.pk)
    one.refresh_from_db()
    assert one.counts["made"] == 2
    assert TrailEntry.objects.filter(verb="place_areas").count() == 1


def test_a_file_that_ends_its_worker_three_times_is_refused(keeper: Client) -> None:
    one = uploaded(keeper)
    Import.objects.filter(pk=one.pk).update(tries=3)
    jobs.work(TASK)
    one.refresh_from_db()
    assert one.state == "refused"
    assert "三次" in one.why


def test_what_changed_since_is_looked_at_again_and_not_overwritten(keeper: Client, county: County) -> None:
    one = looked(keeper, f"code,name\n{cast.TOWNS[0]},改名镇\n")
    # A transaction of its own, as of another request: its number tells that the row was written.
    with transaction.atomic():
        Area.objects.filter(code=cast.TOWNS[0]).update(name_zh="他人改名")
    pressed(keeper, one)
    jobs.work(TASK)
    one.refresh_from_db()
    assert one.state == "ready"
    assert Area.objects.get(code=cast.TOWNS[0]).name_zh == "他人改名"
    page = seen(keeper, one)
    assert "其间有变化" in page
    assert "他人改名 → 改名镇" in page
    pressed(keeper, one)
    jobs.work(TASK)
    assert Area.objects.get(code=cast.TOWNS[0]).name_zh == "改名镇"


def test_of_two_people_one_applies_and_the_other_is_told(keeper: Client, other: Actor) -> None:
    one = looked(keeper)
    second = cast.client_of(other)
    assert "新设镇" in seen(second, one)
    assert pressed(keeper, one).status_code == 302
    answer = pressed(second, one)
    assert answer.status_code == 409
    assert "其间已有变化" in answer.content.decode()
    assert pressed(second, one, "drop").status_code == 409
    jobs.work(TASK)
    assert TrailEntry.objects.filter(verb="place_areas").count() == 1


def test_one_press_that_is_sent_twice_is_one(keeper: Client) -> None:
    one = looked(keeper)
    given = {"deed": "apply", "version": one.version, "idempotency_key": "the-same"}
    answers = [keeper.post(f"/settings/imports/{one.pk}/", given).status_code for _ in range(2)]
    assert answers == [302, 303]
    assert jobs.work(TASK) == 1


def test_it_is_thrown_away_and_then_applied_by_nobody(keeper: Client, commits: Commits) -> None:
    one = looked(keeper)
    with commits(execute=True):
        assert pressed(keeper, one, "drop").status_code == 302
    one.refresh_from_db()
    assert one.state == "dropped"
    assert not held.there(imports.folder(), one.upload)
    assert pressed(keeper, one).status_code == 409


def test_a_refused_file_is_kept_no_longer(keeper: Client, commits: Commits) -> None:
    one = uploaded(keeper, "")
    with commits(execute=True):
        jobs.work(TASK)
    one.refresh_from_db()
    assert one.state == "refused"
    assert not held.there(imports.folder(), one.upload)


def test_each_hour_files_of_more_than_a_day_ago_go_whether_somebody_uploads_or_not(keeper: Client) -> None:
    old, young = looked(keeper), looked(keeper)
    long_ago = clock.now().timestamp() - held.KEPT_SECONDS - 60
    os.utime(imports.folder() / old.upload, (long_ago, long_ago))
    tasks.forget_uploads()
    assert [held.there(imports.folder(), one.upload) for one in (old, young)] == [False, True]


def test_a_file_that_is_gone_after_a_day_is_not_applied(keeper: Client) -> None:
    one = looked(keeper)
    held.drop(imports.folder(), one.upload)
    answer = pressed(keeper, one)
    assert answer.status_code == 409
    assert "重新上传" in answer.content.decode()


def test_whoever_pressed_and_is_no_longer_posted_writes_nothing(keeper: Client, county: County) -> None:
    one = looked(keeper)
    pressed(keeper, one)
    Posting.objects.filter(pk=one.made_by_id).update(until=clock.now() - timedelta(hours=1))
    jobs.work(TASK)
    one.refresh_from_db()
    assert one.state == "refused"
    assert not Area.objects.filter(code=TOWN).exists()


@pytest.mark.parametrize("who", ["leader", "dispatcher", "worker", "admin_security", "auditor"])
def test_others_have_no_door_and_no_verb(keeper: Client, county: County, who: str) -> None:
    one = looked(keeper)
    browser = cast.client_of(county.people[who])
    for path in ("", "now/", "faults.csv"):
        assert browser.get(f"/settings/imports/{one.pk}/{path}").status_code == 403
    assert pressed(browser, one).status_code == 403
    with pytest.raises(actions.Refused):
        actions.apply_import(county.people[who], import_id=one.pk, version=one.version)


def test_a_neighbour_finds_none_of_it(keeper: Client, county: County) -> None:
    one = looked(keeper)
    town = cast.post(county, "town_admin", "centre-002", cast.TOWNS[1], ("admin_system",))
    browser = cast.client_of(town)
    for path in ("", "now/", "faults.csv"):
        assert browser.get(f"/settings/imports/{one.pk}/{path}").status_code == 404
    assert pressed(browser, one).status_code == 404
    assert queries.last_imports(town, PAGE) == []
    assert list(queries.import_faults(town, one)) == []


@pytest.mark.parametrize("given", [{"deed": "else"}, {"deed": ""}])
def test_another_word_is_no_deed(keeper: Client, given: dict[str, str]) -> None:
    one = looked(keeper)
    path = f"/settings/imports/{one.pk}/"
    assert keeper.post(path, {**given, "version": one.version, "idempotency_key": "x"}).status_code == 404
    assert keeper.post(path, {"deed": "apply", "version": "9" * 400, "idempotency_key": "y"}).status_code == 409


def test_the_page_that_waits_is_told_how_far_it_is_and_when_it_is_over(keeper: Client) -> None:
    one = uploaded(keeper)
    Import.objects.filter(pk=one.pk).update(stage="compare", done=0, total=3052)
    answer = keeper.get(f"/settings/imports/{one.pk}/now/")
    assert "与现有数据比对" in answer.content.decode()
    assert "3052" in answer.content.decode().replace(",", "")
    assert "HX-Refresh" not in answer.headers
    jobs.work(TASK)
    assert keeper.get(f"/settings/imports/{one.pk}/now/").headers["HX-Refresh"] == "true"


def test_how_far_it_is_can_be_read_while_it_works(keeper: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    one, stages, plan = uploaded(keeper), list[str](), importing.plan_areas

    def slowly(raw: bytes, tell: progress.Tell) -> Any:
        def looking(stage: str, done: int, total: int) -> None:
            tell(stage, done, total)
            stages.append(Import.objects.get(pk=one.pk).stage)

        return plan(raw, looking)

    monkeypatch.setattr(importing, "plan_areas", slowly)
    jobs.work(TASK)
    assert stages == ["read", "compare"]


def test_of_one_stage_little_is_told() -> None:
    said: list[tuple[str, int]] = []
    tell = progress.now_and_then(lambda stage, done, _total: said.append((stage, done)))
    for n in range(100):
        tell("rows", n, 100)
    tell("write", 0, 0)
    assert said == [("rows", 0), ("write", 0)]


def test_after_thirty_days_nothing_of_it_is_left(keeper: Client) -> None:
    looked(keeper, MIXED)
    assert actions.forget_imports() == 0
    with told.at(clock.now() + timedelta(days=31)):
        assert actions.forget_imports() == 1
    assert not ImportFault.objects.exists()


def test_the_database_keeps_what_is_written_with_who_applied_it(keeper: Client) -> None:
    one = looked(keeper)
    for wrong in ({"state": "done", "ended_at": clock.now()}, {"state": "dropped"}, {"state": "somewhere"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Import.objects.filter(pk=one.pk).update(**wrong)


def test_no_name_or_field_of_a_form_leads_to_an_error_page(keeper: Client) -> None:
    file = SimpleUploadedFile("x" * 90 + "\u202e.csv", GOOD.encode())
    given = {"what": "boundaries", "system": "\0", "code_field": "\0" * 9, "level": "\u0007", "file": file}
    answer = keeper.post(PAGE, {**given, "idempotency_key": "odd"})
    assert answer.status_code == 302
