"""A grave matter calls for a leader: whom, when, how often, and what ends it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from onegrid.events import actions, queries
from onegrid.events.models import Alert, Call, Event
from onegrid.events.rules.duty import next_in_line
from onegrid.notices.models import Message
from onegrid.org.models import Posting
from onegrid.org.roles import DUTY_LEADER, LEADER, Actor
from onegrid.testing import cast
from onegrid.testing.cast import County
from onegrid.testing.matters import GAS, LAMP, at, make_matters, reported

pytestmark = pytest.mark.django_db
GRAVE = "楼道里有燃气味，怕是漏气"


@pytest.fixture
def matters(county: County) -> County:
    make_matters(county)
    return county


def on_call(county: County, *people: Actor) -> None:
    for one in people:
        assert one.posting_id is not None
        actions.put_on_call(actor=county.leader, posting_id=one.posting_id)


def grave(words: str = GRAVE) -> Event:
    """Reported, and the job that its step enqueued done."""
    said = reported(words)
    work()
    return Event.objects.get(number=said.number)


def work() -> None:
    """Do the jobs of alerts and calls that wait, and those that they enqueue, each once."""
    while jobs := ProcrastinateJob.objects.filter(task_name__in=DONE).exclude(pk__in=SEEN).order_by("id"):
        for job in jobs:
            SEEN.add(job.pk)
            DONE[job.task_name](**job.args)


SEEN: set[int] = set()
DONE: dict[str, Callable[..., object]] = {
    "events.tasks.raise_alert": actions.raise_alert,
    "events.tasks.tell_of_call": actions.tell_of_call,
}


def called(event: Event) -> list[int | None]:
    return list(Call.objects.filter(alert__event=event).order_by("alert", "n").values_list("posting_id", flat=True))


def told(kind: str) -> list[int | None]:
    return list(Message.objects.filter(kind=kind).order_by("id").values_list("to_posting_id", flat=True))


def test_a_grave_report_calls_the_first_on_the_list_at_once(matters: County) -> None:
    on_call(matters, matters.leader, matters.duty_leader)
    with at() as hand:
        event = grave()
        alert = Alert.objects.get(event=event)
    assert (event.category, alert.level, alert.cause) == (GAS, 2, "report")
    assert called(event) == told("alert") == [matters.leader.posting_id]
    assert alert.next_at == hand.moment + timedelta(minutes=10)


def test_an_ordinary_report_calls_nobody(matters: County) -> None:
    with at() as hand:
        event = grave("东门巷三盏路灯不亮")
        hand.on(hours=1)
        assert actions.sweep().calls == 0
    assert not Alert.objects.filter(event=event).exists()


def test_what_is_imported_calls_nobody_until_somebody_accepts_it_as_grave(matters: County) -> None:
    with at():
        said = reported(GRAVE, channel="import")
        work()
        assert not Alert.objects.exists()
        actions.take(actor=matters.receiver, number=said.number, verb="accept", given={"category": GAS})
        work()
    assert Alert.objects.get().cause == "accept"


def test_whoever_does_not_acknowledge_is_followed_by_the_next_exactly_once(matters: County) -> None:
    """The sweep comes each minute and, after a restart, twice: a call is due once in ten minutes all the same."""
    on_call(matters, matters.duty_leader, matters.leader)
    first, second = matters.duty_leader.posting_id, matters.leader.posting_id
    with at() as hand:
        event = grave()
        for _minute in range(35):
            hand.on(minutes=1)
            actions.sweep()
            actions.sweep()
            work()
    assert called(event) == told("alert") == [first, second, first, second]
    moments = [call.at - event.reported_at for call in Call.objects.order_by("n")]
    assert moments == [timedelta(minutes=10 * n) for n in range(4)]


def test_when_the_list_begins_again_the_centre_is_told(matters: County) -> None:
    on_call(matters, matters.duty_leader)
    with at() as hand:
        event = grave()
        assert told("unheard") == []
        hand.on(minutes=10)
        assert actions.sweep().calls == 1
        work()
    assert Alert.objects.get(event=event).rounds == 1
    assert set(told("unheard")) == {matters.receiver.posting_id, matters.dispatcher.posting_id}


def test_after_a_standstill_one_call_follows_not_one_for_each_that_was_missed(matters: County) -> None:
    on_call(matters, matters.duty_leader, matters.leader)
    with at() as hand:
        event = grave()
        hand.on(hours=5)
        assert [actions.sweep().calls for _round in range(3)] == [1, 0, 0]
    assert len(called(event)) == 2


def test_nobody_is_called_while_away(matters: County) -> None:
    on_call(matters, matters.duty_leader, matters.leader)
    with at() as hand:
        assert matters.duty_leader.posting_id is not None
        actions.set_away(
            actor=matters.leader, posting_id=matters.duty_leader.posting_id, since="2026-10-14T09:00",
            until="2026-10-14T10:05",
        )  # fmt: skip
        event = grave()
        hand.on(minutes=10)
        actions.sweep()
    assert called(event) == [matters.leader.posting_id, matters.duty_leader.posting_id]


def test_without_a_list_the_duty_leaders_are_called_and_then_the_leaders(matters: County) -> None:
    with at() as hand:
        event = grave()
        hand.on(minutes=10)
        actions.sweep()
    assert called(event) == [matters.duty_leader.posting_id, matters.leader.posting_id]


def test_where_nobody_can_be_called_the_centre_is_told_each_time(matters: County) -> None:
    Posting.objects.filter(roles__overlap=[DUTY_LEADER, LEADER]).update(until="2026-01-01T00:00Z")
    with at() as hand:
        event = grave()
        hand.on(minutes=10)
        actions.sweep()
        work()
    assert called(event) == [None, None]
    assert told("nobody_on_call") == [matters.receiver.posting_id, matters.dispatcher.posting_id] * 2


def test_who_left_the_office_is_called_no_more(matters: County) -> None:
    on_call(matters, matters.duty_leader, matters.leader)
    Posting.objects.filter(user__username="duty_leader").update(until="2026-01-01T00:00Z")
    assert called(grave()) == [matters.leader.posting_id]


def test_accepted_at_the_same_level_it_calls_nobody_anew(matters: County) -> None:
    with at():
        event = grave()
        actions.acknowledge(actor=matters.duty_leader, number=event.number)
        actions.take(actor=matters.receiver, number=event.number, verb="accept", given={"category": GAS})
        work()
    assert Alert.objects.filter(event=event).count() == 1


def test_accepted_at_a_graver_level_it_calls_again(matters: County) -> None:
    with at():
        event = grave("东门巷三盏路灯不亮")
        given = {"category": LAMP, "level": 1}
        actions.take(actor=matters.receiver, number=event.number, verb="accept", given=given)
        work()
        alert = Alert.objects.get(event=event)
    assert (alert.level, alert.cause) == (1, "accept")


def test_a_level_that_was_lowered_ends_the_calling(matters: County) -> None:
    with at() as hand:
        event = grave()
        given = {"category": LAMP, "level": 4}
        actions.take(actor=matters.receiver, number=event.number, verb="accept", given=given)
        hand.on(minutes=10)
        assert actions.sweep().calls == 0
    assert Alert.objects.get(event=event).outcome == "over"


def test_a_matter_that_ended_calls_nobody(matters: County) -> None:
    with at() as hand:
        said = reported(GRAVE)
        work()
        actions.take(actor=Actor.reporter(said.report.pk), number=said.number, verb="withdraw")
        hand.on(minutes=10)
        assert actions.sweep().calls == 0


def test_a_level_that_was_undone_calls_nobody(matters: County) -> None:
    with at():
        event = grave("东门巷三盏路灯不亮")
        given = {"category": LAMP, "level": 1}
        actions.take(actor=matters.receiver, number=event.number, verb="accept", given=given)
        actions.undo(actor=matters.receiver, number=event.number)
        work()
    assert not Alert.objects.exists()


def test_a_job_that_is_done_twice_calls_once(matters: County) -> None:
    event = grave()
    actions.raise_alert(event_id=event.pk, cause="report")
    (call,) = Call.objects.all()
    actions.tell_of_call(call_id=call.pk, again=False)
    assert called(event) == told("alert") == [matters.duty_leader.posting_id]


def test_another_centre_calls_its_own_people(matters: County) -> None:
    """As after an escalation: the centre that holds it now calls, the former one calls no more."""
    theirs = town_leader(matters)
    with at():
        said = reported(GRAVE, lon=104.635, lat=28.705)
        work()
        event = Event.objects.get(number=said.number)
        assert called(event) == [theirs.posting_id]
        Event.objects.filter(pk=event.pk).update(owner=matters.units["centre"])
        actions.raise_alert(event_id=event.pk, cause="escalate")
    assert called(event) == [theirs.posting_id, matters.duty_leader.posting_id]
    assert list(Alert.objects.order_by("id").values_list("outcome", flat=True)) == ["moved", ""]


def town_leader(county: County) -> Actor:
    theirs = cast.post(county, "town_leader", "centre-002", cast.TOWNS[1], (DUTY_LEADER,))
    Posting.objects.filter(user__username="town_leader").update(since=cast.SINCE)
    return theirs


def placed(actor: Actor, event: Event, grid: int, *, hand_over: bool) -> None:
    lon, lat = cast.middle(grid)
    given = {"longitude": lon, "latitude": lat, "hand_over": hand_over}
    actions.take(actor=actor, number=event.number, verb="place", given=given)
    work()


def alerts() -> list[tuple[str, str, str]]:
    return list(Alert.objects.order_by("raised_at", "id").values_list("centre__code", "cause", "outcome"))


def test_handed_over_with_its_place_it_calls_the_people_of_the_new_centre(matters: County) -> None:
    theirs = town_leader(matters)
    with at() as hand:
        event = grave()
        hand.on(minutes=3)
        placed(matters.receiver, event, 3, hand_over=True)
        assert alerts() == [("centre", "report", "moved"), ("centre-002", "place", "")]
        assert called(event) == told("alert") == [matters.duty_leader.posting_id, theirs.posting_id]
        hand.on(minutes=10)
        assert actions.sweep().calls == 1
    assert called(event) == [matters.duty_leader.posting_id, theirs.posting_id, theirs.posting_id]


def test_placed_but_not_handed_over_its_own_centre_goes_on_calling(matters: County) -> None:
    town_leader(matters)
    with at() as hand:
        event = grave()
        placed(matters.receiver, event, 3, hand_over=False)
        assert alerts() == [("centre", "report", "")]
        hand.on(minutes=10)
        assert actions.sweep().calls == 1
    assert called(event) == [matters.duty_leader.posting_id, matters.leader.posting_id]


@pytest.mark.parametrize("acknowledged", [False, True])
def test_handed_back_it_calls_the_first_centre_again_unless_that_had_acknowledged(
    matters: County, acknowledged: bool
) -> None:
    town_leader(matters)
    with at() as hand:
        event = grave()
        if acknowledged:
            actions.acknowledge(actor=matters.duty_leader, number=event.number)
        for actor, grid in ((matters.receiver, 3), (matters.neighbour_receiver, 0)):
            hand.on(minutes=1)
            placed(actor, event, grid, hand_over=True)
        assert Event.objects.get(pk=event.pk).owner_id == matters.units["centre"].pk
        assert Alert.objects.get(centre__code="centre-002").outcome == "moved"
        ours = Alert.objects.get(centre__code="centre")
        latest = queries.alert_of(event)
    if acknowledged:
        assert ours.outcome == "acknowledged"
        assert told("alert").count(matters.duty_leader.posting_id) == 1
    else:
        assert (ours.outcome, ours.cause, ours.raised_at, latest) == ("", "place", hand.moment, ours)
        assert called(event)[:2] == [matters.duty_leader.posting_id, matters.leader.posting_id]


def test_what_is_imported_and_handed_over_calls_nobody_before_it_is_accepted(matters: County) -> None:
    town_leader(matters)
    with at():
        said = reported(GRAVE, channel="import")
        placed(matters.receiver, said.event, 3, hand_over=True)
        assert alerts() == []
        actions.take(actor=matters.neighbour_receiver, number=said.number, verb="accept", given={"category": GAS})
        work()
        placed(matters.neighbour_receiver, said.event, 0, hand_over=True)
    assert alerts() == [("centre-002", "accept", "moved"), ("centre", "place", "")]


@pytest.mark.parametrize(
    ("line", "called", "answer"),
    [
        ([1, 2, 3], [], (1, False)),
        ([1, 2, 3], [1], (2, False)),
        ([1, 2, 3], [1, 2, 3], (1, True)),
        ([1, 2, 3], [1, 2, 3, 1], (2, False)),
        ([1], [1, 1, 1], (1, True)),
        # 2 is away, 4 has joined: nobody is passed over, nobody called twice in a round.
        ([1, 3, 4], [1, 2], (3, False)),
        ([1, 2], [1, 3, 2], (1, True)),
        # Back from an absence in this round yet.
        ([1, 2, 3], [2, 3], (1, False)),
        ([], [], (None, False)),
        ([], [None], (None, True)),
        ([5], [None, None], (5, False)),
    ],
)
def test_whose_turn_it_is(line: list[int], called: list[int | None], answer: tuple[int | None, bool]) -> None:
    assert next_in_line(line, called) == answer
