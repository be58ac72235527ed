from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from onegrid.triage import same_matter
from onegrid.triage.same_matter import Matter, Rarity

AT = datetime(2026, 11, 21, 8, tzinfo=UTC)
LAMP = Matter("a", "翠屏路菜市场门口的路灯坏了三天，晚上很黑", AT, "050202", 104.62, 28.77)
LAMP_AGAIN = Matter("b", "菜市场门口路灯不亮，老人走路危险", AT + timedelta(hours=5), "050202", 104.6201, 28.77)
LAMP_ELSEWHERE = replace(LAMP_AGAIN, key="c", longitude=104.65)
NOISE = Matter("d", "楼下烧烤店半夜油烟呛人", AT + timedelta(days=90), "060102", 104.621, 28.77)
ELEVATOR = Matter("e", "幸福小区3栋电梯困人", AT, "030204")
NO_TEXTS = Rarity()


def keys(likeness: same_matter.Likeness) -> set[str]:
    return {reason.key for reason in likeness.reasons}


def test_the_same_lamp_told_by_two_neighbours_is_likely_one_matter() -> None:
    found = same_matter.likeness(LAMP, LAMP_AGAIN, NO_TEXTS)
    assert found.verdict == "likely"
    assert keys(found) == {"shared_words", "near", "soon", "same_leaf"}
    assert all(reason.favours for reason in found.reasons)


def test_another_lamp_three_kilometres_off_is_not() -> None:
    found = same_matter.likeness(LAMP, LAMP_ELSEWHERE, NO_TEXTS)
    assert found.verdict == "unlikely"
    assert [reason.key for reason in found.reasons if not reason.favours] == ["far"]


def test_another_matter_next_door_is_not() -> None:
    found = same_matter.likeness(LAMP, NOISE, NO_TEXTS)
    assert found.verdict == "unlikely"
    assert {"no_shared_words", "long_apart", "other_class"} <= keys(found)


def test_two_who_say_it_differently_at_one_place_are_likely_one_matter() -> None:
    other = Matter("b", "黑灯瞎火，看不见", AT, "050202", 104.6201, 28.77)
    assert same_matter.likeness(LAMP, other, NO_TEXTS).verdict == "likely"


def test_candidates_come_in_the_order_of_likeness_and_without_the_subject() -> None:
    found = same_matter.same([NOISE, LAMP_ELSEWHERE, LAMP, LAMP_AGAIN, ELEVATOR], LAMP)
    assert next(one.key for one in found) == "b"
    assert {one.key for one in found} == {"b", "c", "d", "e"}
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert same_matter.same([], LAMP) == []


def test_the_shared_words_are_the_longest_runs() -> None:
    assert same_matter.shared_words(LAMP, LAMP_AGAIN, NO_TEXTS) == ["菜市场门口", "路灯"]


def test_what_everybody_writes_counts_little() -> None:
    polite = [f"尊敬的领导您好，希望尽快处理第{place}件事" for place in range(200)]
    first = Matter("a", "尊敬的领导您好，水管漏了，希望尽快处理", AT)
    second = Matter("b", "尊敬的领导您好，电梯困人，希望尽快处理", AT)
    assert same_matter.word_score(first, second, NO_TEXTS) > 2 * same_matter.word_score(first, second, Rarity(polite))


def test_unknown_places_and_leaves_count_nothing() -> None:
    found = same_matter.likeness(ELEVATOR, replace(ELEVATOR, key="f", leaf=""), NO_TEXTS)
    assert keys(found) == {"shared_words", "soon"}


def test_reasons_are_told_in_both_languages() -> None:
    found = same_matter.likeness(LAMP, LAMP_AGAIN, NO_TEXTS)
    with translation.override("en"):
        told = {reason.key: str(reason) for reason in found.reasons}
    assert told["near"] == "10 m from each other"
    assert told["soon"] == "5 hours apart"
    assert told["shared_words"].startswith("Both say: ")
    with translation.override("zh-hans"):
        told = {reason.key: str(reason) for reason in found.reasons}
    assert told["near"] == "相距 10 米"
    assert told["soon"] == "前后相隔 5 小时"
    assert told["shared_words"] == "都提到：菜市场门口、路灯"


@pytest.mark.parametrize("other", [LAMP_AGAIN, LAMP_ELSEWHERE, NOISE, ELEVATOR])
def test_likeness_is_the_same_both_ways_round(other: Matter) -> None:
    there, back = same_matter.likeness(LAMP, other, NO_TEXTS), same_matter.likeness(other, LAMP, NO_TEXTS)
    assert there.score == back.score
    assert keys(there) == keys(back)


@given(st.text(), st.text())
def test_any_two_texts_have_a_likeness_from_0_to_1(first: str, second: str) -> None:
    one, other = Matter("a", first, AT), Matter("b", second, AT)
    found = same_matter.likeness(one, other, NO_TEXTS)
    assert 0 <= found.score <= 1
    assert [str(reason) for reason in found.reasons]
    assert 0 <= same_matter.word_score(one, other, NO_TEXTS) <= 1.000001
    if one.tokens:
        assert same_matter.word_score(one, one, NO_TEXTS) == pytest.approx(1)
