"""64 hands take the same step at the same instant: one wins, the others are told why not, nobody sees a deadlock."""

import os

import pytest

from onegrid.events import actions
from onegrid.events.models import Assignment, Event, Request, Step
from onegrid.org.roles import Actor
from onegrid.testing.cast import County
from onegrid.testing.matters import event_in, make_matters
from tests.faults.crowd import MANY, Crowd, together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 100 if os.environ.get("ONEGRID_NIGHTLY") else 3


@pytest.fixture
def matters(county: County) -> County:
    make_matters(county)
    return county


def won_once(crowd: Crowd, event: Event, verb: str) -> None:
    """One answer, one step of this verb, history without gap, and only honest refusals beside it."""
    assert len(crowd.answers) == 1, crowd.kinds()
    assert len(crowd.errors) == MANY - 1
    assert crowd.kinds() <= {"NotAllowed", "Stale"}, crowd.errors[:3]
    steps = list(Step.objects.filter(event=event).order_by("n").values_list("n", "verb"))
    assert [n for n, _verb in steps] == list(range(1, len(steps) + 1))
    assert [name for _n, name in steps].count(verb) == 1
    event.refresh_from_db()
    assert event.version == len(steps)


@pytest.mark.parametrize("guarded", [False, True])
def test_one_of_them_claims(matters: County, guarded: bool) -> None:
    """Told by the state, and, with the version that was read, by the difference."""
    for _ in range(ROUNDS):
        event = event_in("assigned", matters)
        version = event.version if guarded else None
        crowd = together(
            lambda _place, event=event, version=version: actions.take(  # type: ignore[misc]
                actor=matters.handler, number=event.number, verb="claim", version=version
            )
        )
        won_once(crowd, event, "claim")
        assert event.state == "handling"
        assert crowd.kinds() == ({"Stale"} if guarded else {"NotAllowed"})


def test_one_unit_gets_it(matters: County) -> None:
    """Dispatched to two units at once, it goes to one, with one open lead."""
    for _ in range(ROUNDS):
        event = event_in("accepted", matters)
        crowd = together(
            lambda place, event=event: actions.take(  # type: ignore[misc]
                actor=matters.dispatcher,
                number=event.number,
                verb="dispatch",
                given={"unit": ("city", "fire")[place % 2]},
            )
        )
        won_once(crowd, event, "dispatch")
        (lead,) = Assignment.objects.filter(event=event, open=True)
        assert lead.unit_id == event.handler_id == event.holder_id


def test_one_decision_stands(matters: County) -> None:
    """Half would grant, half deny: the request is decided once, and the state follows that decision."""
    for _ in range(ROUNDS):
        event = event_in("assigned", matters)
        actions.ask_for(actor=matters.handler, number=event.number, kind="object", given={"reason": "not_ours"})
        crowd = together(
            lambda place, event=event: actions.decide(  # type: ignore[misc]
                actor=matters.dispatcher, number=event.number, kind="object", grant=place % 2 == 0, words="看过现场"
            )
        )
        (asked,) = Request.objects.filter(event=event)
        granted = asked.decision == "granted"
        won_once(crowd, event, "object" if granted else "deny")
        assert event.state == ("accepted" if granted else "assigned")
        assert Assignment.objects.filter(event=event, open=True).count() == (0 if granted else 1)


def test_a_step_is_taken_back_once(matters: County) -> None:
    for _ in range(ROUNDS):
        event = event_in("assigned", matters)
        actions.take(actor=matters.handler, number=event.number, verb="claim")
        crowd = together(
            lambda _place, event=event: actions.undo(actor=matters.handler, number=event.number)  # type: ignore[misc]
        )
        won_once(crowd, event, "undo")
        assert event.state == "assigned"


def test_claim_and_void_and_a_voice_do_not_lock_each_other(matters: County) -> None:
    """Different verbs on two events, crosswise: every event ends in one history, no deadlock comes up."""
    events = [event_in("assigned", matters), event_in("assigned", matters)]

    def mixed(place: int) -> None:
        number = events[place % 2].number
        if place % 8 < 4:
            actions.take(actor=matters.handler, number=number, verb="claim")
        elif place % 8 < 6:
            actions.take(actor=matters.dispatcher, number=number, verb="note", given={"words": f"备注{place}"})
        else:
            actions.join(actor=Actor.stranger(), number=number, words=f"我也看见了{place}")

    crowd = together(mixed)
    assert crowd.kinds() <= {"NotAllowed"}, crowd.errors[:3]
    for event in events:
        verbs = list(Step.objects.filter(event=event).order_by("n").values_list("verb", flat=True))
        assert verbs.count("claim") == 1
        assert verbs.count("note") == MANY // 8
        assert verbs.count("join") == MANY // 8
        event.refresh_from_db()
        assert event.version == len(verbs)


def test_merges_in_opposite_directions_lose_nothing(matters: County) -> None:
    """32 hands merge A into B, 32 merge B into A: one joins, nobody waits for ever, every voice is there."""
    for _ in range(ROUNDS):
        one, other = event_in("accepted", matters), event_in("handling", matters, words="东门巷的路灯坏了好几天")
        pair = (one.number, other.number)
        crowd = together(
            lambda place, pair=pair: actions.take(  # type: ignore[misc]
                actor=matters.receiver, number=pair[place % 2], verb="merge", given={"into": pair[1 - place % 2]}
            )
        )
        assert len(crowd.answers) == 1, crowd.errors[:3]
        assert crowd.kinds() <= {"NotAllowed", "NotGiven"}, crowd.errors[:3]
        one.refresh_from_db()
        other.refresh_from_db()
        assert (one.joined_into_id, other.joined_into_id, other.voices) == (other.pk, None, 2)
        assert set(other.reports.values_list("number", flat=True)) == set(pair)
        assert Step.objects.filter(event=one, verb="merge").count() == 1


def test_a_part_is_signed_once(matters: County) -> None:
    for _ in range(ROUNDS):
        event = event_in("handling", matters)
        given = {"unit": "fire", "words": "请到场"}
        actions.take(actor=matters.dispatcher, number=event.number, verb="assist", given=given)
        crowd = together(
            lambda _place, event=event: actions.take_part(  # type: ignore[misc]
                actor=matters.other_handler, number=event.number, unit="fire", verb="claim_part"
            )
        )
        won_once(crowd, event, "claim_part")
