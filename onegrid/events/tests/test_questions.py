"""Further questions: what is asked, what is accepted as an answer, and that nobody may ask what is closed."""

from typing import Any

import pytest

from onegrid.events import actions, queries
from onegrid.events.actions.loading import BadData
from onegrid.events.models import Question, Report
from onegrid.events.rules import questions as rules
from onegrid.org.roles import Actor
from onegrid.testing.cast import County
from onegrid.testing.matters import LAMP, VICE, WORDS, ask_further, make_matters, reported

pytestmark = pytest.mark.django_db


@pytest.fixture
def matters(county: County) -> County:
    make_matters(county)
    ask_further()
    return county


def said(**given: Any) -> list[tuple[str, Any, str]]:
    made = reported(category=LAMP, answers=given)
    return [(row["key"], row["value"], row["said_zh"]) for row in Report.objects.get(pk=made.report.pk).answered()]


def test_answers_stand_beside_the_words(matters: County) -> None:
    assert said(what="lamp", how_many="3", since="2026-10-01", pole=" A12 ") == [
        ("what", "lamp", "路灯"), ("how_many", 3, "3"), ("since", "2026-10-01", "2026-10-01"), ("pole", "A12", "A12"),
    ]  # fmt: skip


def test_what_was_asked_and_said_outlives_a_change_of_the_question(matters: County) -> None:
    made = reported(category=LAMP, answers={"what": ["lamp"]})
    Question.objects.update(name_zh="别的问题", options=[])
    row = Report.objects.get(pk=made.report.pk).answered()[0]
    assert (row["zh"], row["said_zh"], row["said_en"]) == ("问题what", "路灯", "street lamp")


def test_a_question_is_asked_only_where_the_answer_before_calls_for_it(matters: County) -> None:
    assert [row[0] for row in said(what="cable", how_many="3", hanging="yes")] == ["what", "hanging"]


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({}, "answers.what"),
        ({"what": "tree"}, "answers.what"),
        ({"what": ["lamp", "cable"]}, "answers.what"),
        ({"what": "lamp", "how_many": "many"}, "answers.how_many"),
        ({"what": "lamp", "how_many": "nan"}, "answers.how_many"),
        ({"what": "lamp", "how_many": "1e99"}, "answers.how_many"),
        ({"what": "lamp", "since": "yesterday"}, "answers.since"),
        ({"what": "cable", "hanging": "perhaps"}, "answers.hanging"),
        ({"what": "lamp", "pole": "x" * 201}, "answers.pole"),
        ({"what": "lamp", "colour": "red"}, "answers.colour"),
    ],
)
def test_each_fault_stands_under_its_question(matters: County, given: dict[str, Any], fault: str) -> None:
    with pytest.raises(actions.NotGiven) as refused:
        said(**given)
    assert list(refused.value.fields) == [fault]
    assert not Report.objects.exists()


def test_whoever_is_not_asked_has_nothing_to_answer(matters: County) -> None:
    assert reported(category=LAMP).report.answered() == []


def test_answers_to_a_sealed_matter_are_sealed_and_follow_the_seal(matters: County) -> None:
    made = reported(category=LAMP, answers={"what": "lamp"})
    actions.take(actor=matters.receiver, number=made.number, verb="accept", given={"category": VICE})
    row = Report.objects.get(pk=made.report.pk)
    assert (row.answers, row.answers_sealed is None, row.answered()[0]["key"]) == ([], False, "what")
    actions.undo(actor=matters.receiver, number=made.number)
    row = Report.objects.get(pk=made.report.pk)
    assert (row.answers[0]["key"], row.answers_sealed) == ("what", None)


def test_a_voice_taken_apart_keeps_its_answers(matters: County) -> None:
    made = reported(category=LAMP)
    voice = actions.join(actor=Actor.stranger(), number=made.number, words=WORDS)
    row = Report.objects.get(pk=voice.report.pk)
    row.keep_answers([{"key": "what"}], restricted=False)
    row.save()
    actions.part(actor=matters.receiver, number=made.number, voice=voice.number)
    assert Report.objects.get(pk=row.pk).answered() == [{"key": "what"}]


def row(**given: Any) -> dict[str, Any]:
    return {"category": LAMP, "key": "new", "kind": "text", "name_zh": "新问题", "name_en": "New question", **given}


def test_questions_are_loaded_twice_without_doubling(matters: County) -> None:
    for _time in range(2):
        assert actions.load_questions([row()]) == 1
    assert Question.objects.filter(key="new").count() == 1
    assert "new" in [one.key for one in queries.questions(LAMP)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name_zh": "当事人身份证号码"},
        {"name_en": "Ethnic group"},
        {"kind": "choice", "options": [{"code": "a", "name_zh": "信访人员", "name_en": "x"}]},
        {"kind": "choice"},
        {"kind": "dance"},
        {"category": "999999"},
        {"depends": {"key": "nothing", "is": ["yes"]}},
    ],
)
def test_what_may_not_be_asked_is_refused_with_its_row(matters: County, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadData, match=r"questions\.json row 1"):
        actions.load_questions([row(**wrong)])


def test_a_question_may_depend_only_on_an_answer_that_exists(matters: County) -> None:
    asked = [row(key="a", kind="yes_no"), row(key="b", depends={"key": "a", "is": ["perhaps"]})]
    with pytest.raises(BadData, match="row 2"):
        actions.load_questions(asked)


def test_every_kind_has_a_reader() -> None:
    assert {*rules.READERS, "many"} == set(rules.KINDS)
