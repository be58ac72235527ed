"""Suggests the category of a text by a list of words, and says by which of them. It reads words, not persons.

A word list knows no negation and no irony. The page says that it is one, and a human decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from onegrid.kit import text

THRESHOLD = 1.0
# Stands where a word was taken out, so that its neighbours do not grow together to another word.
GAP = "|"

Keywords = Mapping[str, float] | Sequence[str]


@dataclass(frozen=True)
class Suggestion:
    """One category, how strongly it is suggested, and the smallest set of words without which it is not.

    Take all of `because` out of the text and the category falls behind the next one or below the threshold;
    leave any one of them in and it does not.
    """

    code: str
    score: float
    because: tuple[str, ...]


@dataclass(frozen=True)
class Emergency:
    """The number to call, such as 119, and the words that say so."""

    number: str
    because: tuple[str, ...]


@dataclass(frozen=True)
class WordList:
    """The words of each category with their weights; immutable, made by `of`."""

    weights: Mapping[str, Mapping[str, float]]
    restricted: frozenset[str] = frozenset()
    emergencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        rows: Iterable[tuple[str, Keywords]],
        *,
        restricted: Iterable[str] = (),
        emergencies: Mapping[str, Sequence[str]] | None = None,
    ) -> "WordList":
        """Make a list from rows of (category code, words) with or without weights; raises ValueError.

        `restricted` names the categories that are sealed, `emergencies` the words per number to call.
        """
        weights = {code: _weighted(words) for code, words in rows}
        numbers = {number: tuple(_weighted(words)) for number, words in (emergencies or {}).items()}
        return cls(weights, frozenset(restricted), numbers)


def suggest(words: str, known: WordList, limit: int = 3) -> list[Suggestion]:
    """Return the likeliest categories of a text, the best first, at most `limit`; none is honest, too."""
    plain = _plain(words)
    heard = _heard(plain, known)
    return [_suggestion(plain, code, score, heard) for code, score in _ranking(plain, heard)[:limit]]


def reads_restricted(words: str, known: WordList) -> list[Suggestion]:
    """Return the sealed categories that a text may belong to, however many others are likelier."""
    plain = _plain(words)
    heard = _heard(plain, known)
    ranked = [(code, score) for code, score in _ranking(plain, heard) if code in known.restricted]
    return [_suggestion(plain, code, score, heard) for code, score in ranked]


def emergency(words: str, known: WordList) -> Emergency | None:
    """Return whom to call at once if a text speaks of danger to life: the number with the most words."""
    plain = _plain(words)
    found = {number: _found(plain, listed) for number, listed in known.emergencies.items()}
    number = max(found, key=lambda one: len(found[one]), default="")
    return Emergency(number, tuple(found[number])) if number and found[number] else None


def without(words: str, removed: Iterable[str]) -> str:
    """Return a text as the word list reads it, with the given words taken out, the longest first."""
    plain = _plain(words)
    for word in sorted(removed, key=len, reverse=True):
        plain = plain.replace(_plain(word), GAP)
    return plain


def _heard(plain: str, known: WordList) -> WordList:
    # Only words that stand in the text: taking words out of it never makes new ones.
    weights = {code: {word: listed[word] for word in _found(plain, listed)} for code, listed in known.weights.items()}
    return WordList({code: listed for code, listed in weights.items() if listed})


def _ranking(plain: str, heard: WordList) -> list[tuple[str, float]]:
    scores = ((code, _score(plain, listed)) for code, listed in heard.weights.items())
    enough = [(code, score) for code, score in scores if score >= THRESHOLD]
    return sorted(enough, key=lambda ranked: (-ranked[1], ranked[0]))


def _score(plain: str, listed: Mapping[str, float]) -> float:
    # Rounded, so that no suggestion hangs on the last bit of a sum.
    return round(sum(listed[word] for word in _found(plain, listed)), 6)


def _found(plain: str, listed: Iterable[str]) -> list[str]:
    return [word for word in listed if word in plain]


def _suggestion(plain: str, code: str, score: float, heard: WordList) -> Suggestion:
    listed = heard.weights[code]
    chosen: list[str] = []
    for word in sorted(listed, key=lambda one: (-listed[one], one)):
        chosen.append(word)
        if _falls(plain, chosen, code, heard):
            break
    return Suggestion(code, score, _smallest(plain, chosen, code, heard))


def _smallest(plain: str, chosen: list[str], code: str, heard: WordList) -> tuple[str, ...]:
    for word in reversed(chosen):
        fewer = [other for other in chosen if other != word]
        if _falls(plain, fewer, code, heard):
            # From the start again: what was needed before may not be needed any more.
            return _smallest(plain, fewer, code, heard)
    return tuple(chosen)


def _falls(plain: str, removed: list[str], code: str, heard: WordList) -> bool:
    """Say whether a category loses its place, or its score the threshold, without the removed words."""
    ranked = [ranked for ranked, _points in _ranking(without(plain, removed), heard)]
    before = [ranked for ranked, _points in _ranking(plain, heard)]
    return code not in ranked or ranked.index(code) > before.index(code)


def _plain(words: str) -> str:
    return "".join(text.tidy(words).lower().split())


def _weighted(words: Keywords) -> dict[str, float]:
    rows = words.items() if isinstance(words, Mapping) else ((word, 1.0) for word in words)
    weighted = {_plain(word): float(weight) for word, weight in rows}
    if any(not word or GAP in word or weight <= 0 for word, weight in weighted.items()):
        raise ValueError("a keyword must have characters, a weight above 0 and no vertical bar")
    return weighted
