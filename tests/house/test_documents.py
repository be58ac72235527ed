"""The papers of the house are true with the code."""

import re
from pathlib import Path

from django.conf import settings

from onegrid.events.rules.diagram import drawn
from onegrid.events.workflow import EVENT, PART, VERB_LABELS

DOCS = Path(settings.BASE_DIR) / "docs"
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")


def test_the_drawn_life_is_the_table() -> None:
    for flow in (EVENT, PART):
        assert (DOCS / "workflows" / f"{flow.name}.md").read_text() == drawn(flow)


def test_every_verb_and_state_stands_in_the_glossary() -> None:
    glossary = (DOCS / "glossary.md").read_text()
    missing = [name for name in (*VERB_LABELS, *EVENT.states()) if f"`{name}`" not in glossary]
    assert missing == []


def test_no_paper_links_to_what_is_not_there() -> None:
    broken = []
    for path in [*DOCS.rglob("*.md"), *Path(settings.BASE_DIR).glob("*.md")]:
        for target in LINK.findall(path.read_text()):
            if not (path.parent / target).exists():
                broken.append(f"{path.name}: {target}")
    assert broken == []
