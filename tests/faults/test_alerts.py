"""Two and more workers sweep at the same instant, and leaders acknowledge meanwhile: each call is made once."""

import pytest

from onegrid.events import actions
from onegrid.events.models import Alert, Call
from onegrid.testing.cast import County
from onegrid.testing.matters import at, make_matters, reported
from tests.faults.crowd import together

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 16


@pytest.fixture
def matters(county: County) -> County:
    make_matters(county)
    for one in (county.duty_leader, county.leader):
        assert one.posting_id is not None
        actions.put_on_call(actor=county.leader, posting_id=one.posting_id)
    return county


def test_many_workers_make_each_call_once(matters: County) -> None:
    with at() as hand:
        event = reported("楼道里有燃气味，怕是漏气").event
        crowd = together(lambda _place: actions.raise_alert(event_id=event.pk, cause="report"), WORKERS)
        assert crowd.errors == []
        for _round in range(3):
            hand.on(minutes=10)
            crowd = together(lambda _place: actions.sweep().calls, WORKERS)
            assert crowd.errors == []
            assert sum(crowd.answers) == 1
    first, second = matters.duty_leader.posting_id, matters.leader.posting_id
    assert list(Call.objects.values_list("n", "posting_id")) == [(1, first), (2, second), (3, first), (4, second)]


def test_one_acknowledgement_stands_and_no_call_follows_it(matters: County) -> None:
    with at() as hand:
        event = reported("楼道里有燃气味，怕是漏气").event
        actions.raise_alert(event_id=event.pk, cause="report")
        hand.on(minutes=10)

        def mixed(place: int) -> object:
            if place % 2:
                return actions.sweep().calls
            actor = matters.leader if place % 4 else matters.duty_leader
            return actions.acknowledge(actor=actor, number=event.number)

        crowd = together(mixed, WORKERS)
        assert crowd.kinds() <= {"NotAllowed"}
        assert len([one for one in crowd.answers if isinstance(one, Alert)]) == 1
        made = Call.objects.count()
        hand.on(hours=1)
        assert actions.sweep().calls == 0
    assert Alert.objects.get().outcome == "acknowledged"
    assert made == Call.objects.count() <= 2
