"""Plans are kept by the leader and the dispatchers of a centre, for its own place; and which of them fits a matter."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onegrid.events import actions as events
from onegrid.events.actions import NotAllowed, NotGiven
from onegrid.events.models import Event
from onegrid.org.roles import Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import Plan, PlanLine
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, GRIDS, TOWNS, County

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
GIVEN: dict[str, Any] = {
    "name": "路灯成片熄灭", "category": told.LAMP, "area": COUNTY, "levels": ["3", "4"],
    "assists": [("fire", "到场警戒，防止触电", ""), ("housing", "核对小区线路", "3"), ("", "", "")],
    "tells": ["duty_leader", "leader@centre"], "steps": "设置警示牌\n\n联系供电公司",
}  # fmt: skip


@pytest.fixture(autouse=True)
def matters(county: County) -> None:
    told.make_matters(county)


def keep(actor: Actor, **given: Any) -> Plan:
    return actions.keep_plan(actor=actor, given={**GIVEN, **given})


def accepted(county: County, leaf: str = told.LAMP, where: dict[str, Any] | None = None) -> Event:
    event = told.reported(**(where or {})).event
    near = event.owner_id == county.units["centre"].pk
    by = county.receiver if near else county.neighbour_receiver
    return events.take(actor=by, number=event.number, verb="accept", given={"category": leaf})


def fitting(actor: Actor, event: Event) -> str:
    found = queries.fit(actor, event)
    return found.plan.name if found else ""


def test_a_plan_keeps_its_lines_in_their_order(county: County) -> None:
    plan = keep(county.dispatcher)
    lines = [(one.kind, one.role, one.unit.code if one.unit else "", one.words, one.days) for one in plan.lines.all()]
    assert lines == [
        ("assist", "", "fire", "到场警戒，防止触电", None),
        ("assist", "", "housing", "核对小区线路", 3),
        ("tell", "duty_leader", "", "", None),
        ("tell", "leader", "centre", "", None),
        ("step", "", "", "设置警示牌", None),
        ("step", "", "", "联系供电公司", None),
    ]


@pytest.mark.parametrize("name", ["receiver", "duty_leader", "checker", "handler", "unit_leader", "auditor"])
def test_wrong_role(county: County, name: str) -> None:
    with pytest.raises(NotAllowed):
        keep(county.people[name])
    assert not Plan.objects.exists()


def test_a_town_keeps_plans_of_its_own_and_not_the_countys(county: County) -> None:
    with pytest.raises(NotGiven) as missing:
        keep(county.neighbour)
    assert list(missing.value.fields) == ["area"]
    plan = keep(county.leader)
    with pytest.raises(NotAllowed):
        actions.switch_plan(actor=county.neighbour, plan_id=plan.pk, active=False)
    other = keep(county.leader, area=TOWNS[0])
    with pytest.raises(Plan.DoesNotExist):
        actions.switch_plan(actor=county.neighbour, plan_id=other.pk, active=False)
    assert keep(county.neighbour, area=TOWNS[1]).centre == county.units["centre-002"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "信访重点人员处置"}, "name"),
        ({"category": "999999"}, "category"),
        ({"area": "511503"}, "area"),
        ({"levels": []}, "levels"),
        ({"levels": ["5"]}, "levels"),
        ({"assists": [("fire", "", "")]}, "assists"),
        ({"assists": [("nobody", "到场", "")]}, "assists"),
        ({"assists": [("fire", "到场", ""), ("fire", "再到场", "")]}, "assists"),
        ({"assists": [("fire", "到场", "61")]}, "assists"),
        ({"tells": ["handler"]}, "tells"),
        ({"tells": ["leader@city"]}, "tells"),
        ({"steps": "长" * 501}, "steps"),
        ({"assists": [], "tells": [], "steps": " "}, "steps"),
        ({"steps": "\n".join(f"第{n}步" for n in range(31))}, "steps"),
    ],
)
def test_what_is_missing_or_wrong_is_named(county: County, given: dict[str, Any], field: str) -> None:
    with pytest.raises(NotGiven) as missing:
        keep(county.leader, **given)
    assert list(missing.value.fields) == [field]
    assert not Plan.objects.exists()


def test_a_change_that_read_an_older_version_is_refused(county: County) -> None:
    plan = keep(county.leader)
    changed = actions.keep_plan(actor=county.dispatcher, given={**GIVEN, "steps": "先断电"}, plan_id=plan.pk, version=1)
    assert [one.words for one in changed.lines.filter(kind="step")] == ["先断电"]
    with pytest.raises(NotAllowed):
        actions.keep_plan(actor=county.leader, given=GIVEN, plan_id=plan.pk, version=1)


def test_the_finest_plan_fits_first(county: County) -> None:
    event = accepted(county)
    coarse_to_fine: list[tuple[str, dict[str, Any]]] = [
        ("所有事项", {"category": ""}),
        ("本类", {}),
        ("本类本镇", {"area": TOWNS[0]}),
        ("本类本镇四级", {"area": TOWNS[0], "levels": ["4"]}),
    ]
    for name, given in coarse_to_fine:
        keep(county.leader, name=name, **given)
        assert fitting(county.dispatcher, event) == name
    Plan.objects.filter(category=told.LAMP).update(category=told.LAMP[:2])
    assert fitting(county.dispatcher, event) == "本类本镇四级"


def test_another_leaf_level_or_town_does_not_fit(county: County) -> None:
    keep(county.leader, area=TOWNS[0])
    assert fitting(county.dispatcher, accepted(county))
    assert fitting(county.dispatcher, accepted(county, told.RUBBISH)) == ""
    assert fitting(county.neighbour, accepted(county, where={"lon": 104.635, "lat": 28.705})) == ""
    event = accepted(county)
    Event.objects.filter(pk=event.pk).update(level=1)
    event.refresh_from_db()
    assert fitting(county.dispatcher, event) == ""


def test_switched_off_it_fits_nothing(county: County) -> None:
    plan = keep(county.leader)
    actions.switch_plan(actor=county.dispatcher, plan_id=plan.pk, active=False, version=1)
    assert fitting(county.dispatcher, accepted(county)) == ""
    with pytest.raises(NotAllowed):
        actions.switch_plan(actor=county.dispatcher, plan_id=plan.pk, active=True, version=1)


def test_before_acceptance_and_after_the_result_no_plan_is_offered(county: County) -> None:
    keep(county.leader)
    for state in ("reported", "checking", "rating", "closed"):
        assert fitting(county.dispatcher, told.event_in(state, county)) == ""
    for state in ("accepted", "assigned", "handling", "suspended"):
        assert fitting(county.dispatcher, told.event_in(state, county))


def test_the_list_shows_the_places_that_touch_the_reader(county: County) -> None:
    keep(county.leader, name="全县")
    keep(county.leader, name="城关", area=TOWNS[0])
    assert {one.plan.name for one in queries.plans(county.handler)} == {"全县", "城关"}
    assert {one.plan.name for one in queries.plans(county.neighbour)} == {"全县"}
    assert {one.plan.name for one in queries.plans(county.worker)} == {"全县", "城关"}
    assert [one.keeps for one in queries.plans(county.neighbour)] == [False]


def test_the_pages_keep_and_switch(county: County, browser_of: Browser) -> None:
    client = browser_of(county.leader)
    form = {
        "name": GIVEN["name"], "category": told.LAMP, "area": COUNTY, "levels": ["4"], "assist": ["fire", ""],
        "task": ["到场警戒", ""], "days": ["2", ""], "tells": ["leader"], "steps": "设置警示牌",
    }  # fmt: skip
    answer = client.post("/supervise/plans/new/", {"idempotency_key": "K0", **form, "levels": []})
    assert answer.status_code == 422
    assert "到场警戒" in answer.content.decode()
    assert client.post("/supervise/plans/new/", {"idempotency_key": "K1", **form}).status_code == 303
    plan = Plan.objects.get()
    page = client.get(f"/supervise/plans/{plan.pk}/").content.decode()
    assert 'value="到场警戒"' in page
    assert "设置警示牌</textarea>" in page
    address = f"/supervise/plans/{plan.pk}/switch/"
    assert client.post(address, {"idempotency_key": "K2", "active": "no", "version": 1}).status_code == 303
    assert client.post(address, {"idempotency_key": "K3", "active": "no", "version": 1}).status_code == 409
    assert client.post(f"/supervise/plans/{plan.pk}/", {"idempotency_key": "K4", **form}).status_code == 409


def test_the_list_needs_few_statements_however_long_it_is(county: County, browser_of: Browser) -> None:
    client = browser_of(county.leader)
    keep(county.leader)
    client.get("/supervise/plans/")
    with CaptureQueriesContext(connection) as few:
        client.get("/supervise/plans/")
    keep(county.leader, area=GRIDS[0][:9])
    with CaptureQueriesContext(connection) as more:
        client.get("/supervise/plans/")
    assert len(few) == len(more) <= 4


def test_the_database_lets_no_half_line_stand(county: County) -> None:
    plan = keep(county.leader)
    for change in ({"kind": "assist", "unit": None}, {"kind": "step", "words": ""}, {"kind": "somehow"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PlanLine.objects.filter(plan=plan, n=1).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(levels=[])
