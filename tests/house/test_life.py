"""The table of an event's life: no dead end, every state reachable, every verb and state named in both languages."""

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


def test_what_is_asked_for_is_never_decided_by_the_role_that_asks_alone() -> None:
    for verb in ASKED:
        for step in EVENT.rows(verb):
            assert step.by != step.asked_by
