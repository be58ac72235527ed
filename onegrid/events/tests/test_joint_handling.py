"""Joint handling: a lead unit and assisting units, each part with its own clock; nobody drops out in silence."""

from typing import Any

import pytest

from onegrid.events import actions, queries
from onegrid.events.models import Assignment, Event
from onegrid.kit import clock
from onegrid.notices.models import Message
from onegrid.org.roles import Actor
from onegrid.testing import matters as told
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
TASK = {"unit": "fire", "words": "请到场封控，防止触电"}


@pytest.fixture
def matters(county: County) -> Any:
    told.make_matters(county)
    with told.at():
        yield county


def joint(county: County, state: str = "handling") -> Event:
    """City management leads, the fire brigade is asked to assist."""
    event = told.event_in(state, county)
    return actions.take(actor=county.dispatcher, number=event.number, verb="assist", given=TASK)


def part_of(event: Event, unit: str = "fire") -> Assignment:
    return Assignment.objects.get(event=event, role="assist", unit__code=unit)


def take(actor: Actor, event: Event, verb: str, **given: Any) -> Event:
    return actions.take_part(actor=actor, number=event.number, unit="fire", verb=verb, given=given)


def test_an_assisting_unit_signs_and_hands_in_and_then_the_lead_may(matters: County) -> None:
    event = joint(matters)
    with pytest.raises(actions.NotAllowed):
        actions.take(actor=matters.handler, number=event.number, verb="resolve", given={"result": "好了"})
    take(matters.other_handler, event, "claim_part")
    event = take(matters.other_handler, event, "resolve_part", result="已断电封控")
    assert (part_of(event).state, part_of(event).told()["result"], event.parts_open) == ("done", "已断电封控", 0)
    event = actions.take(actor=matters.handler, number=event.number, verb="resolve", given={"result": "灯换好了"})
    assert (event.state, event.result) == ("checking", "灯换好了")


def test_what_each_did_and_when_stands_apart(matters: County) -> None:
    event = joint(matters)
    take(matters.other_handler, event, "claim_part")
    take(matters.other_handler, event, "resolve_part", result="已断电封控")
    hands = queries.detail(matters.dispatcher, event.number).hands
    assert [(hand.unit, hand.assignment.role, hand.label, hand.result) for hand in hands] == [
        ("综合行政执法局", "lead", "处置中", ""),
        ("消防救援大队", "assist", "已反馈", "已断电封控"),
    ]


def test_the_part_has_a_clock_of_its_own(matters: County) -> None:
    with told.at():
        event = joint(matters)
        part = part_of(event)
        # Four working hours from Wednesday 10:00: 12:00 is two, 13:30 on two more.
        assert part.due_at is not None
        assert clock.local(part.due_at).strftime("%d %H:%M") == "14 15:30"
        take(matters.other_handler, event, "claim_part")
        clocks = queries.explanation(matters.dispatcher, event.number).clocks.clocks
        assert part_of(event).due_at == next(one.due_at for one in clocks if one.name == "handle")


def test_a_part_with_days_of_its_own_ends_then(matters: County) -> None:
    event = told.event_in("handling", matters)
    actions.take(actor=matters.dispatcher, number=event.number, verb="assist", given={**TASK, "days": 2})
    take(matters.other_handler, event, "claim_part")
    due = part_of(event).due_at
    assert due is not None
    assert clock.local(due).strftime("%d %H:%M") == "17 00:00"


def test_a_suspended_whole_stops_the_clock_of_its_parts(matters: County) -> None:
    event = joint(matters)
    take(matters.other_handler, event, "claim_part")
    given = {"reason": "parts", "review_on": "2026-10-20"}
    actions.ask_for(actor=matters.handler, number=event.number, kind="suspend", given=given)
    actions.decide(actor=matters.dispatcher, number=event.number, kind="suspend", grant=True)
    assert part_of(event).due_at is None


def test_the_unit_and_the_centre_are_reminded_once_when_the_part_is_due(matters: County) -> None:
    with told.at() as hand:
        event = joint(matters)
        hand.on(hours=6)
        assert (actions.sweep().parts, actions.sweep().parts) == (1, 1)
        assert actions.sweep().parts == 0
        hand.on(days=9)
        while actions.sweep().parts:
            pass
    part = part_of(event)
    for at, kind in (("a", "expired"), ("a", "expired"), ("b", "day_after")):
        actions.tell_of_part(assignment_id=part.pk, at=at, kind=kind)
    told_to = Message.objects.filter(kind="part_expired").values_list("to_posting__user__username", flat=True)
    assert sorted(told_to) == ["dispatcher", "other_handler"]


def test_dispatch_names_lead_and_assisting_units_at_once_and_undo_takes_both_back(matters: County) -> None:
    event = told.event_in("accepted", matters)
    given = {"unit": "city", "assisting": ["fire", "housing"], "words": "联合处置"}
    event = actions.take(actor=matters.dispatcher, number=event.number, verb="dispatch", given=given)
    assert event.parts_open == 2
    assert {matters.units["fire"].pk, matters.units["housing"].pk} <= set(event.unit_ids)
    event = actions.undo(actor=matters.dispatcher, number=event.number)
    assert (event.state, event.parts_open) == ("accepted", 0)
    assert set(Assignment.objects.filter(event=event).values_list("state", flat=True)) == {"undone"}


def test_the_assisting_unit_has_a_queue_of_its_parts(matters: County) -> None:
    event = joint(matters)
    assert [row.number for row in queries.inbox(matters.other_handler, "joint").rows] == [event.number]
    assert [one.count for one in queries.counters(matters.other_handler, ("joint",))] == [1]
    assert queries.inbox(matters.handler, "joint").rows == []
    take(matters.other_handler, event, "claim_part")
    take(matters.other_handler, event, "resolve_part", result="好了")
    assert queries.inbox(matters.other_handler, "joint").rows == []


def test_an_assisting_unit_asks_to_be_let_go_and_stays_bound_until_then(matters: County) -> None:
    event = joint(matters)
    asking: dict[str, Any] = {
        "actor": matters.other_handler, "number": event.number, "unit": "fire", "kind": "excuse",
    }  # fmt: skip
    actions.ask_for_part(**asking, given={"words": "没有带电作业资质"})
    assert part_of(event).open
    with pytest.raises(actions.NotAllowed):
        actions.decide_part(actor=matters.other_handler, number=event.number, unit="fire", kind="excuse", grant=True)
    actions.decide_part(
        actor=matters.dispatcher, number=event.number, unit="fire", kind="excuse", grant=False, words="先到场"
    )
    assert part_of(event).open
    actions.ask_for_part(**asking, given={"words": "真没有"})
    event = actions.decide_part(actor=matters.dispatcher, number=event.number, unit="fire", kind="excuse", grant=True)
    assert (event.parts_open, Assignment.objects.get(unit__code="fire").state) == (0, "ended")


def test_the_lead_unit_whistles_and_the_dispatcher_decides(matters: County) -> None:
    event = told.event_in("handling", matters)
    actions.ask_for(actor=matters.handler, number=event.number, kind="whistle", given=TASK)
    event = actions.decide(actor=matters.dispatcher, number=event.number, kind="whistle", grant=True)
    assert (event.parts_open, part_of(event).told()["task"]) == (1, TASK["words"])


def test_the_lead_unit_sends_a_part_back(matters: County) -> None:
    event = joint(matters)
    take(matters.other_handler, event, "claim_part")
    take(matters.other_handler, event, "resolve_part", result="好了")
    event = take(matters.handler, event, "redo_part", words="警戒线还没撤")
    assert (part_of(event).state, event.parts_open) == ("claimed", 1)


@pytest.mark.parametrize("verb", ["claim_part", "resolve_part"])
def test_another_unit_cannot_take_the_part(matters: County, verb: str) -> None:
    event = joint(matters)
    with pytest.raises(actions.NotAllowed):
        take(matters.handler, event, verb, result="好了")


def test_a_neighbour_sees_no_part(matters: County) -> None:
    event = joint(matters)
    with pytest.raises(Event.DoesNotExist):
        take(matters.neighbour, event, "release_part", words="不用了")
    with pytest.raises(Event.DoesNotExist):
        take(matters.officer, event, "claim_part")


def test_a_part_is_not_signed_twice(matters: County) -> None:
    event = joint(matters)
    take(matters.other_handler, event, "claim_part")
    with pytest.raises(actions.NotAllowed):
        take(matters.other_handler, event, "claim_part")


def test_nobody_assists_where_it_leads_or_assists_already_or_is_complained_about(matters: County) -> None:
    event = joint(matters)
    for unit in ("city", "fire"):
        with pytest.raises(actions.NotGiven):
            actions.take(actor=matters.dispatcher, number=event.number, verb="assist", given={**TASK, "unit": unit})
    about = told.event_in("accepted", matters, about_unit="fire", about_office=True)
    with pytest.raises(actions.NotGiven):
        actions.take(actor=matters.dispatcher, number=about.number, verb="assist", given=TASK)


def test_the_words_of_a_part_of_a_sealed_matter_are_sealed(matters: County) -> None:
    said = told.reported("楼下麻将馆天天赌博")
    actions.take(actor=matters.receiver, number=said.number, verb="accept", given={"category": told.VICE})
    actions.take(actor=matters.dispatcher, number=said.number, verb="assist", given=TASK)
    part = Assignment.objects.get(event__number=said.number, role="assist")
    assert (part.task, part.told()["task"]) == ("", TASK["words"])


def test_what_ends_the_whole_ends_its_parts(matters: County) -> None:
    event = joint(matters)
    actions.ask_for(actor=matters.dispatcher, number=event.number, kind="void", given={"reason": "mistake"})
    event = actions.decide(actor=matters.leader, number=event.number, kind="void", grant=True)
    assert event.parts_open == 0
    assert not Assignment.objects.filter(event=event, open=True).exists()
