"""Search as one types, in one statement: exact, then what begins so, then what holds it; nearer places first.

Each kind of match is an arm with a limit of its own over the one index of keys. The arms are asked in order and the
database stops when enough is found, so a letter that half of the names have costs no more than a rare one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from onegrid.gazetteer.models import Named
from onegrid.gazetteer.rules import numbers, spelling
from onegrid.kit import clock, geo
from onegrid.kit.reference import reference
from onegrid.org import queries as org
from onegrid.org.models import in_reader_language

MOST = 10
PER_WORD, PER_ARM, CANDIDATES = 40, 120, 240
EXACT, BEGINS, HOLDS = 0, 1, 2
COLUMNS = "id, ref, kind, name_zh, name_en, aliases, area, lon, lat"
KEPT = "keys @@ %s::tsquery AND valid_from <= %s AND (valid_until IS NULL OR valid_until > %s)"


@dataclass(frozen=True)
class Found:
    """A place that was found. `match`: 0 exact, 1 begins so, 2 holds it; `number` is what was typed behind the name."""

    id: int
    ref: str
    kind: str
    name_zh: str
    name_en: str
    aliases: list[str]
    area: str
    lon: float
    lat: float
    match: int
    metres: float | None = None
    number: str = ""

    @property
    def name(self) -> str:
        return in_reader_language(self.name_zh, self.name_en)

    @property
    def label(self) -> str:
        """The name with the house number that was typed."""
        return f"{self.name}{self.number}" if self.number else self.name

    @property
    def kind_label(self) -> str:
        return str(dict(Named.KINDS)[self.kind])

    @property
    def where(self) -> str:
        """Town and village around it, in the reader's language."""
        around = [one for one in org.area_names(self.area) if one.kind in ("town", "village")]
        return " · ".join(one.name for one in around)


@dataclass(frozen=True)
class Typed:
    """What was typed: the ways to read it, the same without a house number, that number, and an area named before."""

    forms: tuple[str, ...]
    stems: tuple[str, ...]
    number: str
    area: str = ""


def search(
    text: str, *, area: str = "", lon: float | None = None, lat: float | None = None, most: int = MOST
) -> list[Found]:
    """At most ten places for what was typed so far, best first; inside `area` and near a point before others."""
    typed = read(text)
    if not typed.forms:
        return []
    around = areas_around(typed.area or area, lon, lat)
    rows = candidates(arms(typed, around))
    found = [Found(*(*row, metres(row, lon, lat), number(row, typed))) for row in rows]
    return sorted(found, key=lambda one: rank(one, typed.area or area))[:most]


def read(text: str) -> Typed:
    """Take apart what was typed; the name of a known area before a place narrows where it is looked for."""
    forms = spelling.typed_forms(text)
    if not forms:
        return Typed((), (), "")
    area, rest = after_area(forms[0])
    if area:
        forms.append(rest)
    stem, behind = numbers.parted(rest)
    return Typed(tuple(forms), (stem,) if behind else (), behind, area)


def after_area(form: str) -> tuple[str, str]:
    """The inmost area whose name stands before another name, and that name; no area where nothing else follows."""
    code, rest = "", form
    while True:
        fits = [one for one in area_forms() if rest.startswith(one[0]) and one[1].startswith(code)]
        longest = max(fits, default=("", ""), key=lambda one: len(one[0]))
        following = rest[len(longest[0]) :]
        if not longest[0] or not following or numbers.is_number(following):
            return code, rest
        code, rest = longest[1], following


@reference(seconds=60)
def area_forms() -> tuple[tuple[str, str], ...]:
    """Plain names of cities, counties, towns and villages with their codes."""
    kinds = ("city", "county", "town", "village")
    return tuple((spelling.plain(one.name_zh), one.code) for one in org.areas().values() if one.kind in kinds)


def areas_around(area: str, lon: float | None, lat: float | None) -> list[str]:
    """Where to look first: the point's village and town, else those of the given area, inmost first."""
    code = area
    if lon is not None and lat is not None:
        code = org.territory().locate(lon, lat).code or area
    return [code[:length] for length in reversed(spelling.AREA_LENGTHS) if len(code) >= length]


def arms(typed: Typed, around: Sequence[str]) -> list[tuple[int, str]]:
    """Kind of match and question to the index, in the order in which they are asked."""
    wholes = [f"'^{form}$'" for form in (*typed.forms, *typed.stems)]
    begins = [f"'^{form}':*" for form in (*typed.forms, *typed.stems)]
    inner = [f"'{form}':*" for form in (*typed.forms, *typed.stems) if len(form) > 1 or not spelling.is_latin(form)]
    within = [f"'@{code}'" for code in around]
    asked = [(EXACT, either(wholes))]
    asked += [(BEGINS, f"{either(begins)} & {code}") for code in within] + [(BEGINS, either(begins))]
    if inner:
        asked += [(HOLDS, f"{either(inner)} & {code}") for code in within] + [(HOLDS, either(inner))]
    return asked


def either(words: Sequence[str]) -> str:
    return f"({' | '.join(words)})"


def candidates(asked: Sequence[tuple[int, str]]) -> list[tuple[Any, ...]]:
    """The rows of all arms, each once with its best match."""
    # Names of columns and two numbers of this file; what was typed is sent beside the statement.
    arm = f"(SELECT {COLUMNS}, %s::int AS match FROM gazetteer_named WHERE {KEPT} LIMIT {PER_ARM})"  # nosec B608
    today = clock.local(clock.now()).date()
    union = " UNION ALL ".join([arm] * len(asked))
    values = [value for match, question in asked for value in (match, question, today, today)]
    return best_of(f"SELECT * FROM ({union}) AS arm LIMIT {CANDIDATES}", values)  # nosec B608


def fitting(asked: Sequence[tuple[int, Sequence[str]]]) -> list[tuple[Any, ...]]:
    """As `candidates` for dozens of words, each looked up by itself.

    Of so many words in one question the planner expects a good part of the table and reads all of it: 250 to 730 ms
    for 200,000 names.
    """
    one = f"SELECT * FROM gazetteer_named WHERE {KEPT.replace('%s::tsquery', 'w.word::tsquery')} LIMIT {PER_WORD}"  # nosec B608
    words = f"unnest(%s::text[]) AS w(word) CROSS JOIN LATERAL ({one}) AS found"
    arm = f"(SELECT {COLUMNS}, %s::int AS match FROM {words} LIMIT {PER_ARM})"  # nosec B608
    today = clock.local(clock.now()).date()
    values = [value for match, questions in asked for value in (match, list(questions), today, today)]
    return best_of(f"SELECT * FROM ({' UNION ALL '.join([arm] * len(asked))}) AS arm LIMIT {CANDIDATES}", values)  # nosec B608


def best_of(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    best: dict[int, tuple[Any, ...]] = {}
    for row in rows:
        if row[0] not in best or row[9] < best[row[0]][9]:
            best[row[0]] = row
    return list(best.values())


def metres(row: tuple[Any, ...], lon: float | None, lat: float | None) -> float | None:
    return None if lon is None or lat is None else geo.distance_m(lon, lat, row[7], row[8])


def number(row: tuple[Any, ...], typed: Typed) -> str:
    """The house number, where the place was found without it: a street is asked for a number, an office is not."""
    return typed.number if typed.number and row[2] == Named.STREET else ""


def rank(one: Found, area: str) -> tuple[Any, ...]:
    inside = bool(area) and one.area.startswith(area)
    far = math.inf if one.metres is None else one.metres
    # Among equals, a step of 300 m counts more than the length of a name.
    return one.match, not inside, far // 300 if far < math.inf else 0, len(one.name_zh), far, one.name_zh, one.id


def row_of(one: Found) -> dict[str, object]:
    """A place as the pages' own search reads it."""
    return {
        "label": one.label, "kind": one.kind_label, "where": one.where, "area": one.area[:12],
        "lon": round(one.lon, 6), "lat": round(one.lat, 6),
    }  # fmt: skip
