"""A night in the county: a hole in the road, a leader who does not answer, a village that has no account."""

from datetime import UTC, datetime, timedelta

import pytest

from onegrid.events import actions, queries
from onegrid.events.models import Alert, Call, Event, Link, Step
from onegrid.notices.models import Message
from onegrid.org.models import TrailEntry
from onegrid.org.roles import Actor
from onegrid.testing.cast import County
from onegrid.testing.matters import GAS, Hand, at, make_matters, reported

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 10, 16, 15, 30, tzinfo=UTC)  # Friday, half past eleven at night


@pytest.fixture
def matters(county: County) -> County:
    make_matters(county)
    for one in (county.duty_leader, county.leader):
        assert one.posting_id is not None
        actions.put_on_call(actor=county.dispatcher, posting_id=one.posting_id)
    return county


def minutes(hand: Hand, count: int) -> int:
    """The house sweeps each minute; returns how many calls it made."""
    made = 0
    for _minute in range(count):
        hand.on(minutes=1)
        made += actions.sweep().calls
    return made


def test_a_grave_matter_at_night_ends_checked_by_another_and_rated(matters: County) -> None:
    with at(NIGHT) as hand:
        said = reported("巷口燃气味很浓，怕是漏气", contact={"phone": "13800001234"})
        actions.raise_alert(event_id=said.event.pk, cause="report")
        assert minutes(hand, 12) == 1
        (alert,) = queries.calling(matters.leader)
        assert [call.posting_id for call in alert.calls.all()] == [
            matters.duty_leader.posting_id, matters.leader.posting_id,
        ]  # fmt: skip
        actions.acknowledge(actor=matters.leader, number=said.number)
        assert minutes(hand, 60) == 0

        actions.take(actor=matters.receiver, number=said.number, verb="accept", given={"category": GAS})
        given = {"unit": "city", "words": "先关阀门，再查管道"}
        actions.take(actor=matters.dispatcher, number=said.number, verb="dispatch", given=given)
        _link, code = actions.make_link(actor=matters.dispatcher, number=said.number, days=3)
        opened = actions.open_link(code=code)
        assert opened is not None
        assert opened.asked == "先关阀门，再查管道"
        for verb, more in (
            ("note", {"words": "阀门在哪里？"}),
            ("claim", {}),
            ("resolve", {"result": "阀门已换，无漏气"}),
        ):
            actions.answer_by_link(code=code, verb=verb, version=None, given=more)
        assert actions.open_link(code=code) is None
        actions.ask_for(actor=matters.checker, number=said.number, kind="pass_check")
        actions.decide(actor=matters.leader, number=said.number, kind="pass_check", grant=True)
        reporter = Actor.reporter(said.report.pk)
        actions.take(actor=reporter, number=said.number, verb="rate", given={"solved": True})
        assert minutes(hand, 30) == 0

    event = Event.objects.get(number=said.number)
    assert (event.state, Alert.objects.get().outcome, Link.objects.get().ending) == ("closed", "acknowledged", "result")
    verbs = list(Step.objects.filter(event=event).order_by("n").values_list("verb", "actor_kind"))
    assert verbs == [
        ("report", "reporter"), ("accept", "staff"), ("dispatch", "staff"), ("note", "guest"), ("claim", "guest"),
        ("resolve", "guest"), ("request", "staff"), ("pass_check", "staff"), ("rate", "reporter"),
    ]  # fmt: skip
    assert {one.verb for one in TrailEntry.objects.filter(who__startswith="link ")} == {"open_link"}


def test_over_a_month_each_call_goes_out_once_whatever_stands_still_meanwhile(matters: County) -> None:
    """The house stops for hours now and then and sweeps twice when it comes back; nobody ever acknowledges."""
    with at(NIGHT) as hand:
        event = reported("巷口燃气味很浓，怕是漏气").event
        actions.raise_alert(event_id=event.pk, cause="report")
        last, due = Call.objects.get().at, 0
        for day in range(30):
            hand.on(hours=7 if day % 3 else 0.1, minutes=day)
            expected = hand.moment >= last + timedelta(minutes=10)
            assert [actions.sweep().calls for _twice in range(2)] == [int(expected), 0]
            last, due = (hand.moment, due + 1) if expected else (last, due)
        for call in Call.objects.all():
            for _twice in range(2):
                actions.tell_of_call(call_id=call.pk, again=False)
    assert Call.objects.count() == Message.objects.filter(kind="alert").count() == due + 1
    assert list(Call.objects.order_by("n").values_list("n", flat=True)) == list(range(1, due + 2))
