"""A second objection is ruled by the leader: hearing, decision, precedent; or settled when it went another way."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from onegrid.events import actions as events
from onegrid.events.actions import NotAllowed, NotGiven, Stale
from onegrid.events.models import Event, Request, Step
from onegrid.notices.models import Message
from onegrid.org.models import TrailEntry
from onegrid.org.roles import DISPATCHER, LEADER, Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import Precedent, Ruling
from onegrid.supervision.queries.rulings import owed_rulings
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, GRIDS, TOWNS, County

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
WORDS = "灯杆在小区里，不归我们"
GIVEN = {
    "unit": "housing", "reason": "小区内部路灯由住建局管", "basis": "《云麓县城市照明管理办法》第七条",
    "precedent": "yes", "area": TOWNS[0], "for_all": "小区内部的路灯由住建局负责",
}  # fmt: skip


@pytest.fixture(autouse=True)
def matters(county: County) -> None:
    told.make_matters(county)


def happened(event: Event) -> None:
    """Do the job that follows the newest step, as the worker does."""
    n = Step.objects.filter(event=event).order_by("-n").values_list("n", flat=True)[0]
    actions.follow_objection(event_id=event.pk, n=n)


def object_(event: Event, by: Actor, words: str = WORDS) -> Event:
    events.ask_for(actor=by, number=event.number, kind="object", given={"reason": "not_ours", "words": words})
    happened(event)
    event.refresh_from_db()
    return event


def objected(county: County, *, leaf: str = told.LAMP, to: str = "city", **given: Any) -> Event:
    """Once upheld (fire), then the second unit objects as well."""
    event = told.reported(**given).event
    owner = "neighbour" if Event.objects.get(pk=event.pk).owner_id == county.units["centre-002"].pk else "dispatcher"
    accepts = "neighbour_receiver" if owner == "neighbour" else "receiver"
    events.take(actor=county.people[accepts], number=event.number, verb="accept", given={"category": leaf})
    events.take(actor=county.people[owner], number=event.number, verb="dispatch", given={"unit": "fire"})
    object_(event, county.other_handler, "这不是火情")
    events.decide(actor=county.people[owner], number=event.number, kind="object", grant=True)
    events.take(actor=county.people[owner], number=event.number, verb="dispatch", given={"unit": to})
    return object_(event, county.handler)


def objected_twice(county: County) -> Event:
    """One unit objects, has to keep it, and objects again."""
    event = object_(told.event_in("assigned", county), county.handler)
    events.decide(actor=county.dispatcher, number=event.number, kind="object", grant=False, words="请先接办")
    return object_(event, county.handler)


def ruling_on(event: Event) -> Ruling:
    return Ruling.objects.get(event=event)


def ruled(county: County, event: Event, **given: Any) -> Ruling:
    return actions.rule(actor=county.leader, ruling_id=ruling_on(event).pk, given={**GIVEN, **given})


def test_the_first_objection_opens_none_the_second_opens_one(county: County) -> None:
    first = told.event_in("assigned", county)
    object_(first, county.handler)
    assert not Ruling.objects.exists()
    second = objected(county)
    assert Ruling.objects.get().request == second.requests.get(kind="object", unit=county.units["city"])


def test_a_job_done_twice_opens_one_and_tells_the_leader_once(county: County) -> None:
    event = objected(county)
    happened(event)
    assert Ruling.objects.count() == 1
    told_of = Message.objects.filter(kind="to_rule", to_posting_id=county.leader.posting_id)
    assert [one.number for one in told_of] == [event.number]


def test_the_leader_owes_it_by_the_requests_own_date(county: County) -> None:
    event = objected(county)
    (owed,) = owed_rulings(county.leader)
    assert owed.due_at == Request.objects.get(event=event, decided_at__isnull=True).due_at
    assert event.number in owed.about
    assert owed in queries.owed(county.leader)
    assert owed_rulings(county.dispatcher) == []
    assert owed_rulings(county.unit_leader) == []


def test_another_unit_is_named_the_matter_goes_back_to_the_dispatcher_and_the_reason_stays_inside(
    county: County,
) -> None:
    event = objected(county)
    ruling = ruled(county, event)
    event.refresh_from_db()
    assert (event.state, event.handler_id) == ("accepted", None)
    assert (ruling.state, ruling.unit) == ("ruled", county.units["housing"])
    assert Request.objects.get(pk=ruling.request_id).decision == "granted"
    words = [(step.verb, step.public) for step in event.steps.all() if GIVEN["reason"] in step.words]
    assert words == [("note", False)]
    assert TrailEntry.objects.filter(verb="rule").count() == 1


def test_a_leader_who_dispatches_too_sends_it_at_once(county: County) -> None:
    both = cast.post(county, "both", "centre", COUNTY, (LEADER, DISPATCHER))
    event = objected(county)
    actions.rule(actor=both, ruling_id=ruling_on(event).pk, given=GIVEN)
    event.refresh_from_db()
    assert (event.state, event.handler_id) == ("assigned", county.units["housing"].pk)


def test_the_unit_that_objects_keeps_it(county: County) -> None:
    event = objected(county)
    ruled(county, event, unit="city")
    event.refresh_from_db()
    assert (event.state, event.handler_id) == ("assigned", county.units["city"].pk)
    denied = Request.objects.get(event=event, unit=county.units["city"])
    assert denied.decision == "denied"
    assert GIVEN["reason"] in denied.told()[1]


def test_what_was_passed_on_goes_back_to_whoever_passed_it(county: County) -> None:
    event = told.event_in("handling", county)
    for _twice in range(2):
        asked = {"reason": "消防的事", "unit": "fire"}
        events.ask_for(actor=county.handler, number=event.number, kind="transfer", given=asked)
        events.decide(actor=county.dispatcher, number=event.number, kind="transfer", grant=True)
        object_(event, county.other_handler)
        if not Ruling.objects.exists():
            events.decide(actor=county.dispatcher, number=event.number, kind="object", grant=True)
    ruled(county, event, unit="housing")
    event.refresh_from_db()
    assert (event.state, event.handler_id) == ("handling", county.units["city"].pk)


def test_both_sides_and_the_routing_are_heard(county: County) -> None:
    event = objected(county)
    with translation.override("en"):
        heard = queries.hearing(county.leader, ruling_on(event).pk)
    assert [(one.unit, one.words, one.decision) for one in heard.objections] == [
        ("Fire Brigade", "这不是火情", "upheld"),
        ("City Management Office", WORDS, ""),
    ]
    assert heard.because == "The rule for 05 in Yunlu County names City Management Office."


@pytest.mark.parametrize("name", ["dispatcher", "receiver", "duty_leader", "checker", "handler", "unit_leader"])
def test_wrong_role(county: County, name: str) -> None:
    event = objected(county)
    with pytest.raises(NotAllowed):
        actions.rule(actor=county.people[name], ruling_id=ruling_on(event).pk, given=GIVEN)
    assert not Precedent.objects.exists()
    assert ruling_on(event).state == "waiting"


def test_only_the_leader_of_its_centre_gets_the_form(county: County, browser_of: Browser) -> None:
    event = objected(county)
    address = f"/supervise/rulings/{ruling_on(event).pk}/"
    assert 'name="for_all"' in browser_of(county.leader).get(address).content.decode()
    for actor in (county.unit_leader, county.dispatcher, county.handler):
        assert 'name="for_all"' not in browser_of(actor).get(address).content.decode()


def test_the_neighbour_does_not_see_it(county: County) -> None:
    theirs = cast.post(county, "town_leader", "centre-002", TOWNS[1], (LEADER,))
    event = objected(county)
    with pytest.raises(Ruling.DoesNotExist):
        actions.rule(actor=theirs, ruling_id=ruling_on(event).pk, given=GIVEN)
    with pytest.raises(Ruling.DoesNotExist):
        queries.hearing(theirs, ruling_on(event).pk)
    assert queries.rulings(theirs) == ([], [])


def test_the_leader_above_sees_what_a_town_rules_and_leaves_it_there(county: County) -> None:
    theirs = cast.post(county, "town_leader", "centre-002", TOWNS[1], (LEADER,))
    event = objected(county, lon=104.635, lat=28.705)
    with pytest.raises(NotAllowed):
        actions.rule(actor=county.leader, ruling_id=ruling_on(event).pk, given={**GIVEN, "area": TOWNS[1]})
    actions.rule(actor=theirs, ruling_id=ruling_on(event).pk, given={**GIVEN, "area": TOWNS[1]})
    assert Precedent.objects.get().centre == county.units["centre-002"]


def test_of_two_leaders_at_once_one_wins(county: County) -> None:
    other = cast.post(county, "other_leader", "centre", COUNTY, (LEADER,))
    event = objected(county)
    read = event.version
    actions.rule(actor=county.leader, ruling_id=ruling_on(event).pk, given=GIVEN, version=read)
    with pytest.raises(NotAllowed):
        actions.rule(actor=other, ruling_id=ruling_on(event).pk, given={**GIVEN, "unit": "city"}, version=read)
    assert (ruling_on(event).unit, Precedent.objects.count()) == (county.units["housing"], 1)


def test_who_read_an_older_version_is_told_so(county: County) -> None:
    event = objected(county)
    events.take(actor=county.handler, number=event.number, verb="note", given={"words": "附上产权证明"})
    with pytest.raises(Stale):
        actions.rule(actor=county.leader, ruling_id=ruling_on(event).pk, given=GIVEN, version=event.version)
    assert ruling_on(event).state == "waiting"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"unit": ""}, "unit"),
        ({"unit": "centre"}, "unit"),
        ({"reason": " "}, "reason"),
        ({"for_all": ""}, "for_all"),
        ({"for_all": "这家是信访重点人员"}, "for_all"),
        ({"area": TOWNS[1]}, "area"),
        ({"area": ""}, "area"),
        ({"basis": "长" * 2001}, "basis"),
    ],
)
def test_what_is_missing_or_wrong_is_named(county: County, given: dict[str, str], field: str) -> None:
    event = objected(county)
    with pytest.raises(NotGiven) as missing:
        ruled(county, event, **given)
    assert list(missing.value.fields) == [field]
    event.refresh_from_db()
    assert (event.state, ruling_on(event).state) == ("assigned", "waiting")


def test_decided_on_the_leaders_page_it_waits_no_longer_and_the_reason_can_be_added(county: County) -> None:
    event = objected(county)
    events.decide(actor=county.leader, number=event.number, kind="object", grant=True)
    happened(event)
    assert ruling_on(event).state == "decided"
    assert owed_rulings(county.leader) == []
    with pytest.raises(NotGiven):
        ruled(county, event, unit="city")
    ruled(county, event)
    assert (ruling_on(event).state, Precedent.objects.get().unit) == ("ruled", county.units["housing"])


def test_a_reason_given_afterwards_does_not_turn_the_decision(county: County) -> None:
    event = objected(county)
    events.decide(actor=county.leader, number=event.number, kind="object", grant=False, words="仍由你单位承办")
    happened(event)
    with pytest.raises(NotGiven):
        ruled(county, event, unit="housing")
    ruled(county, event, unit="city")
    event.refresh_from_db()
    assert event.handler_id == county.units["city"].pk


def test_decided_before_the_worker_came_it_is_not_opened_as_waiting(county: County) -> None:
    event = object_(told.event_in("assigned", county), county.handler)
    events.decide(actor=county.dispatcher, number=event.number, kind="object", grant=False, words="请接办")
    given = {"reason": "not_ours", "words": WORDS}
    events.ask_for(actor=county.handler, number=event.number, kind="object", given=given)
    asked = Step.objects.filter(event=event, verb="request").order_by("-n")[0]
    events.decide(actor=county.leader, number=event.number, kind="object", grant=False, words="请接办")
    actions.follow_objection(event_id=event.pk, n=asked.n)
    assert ruling_on(event).state == "decided"
    assert not Message.objects.filter(kind="to_rule").exists()


def test_claimed_after_all_the_ruling_lapses_once(county: County) -> None:
    event = objected(county)
    events.take(actor=county.handler, number=event.number, verb="claim")
    assert owed_rulings(county.leader) == []
    assert actions.settle_rulings() == 1
    assert ruling_on(event).state == "lapsed"
    assert actions.settle_rulings() == 0
    with pytest.raises(NotAllowed):
        ruled(county, event)


def test_a_sealed_matter_leaves_no_word_here_and_no_precedent(county: County) -> None:
    event = objected(county, leaf=told.VICE, words="楼下麻将馆天天赌博")
    with pytest.raises(NotGiven) as missing:
        ruled(county, event)
    assert list(missing.value.fields) == ["precedent"]
    ruled(county, event, precedent="", reason="由派出所查办麻将馆")
    event.refresh_from_db()
    assert not Precedent.objects.exists()
    assert "麻将馆" not in "".join(Step.objects.filter(event=event).values_list("words", flat=True))
    heard = queries.hearing(county.leader, ruling_on(event).pk)
    assert (heard.reason, [one.words for one in heard.objections]) == ("", ["", ""])
    assert queries.rulings(county.analyst) == ([], [])
    (row,) = queries.rulings(county.leader)[1]
    assert told.VICE not in row.about
    assert "赌" not in row.about


def test_a_matter_about_an_office_is_neither_given_to_it_nor_a_precedent(county: County) -> None:
    event = objected(county, about_office=True, about_unit="housing")
    with pytest.raises(NotGiven) as missing:
        ruled(county, event)
    assert set(missing.value.fields) == {"unit", "precedent"}
    clerk = cast.post(county, "housing_clerk", "housing", COUNTY, ("handler",))
    with pytest.raises(Ruling.DoesNotExist):
        queries.hearing(clerk, ruling_on(event).pk)


def test_the_database_lets_no_half_ruling_stand(county: County) -> None:
    event = objected(county)
    for change in ({"state": "ruled"}, {"unit": county.units["city"]}, {"state": "somehow"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Ruling.objects.filter(event=event).update(**change)


def test_the_page_rules_and_a_second_click_changes_nothing(county: County, browser_of: Browser) -> None:
    event = objected(county)
    address = f"/supervise/rulings/{ruling_on(event).pk}/"
    client = browser_of(county.leader)
    page = client.get(address).content.decode()
    assert WORDS in page
    assert (
        client.post(address, {"idempotency_key": "K0", "unit": "housing", "version": event.version}).status_code == 422
    )
    form = {"idempotency_key": "K1", "version": event.version, **GIVEN}
    assert client.post(address, form).headers["Location"] == address
    assert client.post(address, form).status_code == 303
    assert client.post(address, {**form, "idempotency_key": "K2"}).status_code == 409
    assert GIVEN["for_all"] in client.get(address).content.decode()
    assert browser_of(county.neighbour).get(address).status_code == 404


def test_the_leaders_page_leads_to_the_rulings_from_a_second_objection_only(
    county: County, browser_of: Browser
) -> None:
    events.ask_for(
        actor=county.receiver, number=told.event_in("accepted", county).number, kind="void", given={"reason": "mistake"}
    )
    client = browser_of(county.leader)
    assert "/supervise/rulings/" not in client.get("/lead/").content.decode()
    objected(county)
    assert client.get("/lead/").content.decode().count('href="/supervise/rulings/"') == 1


def test_the_list_needs_few_statements_however_long_it_is(county: County, browser_of: Browser) -> None:
    ruled(county, objected(county))
    objected(county)
    client = browser_of(county.leader)
    client.get("/supervise/rulings/")
    with CaptureQueriesContext(connection) as few:
        client.get("/supervise/rulings/")
    ruled(county, objected(county, words="西门巷路灯坏了"), area=GRIDS[0])
    objected(county)
    with CaptureQueriesContext(connection) as more:
        client.get("/supervise/rulings/")
    assert len(few) == len(more) <= 5
