"""A job on a file that comes to no end: ended, refused by the database, kept waiting by it; with real transactions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import DataError, OperationalError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from onegrid.kit import held, transactions
from onegrid.org import actions
from onegrid.org.actions import imports
from onegrid.org.models import Area, Import
from onegrid.territory.actions import importing, stored
from onegrid.territory.rules import report
from onegrid.testing import jobs
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db(transaction=True)
TASK, TOWN = "territory.tasks.import_areas", "511502009"
GOOD = f"code,name\n{TOWN},新设镇\n"


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder of its own, and no job left behind: the tables of the queue are not emptied between tests."""
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path)
    monkeypatch.setattr(imports, "WAITS", (0, 0))
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def begun(county: County) -> Import:
    upload = actions.Upload("areas", TASK, "/", "codes.csv", [GOOD.encode()])
    return actions.begin_import(county.admin_system, upload)


@pytest.fixture
def pressed(county: County, begun: Import) -> Import:
    stored.import_areas(begun.pk)
    return actions.apply_import(county.admin_system, import_id=begun.pk, version=2)


def state(one: Import) -> tuple[str, int, bool]:
    """Where it stands, how often it was begun, and whether its town is here."""
    one.refresh_from_db()
    return one.state, one.tries, Area.objects.filter(code=TOWN).exists()


def postponed() -> list[str]:
    """The locks of the jobs that come later."""
    return list(ProcrastinateJob.objects.filter(scheduled_at__isnull=False).values_list("lock", flat=True))


def in_the_middle(monkeypatch: pytest.MonkeyPatch, happening: Any) -> None:
    """Something happens after the areas were written and before the transaction ended."""
    monkeypatch.setattr(stored, "counts", happening)


def test_a_worker_that_ends_in_the_middle_leaves_nothing_and_the_job_begins_anew(
    pressed: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    """kill -9 itself: tests/faults."""

    def ended(_placed: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        in_the_middle(patched, ended)
        with pytest.raises(KeyboardInterrupt):
            stored.import_areas(pressed.pk)
    assert state(pressed) == ("writing", 1, False)
    assert held.there(imports.folder(), pressed.upload)
    stored.import_areas(pressed.pk)
    assert state(pressed) == ("done", 0, True)
    assert pressed.counts["made"] == 1
    assert not held.there(imports.folder(), pressed.upload)


def test_a_deed_that_is_taken_back_leaves_the_file(county: County, begun: Import) -> None:
    stored.import_areas(begun.pk)

    @transaction.atomic
    def taken_back() -> None:
        actions.drop_import(county.admin_system, import_id=begun.pk, version=2)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        taken_back()
    assert state(begun)[0] == "ready"
    assert held.there(imports.folder(), begun.upload)


def test_a_lock_that_is_not_given_is_no_try_and_the_file_is_begun_anew_later(
    pressed: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(transactions, "PATIENCE", ("lock_timeout = '50ms'",))
        with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
            other.execute("LOCK TABLE org_area IN ROW EXCLUSIVE MODE")
            for _ in range(imports.MOST_TRIES + 1):
                stored.import_areas(pressed.pk)
    assert state(pressed) == ("writing", 0, False)
    assert postponed() == [imports.LOCK] * (imports.MOST_TRIES + 1)
    jobs.work(TASK)
    assert state(pressed) == ("done", 0, True)


def test_a_connection_that_breaks_is_no_try(pressed: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_placed: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    in_the_middle(monkeypatch, broken)
    stored.import_areas(pressed.pk)
    assert state(pressed) == ("writing", 0, False)
    assert postponed() == [imports.LOCK]


def test_a_database_that_comes_back_in_seconds_is_waited_for(pressed: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    starting, real = iter([True, False]), imports.let_work

    def waited(one: Import, delay_seconds: int = 0) -> None:
        if next(starting):
            raise OperationalError("starting up")
        real(one, delay_seconds)

    def away(_placed: Any) -> None:
        raise OperationalError("shutting down")

    monkeypatch.setattr(imports, "let_work", waited)
    in_the_middle(monkeypatch, away)
    stored.import_areas(pressed.pk)
    assert state(pressed) == ("writing", 0, False)
    assert postponed() == [imports.LOCK]


def test_a_statement_that_takes_too_long_each_time_says_that_the_file_is_too_large(
    pressed: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(_placed: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '20ms'")
            cursor.execute("SELECT pg_sleep(10)")

    in_the_middle(monkeypatch, slow)
    for tried in range(1, imports.MOST_TRIES + 1):
        with pytest.raises(OperationalError):
            stored.import_areas(pressed.pk)
        assert state(pressed) == ("writing", tried, False)
    stored.import_areas(pressed.pk)
    assert state(pressed) == ("refused", 0, False)
    assert "三次" in pressed.why


def test_an_error_of_the_program_is_named_and_not_taken_for_a_file_that_is_too_large(
    begun: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*_given: Any) -> None:
        raise KeyError("parent")

    monkeypatch.setattr(importing, "plan_areas", wrong)
    for _ in range(imports.MOST_TRIES):
        assert state(begun)[0] == "waiting"
        with pytest.raises(KeyError):
            stored.import_areas(begun.pk)
    assert state(begun)[0] == "refused"
    assert "程序出错" in begun.why
    assert "KeyError" in begun.why


@pytest.mark.parametrize("fact", ["a\0b", "a\ud800b"])
def test_what_the_database_cannot_keep_is_said_at_once(
    begun: Import, monkeypatch: pytest.MonkeyPatch, fact: str
) -> None:
    real = report.of_areas
    monkeypatch.setattr(report, "of_areas", lambda *given: {**real(*given), "facts": [fact]})
    stored.import_areas(begun.pk)
    assert state(begun)[0] == "refused"
    assert "无法保存" in begun.why


def test_what_the_database_does_not_write_is_said_at_once(pressed: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_placed: Any) -> None:
        raise DataError("value out of range\nDETAIL: a row")

    in_the_middle(monkeypatch, refused)
    stored.import_areas(pressed.pk)
    assert state(pressed) == ("refused", 0, False)
    assert pressed.why.endswith("value out of range")
