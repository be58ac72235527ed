"""Rules of supervision: kept by the leader, tried before, spoken once for each round of a clock."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from onegrid.events import actions as events
from onegrid.events.models import Event
from onegrid.notices.models import Message
from onegrid.org.models import TrailEntry
from onegrid.org.roles import LEADER, Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import Order, RuleHit, SupervisionRule
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, TOWNS, County, client_of
from tests.faults.crowd import together

pytestmark = pytest.mark.django_db
WORKERS = 8


def keep(actor: Actor, **given: str) -> SupervisionRule:
    wish = {"trigger": "percent", "amount": "80", "action": "warn_handler", **given}
    return actions.keep_rule(actor=actor, wish=actions.Wish(**wish))


def due(event: Event) -> datetime:
    assert event.due_at is not None
    return event.due_at


def swept() -> int:
    return actions.sweep_rules().hits


def tell() -> None:
    for hit in RuleHit.objects.all():
        if hit.action.startswith("warn") or hit.kind:
            actions.tell_of_rule(hit_id=hit.pk)


def heard(kind: str) -> set[int | None]:
    return set(Message.objects.filter(kind=kind).values_list("to_posting_id", flat=True))


# --- keeping


def test_the_leader_of_a_centre_keeps_and_changes_a_rule(county: County) -> None:
    rule = keep(county.leader)
    assert (rule.area, rule.active) == (COUNTY, True)
    wish = actions.Wish(trigger="percent", amount="90", action="warn_leader")
    changed = actions.keep_rule(actor=county.leader, wish=wish, rule_id=rule.pk, version="1")
    assert (changed.pk, changed.amount, changed.version) == (rule.pk, 90, 2)
    with pytest.raises(actions.NotAllowed) as refused:
        actions.keep_rule(actor=county.leader, wish=wish, rule_id=rule.pk, version="1")
    assert refused.value.refusal.code == "version"
    assert TrailEntry.objects.filter(verb="keep_rule").count() == 2


@pytest.mark.parametrize("name", ["dispatcher", "duty_leader", "unit_leader", "handler", "auditor"])
def test_nobody_else_keeps_one(county: County, name: str) -> None:
    with pytest.raises(actions.NotAllowed):
        keep(county.people[name])
    assert not SupervisionRule.objects.exists()


def test_the_leader_of_another_town_finds_none_of_it(county: County) -> None:
    rule = keep(county.leader)
    other = cast.post(county, "town_leader", "centre-002", TOWNS[1], (LEADER,))
    with pytest.raises(SupervisionRule.DoesNotExist):
        actions.switch_rule(actor=other, rule_id=rule.pk, on=False)
    assert client_of(other).get(f"/supervise/rules/{rule.pk}/").status_code == 404
    assert queries.rules_of(other) == []
    with pytest.raises(actions.NotGiven):
        keep(other, area=COUNTY)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "101"}, "amount"),
        ({"amount": "x"}, "amount"),
        ({"trigger": "after_due", "amount": "99999999"}, "amount"),
        ({"trigger": "after_due", "action": "light"}, "action"),
        ({"trigger": "percent", "action": "next"}, "action"),
        ({"trigger": "moon"}, "action"),
        ({"area": "999999"}, "area"),
        ({"category": "zz"}, "category"),
        ({"level": "5"}, "level"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(county: County, given: dict[str, str], field: str) -> None:
    told.make_matters(county)
    with pytest.raises(actions.NotGiven) as missing:
        keep(county.leader, **given)
    assert list(missing.value.fields) == [field]


def test_the_database_keeps_out_what_cannot_be(county: County) -> None:
    rule = keep(county.leader)
    for change in ({"action": "issue_red"}, {"amount": 0}, {"action": "next"}, {"level": 7}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SupervisionRule.objects.filter(pk=rule.pk).update(**change)


# --- speaking


def test_a_warning_comes_once_in_a_round_at_its_share_of_the_clock(county: County) -> None:
    """Three working days from Wednesday 10:00, measured in working time; four fifths are used on Monday."""
    with told.at() as hand:
        told.make_matters(county)
        keep(county.leader)
        hand.on(minutes=1)
        event = told.event_in("handling", county)
        assert swept() == 0
        hand.to(due(event) - timedelta(hours=12))
        assert swept() == 0
        hand.to(due(event))
        assert [swept() for _twice in range(2)] == [1, 0]
        tell()
        tell()
    assert heard("rule_warns") == {county.handler.posting_id}
    assert event.clock_from is not None
    assert RuleHit.objects.get().round == event.clock_from.isoformat()


@pytest.mark.parametrize(
    ("action", "people"),
    [
        ("warn_handler", {"handler"}),
        ("warn_unit_leader", {"unit_leader"}),
        ("warn_dispatcher", {"dispatcher"}),
        ("warn_leader", {"leader"}),
    ],
)
def test_who_is_warned(county: County, action: str, people: set[str]) -> None:
    with told.at() as hand:
        told.make_matters(county)
        keep(county.leader, trigger="after_due", amount="60", action=action)
        event = told.event_in("handling", county)
        hand.to(due(event) + timedelta(minutes=59))
        assert swept() == 0
        hand.on(minutes=1)
        assert swept() == 1
        tell()
    assert heard("rule_warns") == {county.people[name].posting_id for name in people}


def test_another_clock_is_another_round(county: County) -> None:
    with told.at() as hand:
        told.make_matters(county)
        keep(county.leader, trigger="after_due", amount="0")
        event = told.event_in("accepted", county)
        hand.to(due(event))
        assert swept() == 1
        events.take(actor=county.dispatcher, number=event.number, verb="dispatch", given={"unit": "city"})
        assert swept() == 0
        event.refresh_from_db()
        hand.to(due(event))
        assert swept() == 1


def test_a_rule_does_not_catch_up_with_what_lay_before_it(county: County) -> None:
    with told.at() as hand:
        told.make_matters(county)
        event = told.event_in("handling", county)
        hand.to(due(event) + timedelta(days=3))
        keep(county.leader, trigger="after_due", amount="0", action="issue_urge")
        hand.on(days=30)
        assert swept() == 0


def test_what_was_missed_in_a_standstill_comes_late_but_comes(county: County) -> None:
    with told.at() as hand:
        told.make_matters(county)
        keep(county.leader, trigger="after_due", amount="0", action="issue_urge")
        event = told.event_in("handling", county)
        hand.to(due(event) + timedelta(days=3))
        assert swept() == 1


@pytest.mark.parametrize("given", [{"category": "03"}, {"level": "1"}, {"area": TOWNS[1]}, {"category": told.GAS}])
def test_it_speaks_only_where_it_covers(county: County, given: dict[str, str]) -> None:
    with told.at() as hand:
        told.make_matters(county)
        keep(county.leader, trigger="after_due", amount="0", **given)
        event = told.event_in("handling", county)
        hand.to(due(event) + timedelta(hours=1))
        assert swept() == 0


def test_switched_off_it_says_nothing(county: County) -> None:
    with told.at() as hand:
        told.make_matters(county)
        rule = keep(county.leader, trigger="after_due", amount="0")
        event = told.event_in("handling", county)
        actions.switch_rule(actor=county.leader, rule_id=rule.pk, on=False)
        hand.to(due(event) + timedelta(hours=1))
        assert swept() == 0


def test_the_house_urges_and_a_card_is_only_proposed(county: County) -> None:
    with told.at() as hand:
        told.make_matters(county)
        keep(county.leader, trigger="after_due", amount="0", action="issue_urge")
        keep(county.leader, trigger="after_due", amount="60", action="propose_yellow")
        event = told.event_in("handling", county)
        hand.to(due(event))
        assert swept() == 1
        order = Order.objects.get()
        assert (order.kind, order.issued_by_id, order.unit_id) == ("urge", None, county.units["city"].pk)
        hand.on(hours=1)
        assert swept() == 1
        tell()
        assert Order.objects.count() == 1
        assert heard("rule_proposes") == {county.duty_leader.posting_id, county.leader.posting_id}
        assert [one.about.split()[0] for one in queries.owed(county.duty_leader)] == [event.number]
        assert queries.owed(county.dispatcher) == []
        issue(county.duty_leader, event, "yellow")
        assert not queries.proposals().exists()


def issue(actor: Actor, event: Event, kind: str) -> Order:
    return actions.issue_order(actor=actor, number=event.number, unit="city", kind=kind, words="请说明")


def proposal(county: County, hand: Any) -> RuleHit:
    told.make_matters(county)
    keep(county.leader, trigger="after_due", amount="0", action="propose_yellow")
    event = told.event_in("handling", county)
    hand.to(due(event))
    assert swept() == 1
    return RuleHit.objects.get()


def test_a_proposal_is_left_by_who_might_have_issued_it(county: County) -> None:
    with told.at() as hand:
        hit = proposal(county, hand)
        for name in ("dispatcher", "unit_leader", "neighbour"):
            with pytest.raises(RuleHit.DoesNotExist):
                actions.leave_proposal(actor=county.people[name], hit_id=hit.pk)
        assert actions.leave_proposal(actor=county.duty_leader, hit_id=hit.pk).decided_at is not None
        assert queries.owed(county.leader) == []
        hand.on(days=9)
        assert swept() == 0


def test_a_proposal_falls_when_the_matter_leaves_the_unit(county: County) -> None:
    with told.at() as hand:
        hit = proposal(county, hand)
        Event.objects.filter(pk=hit.event_id).update(handler=county.units["fire"])
        assert actions.sweep_rules().dropped == 1


def test_a_lower_card_is_not_proposed_after_a_higher_one(county: County) -> None:
    with told.at() as hand:
        told.make_matters(county)
        keep(county.leader, trigger="after_due", amount="0", action="propose_yellow")
        event = told.event_in("handling", county)
        issue(county.leader, event, "red")
        hand.to(due(event))
        assert swept() == 1
    assert not queries.proposals().exists()


def test_an_unanswered_order_climbs_the_ladder_by_rule(county: County) -> None:
    with told.at() as hand:
        told.make_matters(county)
        keep(county.leader, trigger="unanswered", amount="", action="next")
        event = told.event_in("handling", county)
        urge = issue(county.dispatcher, event, "urge")
        hand.to(urge.reply_by)
        assert [actions.sweep_orders().climbed for _twice in range(2)] == [1, 0]
        ordinary = Order.objects.get(state="open")
        assert (ordinary.kind, ordinary.issued_by_id) == ("ordinary", None)
        hand.to(ordinary.reply_by)
        assert [actions.sweep_orders().climbed for _twice in range(2)] == [1, 0]
        assert [(one.kind, one.unit_id) for one in queries.proposals()] == [("yellow", county.units["city"].pk)]
        ordinary.refresh_from_db()
        assert ordinary.state == "open"


def test_without_a_rule_nothing_climbs_by_itself(county: County) -> None:
    with told.at() as hand:
        told.make_matters(county)
        urge = issue(county.dispatcher, told.event_in("handling", county), "urge")
        hand.to(urge.reply_by)
        actions.sweep_orders()
    assert Order.objects.count() == 1
    assert not RuleHit.objects.exists()


def test_a_sealed_matters_unit_leader_is_not_warned_of_it(county: County) -> None:
    with told.at() as hand:
        told.make_matters(county)
        keep(county.leader, trigger="after_due", amount="0", action="warn_unit_leader")
        event = told.event_in("handling", county)
        Event.objects.filter(pk=event.pk).update(restricted=True, words="", title="")
        hand.to(due(event))
        assert swept() == 1
        tell()
    assert heard("rule_warns") == {county.handler.posting_id}


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_speak_once(county: County) -> None:
    with told.at() as hand:
        told.make_matters(county)
        keep(county.leader, trigger="after_due", amount="0", action="issue_urge")
        event = told.event_in("handling", county)
        hand.to(due(event))
        crowd = together(lambda _place: swept(), WORKERS)
    assert crowd.errors == []
    assert sum(crowd.answers) == RuleHit.objects.count() == Order.objects.count() == 1
