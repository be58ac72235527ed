"""The roster of a unit: who puts shifts on it, what is refused, who is on duty, who reads it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from onegrid.notices.models import Message
from onegrid.org.models import Posting, TrailEntry
from onegrid.org.roles import Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import Absence, Shift
from onegrid.supervision.rules.roster import LEADS, OFFICER, Slot
from onegrid.testing.cast import County
from onegrid.testing.matters import MORNING, at

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
# MORNING is Wednesday 2026-10-14, 10:00 in the county.
EIGHT = datetime(2026, 10, 15, 0, 0, tzinfo=UTC)  # Thursday 08:00 in the county


def of(who: Actor) -> int:
    assert who.posting_id is not None
    return who.posting_id


def slot(who: Actor, begins: datetime = EIGHT, hours: float = 12) -> Slot:
    return Slot(of(who), begins, begins + timedelta(hours=hours))


def put(county: County, *slots: Slot, by: Actor | None = None, kind: str = LEADS, place: int = 1) -> list[Shift]:
    return actions.roster(actor=by or county.dispatcher, kind=kind, place=place, slots=list(slots))


def on_duty(county: County, moment: datetime, unit: str = "centre") -> list[int]:
    return [one.posting_id for one in queries.on_duty(county.units[unit].pk, moment)]


def kept() -> list[tuple[int, datetime]]:
    return list(Shift.objects.filter(withdrawn_at__isnull=True).order_by("pk").values_list("posting_id", "begins"))


# --- put


def test_a_keeper_puts_a_shift_on_the_roster_and_its_person_is_told(county: County) -> None:
    with at():
        put(county, slot(county.duty_leader))
    assert kept() == [(county.duty_leader.posting_id, EIGHT)]
    assert [(one.kind, one.to_posting_id, one.args) for one in Message.objects.all()] == [
        ("rostered", county.duty_leader.posting_id, {"due": "10-15 08:00"})
    ]
    assert TrailEntry.objects.get(verb="roster").facts["kind"] == LEADS


def test_a_series_tells_each_person_once(county: County) -> None:
    with at():
        put(county, *(slot(county.duty_leader, EIGHT + timedelta(days=day)) for day in range(7)))
    assert Message.objects.filter(kind="rostered").count() == 1
    assert len(kept()) == 7


@pytest.mark.parametrize("name", ["leader", "dispatcher"])
def test_a_centres_leader_and_dispatcher_keep_its_roster(county: County, name: str) -> None:
    with at():
        assert put(county, slot(county.duty_leader), by=county.people[name])


def test_a_departments_leader_keeps_its_roster(county: County) -> None:
    with at():
        put(county, slot(county.handler), by=county.unit_leader, kind=OFFICER)
    assert on_duty(county, EIGHT, "city") == [county.handler.posting_id]
    assert on_duty(county, EIGHT) == []


@pytest.mark.parametrize("name", ["receiver", "duty_leader", "checker", "handler", "auditor", "worker"])
def test_wrong_role(county: County, name: str) -> None:
    with at(), pytest.raises(actions.NotAllowed):
        put(county, slot(county.duty_leader), by=county.people[name])
    assert kept() == []


@pytest.mark.parametrize("name", ["neighbour", "unit_leader"])
def test_nobody_of_another_unit_is_put_on_ones_own_roster(county: County, name: str) -> None:
    with at(), pytest.raises(actions.NotGiven):
        put(county, slot(county.duty_leader), by=county.people[name])
    assert kept() == []


@pytest.mark.parametrize("name", ["receiver", "checker", "dispatcher"])
def test_only_leaders_lead(county: County, name: str) -> None:
    with at():
        with pytest.raises(actions.NotGiven):
            put(county, slot(county.people[name]))
        assert put(county, slot(county.people[name]), kind=OFFICER)


@pytest.mark.parametrize("name", ["worker", "grid_head", "auditor", "admin_system"])
def test_who_does_not_work_for_the_unit_at_its_desk_is_no_officer(county: County, name: str) -> None:
    with at(), pytest.raises(actions.NotGiven):
        put(county, slot(county.people[name]), kind=OFFICER)


def test_who_has_left_is_not_put_on_it(county: County) -> None:
    with at():
        Posting.objects.filter(pk=of(county.duty_leader)).update(until=EIGHT + timedelta(hours=6))
        with pytest.raises(actions.NotGiven):
            put(county, slot(county.duty_leader))


@pytest.mark.parametrize(
    ("begins", "hours"),
    [
        (EIGHT, 36.5),  # longer than 36 hours
        (EIGHT, 0),  # no time at all
        (MORNING - timedelta(hours=12), 12),  # over at this moment
        (MORNING + timedelta(days=92, minutes=1), 12),  # too far ahead
    ],
)
def test_a_shift_that_cannot_be_is_refused(county: County, begins: datetime, hours: float) -> None:
    with at(), pytest.raises(actions.NotGiven):
        put(county, slot(county.duty_leader, begins, hours))
    assert kept() == []


@pytest.mark.parametrize(
    ("begins", "hours"), [(EIGHT, 36), (MORNING + timedelta(days=92), 12), (MORNING - timedelta(hours=1), 2)]
)
def test_the_edges_are_allowed(county: County, begins: datetime, hours: float) -> None:
    with at():
        assert put(county, slot(county.duty_leader, begins, hours))


def test_nobody_has_two_shifts_at_a_time_and_one_after_the_other_is_fine(county: County) -> None:
    with at():
        put(county, slot(county.leader))
        with pytest.raises(actions.NotGiven):
            put(county, slot(county.leader, EIGHT + timedelta(hours=11)), place=2)
        put(county, slot(county.leader, EIGHT + timedelta(hours=12)), place=2)
    assert len(kept()) == 2


def test_a_series_in_which_one_day_clashes_writes_nothing(county: County) -> None:
    with at():
        put(county, slot(county.leader, EIGHT + timedelta(days=3)))
        with pytest.raises(actions.NotGiven):
            put(county, *(slot(county.duty_leader, EIGHT + timedelta(days=day)) for day in range(5)))
    assert len(kept()) == 1


def test_two_do_not_stand_at_one_place_of_the_order(county: County) -> None:
    with at():
        put(county, slot(county.leader))
        with pytest.raises(actions.NotGiven):
            put(county, slot(county.duty_leader))
        put(county, slot(county.duty_leader), place=2)
        put(county, slot(county.receiver), kind=OFFICER)
    assert len(kept()) == 3


def test_the_database_itself_refuses_what_overlaps(county: County) -> None:
    """Whoever comes past the verbs, or at the same moment as another, meets the constraint."""
    with at():
        (made,) = put(county, slot(county.leader))
        same = {"roster": made.roster, "begins": made.begins, "ends": made.ends}
        wrong = (
            {**same, "posting_id": county.leader.posting_id, "kind": OFFICER, "place": 3},
            {**same, "posting_id": county.duty_leader.posting_id, "kind": LEADS, "place": 1},
            {**same, "posting_id": county.duty_leader.posting_id, "kind": "guard", "place": 2},
            {**same, "posting_id": county.duty_leader.posting_id, "kind": LEADS, "place": 0},
            {"roster": made.roster, "posting_id": county.duty_leader.posting_id, "kind": LEADS, "place": 2,
             "begins": EIGHT, "ends": EIGHT + timedelta(hours=37)},
        )  # fmt: skip
        for row in wrong:
            with pytest.raises(IntegrityError), transaction.atomic():
                Shift.objects.create(**row)
        made.withdrawn_at = MORNING
        made.save()
        Shift.objects.create(**wrong[1])


# --- on duty


def test_on_duty_are_the_leaders_by_place_then_the_officers(county: County) -> None:
    with at():
        put(county, slot(county.receiver), kind=OFFICER)
        put(county, slot(county.duty_leader), place=2)
        put(county, slot(county.leader))
    assert on_duty(county, EIGHT - timedelta(seconds=1)) == []
    order = [county.leader.posting_id, county.duty_leader.posting_id, county.receiver.posting_id]
    assert on_duty(county, EIGHT) == order
    assert on_duty(county, EIGHT + timedelta(hours=12)) == []


def test_who_is_away_or_has_left_is_not_on_duty(county: County) -> None:
    with at():
        (made,) = put(county, slot(county.leader))
        put(county, slot(county.duty_leader), place=2)
        Absence.objects.create(
            roster=made.roster, posting_id=of(county.leader), begins=EIGHT, ends=EIGHT + timedelta(hours=1)
        )
    assert on_duty(county, EIGHT) == [county.duty_leader.posting_id]
    assert on_duty(county, EIGHT + timedelta(hours=1)) == [county.leader.posting_id, county.duty_leader.posting_id]
    with at(EIGHT + timedelta(hours=2)):
        Posting.objects.filter(pk=of(county.leader)).update(until=EIGHT + timedelta(hours=2))
        assert on_duty(county, EIGHT + timedelta(hours=2)) == [county.duty_leader.posting_id]


# --- withdraw


def test_a_shift_ahead_is_withdrawn_and_its_person_told(county: County) -> None:
    with at():
        (made,) = put(county, slot(county.duty_leader))
        actions.withdraw_shift(actor=county.leader, shift_id=made.pk)
    assert kept() == []
    assert Message.objects.filter(kind="shift_withdrawn", to_posting_id=county.duty_leader.posting_id).count() == 1
    assert on_duty(county, EIGHT) == []


def test_a_shift_that_runs_ends_now_and_what_was_served_stays(county: County) -> None:
    with at() as hand:
        (made,) = put(county, slot(county.duty_leader))
        hand.to(EIGHT + timedelta(hours=2))
        actions.withdraw_shift(actor=county.leader, shift_id=made.pk)
    assert on_duty(county, EIGHT + timedelta(hours=1)) == [county.duty_leader.posting_id]
    assert on_duty(county, EIGHT + timedelta(hours=2)) == []


def test_what_is_over_or_withdrawn_is_not_withdrawn(county: County) -> None:
    with at() as hand:
        first, second = put(county, slot(county.duty_leader), slot(county.duty_leader, EIGHT + timedelta(days=1)))
        actions.withdraw_shift(actor=county.leader, shift_id=second.pk)
        with pytest.raises(Shift.DoesNotExist):
            actions.withdraw_shift(actor=county.leader, shift_id=second.pk)
        hand.to(EIGHT + timedelta(hours=12))
        with pytest.raises(actions.NotAllowed):
            actions.withdraw_shift(actor=county.leader, shift_id=first.pk)


def test_a_neighbour_does_not_reach_a_shift(county: County) -> None:
    with at():
        (made,) = put(county, slot(county.duty_leader))
        for name in ("neighbour", "unit_leader"):
            with pytest.raises(Shift.DoesNotExist):
                actions.withdraw_shift(actor=county.people[name], shift_id=made.pk)
        with pytest.raises(actions.NotAllowed):
            actions.withdraw_shift(actor=county.duty_leader, shift_id=made.pk)
    assert len(kept()) == 1
