"""A plan applied to a matter: every line is done or says why not; once; and its first steps are ticked."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from onegrid.events import actions as events
from onegrid.events.actions import NotAllowed, Stale
from onegrid.events.models import Assignment, Event
from onegrid.notices.models import Message
from onegrid.org.models import TrailEntry, Unit
from onegrid.org.queries import forget_reference
from onegrid.org.roles import LEADER, Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import AppliedLine, AppliedPlan, Plan
from onegrid.supervision.tests.test_keep_plan import GIVEN, accepted, keep
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, County

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]


@pytest.fixture(autouse=True)
def matters(county: County) -> None:
    told.make_matters(county)


def apply(actor: Actor, event: Event, plan: Plan, **more: Any) -> AppliedPlan:
    return actions.apply_plan(actor=actor, number=event.number, plan_id=plan.pk, **more)


def outcomes(made: AppliedPlan) -> list[tuple[str, str]]:
    return [(one.kind, one.outcome) for one in made.lines.order_by("n")]


def parts(event: Event) -> set[str]:
    return set(Assignment.objects.filter(event=event, role="assist").values_list("unit__code", flat=True))


def test_every_unit_is_asked_everybody_is_told_the_steps_lie_open(county: County) -> None:
    plan, event = keep(county.leader), accepted(county)
    made = apply(county.dispatcher, event, plan)
    assert outcomes(made) == [
        ("assist", "done"), ("assist", "done"), ("tell", "done"), ("tell", "done"), ("step", "open"), ("step", "open"),
    ]  # fmt: skip
    assert parts(event) == {"fire", "housing"}
    told_of = set(Message.objects.filter(kind="plan").values_list("to_posting_id", flat=True))
    assert told_of == {county.duty_leader.posting_id, county.leader.posting_id}
    assert TrailEntry.objects.filter(verb="apply_plan").count() == 1


def test_the_task_of_a_part_is_the_plans_and_its_days(county: County) -> None:
    event = accepted(county)
    apply(county.dispatcher, event, keep(county.leader))
    part = Assignment.objects.get(event=event, unit=county.units["housing"])
    assert part.told()["task"] == "核对小区线路"
    assert part.limit is not None


def test_each_pick_says_what_and_why_not(county: County) -> None:
    plan, event = keep(county.leader), told.event_in("assigned", county)
    given = {"unit": "fire", "words": "先到场"}
    events.take(actor=county.dispatcher, number=event.number, verb="assist", given=given)
    second = plan.lines.get(n=2)
    second.unit = county.units["city"]
    second.save()
    with translation.override("en"):
        event.refresh_from_db()
        found = queries.fit(county.dispatcher, event)
        assert found is not None
        picks = [(one.what, one.skipped) for one in found.picks]
    assert picks[:3] == [
        ("Fire Brigade assists", "This unit assists here already."),
        ("City Management Office assists", "This unit leads here already."),
        ("Told: duty leader, the centre that holds the matter", ""),
    ]
    assert found.because == "Street lamps, poles, cables in Yunlu County, level 3, 4"
    made = apply(county.dispatcher, event, plan)
    assert [(one.outcome, one.why) for one in made.lines.order_by("n")[:3]] == [
        ("refused", "This unit assists here already."), ("refused", "This unit leads here already."), ("done", ""),
    ]  # fmt: skip


def test_a_partial_failure_is_shown_and_the_rest_is_done(county: County, browser_of: Browser) -> None:
    plan, event = keep(county.leader), accepted(county)
    Unit.objects.filter(code="fire").update(active=False)
    forget_reference()
    made = apply(county.dispatcher, event, plan)
    assert outcomes(made)[:2] == [("assist", "refused"), ("assist", "done")]
    assert parts(event) == {"housing"}
    browser = browser_of(county.dispatcher)
    browser.cookies["language"] = "en"
    page = browser.get(f"/supervise/events/{event.number}/").content.decode()
    assert "1 line could not be done" in page
    assert "This unit does not work any more." in page


def test_the_office_it_is_about_is_neither_asked_nor_told(county: County) -> None:
    plan = keep(county.leader)
    event = accepted(county, where={"about_office": True, "about_unit": "fire"})
    found = queries.fit(county.dispatcher, event)
    assert found is not None
    assert found.picks[0].skipped
    made = apply(county.dispatcher, event, plan)
    assert outcomes(made)[:2] == [("assist", "refused"), ("assist", "done")]
    assert parts(event) == {"housing"}
    assert not queries.applied(county.other_handler, event)


def test_of_a_sealed_matter_nobody_is_told_who_may_not_see_it(county: County) -> None:
    cast.post(county, "town_leader", "centre-002", cast.TOWNS[1], (LEADER,))
    plan = keep(county.leader, category=told.VICE, tells=["checker", "leader@centre-002"])
    event = accepted(county, told.VICE, {"words": "楼下麻将馆天天赌博"})
    made = apply(county.dispatcher, event, plan)
    assert [one for one in outcomes(made) if one[0] == "tell"] == [("tell", "done"), ("tell", "refused")]
    assert set(Message.objects.filter(kind="plan").values_list("to_posting_id", flat=True)) == {
        county.checker.posting_id
    }
    written = [*AppliedLine.objects.values_list("words", flat=True), *Message.objects.values_list("args", flat=True)]
    assert "麻将" not in str(written)


def test_twice_is_refused(county: County) -> None:
    plan, event = keep(county.leader), accepted(county)
    apply(county.dispatcher, event, plan)
    with pytest.raises(NotAllowed):
        apply(county.dispatcher, event, plan)
    assert AppliedPlan.objects.count() == 1
    event.refresh_from_db()
    assert queries.fit(county.dispatcher, event) is None


@pytest.mark.parametrize("name", ["receiver", "checker", "duty_leader", "leader"])
def test_wrong_role(county: County, name: str) -> None:
    plan, event = keep(county.leader), accepted(county)
    with pytest.raises(NotAllowed):
        apply(county.people[name], event, plan)
    assert not AppliedPlan.objects.exists()


def test_the_neighbour_sees_neither_matter_nor_plan(county: County) -> None:
    plan, event = keep(county.leader), accepted(county)
    with pytest.raises(Event.DoesNotExist):
        apply(county.neighbour, event, plan)
    own = keep(county.leader, area=cast.TOWNS[0])
    there = accepted(county, where={"lon": 104.635, "lat": 28.705})
    with pytest.raises(Plan.DoesNotExist):
        apply(county.neighbour, there, own)


def test_the_towns_dispatcher_applies_the_countys_plan(county: County) -> None:
    plan, event = keep(county.leader), accepted(county, where={"lon": 104.635, "lat": 28.705})
    with pytest.raises(NotAllowed):
        apply(county.dispatcher, event, plan)
    apply(county.neighbour, event, plan)
    assert parts(event) == {"fire", "housing"}


def test_in_another_state_or_for_another_kind_it_is_not_applied(county: County) -> None:
    plan = keep(county.leader)
    for state in ("reported", "checking", "closed"):
        with pytest.raises(NotAllowed):
            apply(county.dispatcher, told.event_in(state, county), plan)
    with pytest.raises(NotAllowed):
        apply(county.dispatcher, accepted(county, told.RUBBISH), plan)
    actions.switch_plan(actor=county.leader, plan_id=plan.pk, active=False)
    with pytest.raises(NotAllowed):
        apply(county.dispatcher, accepted(county), plan)


def test_what_changed_since_it_was_read_is_not_applied_blindly(county: County) -> None:
    plan, event = keep(county.leader), accepted(county)
    with pytest.raises(Stale):
        apply(county.dispatcher, event, plan, version=event.version - 1)
    actions.keep_plan(actor=county.leader, given=GIVEN, plan_id=plan.pk)
    with pytest.raises(NotAllowed):
        apply(county.dispatcher, event, plan, version=event.version, plan_version=1)
    assert not AppliedPlan.objects.exists()


def test_a_later_edit_changes_nothing_that_was_applied(county: County) -> None:
    plan, event = keep(county.leader), accepted(county)
    made = apply(county.dispatcher, event, plan)
    actions.keep_plan(actor=county.leader, given={**GIVEN, "name": "改了", "steps": "改了"}, plan_id=plan.pk)
    made.refresh_from_db()
    assert made.name == GIVEN["name"]
    assert [one.words for one in made.lines.filter(kind="step").order_by("n")] == ["设置警示牌", "联系供电公司"]


@pytest.mark.parametrize("name", ["receiver", "dispatcher", "duty_leader", "leader", "handler"])
def test_the_centre_and_the_handling_unit_tick_a_step_once(county: County, name: str) -> None:
    event = told.event_in("handling", county)
    made = apply(county.dispatcher, event, keep(county.leader))
    line = made.lines.filter(kind="step").order_by("n")[0]
    ticked = actions.tick(actor=county.people[name], line_id=line.pk)
    assert (ticked.outcome, ticked.done_by_id) == ("done", county.people[name].posting_id)
    with pytest.raises(NotAllowed):
        actions.tick(actor=county.people[name], line_id=line.pk)


def test_others_tick_nothing(county: County) -> None:
    event = told.event_in("handling", county)
    made = apply(county.dispatcher, event, keep(county.leader))
    line = made.lines.filter(kind="step").order_by("n")[0]
    for name in ("checker", "other_handler", "auditor", "unit_leader"):
        with pytest.raises(NotAllowed):
            actions.tick(actor=county.people[name], line_id=line.pk)
    for name in ("neighbour", "other_worker", "officer"):
        with pytest.raises(AppliedLine.DoesNotExist):
            actions.tick(actor=county.people[name], line_id=line.pk)
    with pytest.raises(AppliedLine.DoesNotExist):
        actions.tick(actor=county.dispatcher, line_id=made.lines.filter(kind="tell")[0].pk)
    events.take(actor=county.leader, number=event.number, verb="note", given={"words": "在办"})
    Event.objects.filter(pk=event.pk).update(state="closed", closed_at=event.reported_at)
    with pytest.raises(NotAllowed):
        actions.tick(actor=county.dispatcher, line_id=line.pk)


def test_whoever_ticked_takes_the_tick_back_and_that_it_happened_stays(county: County, browser_of: Browser) -> None:
    event = told.event_in("handling", county)
    made = apply(county.dispatcher, event, keep(county.leader))
    line = made.lines.filter(kind="step").order_by("n")[0]
    with pytest.raises(NotAllowed):
        actions.untick(actor=county.dispatcher, line_id=line.pk)
    actions.tick(actor=county.dispatcher, line_id=line.pk)
    for name in ("receiver", "leader", "handler", "auditor"):
        with pytest.raises(NotAllowed):
            actions.untick(actor=county.people[name], line_id=line.pk)
    with pytest.raises(AppliedLine.DoesNotExist):
        actions.untick(actor=county.neighbour, line_id=line.pk)
    address = f"/supervise/events/{event.number}/"
    client = browser_of(county.dispatcher)
    assert 'value="untick"' in client.get(address).content.decode()
    assert 'value="untick"' not in browser_of(county.receiver).get(address).content.decode()
    client.post(f"{address}plan/{line.pk}/", {"deed": "untick", "idempotency_key": "K1"})
    line.refresh_from_db()
    assert (line.outcome, line.done_by_id, line.undone_by_id) == ("open", None, county.dispatcher.posting_id)
    assert "勾选已撤回" in client.get(address).content.decode()
    assert TrailEntry.objects.filter(verb="untick", subject_id=line.pk).exists()
    actions.tick(actor=county.receiver, line_id=line.pk)
    with pytest.raises(NotAllowed):
        actions.untick(actor=county.dispatcher, line_id=line.pk)


def test_a_tick_is_not_taken_back_once_the_matter_has_ended(county: County) -> None:
    event = told.event_in("handling", county)
    made = apply(county.dispatcher, event, keep(county.leader))
    line = made.lines.filter(kind="step").order_by("n")[0]
    actions.tick(actor=county.dispatcher, line_id=line.pk)
    Event.objects.filter(pk=event.pk).update(state="closed", closed_at=event.reported_at)
    with pytest.raises(NotAllowed):
        actions.untick(actor=county.dispatcher, line_id=line.pk)


def test_one_click_applies_and_one_ticks(county: County, browser_of: Browser) -> None:
    plan, event = keep(county.leader), accepted(county)
    client = browser_of(county.dispatcher)
    panel = client.get(f"/supervise/events/{event.number}/").content.decode()
    assert f'action="/supervise/events/{event.number}/plan/"' in panel
    form = {"idempotency_key": "K1", "version": event.version, "plan": plan.pk, "plan_version": 1}
    answer = client.post(f"/supervise/events/{event.number}/plan/", form)
    assert answer.headers["Location"] == f"/desk/events/{event.number}/"
    assert client.post(f"/supervise/events/{event.number}/plan/", form).status_code == 303
    assert AppliedPlan.objects.count() == 1
    again = client.post(f"/supervise/events/{event.number}/plan/", {**form, "idempotency_key": "K2"})
    assert again.status_code == 409
    line = AppliedLine.objects.filter(kind="step").order_by("n")[0]
    address = f"/supervise/events/{event.number}/plan/{line.pk}/"
    assert client.post(address, {"idempotency_key": "K3"}).status_code == 303
    assert client.post(address, {"idempotency_key": "K4"}).status_code == 409
    assert browser_of(county.neighbour).post(address, {"idempotency_key": "K5"}).status_code == 404


def test_who_may_not_apply_reads_why(county: County, browser_of: Browser) -> None:
    keep(county.leader)
    event = accepted(county)
    page = browser_of(county.receiver).get(f"/supervise/events/{event.number}/").content.decode()
    assert GIVEN["name"] in page
    assert f'action="/supervise/events/{event.number}/plan/"' not in page


def test_the_panel_needs_as_many_statements_for_many_lines_as_for_few(county: County) -> None:
    event = accepted(county)
    keep(county.leader)
    queries.fit(county.dispatcher, event)
    with CaptureQueriesContext(connection) as fitting:
        queries.fit(county.dispatcher, event)
    assert len(fitting) <= 4
    made = apply(county.dispatcher, event, Plan.objects.get())
    for line in made.lines.filter(kind="step"):
        actions.tick(actor=county.dispatcher, line_id=line.pk)
    with CaptureQueriesContext(connection) as shown:
        queries.applied(county.dispatcher, event)
    assert len(shown) <= 4


def test_the_database_lets_no_half_outcome_stand(county: County) -> None:
    made = apply(county.dispatcher, accepted(county), keep(county.leader))
    for change in ({"outcome": "refused"}, {"outcome": "done", "done_at": None}, {"outcome": "somehow"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            made.lines.filter(n=1).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        AppliedPlan.objects.create(
            event=made.event, plan=made.plan, plan_version=1, name="x", applied_by=made.applied_by,
            applied_at=made.applied_at,
        )  # fmt: skip


def test_a_plan_for_the_whole_county_is_one_for_everything_when_it_names_no_leaf(county: County) -> None:
    keep(county.leader, name="通用", category="", levels=["1", "2", "3", "4"])
    found = queries.fit(county.dispatcher, accepted(county, told.GAS))
    assert found is not None
    assert (found.plan.name, found.plan.area) == ("通用", COUNTY)
