"""A leader who is away has a deputy: with dates, within the unit, never passed on, and every step tells both names."""

from datetime import timedelta

import pytest

from onegrid.events import actions as events
from onegrid.events import queries as event_queries
from onegrid.kit import clock
from onegrid.kit.workflow import NotAllowed
from onegrid.org import actions, queries
from onegrid.org.models import Posting, TrailEntry
from onegrid.org.roles import Actor
from onegrid.testing import matters as told
from onegrid.testing.cast import County, client_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def away(leader: Actor, deputy: Actor, *, days: int = 3, after: timedelta = timedelta()) -> Posting:
    assert deputy.posting_id is not None
    since = clock.now() + after
    return actions.delegate(leader, deputy_id=deputy.posting_id, since=since, until=since + days * DAY)


def acting(made: Posting) -> Actor:
    return Actor.of(Posting.objects.select_related("user", "unit").get(pk=made.pk))


def test_the_deputy_decides_and_the_step_names_both(county: County) -> None:
    told.make_matters(county)
    number = told.event_in("accepted", county).number
    events.ask_for(actor=county.receiver, number=number, kind="void", given={"reason": "mistake"})
    deputy = acting(away(county.leader, county.checker))
    events.decide(actor=deputy, number=number, kind="void", grant=True)
    step = event_queries.detail(county.receiver, number).steps[-1]
    assert step.verb == "void"
    assert step.actor is not None
    assert step.actor.whose == f"{county.checker.name}（代{county.leader.name}）"
    assert TrailEntry.objects.filter(verb="delegate").count() == 1


def test_who_asked_does_not_decide_as_somebody_elses_deputy(county: County) -> None:
    told.make_matters(county)
    number = told.event_in("accepted", county).number
    events.ask_for(actor=county.receiver, number=number, kind="void", given={"reason": "mistake"})
    deputy = acting(away(county.leader, county.receiver))
    with pytest.raises(NotAllowed):
        events.decide(actor=deputy, number=number, kind="void", grant=True)


def test_it_begins_and_ends_by_its_dates(county: County) -> None:
    made = away(county.leader, county.checker, days=2, after=DAY)
    assert not made.active
    with told.at(clock.now() + 2 * DAY):
        assert made.active
        assert made.pk in {one.pk for one in queries.postings_of(county.checker)}
    with told.at(clock.now() + 4 * DAY):
        assert not made.active


def test_the_leader_comes_back_earlier(county: County) -> None:
    made = away(county.leader, county.checker)
    for other in (county.duty_leader, county.unit_leader, county.checker):
        with pytest.raises(Posting.DoesNotExist):
            actions.end_delegation(other, delegation_id=made.pk)
    actions.end_delegation(county.leader, delegation_id=made.pk)
    made.refresh_from_db()
    assert not made.active
    with pytest.raises(Posting.DoesNotExist):
        actions.end_delegation(county.leader, delegation_id=made.pk)


def test_only_the_leading_roles_are_lent(county: County) -> None:
    assert away(county.duty_leader, county.checker).roles == ["duty_leader"]


@pytest.mark.parametrize("name", ["dispatcher", "handler", "admin_security"])
def test_who_does_not_lead_has_no_deputy(county: County, name: str) -> None:
    with pytest.raises(actions.Refused):
        away(county.people[name], county.checker)


@pytest.mark.parametrize("name", ["handler", "neighbour", "admin_system", "leader"])
def test_the_deputy_is_another_person_of_the_unit_and_no_administrator(county: County, name: str) -> None:
    with pytest.raises(actions.Refused):
        away(county.leader, county.people[name])


def test_a_deputy_passes_nothing_on(county: County) -> None:
    deputy = acting(away(county.leader, county.checker))
    with pytest.raises(actions.Refused):
        away(deputy, county.receiver)


def test_one_deputy_at_a_time(county: County) -> None:
    away(county.leader, county.checker)
    with pytest.raises(actions.Refused):
        away(county.leader, county.receiver, after=2 * DAY)
    away(county.leader, county.receiver, after=3 * DAY)


@pytest.mark.parametrize(("days", "after"), [(0, timedelta()), (93, timedelta()), (1, -2 * DAY)])
def test_the_dates_make_sense(county: County, days: int, after: timedelta) -> None:
    with pytest.raises(actions.Refused):
        away(county.leader, county.checker, days=days, after=after)


def test_the_page_names_a_deputy_and_ends_it(county: County) -> None:
    client, today = client_of(county.leader), clock.local(clock.now()).date().isoformat()
    form = {"deputy": county.checker.posting_id, "since": today, "until": today, "idempotency_key": "a"}
    assert client.post("/me/deputy/", form).status_code == 302
    made = Posting.objects.get(stands_for=county.leader.posting_id)
    assert county.checker.name in client.get("/me/").content.decode()
    assert county.leader.name in client_of(county.checker).get("/me/").content.decode()
    assert client.post(f"/me/deputy/{made.pk}/end/", {"idempotency_key": "b"}).status_code == 302
    wrong = client.post("/me/deputy/", {**form, "since": "x", "idempotency_key": "c"})
    assert wrong.status_code == 422
