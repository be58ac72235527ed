"""What is asked for and done on a sealed matter is sealed like the words of whoever reported it."""

from typing import Any

import pytest

from onegrid.events import actions, queries
from onegrid.events.models import Assignment, Event, Request
from onegrid.testing import matters as told
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
WHY = "报案人就住在楼上，不能再派给这个所"


@pytest.fixture
def matters(county: County) -> Any:
    told.make_matters(county)
    with told.at():
        yield county


def asked(county: County, words: str) -> Event:
    said = told.reported(words)
    given = {"reason": "mistake", "words": WHY}
    actions.ask_for(actor=county.receiver, number=said.number, kind="void", given=given)
    return said.event


def test_the_words_of_a_request_and_of_its_decision_are_sealed(matters: County) -> None:
    event = asked(matters, "楼下麻将馆天天赌博")
    actions.decide(actor=matters.leader, number=event.number, kind="void", grant=False, words="请换人办")
    row = Request.objects.get(event=event)
    assert (row.words, row.decision_words, row.told()) == ("", "", (WHY, "请换人办"))
    shown = queries.detail(matters.receiver, event.number).requests[0]
    assert shown.told()[0] == WHY


def test_of_an_ordinary_matter_they_stay_plain(matters: County) -> None:
    event = asked(matters, told.WORDS)
    assert Request.objects.get(event=event).words == WHY


def test_the_seal_follows_the_category_both_ways(matters: County) -> None:
    event = asked(matters, told.WORDS)
    given = {"category": told.VICE}
    actions.take(actor=matters.receiver, number=event.number, verb="accept", given=given)
    actions.take(
        actor=matters.dispatcher, number=event.number, verb="assist", given={"unit": "fire", "words": "悄悄到场"}
    )
    row, part = Request.objects.get(event=event), Assignment.objects.get(event=event)
    assert (row.words, row.told()[0], part.task, part.told()["task"]) == ("", WHY, "", "悄悄到场")


def test_it_is_opened_again_when_the_matter_is_no_secret(matters: County) -> None:
    event = asked(matters, "楼下麻将馆天天赌博")
    actions.take(actor=matters.receiver, number=event.number, verb="accept", given={"category": told.LAMP})
    assert Request.objects.get(event=event).words == WHY
