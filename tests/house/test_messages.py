"""Translations: every text of the house has one, and the tool that says so sees every kind of fault."""

from pathlib import Path

import pytest

from onegrid.launch import messages

PO = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "One"
msgstr ""

#, fuzzy
msgid "Two"
msgstr "二"

msgid "Three"
msgstr "Three"

# name
msgid "OneGrid"
msgstr "OneGrid"

msgid "Seen %(count)s times"
msgstr "见过 %(number)s 次"

msgid "Gone"
msgstr "没了"
"""
PAGE = """{% load i18n %}
  <p title='it"s'>{% translate "On a page" %}</p>
 {% blocktranslate trimmed %}
   In a block
 {% endblocktranslate %}
"""
CODE = """
from django.utils.translation import gettext as _

TEXTS = [_("One"), _("Two"), _("Three"), _("OneGrid"), _("Seen %(count)s times"), _("New")]
"""


def test_every_text_is_translated() -> None:
    assert messages.missing() == []


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> messages.Room:
    """A room of its own with one fault of each kind."""
    monkeypatch.setattr(messages, "PROJECT", tmp_path)
    room = messages.Room("room", tmp_path)
    (tmp_path / "words.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    room.catalogue.parent.mkdir(parents=True)
    room.catalogue.write_text(PO, encoding="utf-8")
    return room


def test_each_kind_of_fault_is_named(room: messages.Room) -> None:
    faults = set(messages.faults_of(room))
    assert faults == {
        "missing: 'On a page' (page.html)",
        "missing: 'In a block' (page.html)",
        "missing: 'New' (words.py)",
        "empty: 'One'",
        "fuzzy: 'Two'",
        "equal: 'Three'",
        "placeholders differ: 'Seen %(count)s times'",
        "obsolete: 'Gone'",
    }


def test_extraction_keeps_translations_and_drops_what_is_gone(
    room: messages.Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "rooms", lambda: [room])
    messages.extract_all()
    text = room.catalogue.read_text(encoding="utf-8")
    assert "见过 %(number)s 次" in text
    assert "没了" not in text
    assert 'msgid "On a page"\nmsgstr ""' in text
    messages.extract_all()
    assert room.catalogue.read_text(encoding="utf-8") == text


def test_no_text_is_said_in_two_ways() -> None:
    """All catalogues of a process are one: of two translations of a text, one room's silently wins everywhere."""
    said: dict[object, set[str]] = {}
    for room in messages.rooms():
        for message in messages.read_catalogue(room.catalogue):
            if message.id:
                said.setdefault((message.context, str(message.id)), set()).add(str(message.string))
    assert {key: words for key, words in said.items() if len(words) > 1} == {}
