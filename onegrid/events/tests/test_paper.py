"""One matter as a file on paper: the letters lie in it, its reader stands on every page, and nobody's contact does."""

import importlib
import io
import re
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from onegrid.events import actions
from onegrid.events.models import Event
from onegrid.kit import images, paper
from onegrid.org.models import TrailEntry
from onegrid.org.roles import Actor
from onegrid.testing.cast import County
from onegrid.testing.matters import carry, make_matters, reported

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
READABLE = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils reads the PDF back")


@pytest.fixture(scope="module", autouse=True)
def _drawing_is_loaded() -> None:
    """Before any transaction begins: on a busy machine it takes longer than one may stand idle."""
    importlib.import_module("fpdf")


@pytest.fixture
def matters(county: County, settings: Any, tmp_path: Any) -> County:
    kept = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": kept}
    make_matters(county)
    return county


def picture() -> images.Picture:
    drawn = io.BytesIO()
    Image.effect_noise((120, 90), 40).convert("RGB").save(drawn, "JPEG")
    return images.rebuild(drawn.getvalue())


def long_life(matters: County) -> Event:
    """Thirty steps and more, two voices, a rare character, a photo."""
    said = reported(
        "东门巷三盏路灯不亮，龘先生晚上看不见路。" * 8, contact={"name": "王某某", "phone": "13800001234"},
        pictures=[picture()], address="东门巷 12 号",
    )  # fmt: skip
    actions.join(actor=Actor.stranger(), number=said.number, words="我家门口那盏也不亮，老人摔了一跤。")
    carry(said, "handling", matters)
    for number in range(10):
        words = {"words": f"第 {number + 1} 次说明：配件还在路上，预计 2026-11-30 到货，请耐心等待。"}
        actions.take(actor=matters.handler, number=said.number, verb="tell", given=words)
        actions.take(actor=matters.dispatcher, number=said.number, verb="note", given={"words": "电话催过"})
    for _again in range(2):
        actions.take(actor=matters.handler, number=said.number, verb="resolve", given={"result": "换了三个灯泡。"})
        actions.take(actor=matters.checker, number=said.number, verb="redo", given={"reason": "还有一盏不亮"})
    actions.take(actor=matters.handler, number=said.number, verb="resolve", given={"result": "全部换好，已试亮。"})
    actions.take(actor=matters.checker, number=said.number, verb="pass_check", given={})
    actions.take(actor=Actor.reporter(said.report.pk), number=said.number, verb="rate", given={"solved": True})
    actions.take(actor=matters.leader, number=said.number, verb="archive")
    return Event.objects.get(number=said.number)


def read(raw: bytes) -> str:
    command = ["pdftotext", "-layout", "-", "-"]
    return subprocess.run(command, input=raw, capture_output=True, check=True).stdout.decode()


@READABLE
def test_the_file_tells_all_and_names_no_reporter(matters: County, browser_of: Browser) -> None:
    event = long_life(matters)
    assert event.steps.count() >= 30
    answer = browser_of(matters.leader).get(f"/desk/events/{event.number}/paper.pdf")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    raw = answer.content
    text = re.sub(r"\s", "", read(raw))
    for words in ("龘先生", "老人摔了一跤", "全部换好", "第10次说明", "电话催过", "还有一盏不亮", event.number):
        assert words in text
    assert event.steps.get(verb="archive").facts["sha256"][:24] in text
    assert "王某某" not in text
    assert "1380000" not in text
    pages = read(raw).strip("\f").split("\f")
    assert len(pages) >= 2
    for number, page in enumerate(pages, start=1):
        assert matters.leader.name in page
        assert f"{number}/{len(pages)}" in page.replace(" ", "")
        assert event.number in page


def test_the_letters_lie_in_the_file(matters: County, browser_of: Browser) -> None:
    raw = browser_of(matters.dispatcher).get(f"/desk/events/{long_life(matters).number}/paper.pdf").content
    assert raw.startswith(b"%PDF-1.")
    assert raw.count(b"/FontFile2") == 1
    assert b"/Helvetica" not in raw
    assert len(raw) < 400_000


def test_taking_it_out_stands_on_the_trail(matters: County, browser_of: Browser) -> None:
    event = carry(reported(), "handling", matters)
    assert browser_of(matters.handler).get(f"/desk/events/{event.number}/paper.pdf").status_code == 200
    entry = TrailEntry.objects.get(verb="print")
    assert (entry.subject_id, entry.posting_id) == (event.pk, matters.handler.posting_id)


def test_who_may_not_see_the_event_gets_no_paper(matters: County, browser_of: Browser) -> None:
    event = carry(reported(), "handling", matters)
    for actor in (matters.other_handler, matters.neighbour):
        assert browser_of(actor).get(f"/desk/events/{event.number}/paper.pdf").status_code == 404
    assert not TrailEntry.objects.filter(verb="print").exists()


def wide(text: str) -> float:
    return float(sum(2 if ord(one) > 0x2E7F else 1 for one in text))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("东门巷路灯", ["东门巷路", "灯"]),
        ("东门巷灯。好", ["东门巷", "灯。好"]),
        ("看 https://x", ["看", "https://", "x"]),
        ("a bb ccc", ["a bb ccc"]),
        ("aaa bbbb cc", ["aaa bbbb", "cc"]),
        ("（东门）巷子", ["（东门）", "巷子"]),
        ("一\n\n二", ["一", "", "二"]),
        ("", [""]),
    ],
)
def test_lines_break_as_print_breaks_them(text: str, lines: list[str]) -> None:
    assert list(paper.broken(text, 8, wide)) == lines


def test_no_line_is_wider_than_the_paper() -> None:
    text = "东门巷（第12号）https://example.invalid/" + "很长" * 20 + "word " * 9 + "！！！" * 5
    for width in range(4, 40):
        assert all(wide(line) <= width for line in paper.broken(text, width, wide))
