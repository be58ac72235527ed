"""The table of an event's life: no dead end, every state reachable, every verb and state named in both languages."""

from types import SimpleNamespace

import pytest
from django.utils import translation

from onegrid.events.workflow import ASKED, EVENT, FINAL, OPEN, PART, VERB_LABELS
from onegrid.kit.workflow import SAME


def targets(state: str) -> set[str]:
    return {step.lands(state) for step in EVENT.steps if state in step.sources} - {state}


def reach(start: str) -> set[str]:
    seen, ahead = {start}, [start]
    while ahead:
        for state in targets(ahead.pop()) - seen:
            seen.add(state)
            ahead.append(state)
    return seen


def test_every_state_can_be_reached_from_the_start() -> None:
    assert reach(EVENT.start) == {*OPEN, *FINAL}


@pytest.mark.parametrize("state", OPEN)
def test_no_open_state_is_a_dead_end(state: str) -> None:
    assert reach(state) & set(FINAL)


@pytest.mark.parametrize("state", OPEN)
def test_an_open_state_is_left_by_somebody_else_than_the_house(state: str) -> None:
    assert any(state in step.sources and step.target != SAME and step.by for step in EVENT.steps)


def test_every_verb_and_state_has_a_name_in_both_languages() -> None:
    words = {**VERB_LABELS, **EVENT.labels}
    assert {*EVENT.verbs(), *PART.verbs()} <= set(VERB_LABELS)
    assert set(EVENT.states()) == set(EVENT.labels)
    assert set(PART.states()) == set(PART.labels)
    with translation.override("en"):
        english = {key: str(word) for key, word in words.items()}
    with translation.override("zh-hans"):
        chinese = {key: str(word) for key, word in words.items()}
    assert [key for key in words if english[key] == chinese[key]] == []


@pytest.mark.parametrize("level", [1, 2, 3, 4])
@pytest.mark.parametrize("verb", EVENT.verbs())
def test_of_each_level_a_verb_is_asked_for_or_taken_never_both(verb: str, level: int) -> None:
    """Of the rows that stand for one level in one state, all are asked for or none is."""
    case = SimpleNamespace(level=level)
    for state in EVENT.states():
        rows = [row for row in EVENT.rows(verb) if state in row.sources and row.stands(case) is None]
        assert len({bool(row.asked_by) for row in rows}) <= 1
        assert rows or not any(state in row.sources for row in EVENT.rows(verb))


@pytest.mark.parametrize(("level", "asked"), [(1, True), (2, True), (3, False), (4, False)])
def test_the_end_of_a_grave_matter_is_asked_for(level: int, asked: bool) -> None:
    case = SimpleNamespace(state="checking", level=level, joined_into_id=None)
    assert EVENT.asks("pass_check", case) is asked
    assert EVENT.asks("extend", SimpleNamespace(state="handling", level=level, joined_into_id=None))
    assert not EVENT.asks("redo", case)


def test_what_is_asked_for_is_never_decided_by_the_role_that_asks_alone() -> None:
    for verb in ASKED:
        for step in EVENT.rows(verb):
            assert step.by != step.asked_by
