"""Translations: take the words out of code and templates, compile catalogues, find what is not translated.

No program outside Python is needed. Each Django app keeps its own catalogue; everything else (kit, roof,
rooms without tables) shares the one under onegrid/locale.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from onegrid.launch.places import PROJECT

LANGUAGE = "zh_Hans"
PACKAGE = PROJECT / "onegrid"
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")
SAME = "name"  # a translator's comment "# name" allows a msgid that has no other form

Key = str | tuple[str, str]


@dataclass
class Word:
    """One text to be translated, with the places that speak it."""

    singular: str
    plural: str | None
    context: str | None
    places: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Room:
    """The part of the house that shares one catalogue."""

    name: str
    folder: Path

    @property
    def catalogue(self) -> Path:
        return self.folder / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"

    def files(self) -> Iterator[Path]:
        """Code and templates whose words belong here; of the shared catalogue: all but the apps' folders."""
        others = {room.folder for room in rooms() if self.folder in room.folder.parents}
        for path in sorted(self.folder.rglob("*")):
            if path.suffix not in (".py", ".html", ".txt") or not others.isdisjoint(path.parents):
                continue
            within = path.relative_to(self.folder).parts
            if not {"tests", "migrations", "locale", "static", "launch", "testing"} & set(within):
                yield path


def rooms() -> list[Room]:
    """Each app with its catalogue, and last the shared one."""
    apps = [Room(path.parent.name, path.parent) for path in sorted(PACKAGE.glob("*/apps.py"))]
    return [*apps, Room("onegrid", PACKAGE)]


def words_of(room: Room) -> dict[tuple[str | None, str], Word]:
    """Every text of a room, by context and msgid."""
    found: dict[tuple[str | None, str], Word] = {}
    for path in room.files():
        place = str(path.relative_to(PROJECT))
        for line, texts, _, context in extract("python", readable(path), KEYWORDS, options={"encoding": "utf-8"}):
            singular, plural = (texts[0], texts[1]) if isinstance(texts, tuple) else (texts, None)
            if singular:
                word = found.setdefault((context, singular), Word(singular, plural, context))
                word.plural = word.plural or plural
                word.places.append((place, line))
    return found


def readable(path: Path) -> io.BytesIO:
    """The file as Python; a template is turned into calls of gettext on the same lines."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        from django.utils.translation.template import templatize

        # Blanked-out markup keeps its indentation, over which the tokenizer would stumble.
        source = "\n".join(line.strip() for line in templatize(source).split("\n"))
    return io.BytesIO(source.encode())


def extract_all() -> None:
    """Bring every catalogue up to date: new texts come in empty, unused ones go, translations stay."""
    for room in rooms():
        words = words_of(room)
        if not words and not room.catalogue.exists():
            continue
        kept = read_catalogue(room.catalogue)
        fresh = empty_catalogue()
        for word in words.values():
            old = kept.get(word.singular, context=word.context)
            fresh.add(
                (word.singular, word.plural) if word.plural else word.singular,
                string=translation_kept(old, word),
                locations=word.places,
                user_comments=old.user_comments if old else (),
                context=word.context,
            )
        write_catalogue(room.catalogue, fresh)


def translation_kept(old: Message | None, word: Word) -> str | tuple[str, ...] | None:
    """What was translated before, in the shape that the text has now (with or without a plural)."""
    if old is None or not old.string:
        return None
    strings = (old.string,) if isinstance(old.string, str) else tuple(old.string)
    return strings if word.plural else strings[0]


def empty_catalogue() -> Catalog:
    return Catalog(locale=LANGUAGE, project="OneGrid", version="", fuzzy=False, header_comment="# OneGrid")


def read_catalogue(path: Path) -> Catalog:
    if not path.exists():
        return empty_catalogue()
    with path.open("rb") as source:
        return read_po(source, locale=LANGUAGE)


def write_catalogue(path: Path, catalogue: Catalog) -> None:
    """Sorted by msgid and without dates and line numbers, so that a change shows only what changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    write_po(out, catalogue, sort_output=True, omit_header=False, include_lineno=False, width=110)
    lines = [line for line in out.getvalue().decode().split("\n") if not CHANGING.match(line)]
    path.write_text("\n".join(lines), encoding="utf-8")


CHANGING = re.compile(r'"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Generated-By|Report-Msgid-Bugs-To)')


def compile_all() -> int:
    """Make the .mo of every catalogue; how many."""
    paths = sorted(PROJECT.glob("onegrid/**/locale/**/*.po"))
    for path in paths:
        with path.with_suffix(".mo").open("wb") as out:
            write_mo(out, read_catalogue(path))
    return len(paths)


def missing() -> list[str]:
    """Every fault of the translations, one line each: missing, empty, fuzzy, equal, misplaced, obsolete."""
    return [f"{room.name}: {fault}" for room in rooms() for fault in faults_of(room)]


def faults_of(room: Room) -> Iterator[str]:
    words, kept = words_of(room), read_catalogue(room.catalogue)
    for (context, singular), word in words.items():
        message = kept.get(singular, context=context)
        if message is None:
            yield f"missing: {singular!r} ({word.places[0][0]})"
        else:
            yield from faults_of_message(message, singular)
    for message in kept:
        if message.id and (message.context, first(message.id)) not in words:
            yield f"obsolete: {first(message.id)!r}"
    for message in kept.obsolete.values():
        yield f"obsolete: {first(message.id)!r}"


def faults_of_message(message: Message, singular: str) -> Iterator[str]:
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if not strings or not all(strings):
        yield f"empty: {singular!r}"
    if message.fuzzy:
        yield f"fuzzy: {singular!r}"
    if singular in strings and SAME not in message.user_comments:
        yield f"equal: {singular!r}"
    for string in strings:
        strange = placeholders(string) - placeholders(singular) - placeholders(last(message.id))
        if string and strange:
            yield f"placeholders differ: {singular!r}"


def placeholders(text: str) -> set[str]:
    return {match[0] for match in PLACEHOLDER.finditer(text)}


def first(value: str | tuple[str, ...] | list[str]) -> str:
    return value if isinstance(value, str) else value[0]


def last(value: str | tuple[str, ...] | list[str]) -> str:
    return value if isinstance(value, str) else value[-1]
