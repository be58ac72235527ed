"""What a resident wrote of a place, matched to places that we know: proposed with score and reasons, never taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from onegrid.gazetteer.adapters import geocoder
from onegrid.gazetteer.queries import names
from onegrid.gazetteer.queries.names import Found
from onegrid.gazetteer.rules import matching, spelling
from onegrid.gazetteer.rules.matching import Said
from onegrid.kit.reference import reference
from onegrid.org import queries as org


@dataclass(frozen=True)
class Candidate:
    """A place that may be meant: its score from 0 to 1 and why."""

    place: Found
    score: float
    reasons: list[str]

    @property
    def spot(self) -> str:
        """Longitude and latitude as one form field."""
        return f"{self.place.lon:.6f},{self.place.lat:.6f}"

    @property
    def grade(self) -> str:
        return matching.grade(self.score)

    @property
    def grade_label(self) -> str:
        return str(matching.GRADES[self.grade])


def candidates(
    address: str, words: str = "", *, area: str = "", lon: float | None = None, lat: float | None = None,
    most: int = matching.MOST,
) -> list[Candidate]:  # fmt: skip
    """Places whose name, whole or in good part, stands in the text, best first; one statement.

    `lon`, `lat`: the pin, if there is one, WGS-84.
    """
    said = Said(address, words, area, named_in(address, words), area_words())
    asked = arms(said)
    if not asked:
        return []
    found = [Found(*(*row, names.metres(row, lon, lat))) for row in names.fitting(asked)]
    fits = matching.fits(said, found, most=most)
    return [Candidate(found[one.index], one.score, one.reasons) for one in fits]


def arms(said: Said) -> list[tuple[int, list[str]]]:
    """Names that stand whole in the text, that end so, that begin so."""
    address, words = matching.texts(said)
    named, spoken = matching.pieces(address), matching.pieces_in_words(words)
    begun = [one for one in named if len(one) >= matching.SHORTEST_PART and spelling.HAN.search(one)]
    ends = [one for one in (*begun, *spoken) if len(one) > matching.SHORTEST_PART]
    forms = (
        (names.EXACT, [f"'^{one}$'" for one in (*named, *spoken)]),
        (names.HOLDS, [f"'{one}'" for one in ends]),
        (names.BEGINS, [f"'^{one}':*" for one in begun]),
    )
    return [(match, words) for match, words in forms if words]


def named_in(*texts: str) -> tuple[str, ...]:
    """Codes of the towns and villages that the texts name; of a village and its town the village."""
    forms = [spelling.letters(text) for text in texts]
    found = {code for name, code in area_names() if any(name in form for form in forms)}
    return tuple(sorted(code for code in found if not any(other != code and other.startswith(code) for other in found)))


@reference(seconds=60)
def area_names() -> tuple[tuple[str, str], ...]:
    """Plain names of towns and villages with their codes."""
    kinds = ("town", "village")
    return tuple((spelling.plain(one.name_zh), one.code) for one in org.areas().values() if one.kind in kinds)


@reference(seconds=60)
def area_words() -> frozenset[str]:
    """Plain names of areas, alone and one behind the other, as they stand before the name of an office."""
    names_of = {code: spelling.plain(one.name_zh) for code, one in org.areas().items() if one.kind != "grid"}
    return frozenset(joined(names_of))


def joined(names_of: dict[str, str]) -> Iterable[str]:
    for code, name in names_of.items():
        above = [names_of[code[:end]] for end in (4, 6, 9) if end < len(code) and code[:end] in names_of]
        yield name
        yield "".join((*above[-1:], name))
        yield "".join((*above, name))


def asked_beside(found: list[Candidate]) -> bool:
    """Whether these are shown beside what stands there: the pin is missing, or lies far from all that fits well."""
    return matching.worth_asking([(one.score, one.place) for one in found])


def outside(address: str) -> list[geocoder.Outside]:
    """What the outside service that the county has set says of an address; nothing where none is set or it fails."""
    return geocoder.ask(address)
