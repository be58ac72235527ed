"""What no county may ask, name or collect, whatever it configures; asked at every load and save of such data.

The terms are code like the rest, beside this file: a deployment cannot edit them. `text` is refused wherever it
stands, `name` only as the name of something that is collected (a leaf, a question, a choice, a column).
"""

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LIST = Path(__file__).with_name("closed_list.csv")
ABOUT: dict[str, Promise] = {
    "ethnicity": gettext_lazy("ethnicity"),
    "religion": gettext_lazy("religion"),
    "politics": gettext_lazy("politics"),
    "petitioning": gettext_lazy("petitioning"),
    "origin": gettext_lazy("origin"),
    "key persons": gettext_lazy("“key persons”"),
    "danger or trust of a person": gettext_lazy("danger or trust of a person"),
    "identity numbers and keys": gettext_lazy("identity numbers, keys or parts of the body"),
}
LATIN = re.compile(r"[a-z]")


def refuse(text: str) -> str | None:
    """The reason why this text may not stand in an article, a template or an answer; None when it may."""
    return found(text, ("text",))


def refuse_name(name: str) -> str | None:
    """The same for the name of what is asked or collected: here the bare word is enough."""
    return found(name, ("text", "name"))


def found(text: str, where: tuple[str, ...]) -> str | None:
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    joined = plain.replace(" ", "")
    for about, place, term, pattern in terms():
        if place in where and (pattern.search(plain) if pattern else term in joined):
            return _("“%(term)s” is about %(about)s: that is not collected here.") % {
                "term": term, "about": ABOUT[about],
            }  # fmt: skip
    return None


@cache
def terms() -> tuple[tuple[str, str, str, re.Pattern[str] | None], ...]:
    """About, where, term, and for a term in Latin letters the pattern of the whole word."""
    with LIST.open(encoding="utf-8", newline="") as stream:
        rows = [(row["about"], row["where"], term) for row in csv.DictReader(stream) for term in row["terms"].split()]
    return tuple((about, where, spoken(term), pattern_of(spoken(term))) for about, where, term in rows)


def spoken(term: str) -> str:
    return term.replace("_", " ")


def pattern_of(term: str) -> re.Pattern[str] | None:
    return re.compile(rf"(?<![a-z]){re.escape(term)}(?![a-z])") if LATIN.match(term) else None
