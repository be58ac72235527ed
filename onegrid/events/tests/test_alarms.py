"""Alarms: one cause is one matter with a count; others stay apart; ended, it begins anew; connected systems only."""

from typing import Any

import pytest
from django.test import Client

from onegrid.events import actions
from onegrid.events.actions import NotAllowed, NotGiven, Sounded
from onegrid.events.models import Alarm, Event
from onegrid.org import actions as org
from onegrid.org.roles import CLIENT, Actor
from onegrid.testing.cast import COUNTY, County, post
from onegrid.testing.matters import GAS, make_matters


@pytest.fixture
def matters(county: County) -> County:
    make_matters(county)
    post(county, "sensors", "centre", COUNTY, (CLIENT,))
    return county


def alarm(actor: Actor, source: str = "gas-17", cause: str = "leak", **given: Any) -> Sounded:
    said: dict[str, Any] = {
        "words": "三号楼地下室燃气探头报警",
        "category": GAS,
        "lon": 104.605,
        "lat": 28.705,
        **given,
    }
    return actions.sound(actor=actor, source=source, cause=cause, **said)


@pytest.mark.django_db
def test_the_first_begins_a_matter_and_the_next_only_count(matters: County) -> None:
    first, second = alarm(matters.sensors), alarm(matters.sensors)
    assert (first.first, second.first, second.count) == (True, False, 2)
    event = Event.objects.get()
    assert (first.number, second.number) == (event.number, event.number)
    assert (event.voices, event.steps.count(), event.reports.get().channel) == (1, 1, "alarm")
    assert not event.reachable_voices()


@pytest.mark.django_db
def test_different_causes_sources_and_systems_stay_apart(matters: County) -> None:
    other = post(matters, "other_sensors", "centre", COUNTY, (CLIENT,))
    for source, cause in (("gas-17", "leak"), ("gas-17", "battery"), ("gas-18", "leak")):
        assert alarm(matters.sensors, source, cause).first
    assert alarm(other, "gas-17", "leak").first
    assert Event.objects.count() == 4


@pytest.mark.django_db
def test_after_the_end_a_new_matter_begins(matters: County) -> None:
    first = alarm(matters.sensors)
    actions.ask_for(actor=matters.receiver, number=first.number, kind="void", given={"reason": "mistake"})
    actions.decide(actor=matters.leader, number=first.number, kind="void", grant=True)
    again = alarm(matters.sensors)
    assert again.first
    assert again.number != first.number
    assert list(Alarm.objects.order_by("id").values_list("count", flat=True)) == [1, 1]


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["receiver", "dispatcher", "handler", "worker", "leader", "admin_system"])
def test_wrong_role(matters: County, who: str) -> None:
    with pytest.raises(NotAllowed):
        alarm(getattr(matters, who))


@pytest.mark.django_db
@pytest.mark.parametrize("given", [{"source": " "}, {"cause": ""}, {"source": "x" * 81}, {"words": ""}])
def test_each_fault_is_named_and_nothing_is_written(matters: County, given: dict[str, str]) -> None:
    with pytest.raises(NotGiven) as wrong:
        alarm(matters.sensors, **given)
    assert list(wrong.value.fields) == list(given)
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_over_http_the_same_key_counts_once(matters: County) -> None:
    token = org.make_token(matters.sensors, name="panel")[0]
    body = {"source": "gas-17", "cause": "leak", "words": "燃气探头报警", "area": COUNTY + "001"}

    def sent(key: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        return Client().post("/api/v1/alarms", {**body, **more}, content_type="application/json", headers=headers)

    answers = [sent("a").json(), sent("a").json(), sent("b").json()]
    assert [one["count"] for one in answers] == [1, 1, 2]
    assert sent("c", happened_at="yesterday").status_code == 422
    assert Client().post("/api/v1/alarms", body, content_type="application/json").status_code == 401


@pytest.mark.django_db
def test_the_event_page_says_how_often_it_sounded(matters: County, browser_of: Any) -> None:
    for _time in range(3):
        made = alarm(matters.sensors)
    page = browser_of(matters.receiver).get(f"/desk/events/{made.number}/")
    assert page.context["alarms"][0].count == 3
    assert "gas-17" in page.text
