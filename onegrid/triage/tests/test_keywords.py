import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onegrid.triage import keywords

KNOWN = keywords.WordList.of(
    [
        ("050201", {"井盖": 2.0, "缺失": 0.5, "破损": 0.5}),
        ("050202", {"路灯": 2.0, "不亮": 1.0, "电杆": 1.5}),
        ("030101", {"楼道": 1.0, "楼道堆物": 2.0, "杂物": 0.8}),
        ("030102", ["消防通道", "堵塞"]),
        ("080103", {"家暴": 2.0, "打我": 1.0}),
    ],
    restricted=["080103"],
    emergencies={"119": ["着火", "起火"], "110": ["持刀"], "120": ["昏迷", "大出血"]},
)


def codes(words: str, known: keywords.WordList = KNOWN, limit: int = 3) -> list[str]:
    return [one.code for one in keywords.suggest(words, known, limit)]


def test_the_category_with_the_weightiest_words_comes_first() -> None:
    assert codes("小区门口路灯不亮，井盖也破损了") == ["050202", "050201"]


def test_only_words_that_change_the_answer_are_told() -> None:
    (first,) = keywords.suggest("井盖缺失", KNOWN)
    assert first == keywords.Suggestion("050201", 2.5, ("井盖",))


def test_words_that_only_together_change_the_answer_are_told_together() -> None:
    (first,) = keywords.suggest("消防通道堵塞", KNOWN)
    assert set(first.because) == {"消防通道", "堵塞"}


def test_case_width_and_spaces_do_not_matter() -> None:
    known = keywords.WordList.of([("070104", {"WiFi": 1.0})])
    assert codes("家里ｗｉ ｆｉ坏了", known) == ["070104"]


def test_no_known_word_gives_no_suggestion() -> None:
    assert codes("今天天气很好") == []
    assert codes("") == []
    assert codes("只有杂物") == []


def test_no_more_than_the_limit_is_suggested() -> None:
    assert len(codes("路灯 井盖 楼道堆物 家暴", limit=2)) == 2


def test_equal_scores_are_told_in_the_order_of_codes() -> None:
    known = keywords.WordList.of([("2", ["水"]), ("1", ["水"])])
    assert codes("漏水", known) == ["1", "2"]


def test_a_sealed_category_is_read_however_weak_it_is() -> None:
    words = "路灯不亮电杆也歪，井盖缺失，楼道堆物，丈夫打我"
    assert "080103" not in codes(words)
    assert [(one.code, one.because) for one in keywords.reads_restricted(words, KNOWN)] == [("080103", ("打我",))]


@pytest.mark.parametrize(
    ("words", "number", "because"),
    [
        ("三楼 着 火了", "119", ("着火",)),
        ("有人持刀伤人，一人昏迷大出血", "120", ("昏迷", "大出血")),
        ("有人持刀", "110", ("持刀",)),
    ],
)
def test_danger_names_the_number_to_call(words: str, number: str, because: tuple[str, ...]) -> None:
    assert keywords.emergency(words, KNOWN) == keywords.Emergency(number, because)


def test_no_danger_names_no_number() -> None:
    assert keywords.emergency("路灯不亮", KNOWN) is None
    assert keywords.emergency("着火", keywords.WordList.of([])) is None


@pytest.mark.parametrize("words", [[""], {" ": 1.0}, {"灯": 0.0}, {"a|b": 1.0}])
def test_a_wrong_word_list_is_refused(words: keywords.Keywords) -> None:
    with pytest.raises(ValueError):
        keywords.WordList.of([("1", words)])


# Few characters, so that words overlap, hold each other and are shared by categories.
WORDS = st.text("水电路灯", min_size=1, max_size=3)
LISTS = st.dictionaries(
    st.sampled_from(["01", "02", "03", "04"]),
    st.dictionaries(WORDS, st.sampled_from([0.3, 0.5, 1.0, 1.7, 2.0]), max_size=5),
)
TEXTS = st.text("水电路灯，", max_size=16)


def place(words: str, code: str, known: keywords.WordList) -> int:
    ranked = codes(words, known, limit=9)
    return ranked.index(code) if code in ranked else 99


@settings(max_examples=500, deadline=None)
@given(LISTS, TEXTS)
def test_the_told_words_are_exactly_those_whose_removal_changes_the_answer(
    lists: dict[str, dict[str, float]], words: str
) -> None:
    known = keywords.WordList.of(lists.items())
    for at, one in enumerate(keywords.suggest(words, known, limit=9)):
        assert one.because
        assert all(word in words for word in one.because)
        assert place(keywords.without(words, one.because), one.code, known) > at
        for kept in one.because:
            fewer = [word for word in one.because if word != kept]
            assert place(keywords.without(words, fewer), one.code, known) <= at


@given(st.text())
def test_any_text_is_read_without_error(words: str) -> None:
    assert all(one.score >= keywords.THRESHOLD for one in keywords.suggest(words, KNOWN))
    keywords.reads_restricted(words, KNOWN)
    keywords.emergency(words, KNOWN)
