"""One level up: the centre above owns it, the lower one reads on; grave matters may skip a level."""

from typing import Any

import pytest

from onegrid.events import actions, queries
from onegrid.events.models import Event
from onegrid.notices.models import Message
from onegrid.org.models import Unit
from onegrid.org.queries import forget_reference
from onegrid.testing import matters as told
from onegrid.testing.cast import VILLAGES, County, post

pytestmark = pytest.mark.django_db
IN_TOWN = {"lon": 104.635, "lat": 28.705}
WHY = {"reason": "本级没有执法权"}


@pytest.fixture
def matters(county: County) -> Any:
    told.make_matters(county)
    with told.at():
        yield county


def in_town(county: County, words: str = told.WORDS) -> Event:
    return told.reported(words, **IN_TOWN).event


def up(county: County, event: Event, **given: Any) -> Event:
    return actions.take(actor=county.neighbour, number=event.number, verb="escalate", given={**WHY, **given})


def test_the_county_owns_it_and_the_town_reads_on(matters: County) -> None:
    event = up(matters, in_town(matters))
    assert (event.owner_id, event.holder_id) == (matters.units["centre"].pk, matters.units["centre"].pk)
    assert event.state == "reported"
    assert queries.detail(matters.neighbour, event.number).event.pk == event.pk
    with pytest.raises(actions.NotAllowed):
        actions.take(actor=matters.neighbour, number=event.number, verb="accept", given={"category": told.LAMP})
    actions.take(actor=matters.receiver, number=event.number, verb="accept", given={"category": told.LAMP})


def test_its_clock_does_not_begin_anew(matters: County) -> None:
    with told.at() as hand:
        event = in_town(matters)
        before = event.due_at
        hand.on(minutes=30)
        assert up(matters, event).due_at == before


def test_the_dispatchers_of_the_upper_centre_are_told(matters: County) -> None:
    event = up(matters, in_town(matters))
    step = event.steps.get(verb="escalate")
    actions.tell_people(event_id=event.pk, n=step.n)
    told_to = Message.objects.filter(kind="escalated").values_list("to_posting__user__username", flat=True)
    assert list(told_to) == ["dispatcher"]


def test_only_grave_matters_skip_a_level(matters: County) -> None:
    village = Unit.objects.create(
        code="centre-village", name_zh="村站", kind="centre", area=VILLAGES[2], name_en="Village"
    )
    forget_reference()
    ordinary, grave = in_town(matters), in_town(matters, "闻到煤气味，燃气漏气")
    Event.objects.filter(pk__in=(ordinary.pk, grave.pk)).update(owner=village)
    matters.units["centre-village"] = village
    clerk = post(matters, "village_clerk", "centre-village", VILLAGES[2], ("dispatcher",))
    given = {**WHY, "unit": "centre"}
    with pytest.raises(actions.NotGiven, match="unit"):
        actions.take(actor=clerk, number=ordinary.number, verb="escalate", given=given)
    assert actions.take(actor=clerk, number=ordinary.number, verb="escalate", given=WHY).owner_id == (
        matters.units["centre-002"].pk
    )
    assert actions.take(actor=clerk, number=grave.number, verb="escalate", given=given).owner_id == (
        matters.units["centre"].pk
    )


def test_a_centre_that_the_matter_is_about_is_passed_by(matters: County) -> None:
    event = in_town(matters)
    Event.objects.filter(pk=event.pk).update(about_unit_ids=[matters.units["centre"].pk])
    event.refresh_from_db()
    assert queries.centres_above(event) == []


def test_nothing_is_above_the_county(matters: County) -> None:
    event = told.reported().event
    with pytest.raises(actions.NotGiven, match="unit"):
        actions.take(actor=matters.dispatcher, number=event.number, verb="escalate", given=WHY)


def test_the_wrong_role_another_centre_and_the_wrong_state_are_refused(matters: County) -> None:
    event = in_town(matters)
    for actor in (matters.neighbour_receiver, matters.dispatcher):
        with pytest.raises(actions.NotAllowed):
            actions.take(actor=actor, number=event.number, verb="escalate", given=WHY)
    with pytest.raises(Event.DoesNotExist):
        actions.take(actor=matters.handler, number=event.number, verb="escalate", given=WHY)
    closed = told.event_in("closed", matters)
    with pytest.raises(actions.NotAllowed):
        actions.take(actor=matters.dispatcher, number=closed.number, verb="escalate", given=WHY)
