import pytest
from hypothesis import given
from hypothesis import strategies as st

from onegrid.kit import text


def test_tidy_keeps_lines_and_marks_and_drops_what_is_not_seen() -> None:
    assert (
        text.tidy(" Ａ栋１２０１　路灯坏了，\r\n请\u200b修\u202e复\x00。 \n\n\n\n谢谢 ")
        == "A栋1201 路灯坏了，\n请修复。\n\n谢谢"
    )


@given(st.text())
def test_tidy_twice_is_tidy_once(words: str) -> None:
    assert text.tidy(text.tidy(words)) == text.tidy(words)


def test_tokens_of_a_pair_are_its_two_characters() -> None:
    assert text.bigrams("路灯") == [(ord("路") << 16 | ord("灯")) - 2**31]


def test_tokens_do_not_reach_over_spaces_and_marks() -> None:
    assert text.bigrams("路 灯，坏") == []
    assert text.bigrams("路灯，坏了") == sorted(text.bigrams("路灯") + text.bigrams("坏了"))


def test_latin_words_are_found_in_any_case_and_width() -> None:
    assert text.bigrams("WiFi") == text.bigrams("ｗｉｆｉ")


def test_house_numbers_stay_in_one_piece() -> None:
    assert text.pieces("翠屏路12-3号/2栋") == ["翠屏路12-3号/2栋"]


@given(st.text(min_size=4, max_size=40), st.integers(0, 20), st.integers(2, 20))
def test_whatever_stands_in_a_text_is_found_by_its_tokens(words: str, start: int, length: int) -> None:
    tidied = text.tidy(words)
    part = tidied[start : start + length]
    try:
        tokens = text.query_tokens(part)
    except text.TooShort:
        return
    if text.tidy(part) == part:
        assert set(tokens) <= set(text.bigrams(words))


@given(st.text())
def test_tokens_fit_int4_and_never_collide_with_areas(words: str) -> None:
    tokens = text.bigrams(words)
    assert all(-(2**31) <= token < 2**31 for token in tokens)
    assert not [token for token in tokens if 0xE000 <= (token + 2**31) >> 16 <= 0xF8FF]


def test_area_tokens_are_distinct_and_lie_in_the_private_range() -> None:
    towns = [f"511502{town:03}" for town in range(1000)] + [f"511502{local}" for local in ("A01", "Z9Z")]
    tokens = {text.area_tokens(town)[1] for town in towns}
    assert len(tokens) == len(towns)
    counties = {text.area_tokens(f"{county:06}")[0] for county in range(110000, 660000, 7)}
    assert len(counties) == len(range(110000, 660000, 7))
    for token in tokens | counties:
        assert 0xE000 <= (token + 2**31) >> 16 <= 0xE7FF
    assert text.area_tokens("511502001002003") == text.area_tokens("511502001")
    assert text.area_tokens("5115") == []


@pytest.mark.parametrize("query", ["", "灯", "灯 坏", " ，", "\ue000"])
def test_one_character_is_too_short(query: str) -> None:
    with pytest.raises(text.TooShort):
        text.query_tokens(query)


def test_rare_characters_beyond_the_basic_plane_are_found() -> None:
    assert set(text.query_tokens("𠮷村")) <= set(text.bigrams("我住𠮷村三组"))


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("+86 138 1234 5678", "861****5678"),
        ("8223456", "****456"),
        ("110", "***"),
    ],
)
def test_phone_is_masked(phone: str, masked: str) -> None:
    assert text.mask_phone(phone) == masked


def test_words_are_found_whatever_their_case_width_and_spaces() -> None:
    assert text.reads_like("有人 打 架，快报Ｗｉｆｉ", ["打架", "wifi", "着火", ""]) == ["打架", "wifi"]
