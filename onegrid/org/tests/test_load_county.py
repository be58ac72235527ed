"""The county from files, the demo accounts, the token command, and the check against demo in production."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from onegrid.kit import reference
from onegrid.org import actions, queries
from onegrid.org.management import checks
from onegrid.org.management.commands import load_demo
from onegrid.org.models import Area, Posting, TrailEntry, Unit, User

pytestmark = pytest.mark.django_db
PASSWORD = "twelve-letters-at-least"

AREAS: list[dict[str, Any]] = [
    {"code": "511502", "kind": "county", "name_zh": "云麓县", "name_en": "Yunlu", "lon": 104.6,
     "lat": 28.7, "boundary": None, "home": None},
    {"code": "511502001", "kind": "town", "name_zh": "城关街道", "name_en": "Chengguan", "parent": "511502",
     "lon": 104.6, "lat": 28.7, "boundary": None, "home": None},
]  # fmt: skip
UNITS: list[dict[str, Any]] = [
    {"code": "sweepers", "name_zh": "环卫公司", "name_en": "Sweepers", "kind": "contractor", "area": "511502",
     "employer": "centre", "phone": ""},
    {"code": "centre", "name_zh": "县综治中心", "name_en": "Centre", "kind": "centre", "area": "511502",
     "employer": None, "phone": "0831-1"},
]  # fmt: skip
PEOPLE: list[dict[str, Any]] = [
    {"username": "zhang", "name_zh": "张伟", "name_en": "Zhang Wei",
     "postings": [{"unit": "centre", "area": "511502", "roles": ["receiver", "dispatcher"]}]},
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, rows in (("areas", AREAS), ("units", UNITS), ("people", PEOPLE)):
        (tmp_path / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")
    return tmp_path


def load(folder: Path, **options: Any) -> None:
    call_command("load_county", folder, stdout=io.StringIO(), **options)
    reference.clear_all()


def test_it_places_areas_units_and_people(folder: Path) -> None:
    load(folder)
    assert Area.objects.count() == 2
    sweepers = Unit.objects.get(code="sweepers")
    assert sweepers.employer is not None
    assert sweepers.employer.code == "centre"
    assert Posting.objects.get().roles == ["dispatcher", "receiver"]
    assert not User.objects.get().has_usable_password()


def test_a_second_load_changes_nothing(folder: Path) -> None:
    load(folder, demo_password=PASSWORD)
    before = TrailEntry.objects.count()
    load(folder, demo_password=PASSWORD)
    assert TrailEntry.objects.count() == before


def test_changed_rows_are_followed_and_old_postings_ended(folder: Path) -> None:
    load(folder)
    changed = [{**PEOPLE[0], "postings": [{"unit": "centre", "area": "511502", "roles": ["leader"]}]}]
    (folder / "people.json").write_text(json.dumps(changed), encoding="utf-8")
    load(folder)
    assert [(row.roles, row.until is None) for row in Posting.objects.order_by("pk")] == [
        (["dispatcher", "receiver"], False),
        (["leader"], True),
    ]


def test_demo_accounts_share_the_password_and_may_sign_in(folder: Path) -> None:
    load(folder, demo_password=PASSWORD)
    assert User.objects.get().demo
    assert actions.sign_in(username="zhang", password=PASSWORD, address="10.0.0.1") is not None


def test_production_refuses_demo_accounts_tokens_of_others_and_the_start(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(folder, demo_password=PASSWORD)
    assert checks.no_demo_accounts(["default"]) == []
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
    settings.MODE = "production"
    for command, given in (("load_county", [folder]), ("load_demo", []), ("token", ["zhang"])):
        options = {"demo_password": PASSWORD} if command == "load_county" else {}
        with pytest.raises(CommandError):
            call_command(command, *given, **options)
    assert [error.id for error in checks.no_demo_accounts(["default"])] == ["org.E001"]


def test_the_token_command_prints_a_token_that_works(folder: Path) -> None:
    load(folder)
    out = io.StringIO()
    call_command("token", "zhang", stdout=out)
    row = queries.token(actions.token_hash(out.getvalue().strip()))
    assert row is not None
    assert row.posting.user.username == "zhang"
    with pytest.raises(CommandError):
        call_command("token", "nobody")


def test_one_login_for_each_role_is_written_down(folder: Path) -> None:
    assert load_demo.logins(folder).splitlines() == [
        "receiver\tzhang\t张伟\t县综治中心\tZhang Wei\tCentre",
        "dispatcher\tzhang\t张伟\t县综治中心\tZhang Wei\tCentre",
    ]
