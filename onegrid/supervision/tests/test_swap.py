"""Swaps between colleagues and absences without a reason."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from onegrid.events import actions as events
from onegrid.events.models import OnCall
from onegrid.notices.models import Message
from onegrid.org.models import TrailEntry
from onegrid.org.roles import DUTY_LEADER, Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import Absence, Shift, Swap
from onegrid.supervision.rules.roster import LEADS, OFFICER, Slot
from onegrid.supervision.rules.swap_life import SWAP
from onegrid.testing import cast
from onegrid.testing.cast import COUNTY, County
from onegrid.testing.matters import MORNING, at

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
EIGHT = datetime(2026, 10, 15, 0, 0, tzinfo=UTC)  # Thursday 08:00 in the county
DAY = timedelta(days=1)
HALF = timedelta(hours=12)


def of(who: Actor) -> int:
    assert who.posting_id is not None
    return who.posting_id


def put(county: County, who: Actor, begins: datetime = EIGHT, kind: str = LEADS, place: int = 1) -> Shift:
    slots = [Slot(of(who), begins, begins + HALF)]
    return actions.roster(actor=county.dispatcher, kind=kind, place=place, slots=slots)[0]


def told(kind: str) -> set[int | None]:
    return set(Message.objects.filter(kind=kind).values_list("to_posting_id", flat=True))


def asked(county: County) -> Swap:
    """The duty leader asks the leader to take the shift of Thursday."""
    shift = put(county, county.duty_leader)
    return actions.swap(actor=county.duty_leader, shift_id=shift.pk, colleague=of(county.leader))


def holder() -> int:
    return Shift.objects.get().posting_id


# --- asking


def test_a_colleague_is_asked_and_owes_an_answer(county: County) -> None:
    with at():
        asked(county)
        assert told("swap_asked") == {county.leader.posting_id}
        (owed,) = queries.owed(county.leader)
        assert (owed.due_at, owed.address) == (EIGHT, "/supervise/roster/#asked")
        assert queries.owed(county.duty_leader) == []
        assert holder() == county.duty_leader.posting_id
    with at(EIGHT):
        assert queries.owed(county.leader) == []


def test_only_ones_own_shift_is_offered(county: County) -> None:
    with at():
        shift = put(county, county.duty_leader)
        for name in ("leader", "dispatcher", "neighbour", "unit_leader"):
            with pytest.raises(Shift.DoesNotExist):
                actions.swap(actor=county.people[name], shift_id=shift.pk, colleague=of(county.duty_leader))
        for name in ("worker", "auditor"):
            with pytest.raises(actions.NotAllowed):
                actions.swap(actor=county.people[name], shift_id=shift.pk, colleague=of(county.duty_leader))


@pytest.mark.parametrize("name", ["receiver", "neighbour", "unit_leader", "duty_leader", "worker"])
def test_only_a_fitting_colleague_of_the_unit_is_asked(county: County, name: str) -> None:
    with at():
        shift = put(county, county.duty_leader)
        with pytest.raises(actions.NotGiven):
            actions.swap(actor=county.duty_leader, shift_id=shift.pk, colleague=of(county.people[name]))
    assert not Swap.objects.exists()


def test_one_shift_is_offered_to_one_at_a_time(county: County) -> None:
    with at():
        found = asked(county)
        with pytest.raises(actions.NotAllowed):
            actions.swap(actor=county.duty_leader, shift_id=found.shift_id, colleague=of(county.leader))


def test_a_shift_that_has_begun_is_not_offered(county: County) -> None:
    with at() as hand:
        shift = put(county, county.duty_leader)
        hand.to(EIGHT)
        with pytest.raises(actions.NotAllowed):
            actions.swap(actor=county.duty_leader, shift_id=shift.pk, colleague=of(county.leader))


def test_who_has_a_shift_then_or_is_away_is_not_asked(county: County) -> None:
    with at():
        shift = put(county, county.duty_leader)
        other = put(county, county.leader, EIGHT + timedelta(hours=11), kind=OFFICER)
        with pytest.raises(actions.NotGiven):
            actions.swap(actor=county.duty_leader, shift_id=shift.pk, colleague=of(county.leader))
        actions.withdraw_shift(actor=county.leader, shift_id=other.pk)
        actions.be_absent(actor=county.leader, since=EIGHT, until=EIGHT + timedelta(hours=1))
        with pytest.raises(actions.NotGiven):
            actions.swap(actor=county.duty_leader, shift_id=shift.pk, colleague=of(county.leader))


# --- answering


def test_an_agreed_swap_moves_the_shift_and_the_calls_and_leaves_a_trace(county: County) -> None:
    with at():
        found = asked(county)
        actions.move_swap(actor=county.leader, swap_id=found.pk, verb="agree")
        assert holder() == county.leader.posting_id
        assert told("swap_agreed") == {county.leader.posting_id, county.duty_leader.posting_id}
        found.refresh_from_db()
        assert (found.state, found.asked_by_id, found.ended_at) == ("agreed", county.duty_leader.posting_id, MORNING)
        assert [one.pk for one in queries.agreed_swaps(county.units["centre"])] == [found.pk]
        assert TrailEntry.objects.filter(verb="move_swap", subject="shift").count() == 1
    with at(EIGHT):
        assert [one.posting_id for one in queries.on_duty(county.units["centre"].pk, EIGHT)] == [of(county.leader)]


def test_who_gets_a_shift_by_a_swap_is_told_the_evening_before(county: County) -> None:
    with at(EIGHT - timedelta(hours=14)) as hand:  # 18:00 of the day before: the first holder is told at once
        found = asked(county)
        assert told("shift_ahead") == {county.duty_leader.posting_id}
        hand.on(hours=1)
        actions.move_swap(actor=county.leader, swap_id=found.pk, verb="agree")
        assert told("shift_ahead") == {county.duty_leader.posting_id, county.leader.posting_id}
        assert Message.objects.filter(kind="shift_ahead").count() == 2


def test_a_declined_swap_leaves_the_shift_where_it_is(county: County) -> None:
    with at():
        found = asked(county)
        actions.move_swap(actor=county.leader, swap_id=found.pk, verb="decline")
    assert holder() == county.duty_leader.posting_id
    assert told("swap_declined") == {county.duty_leader.posting_id}


def test_who_asked_takes_it_back(county: County) -> None:
    with at():
        found = asked(county)
        actions.move_swap(actor=county.duty_leader, swap_id=found.pk, verb="take_back")
        assert queries.owed(county.leader) == []
        with pytest.raises(actions.NotAllowed):
            actions.move_swap(actor=county.leader, swap_id=found.pk, verb="agree")
    assert holder() == county.duty_leader.posting_id


@pytest.mark.parametrize(
    ("name", "verb"),
    [
        ("duty_leader", "agree"), ("duty_leader", "decline"), ("leader", "take_back"), ("dispatcher", "agree"),
        ("receiver", "decline"), ("dispatcher", "take_back"), ("leader", "lapse"), ("duty_leader", "lapse"),
    ],
)  # fmt: skip
def test_nobody_answers_for_another(county: County, name: str, verb: str) -> None:
    with at():
        found = asked(county)
        with pytest.raises(actions.NotAllowed):
            actions.move_swap(actor=county.people[name], swap_id=found.pk, verb=verb)
    assert Swap.objects.get().state == "asked"


@pytest.mark.parametrize("name", ["neighbour", "handler", "unit_leader"])
def test_another_unit_does_not_reach_a_swap(county: County, name: str) -> None:
    with at():
        found = asked(county)
        with pytest.raises(Swap.DoesNotExist):
            actions.move_swap(actor=county.people[name], swap_id=found.pk, verb="agree")


def test_a_swap_that_would_overlap_by_now_is_refused(county: County) -> None:
    with at():
        found = asked(county)
        put(county, county.leader, EIGHT + timedelta(hours=6), kind=OFFICER)
        with pytest.raises(actions.NotAllowed):
            actions.move_swap(actor=county.leader, swap_id=found.pk, verb="agree")
    assert Shift.objects.get(pk=found.shift_id).posting_id == county.duty_leader.posting_id


def test_what_nobody_answered_ends_when_the_shift_begins_or_is_gone(county: County) -> None:
    with at() as hand:
        found = asked(county)
        later = put(county, county.duty_leader, EIGHT + DAY)
        second = actions.swap(actor=county.duty_leader, shift_id=later.pk, colleague=of(county.leader))
        actions.withdraw_shift(actor=county.dispatcher, shift_id=later.pk)
        second.refresh_from_db()
        assert second.state == "lapsed"
        hand.to(EIGHT)
        actions.sweep_rosters()
        found.refresh_from_db()
        assert (found.state, found.ended_at) == ("lapsed", EIGHT)


def test_the_life_of_a_swap_has_no_dead_end_and_a_name_for_each_state() -> None:
    assert set(SWAP.labels) == set(SWAP.states())
    assert {step.target for step in SWAP.steps} == set(SWAP.final)
    assert all(step.sources == ("asked",) for step in SWAP.steps)


# --- absence


def test_an_absence_marks_the_shifts_and_tells_the_keepers_once(county: County, browser_of: Browser) -> None:
    with at():
        put(county, county.duty_leader)
        put(county, county.duty_leader, EIGHT + DAY)
        actions.be_absent(actor=county.duty_leader, since=EIGHT - HALF, until=EIGHT + 2 * DAY)
        assert told("shift_uncovered") == {county.leader.posting_id, county.dispatcher.posting_id}
        assert Message.objects.filter(kind="shift_uncovered").count() == 2
        page = browser_of(county.receiver).get("/supervise/roster/")
        assert [one.uncovered for day in page.context["days"] for one in day.shifts[0]] == [True, True]
    assert queries.on_duty(county.units["centre"].pk, EIGHT) == []


def test_an_absence_without_a_shift_tells_nobody_and_keeps_no_reason(county: County) -> None:
    with at():
        actions.be_absent(actor=county.receiver, since=EIGHT, until=EIGHT + DAY)
    assert not Message.objects.exists()
    names = {field.name for field in Absence._meta.get_fields()}
    assert names == {"id", "roster", "posting", "begins", "ends", "ended_at"}
    assert TrailEntry.objects.get(verb="be_absent").facts == {}


def test_who_is_away_is_away_on_the_standing_list_too(county: County) -> None:
    with at() as hand:
        events.put_on_call(actor=county.leader, posting_id=of(county.duty_leader))
        actions.be_absent(actor=county.duty_leader, since=EIGHT + 2 * DAY, until=EIGHT + 3 * DAY)
        actions.be_absent(actor=county.duty_leader, since=EIGHT, until=EIGHT + DAY)
        row = OnCall.objects.get()
        assert (row.away_from, row.away_until) == (EIGHT, EIGHT + DAY)
        hand.to(EIGHT + 2 * DAY)
        actions.sweep_rosters()
        row.refresh_from_db()
        assert (row.away_from, row.away_until) == (EIGHT + 2 * DAY, EIGHT + 3 * DAY)


def test_one_is_back_earlier(county: County) -> None:
    with at() as hand:
        events.put_on_call(actor=county.leader, posting_id=of(county.duty_leader))
        put(county, county.duty_leader)
        made = actions.be_absent(actor=county.duty_leader, since=EIGHT, until=EIGHT + DAY)
        later = actions.be_absent(actor=county.duty_leader, since=EIGHT + 5 * DAY, until=EIGHT + 6 * DAY)
        hand.to(EIGHT + timedelta(hours=1))
        assert queries.on_duty(county.units["centre"].pk, hand.moment) == []
        actions.be_back(actor=county.duty_leader, absence_id=made.pk)
        assert [one.posting_id for one in queries.on_duty(county.units["centre"].pk, hand.moment)]
        assert OnCall.objects.get().away_from == EIGHT + 5 * DAY
        actions.be_back(actor=county.duty_leader, absence_id=later.pk)
        assert OnCall.objects.get().away_from is None
        for other in (county.leader, county.neighbour, county.duty_leader):
            with pytest.raises(Absence.DoesNotExist):
                actions.be_back(actor=other, absence_id=later.pk)


@pytest.mark.parametrize(
    ("since", "until"),
    [(EIGHT, EIGHT), (EIGHT, EIGHT - DAY), (MORNING - DAY, MORNING), (EIGHT, EIGHT + 93 * DAY),
     (MORNING + 93 * DAY, MORNING + 94 * DAY)],
)  # fmt: skip
def test_an_absence_that_cannot_be_is_refused(county: County, since: datetime, until: datetime) -> None:
    with at(), pytest.raises(actions.NotGiven):
        actions.be_absent(actor=county.receiver, since=since, until=until)


@pytest.mark.parametrize("name", ["worker", "auditor", "admin_system"])
def test_who_takes_no_shifts_says_no_absence(county: County, name: str) -> None:
    with at(), pytest.raises(actions.NotAllowed):
        actions.be_absent(actor=county.people[name], since=EIGHT, until=EIGHT + DAY)


# --- the page


def test_ones_own_shifts_swaps_and_absences_go_by_the_page(county: County, browser_of: Browser) -> None:
    with at():
        shift = put(county, county.duty_leader)
        mine, theirs = browser_of(county.duty_leader), browser_of(county.leader)
        given = {"deed": "swap", "shift": shift.pk, "colleague": of(county.receiver), "idempotency_key": "A"}
        assert mine.post("/supervise/roster/", given).status_code == 422
        given |= {"colleague": of(county.leader), "idempotency_key": "B"}
        assert mine.post("/supervise/roster/", given).status_code == 302
        assert [one.asked is not None for one in mine.get("/supervise/roster/").context["own_shifts"]] == [True]
        page = theirs.get("/supervise/roster/")
        assert len(page.context["asked"]) == 1
        answer = {"deed": "agree", "swap": page.context["asked"][0].pk}
        assert mine.post("/supervise/roster/", {**answer, "idempotency_key": "C"}).status_code == 409
        assert theirs.post("/supervise/roster/", {**answer, "idempotency_key": "D"}).status_code == 302
        away = {"deed": "absent", "since": "2026-10-15T08:00", "until": "2026-10-15T07:00", "idempotency_key": "E"}
        assert theirs.post("/supervise/roster/", away).status_code == 422
        away |= {"until": "2026-10-15T20:00", "idempotency_key": "F"}
        assert theirs.post("/supervise/roster/", away).status_code == 302
        (absence,) = theirs.get("/supervise/roster/").context["absences"]
        assert absence.begins == EIGHT
        back = {"deed": "back", "absence": absence.pk, "idempotency_key": "G"}
        assert mine.post("/supervise/roster/", back).status_code == 404
        assert theirs.post("/supervise/roster/", {**back, "idempotency_key": "H"}).status_code == 302


def test_a_third_person_is_asked_after_the_first_declined(county: County) -> None:
    with at():
        third = cast.post(county, "third", "centre", COUNTY, (DUTY_LEADER,))
        found = asked(county)
        actions.move_swap(actor=county.leader, swap_id=found.pk, verb="decline")
        again = actions.swap(actor=county.duty_leader, shift_id=found.shift_id, colleague=of(third))
        actions.move_swap(actor=third, swap_id=again.pk, verb="agree")
    assert holder() == third.posting_id
