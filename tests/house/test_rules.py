"""The rules of the house that no linter sees."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from onegrid.kit import later
from onegrid.org.scope import PUBLIC_MODELS, Scope
from onegrid.reactions import REACTIONS

ROOMS = ("org", "notices", "gazetteer", "events", "supervision", "territory", "insight", "public")
PACKAGE = Path(settings.BASE_DIR) / "onegrid"
# Rows that are nobody's in particular: reference data, and what only the house itself reads.
UNSCOPED = {
    "events.Category", "events.Route", "events.Reason", "events.RetentionRule",
    "events.ReplyTemplate", "public.Throttle", "public.Tally",
    "events.Question", "events.Article",
}  # fmt: skip
CLOCK = {"kit/clock.py", "kit/reference.py", "live.py"}


def sources() -> list[Path]:
    return [path for path in PACKAGE.rglob("*.py") if not {"tests", "migrations", "testing"} & set(path.parts)]


def doors(patterns: list[URLPattern | URLResolver], prefix: str = "") -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for one in patterns:
        if isinstance(one, URLResolver):
            found += doors(one.url_patterns, prefix + str(one.pattern))
        else:
            found.append((prefix + str(one.pattern), one.callback))
    return found


def test_every_address_has_a_door() -> None:
    pages = [(path, view) for path, view in doors(get_resolver().url_patterns) if not path.startswith("api/v1/")]
    assert pages
    assert [path for path, view in pages if not hasattr(view, "door")] == []


def test_every_model_says_who_sees_its_rows() -> None:
    blind = []
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            label = model._meta.label
            if label in PUBLIC_MODELS or label in UNSCOPED:
                continue
            if not isinstance(getattr(model, "scope", None), Scope):
                blind.append(label)
    assert blind == []


@pytest.mark.parametrize("room", ROOMS)
def test_views_and_api_do_not_read_tables_themselves(room: str) -> None:
    files = [path for path in (PACKAGE / room).rglob("*.py") if {"views", "api"} & {path.stem, path.parent.name}]
    guilty = [str(path.relative_to(PACKAGE)) for path in files if ".objects" in path.read_text()]
    assert guilty == []


def test_only_the_clock_tells_the_time() -> None:
    banned = re.compile(r"datetime\.now\(|timezone\.now\(|time\.time\(|datetime\.utcnow\(|date\.today\(")
    guilty = [
        str(path.relative_to(PACKAGE))
        for path in sources()
        if str(path.relative_to(PACKAGE)) not in CLOCK
        and "launch" not in path.parts
        and banned.search(path.read_text())
    ]
    assert guilty == []


def test_every_reaction_names_a_job_that_exists() -> None:
    wanted = {name for names in REACTIONS.values() for name in names}
    assert wanted <= set(later.names())


def test_no_function_is_longer_than_forty_lines() -> None:
    long = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > 40:
                    long.append(f"{path.relative_to(PACKAGE)}:{node.name} {lines}")
    assert long == []


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    assert [str(path) for path in sources() if path.read_text().count("\n") > 400] == []


def test_no_chinese_stands_in_the_code() -> None:
    chinese = re.compile(r"[\u3400-\u9fff]")
    files = [*sources(), *PACKAGE.rglob("*.html")]
    allowed = {"__init__.py", "settings.py"}
    assert [str(p.relative_to(PACKAGE)) for p in files if p.name not in allowed and chinese.search(p.read_text())] == []


def test_nothing_dangerous_is_called() -> None:
    banned = re.compile(r"\b(eval|exec)\(|pickle|yaml\.load\(|mark_safe\(|shell=True|FaceRecognizer|face_recognition")
    assert [str(path.relative_to(PACKAGE)) for path in sources() if banned.search(path.read_text())] == []


def test_no_room_is_without_its_readme() -> None:
    assert [room for room in (*ROOMS, "kit", "triage") if not (PACKAGE / room / "README.md").is_file()] == []


def test_no_status_of_a_person_can_be_written() -> None:
    banned = re.compile(r"score|rank|risk|trust|danger|watch|religion|ethnic|politic", re.I)
    people = ("org.User", "org.Posting", "events.Contact")
    fields = [f"{label}.{field.name}" for label in people for field in apps.get_model(label)._meta.get_fields()]
    assert [name for name in fields if banned.search(name.split(".")[-1])] == []
