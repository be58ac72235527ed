"""The papers of the house are true with the code."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from onegrid.events.rules.diagram import drawn
from onegrid.events.workflow import EVENT, PART, VERB_LABELS

DOCS = Path(settings.BASE_DIR) / "docs"
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
TO_HEADING = re.compile(r"\]\(([^):#]*)#([^)]+)\)")
PICTURE = re.compile(r'<img src="([^"]+)"|!\[[^\]]*\]\(([^)]+)\)')
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
GUIDE_PAGES = ("README", "resident", "operator", "handler", "leader")
WIDEST, HEAVIEST = 1200, 120_000  # pixels, bytes


def test_the_drawn_life_is_the_table() -> None:
    for flow in (EVENT, PART):
        assert (DOCS / "workflows" / f"{flow.name}.md").read_text() == drawn(flow)


def test_every_verb_and_state_stands_in_the_glossary() -> None:
    glossary = (DOCS / "glossary.md").read_text()
    missing = [name for name in (*VERB_LABELS, *EVENT.states()) if f"`{name}`" not in glossary]
    assert missing == []


def test_no_paper_links_to_what_is_not_there() -> None:
    broken = []
    for path in papers():
        for target in LINK.findall(path.read_text()):
            if not (path.parent / target).exists():
                broken.append(f"{path.name}: {target}")
    assert broken == []


def test_every_picture_in_a_paper_is_there_and_small() -> None:
    wrong = []
    for path in papers():
        for picture in named_pictures(path):
            if not picture.exists():
                wrong.append(f"{path.name}: {picture.name} is not there")
            elif picture.stat().st_size > HEAVIEST or Image.open(picture).width > WIDEST:
                wrong.append(f"{picture.name} is too large")
    assert wrong == []


def test_no_picture_of_the_guide_is_left_over() -> None:
    named = {picture for path in papers() for picture in named_pictures(path)}
    assert [path.name for path in (DOCS / "pictures").rglob("*.png") if path.resolve() not in named] == []


@pytest.mark.parametrize("page", GUIDE_PAGES)
def test_a_guide_page_says_the_same_in_both_languages(page: str) -> None:
    """As many headings of each depth in the same order, and the same pictures, each in its language."""
    chinese, english = (DOCS / "guide" / folder / f"{page}.md" for folder in ("zh", "en"))
    assert depths(chinese) == depths(english)
    names = [[picture.name.split(".")[0] for picture in named_pictures(path)] for path in (chinese, english)]
    assert names[0] == names[1]
    assert all(picture.suffixes[0] == ".zh" for picture in named_pictures(chinese))
    assert all(picture.suffixes[0] == ".en" for picture in named_pictures(english))


def test_a_link_to_a_heading_finds_it() -> None:
    missing = []
    for path in papers():
        for target, anchor in TO_HEADING.findall(path.read_text()):
            page = path.parent / target if target else path
            if page.suffix == ".md" and page.exists() and anchor not in anchors(page):
                missing.append(f"{path.name}: {target}#{anchor}")
    assert missing == []


def papers() -> list[Path]:
    return [*DOCS.rglob("*.md"), *Path(settings.BASE_DIR).glob("*.md")]


def named_pictures(path: Path) -> list[Path]:
    found = [plain or marked for plain, marked in PICTURE.findall(path.read_text())]
    return [(path.parent / one).resolve() for one in found if not one.startswith("http")]


def depths(path: Path) -> list[int]:
    return [len(marks) for marks, _words in HEADING.findall(path.read_text())]


def anchors(path: Path) -> set[str]:
    """As GitHub makes them: small letters, no punctuation, hyphens for blanks."""
    titles = [words for _marks, words in HEADING.findall(path.read_text())]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
