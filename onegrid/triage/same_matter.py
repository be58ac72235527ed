"""Do two reports speak of the same matter? By words, place, time and leaf, with reasons; a human decides."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from onegrid.kit import geo, text

LIKELY, POSSIBLE, UNLIKELY = "likely", "possible", "unlikely"
LIKELY_FROM, POSSIBLE_FROM, TELLING_FROM = 0.40, 0.22, 0.12
# Words were weighed on public labelled pairs (see README.md); place, time and leaf by judgement.
COSINE, CONTAINED, GIST = 0.40, 0.25, 0.35
NEAR_METRES, FAR_METRES = 300.0, 1000.0
NEAR, FAR = 0.30, -0.35
SOON_DAYS, LONG_DAYS = 3, 60
SOON, LONG = 0.05, -0.10
SAME_LEAF, SAME_BRANCH, OTHER_CLASS = 0.15, 0.05, -0.10
GIST_LENGTH = 40
# As if so many texts had been read before: with few texts all pairs weigh nearly the same.
PRIOR_TEXTS = 50


class Rarity:
    """How much a pair of characters tells: the fewer texts of a place hold it, the more; immutable."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        counts: Counter[int] = Counter()
        whole = PRIOR_TEXTS
        for words in texts:
            counts.update(text.bigrams(words))
            whole += 1
        self._weights = {token: math.log(whole / (count + 0.5)) for token, count in counts.items()}
        self._unheard = math.log(whole / 0.5)

    def weight(self, token: int) -> float:
        """Return the weight of one search token."""
        return self._weights.get(token, self._unheard)

    def sum(self, tokens: Iterable[int]) -> float:
        """Return the weight of some tokens together."""
        return math.fsum(map(self.weight, tokens))


@dataclass(frozen=True)
class Matter:
    """What is known of a report or event; `key` is the caller's, time is when it was reported."""

    key: Any
    words: str
    at: datetime
    leaf: str = ""
    longitude: float | None = None
    latitude: float | None = None

    @cached_property
    def tokens(self) -> frozenset[int]:
        return frozenset(text.bigrams(self.words))

    @cached_property
    def gist(self) -> frozenset[int]:
        """The tokens of the first sentence: most people say there what it is about."""
        return frozenset(text.bigrams(self.words.strip()[:GIST_LENGTH]))


@dataclass(frozen=True)
class Reason:
    """One ground for or against; `key` names it for machines, str() tells it in the reader's language."""

    key: str
    favours: bool
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return _told(self)


@dataclass(frozen=True)
class Likeness:
    """A guess from 0 to 1 with its reasons, the strongest first; never a decision."""

    key: Any
    score: float
    reasons: tuple[Reason, ...]

    @property
    def verdict(self) -> str:
        """Return likely, possible or unlikely."""
        if self.score >= LIKELY_FROM:
            return LIKELY
        return POSSIBLE if self.score >= POSSIBLE_FROM else UNLIKELY


def same(candidates: Iterable[Matter], subject: Matter, rarity: Rarity | None = None) -> list[Likeness]:
    """Return all candidates, the likeliest first, each with its reasons for and against; equal ones by key.

    `rarity` should have read some hundred texts of the place; without it the candidates' own texts are read.
    """
    others = [candidate for candidate in candidates if candidate.key != subject.key]
    known = rarity or Rarity(matter.words for matter in (subject, *others))
    found = [likeness(subject, other, known) for other in others]
    return sorted(found, key=lambda one: (-one.score, str(one.key)))


def likeness(subject: Matter, other: Matter, rarity: Rarity) -> Likeness:
    """Return how like `other` is to the subject; the same both ways round, but for the key."""
    grounds = [
        _by_words(subject, other, rarity),
        _by_place(subject, other),
        _by_time(subject, other),
        _by_leaf(subject, other),
    ]
    told = sorted((ground for ground in grounds if ground[1]), key=lambda ground: -abs(ground[0]))
    score = math.fsum(points for points, _reason in grounds)
    reasons = tuple(reason for _points, reason in told if reason)
    return Likeness(other.key, round(min(1.0, max(0.0, score)), 3), reasons)


def word_score(subject: Matter, other: Matter, rarity: Rarity) -> float:
    """Return from 0 to 1 how much two texts share, rare pairs of characters counting more."""
    shared = subject.tokens & other.tokens
    if not shared:
        return 0.0
    ours, theirs = rarity.sum(subject.tokens), rarity.sum(other.tokens)
    cosine = _squares(shared, rarity) / math.sqrt(_squares(subject.tokens, rarity) * _squares(other.tokens, rarity))
    contained = rarity.sum(shared) / min(ours, theirs)
    gist = max(_share(subject.gist, other.tokens, rarity), _share(other.gist, subject.tokens, rarity))
    return COSINE * cosine + CONTAINED * contained + GIST * gist


def shared_words(subject: Matter, other: Matter, rarity: Rarity, limit: int = 3) -> list[str]:
    """Return the runs of characters that both texts hold and that tell most, at most `limit`."""
    shared = subject.tokens & other.tokens
    weights: dict[str, float] = {}
    for piece in text.pieces(subject.words):
        for run in _runs(piece, shared):
            weights[run] = rarity.sum(text.in_order(run))
    ranked = sorted(weights, key=lambda run: (-weights[run], run))
    return [run for run in ranked if not any(run in longer for longer in ranked if longer != run)][:limit]


def _by_words(subject: Matter, other: Matter, rarity: Rarity) -> tuple[float, Reason | None]:
    score = word_score(subject, other, rarity)
    words = shared_words(subject, other, rarity)
    if not words:
        return score, Reason("no_shared_words", False)
    return score, Reason("shared_words", score >= TELLING_FROM, {"words": words})


def _by_place(subject: Matter, other: Matter) -> tuple[float, Reason | None]:
    metres = _metres(subject, other)
    if metres is None:
        return 0.0, None
    if metres <= NEAR_METRES:
        return NEAR * (1 - metres / NEAR_METRES), Reason("near", True, {"metres": round(metres)})
    if metres < FAR_METRES:
        return FAR * (metres - NEAR_METRES) / (FAR_METRES - NEAR_METRES), Reason(
            "apart", False, {"metres": round(metres)}
        )
    return FAR, Reason("far", False, {"kilometres": round(metres / 1000, 1)})


def _by_time(subject: Matter, other: Matter) -> tuple[float, Reason | None]:
    days = abs(subject.at - other.at).total_seconds() / 86400
    if days < SOON_DAYS:
        return SOON, Reason("soon", True, {"hours": round(days * 24)})
    if days > LONG_DAYS:
        return LONG, Reason("long_apart", False, {"days": round(days)})
    return 0.0, None


def _by_leaf(subject: Matter, other: Matter) -> tuple[float, Reason | None]:
    if not subject.leaf or not other.leaf:
        return 0.0, None
    if subject.leaf == other.leaf:
        return SAME_LEAF, Reason("same_leaf", True)
    if subject.leaf[:4] == other.leaf[:4]:
        return SAME_BRANCH, Reason("same_branch", True)
    if subject.leaf[:2] == other.leaf[:2]:
        return 0.0, None
    return OTHER_CLASS, Reason("other_class", False)


def _told(reason: Reason) -> str:
    values = dict(reason.values)
    if reason.key == "shared_words":
        return _("Both say: %(words)s") % {"words": _(", ").join(values["words"])}
    if reason.key == "soon":
        return ngettext("%(hours)d hour apart", "%(hours)d hours apart", values["hours"]) % values
    sentences = {
        "no_shared_words": _("They have no words in common"),
        "near": _("%(metres)s m from each other"),
        "apart": _("%(metres)s m from each other, rather far"),
        "far": _("%(kilometres)s km from each other"),
        "long_apart": _("%(days)s days apart"),
        "same_leaf": _("The same category"),
        "same_branch": _("A related category"),
        "other_class": _("A quite different category"),
    }
    return sentences[reason.key] % values


def _metres(subject: Matter, other: Matter) -> float | None:
    here, there = (subject.longitude, subject.latitude), (other.longitude, other.latitude)
    if here[0] is None or here[1] is None or there[0] is None or there[1] is None:
        return None
    return geo.distance_m(here[0], here[1], there[0], there[1])


def _share(part: frozenset[int], whole: frozenset[int], rarity: Rarity) -> float:
    return rarity.sum(part & whole) / rarity.sum(part) if part else 0.0


def _squares(tokens: Iterable[int], rarity: Rarity) -> float:
    return math.fsum(rarity.weight(token) ** 2 for token in tokens)


def _runs(piece: str, shared: frozenset[int]) -> list[str]:
    marks = "".join("x" if token in shared else " " for token in text.in_order(piece))
    units = piece.encode("utf-16-le")
    cut = (units[2 * run.start() : 2 * run.end() + 2] for run in re.finditer("x+", marks))
    return [run.decode("utf-16-le", "ignore") for run in cut]
