"""How a name may be typed: its plain form, its pinyin with the other readings, its initials; and the keys to find it.

Keys are lexemes of one column. `^whole$` is a whole spelling, so that `^whole` finds what begins like it; a bare one is
the rest of a spelling from a later character or syllable on; `@code` is an area that holds the name.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

POLYPHONES = Path(__file__).with_name("polyphones.csv")
MOST_READINGS = 8
LONGEST = 60
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
TONED = re.compile(r"(?:[a-z]{1,6}[1-5])+[a-z]{0,6}")
AREA_LENGTHS = (6, 9, 12)


def letters(text: str) -> str:
    """Letters, figures and Chinese characters only: width, case, tones, spaces and marks are gone; `ü` is `v`."""
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold()).replace("u\u0308", "v")
    return "".join(one for one in apart if one.isalnum())


def plain(text: str) -> str:
    """The letters of a name or of what is typed to find one; what is longer is none."""
    return letters(text)[:LONGEST]


def is_latin(text: str) -> bool:
    return text.isascii()


def typed_forms(text: str) -> list[str]:
    """What a typed text may mean: as it stands, and without the figures of tones (`ren2min2lu4`)."""
    form = plain(text)
    forms = [form] if form else []
    if TONED.fullmatch(form) and (bare := re.sub(r"[1-5]", "", form)) != form:
        forms.append(bare)
    return forms


@cache
def polyphones() -> dict[str, tuple[str, ...]]:
    """Characters that places read in more than one way."""
    with POLYPHONES.open(encoding="utf-8", newline="") as stream:
        return {row["character"]: tuple(row["readings"].split()) for row in csv.DictReader(stream)}


def apart(other: str) -> Any:
    """What is no Chinese character stays, each by itself; the library takes a list too, other than its types say."""
    return list(other)


def readings(name: str) -> list[list[str]]:
    """The syllables of a plain name in each way it may be read, the usual one first; figures stay as they are."""
    # Takes a fifth of a second and 10 MB to load: only who writes names needs it.
    from pypinyin import Style, lazy_pinyin

    usual: list[str] = []
    for syllable in lazy_pinyin(name, style=Style.NORMAL, errors=apart):
        usual.append(plain(syllable))
    if len(usual) != len(name):
        return [usual]
    known = polyphones()
    choices = [
        tuple(dict.fromkeys((one, *known.get(character, ())))) for character, one in zip(name, usual, strict=True)
    ]
    found: list[list[str]] = []
    for chosen in product(*choices):
        found.append(list(chosen))
        if len(found) == MOST_READINGS:
            break
    return found


def keys(names: Iterable[str], area: str) -> list[str]:
    """All keys of something with these names in this area."""
    found: set[str] = {f"@{area[:length]}" for length in AREA_LENGTHS if len(area) >= length}
    for name in names:
        form = plain(name)
        if HAN.search(form):
            found |= rests(list(form))
            for syllables in readings(form):
                found |= rests(syllables) | rests([syllable[:1] for syllable in syllables])
        elif form:
            words = [plain(word) for word in name.split()]
            found |= rests(words) | {words[-1]}
    return sorted(found)


def rests(parts: Sequence[str]) -> set[str]:
    """The whole spelling, marked, and what is left of it from each later part on; a single last part finds nothing."""
    whole = {f"^{''.join(parts)}$"}
    return whole | {"".join(parts[place:]) for place in range(1, len(parts) - 1)}
