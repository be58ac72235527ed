"""The sentences of the demo county: enough, no two alike, every leaf, and nobody's number in them."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from demo.day_lives import WAYS, staff
from demo.day_reports import Text, texts

PROJECT = Path(__file__).resolve().parents[2]
FEWEST_REPORTS = 400
ALIKE = 0.85  # share of common pairs of characters from which two sentences count as one
FEWEST = {
    "results": 80, "ask": 20, "answer": 15, "refuse": 12, "object": 10, "extend": 10, "suspend": 10, "redo": 10,
    "tell": 10,
}  # fmt: skip
DEMO_PHONE = re.compile(r"1380000\d{4}")


def sentences(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif found:
        for one in found.values() if isinstance(found, dict) else found:
            yield from sentences(one)


def rows(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((PROJECT / "demo" / "categories" / name).read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def residents() -> list[Text]:
    return texts()


def pairs(words: str) -> set[str]:
    plain = re.sub(r"\W", "", words.lower())
    return {plain[at : at + 2] for at in range(len(plain) - 1)}


def alike(words: list[str]) -> list[tuple[str, str]]:
    known = [(one, pairs(one)) for one in words]
    return [(a, b) for (a, ours), (b, theirs) in combinations(known, 2) if common(ours, theirs) > ALIKE]


def common(ours: set[str], theirs: set[str]) -> float:
    return len(ours & theirs) / len(ours | theirs) if ours and theirs else 0.0


def test_there_are_enough_and_no_two_alike(residents: list[Text]) -> None:
    words = [text.words for text in residents]
    assert len(words) >= FEWEST_REPORTS
    assert [one for one, count in Counter(words).items() if count > 1] == []
    assert alike(words) == []


def test_alike_sees_a_changed_word() -> None:
    assert alike(["南门菜市场外面那个井盖松了，电瓶车过去咣当响", "南门菜市场外面那个井盖松了，电瓶车过去咣当咣响"])


def test_every_leaf_is_spoken_of(residents: list[Text]) -> None:
    leaves = {row["code"] for row in rows("categories.json")}
    assert {text.leaf for text in residents} == leaves
    assert set(staff()["results"]) == leaves


def test_a_matter_is_told_more_than_once(residents: list[Text]) -> None:
    matters = Counter(text.matter for text in residents if text.matter)
    assert len(matters) >= 5
    assert min(matters.values()) >= 2


@pytest.mark.parametrize("kind", FEWEST)
def test_staff_have_enough_to_say(kind: str) -> None:
    said = list(sentences(staff()[kind]))
    assert len(said) == len(set(said)) >= FEWEST[kind]
    assert alike(said) == []


def test_residents_rate_and_reopen_in_many_words() -> None:
    assert len(list(sentences([staff()["rate"], staff()["reopen"]]))) >= 15


@pytest.mark.parametrize("verb", ["refuse", "object", "extend", "suspend", "void"])
def test_words_stand_under_a_coded_reason(verb: str) -> None:
    assert set(staff()[verb]) <= {row["code"] for row in rows("reasons.json") if row["verb"] == verb}


def test_every_way_can_be_said() -> None:
    """Each list that a way draws from is there and not empty."""
    assert WAYS
    assert all(found for found in staff().values())


def test_nobody_is_named_by_a_number(residents: list[Text]) -> None:
    for words in [*(text.words for text in residents), *sentences(staff())]:
        assert not re.search(r"\d{17}[\dXx]|\d{15}", words), words
        assert not [one for one in re.findall(r"\d{11}", words) if not DEMO_PHONE.fullmatch(one)], words
        assert len(words) <= 4000
