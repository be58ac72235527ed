"""How well a place fits what a resident wrote, and why; pure. It only proposes: a person takes a place or none."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onegrid.gazetteer.rules import numbers, spelling

MOST = 4
SHORTEST, LONGEST = 2, 12
# Of free words names of three characters and more are read that end like a place: all parts of so long a text would
# be thousands.
SHORTEST_IN_WORDS, MOST_IN_WORDS, MOST_IN_ADDRESS = 3, 400, 60
# So much of a name must stand in the text when it does not stand there whole; a shorter end (People's Hospital) is
# the end of too many.
SHORTEST_PART, LEAST_PART, SHORTEST_END = 3, 0.5, 5
LEAST = 0.4
# A name of two characters says little, one of six is hardly meant otherwise.
BASE, PER_CHARACTER, MOST_OF_NAME = 0.35, 0.08, 0.75
NUMBER, INSIDE, NAMED, NEAR = 0.1, 0.15, 0.2, 0.1
AMONG_SEVERAL, ELSEWHERE, IN_WORDS, IN_PART, MISSING = -0.12, -0.35, -0.05, -0.1, -0.4
NEAR_METRES = 500
# A street is kept as one point of its length.
FAR_METRES, FAR_METRES_OF_STREET = 500, 2_000
STRONG, POSSIBLE, WEAK = "strong", "possible", "weak"
GRADES = {
    STRONG: gettext_lazy("very likely"),
    POSSIBLE: gettext_lazy("possible"),
    WEAK: gettext_lazy("hardly"),
}
FROM = ((0.75, STRONG), (0.5, POSSIBLE))


class Known(Protocol):
    """What is asked of a place: its names, its kind, the area that holds it, how far it is from the pin, if any."""

    @property
    def name_zh(self) -> str: ...
    @property
    def aliases(self) -> list[str]: ...
    @property
    def kind(self) -> str: ...
    @property
    def area(self) -> str: ...
    @property
    def metres(self) -> float | None: ...


@dataclass(frozen=True)
class Said:
    """What was written: the address, free words, the area it is said to lie in; areas that the text names, by code.

    `around`: plain names of areas, which people leave out of the name of what lies there.
    """

    address: str
    words: str = ""
    area: str = ""
    named: tuple[str, ...] = ()
    around: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True)
class Fit:
    """How well the place at `index` fits, from 0 to 1, and the reasons in the reader's language."""

    index: int
    score: float
    reasons: list[str]


class Match(NamedTuple):
    """Where a name stands in a text: in the address or in the words, from, to, and how much of it stands there."""

    text: int
    start: int
    end: int
    share: float


def grade(score: float) -> str:
    """A score as one of three words."""
    return next((name for least, name in FROM if score >= least), WEAK)


def texts(said: Said) -> tuple[str, str]:
    """The plain forms that are read."""
    return spelling.letters(said.address)[:MOST_IN_ADDRESS], spelling.letters(said.words)[:MOST_IN_WORDS]


def pieces(form: str) -> list[str]:
    """All parts of a plain address that may be a name, the longest first."""
    found = {form[end - length : end] for end in range(SHORTEST, len(form) + 1) for length in lengths(end, SHORTEST)}
    return longest_first(found)


def pieces_in_words(form: str) -> list[str]:
    """Parts of plain free words that end like the name of a place, the longest first."""
    ends = [place + 1 for place, character in enumerate(form) if character in numbers.words()["ends"]]
    return longest_first({form[end - length : end] for end in ends for length in lengths(end, SHORTEST_IN_WORDS)})


def lengths(end: int, shortest: int) -> range:
    return range(shortest, min(LONGEST, end) + 1)


def longest_first(found: set[str]) -> list[str]:
    return sorted(found, key=lambda one: (-len(one), one))


def fits(said: Said, places: Sequence[Known], *, most: int = MOST) -> list[Fit]:
    """The places that fit, best first, at most so many; each name stands for itself, not for a longer one around it."""
    forms = texts(said)
    matches = [match_of(forms, place, said.around) for place in places]
    whole = {match for match in matches if match is not None and match.share == 1}
    bearing = Counter(place.name_zh for place in places)
    told = told_apart(said, places, matches)
    found = []
    for index, (place, match) in enumerate(zip(places, matches, strict=True)):
        if match is None or any(covers(other, match) for other in whole):
            continue
        several = bearing[place.name_zh] if place.name_zh not in told or not favoured(said, place) else 1
        found.append(fit(forms[match.text], index, place, match, several, said))
    return sorted((one for one in found if one.score >= LEAST), key=lambda one: (-one.score, one.index))[:most]


def told_apart(said: Said, places: Sequence[Known], matches: Sequence[Match | None]) -> set[str]:
    """Names that several places bear and of which the text or the area speaks for exactly one."""
    spoken = Counter(
        place.name_zh for place, match in zip(places, matches, strict=True) if match and favoured(said, place)
    )
    return {name for name, count in spoken.items() if count == 1}


def favoured(said: Said, place: Known) -> bool:
    if said.named:
        return place.area.startswith(said.named)
    return bool(said.area) and place.area.startswith(said.area)


def covers(other: Match, match: Match) -> bool:
    inside = other.text == match.text and other.start <= match.start and match.end <= other.end
    return inside and (other.end - other.start) > (match.end - match.start)


def fit(form: str, index: int, place: Known, match: Match, bearing: int, said: Said) -> Fit:
    name, following = form[match.start : match.end], form[match.end :]
    score = min(BASE + PER_CHARACTER * len(name), MOST_OF_NAME)
    reasons = [_("The text names it: “%(name)s”.") % {"name": name}]
    elsewhere = bool(said.named) and not place.area.startswith(said.named)
    checks = (
        (match.share < 1, IN_PART + MISSING * (1 - match.share), _("Only a part of its name.")),
        (place.kind == "street" and numbers.is_number(following), NUMBER, _("A house number follows.")),
        (bool(said.named) and not elsewhere, NAMED, _("The text names the area it lies in.")),
        (elsewhere, ELSEWHERE, _("The text names another area.")),
        (bool(said.area) and place.area.startswith(said.area), INSIDE, _("It lies in the area that was given.")),
        (place.metres is not None and place.metres <= NEAR_METRES, NEAR, _("It lies at the pin.")),
        (bearing > 1, AMONG_SEVERAL, _("%(count)s places bear this name.") % {"count": bearing}),
        (match.text == 1, IN_WORDS, ""),
    )
    score += sum(weight for holds, weight, _words in checks if holds)
    reasons += [words for holds, _weight, words in checks if holds and words]
    return Fit(index, round(max(0.0, min(score, 0.99)), 2), reasons)


def match_of(forms: tuple[str, str], place: Known, around: frozenset[str]) -> Match | None:
    """The best place of one of its names in the texts: whole before in part, longer before shorter, address first."""
    names = [spelling.letters(name) for name in (place.name_zh, *place.aliases)]
    found = [match for text, form in enumerate(forms) for name in names for match in standing(text, form, name, around)]
    return max(found, key=lambda one: (one.share, one.end - one.start, -one.text), default=None)


def standing(text: int, form: str, name: str, around: frozenset[str]) -> Iterator[Match]:
    """The name as a whole; else its end, its beginning, each as long as it stands there."""
    if len(name) >= SHORTEST and name in form:
        yield at(text, form, name, 1.0)
        return
    for length in range(len(name) - 1, max(SHORTEST_PART, round(len(name) * LEAST_PART)) - 1, -1):
        end, omitted = name[-length:], name[:-length]
        if end in form and (omitted in around or length >= SHORTEST_END):
            yield at(text, form, end, 1.0 if omitted in around else length / len(name))
            return
        if name[:length] in form:
            yield at(text, form, name[:length], length / len(name))
            return


def at(text: int, form: str, part: str, share: float) -> Match:
    start = form.index(part)
    return Match(text, start, start + len(part), share)


def is_far(place: Known) -> bool:
    """Whether the pin lies somewhere else than this place."""
    limit = FAR_METRES_OF_STREET if place.kind == "street" else FAR_METRES
    return place.metres is not None and place.metres > limit


def worth_asking(found: Sequence[tuple[float, Known]]) -> bool:
    """Without a pin whenever something fits; beside a pin only when what fits well lies far from it, all of it."""
    good = [place for score, place in found if grade(score) != WEAK]
    if all(place.metres is None for _score, place in found):
        return bool(found)
    return bool(good) and all(is_far(place) for place in good)
