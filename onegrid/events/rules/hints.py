"""Gentle hints on a reply while it is written: every point answered? who, what, when? They never stand in the way."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from onegrid.events.rules.filling import BLANK
from onegrid.kit import text

WORDS = Path(__file__).with_name("hint_words.json")
# What is looked for, verb by verb; `points` compares with what was reported.
ASKED = {
    "ask": ("question",),
    "refuse": ("points", "why", "where"),
    "tell": ("who", "what", "when"),
    "resolve": ("points", "who", "what", "when"),
    "finish_on_the_spot": ("points", "what"),
    "extend": ("why", "when"),
    "suspend": ("why", "when"),
    "void": ("why",),
}
# The end of a sentence, or of one line of a list.
ENDS = re.compile(r"[\u3002\uff01\uff1f\uff1b!?;\n]+|\.\s")
MOST_POINTS = 5
LONG_SENTENCE = 80
# Eleven digits of a mobile phone, eighteen of an identity number; a number of the house has letters between.
PRIVATE = re.compile(r"(?<![\dA-Za-z-])(1[3-9]\d{9}|\d{17}[\dXx])(?![\dA-Za-z])")
DATE = re.compile(r"\d{1,2}\s?[\u6708/-]\s?\d{1,2}|\d{1,2}[:\uff1a]\d{2}|\d+\s?[\u65e5\u53f7\u5929]")


@dataclass(frozen=True)
class Hint:
    """One thing that a good reply has: there already, or not yet, and why it matters to the reader."""

    code: str
    there: bool
    words: str
    why: str = ""


def hints(reply: str, *, verb: str, reported: str) -> list[Hint]:
    """What to look at, in the order in which a reader would miss it; nothing for an empty reply."""
    reply = text.tidy(reply)
    if not reply:
        return []
    found = [hint for code in ASKED.get(verb, ()) for hint in LOOKS[code](reply, reported)]
    return [*warnings(reply), *found]


def warnings(reply: str) -> list[Hint]:
    """What should not go out like this; shown only when it is there."""
    found = []
    if PRIVATE.search(reply):
        found.append(Hint("private", False, _("A phone or identity number stands in it."),
                          _("All who reported this matter read the reply.")))  # fmt: skip
    if blank := BLANK.search(reply):
        found.append(Hint("blank", False, _("Still to be filled in: %(blank)s") % {"blank": blank[0]}))
    if any(len(one) > LONG_SENTENCE and " " not in one[:LONG_SENTENCE] for one in ENDS.split(reply)):
        found.append(Hint("long", False, _("One sentence is very long."), _("Two short ones are understood sooner.")))
    return found


def points(reply: str, reported: str) -> list[Hint]:
    """Each sentence of the report of which no word is taken up again."""
    said = terms(reply)
    open_ones = [one for one in sentences(reported) if not said & terms(one)]
    if not open_ones:
        return [Hint("points", True, _("Takes up every point of the report"))]
    why = _("A point without an answer is reported again.")
    return [Hint("points", False, _("Not spoken of yet: %(point)s") % {"point": short(one)}, why) for one in open_ones]


def sentences(reported: str) -> list[str]:
    found = [one.strip() for one in ENDS.split(text.tidy(reported))]
    return [one for one in found if terms(one)][:MOST_POINTS]


def terms(words: str) -> frozenset[str]:
    """Pairs of Chinese characters, and whole words of letters; without those that every text has."""
    pieces = text.pieces(words)
    pairs = {piece[at : at + 2] for piece in pieces for at in range(len(piece) - 1) if not piece.isascii()}
    return frozenset((pairs | {piece for piece in pieces if piece.isascii() and len(piece) > 2}) - of("common"))


def short(words: str) -> str:
    return words if len(words) <= 24 else words[:24] + "…"


def question(reply: str, reported: str) -> list[Hint]:
    marks = len(re.findall(r"[?\uff1f]", reply))
    one = Hint(
        "question", marks > 0, _("Asks a question"), _("The clock stands still for an answer: say what is missing.")
    )
    many = Hint("one_thing", False, _("Several questions at once"), _("One or two are answered; more are often left."))
    return [one, many] if marks > 2 else [one]


def names(code: str, words: Callable[[], tuple[str, str]]) -> Callable[[str, str], list[Hint]]:
    """A look for one of the words of the list."""

    def look(reply: str, reported: str) -> list[Hint]:
        there = any(word in reply.lower() for word in of(code)) or (code == "when" and bool(DATE.search(reply)))
        return [Hint(code, there, *words())]

    return look


@lru_cache
def all_words() -> dict[str, frozenset[str]]:
    return {code: frozenset(words) for code, words in json.loads(WORDS.read_text(encoding="utf-8")).items()}


def of(code: str) -> frozenset[str]:
    return all_words()[code]


LOOKS: dict[str, Callable[[str, str], list[Hint]]] = {
    "points": points,
    "question": question,
    "who": names("who", lambda: (_("Says who acts"), _("The reader wants to know which office has it."))),
    "what": names("what", lambda: (_("Says what is done"), _("'Being looked into' alone answers nothing."))),
    "when": names("when", lambda: (_("Says when"), _("A day or an hour lets the reader wait calmly."))),
    "why": names("why", lambda: (_("Says why"), _("A reason that is understood is accepted more easily."))),
    "where": names("where", lambda: (_("Says where to go instead"), _("Nobody should leave without a next step."))),
}
