"""House numbers in what people type: `People's Road 12`, in figures or in Chinese, are looked up without them."""

import json
import re
from functools import cache
from pathlib import Path

WORDS = Path(__file__).with_name("words.json")


@cache
def words() -> dict[str, list[str]]:
    """The words that these rules know, one list per use."""
    found: dict[str, list[str]] = json.loads(WORDS.read_text(encoding="utf-8"))
    return found


@cache
def number_pattern() -> re.Pattern[str]:
    figures = rf"(?:[0-9]+[a-z]?|[{words()['figures']}]+)"
    units = "|".join(re.escape(one) for one in sorted(words()["number"], key=len, reverse=True))
    return re.compile(rf"(?P<number>(?:{figures}(?:{units})|(?<=[^0-9])[0-9]+$).*)$")


def is_number(form: str) -> bool:
    """Whether a plain form is a house number and nothing before it."""
    return bool(re.match(r"[0-9]+$", form)) or number_pattern().match(form) is not None


def parted(form: str) -> tuple[str, str]:
    """A plain form without its house number, and the number with all after it; both empty parts are possible."""
    found = number_pattern().search(form)
    if found is None or found.start() == 0:
        return form, ""
    return form[: found.start()], found["number"]
