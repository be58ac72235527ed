"""Two hands at the same ruling or plan at the same instant: one of them wins, nothing is written twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from onegrid.events.actions import NotAllowed, Stale
from onegrid.events.models import Step
from onegrid.notices.models import Message
from onegrid.org.roles import DISPATCHER, LEADER, Actor
from onegrid.supervision import actions
from onegrid.supervision.models import AppliedPlan, Precedent, Ruling
from onegrid.supervision.tests.test_keep_plan import accepted, keep
from onegrid.supervision.tests.test_rule import GIVEN, objected_twice, ruling_on
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_leaders_at_the_same_instant_one_wins() -> None:
    county = cast.make_county()
    told.make_matters(county)
    other = cast.post(county, "other_leader", "centre", COUNTY, (LEADER,))
    event = objected_twice(county)
    ruling = ruling_on(event)

    def rule(actor: Actor, unit: str) -> bool:
        try:
            actions.rule(actor=actor, ruling_id=ruling.pk, given={**GIVEN, "unit": unit}, version=event.version)
        except (NotAllowed, Stale):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as hands:
        won = list(hands.map(rule, (county.leader, other), ("housing", "city")))
    assert sorted(won) == [False, True]
    assert Precedent.objects.get().unit == Ruling.objects.get().unit


def test_two_workers_with_the_same_job_open_one_ruling_and_tell_once() -> None:
    county = cast.make_county()
    told.make_matters(county)
    event = objected_twice(county)
    n = Step.objects.filter(event=event).order_by("-n")[0].n
    Ruling.objects.all().delete()
    Message.objects.filter(kind="to_rule").delete()

    def follow(_turn: int) -> None:
        actions.follow_objection(event_id=event.pk, n=n)
        connection.close()

    with ThreadPoolExecutor(2) as workers:
        list(workers.map(follow, range(4)))
    assert (Ruling.objects.count(), Message.objects.filter(kind="to_rule").count()) == (1, 1)


def test_a_plan_that_two_apply_at_the_same_instant_is_applied_once() -> None:
    county = cast.make_county()
    told.make_matters(county)
    other = cast.post(county, "other_dispatcher", "centre", COUNTY, (DISPATCHER,))
    plan, event = keep(county.leader), accepted(county)

    def apply(actor: Actor) -> bool:
        try:
            actions.apply_plan(actor=actor, number=event.number, plan_id=plan.pk)
        except NotAllowed:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as hands:
        assert sorted(hands.map(apply, (county.dispatcher, other))) == [False, True]
    assert AppliedPlan.objects.get().lines.filter(outcome="refused").count() == 0
