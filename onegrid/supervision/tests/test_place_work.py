"""Joint work on a place: proposed, approved, measured out as tasks, extended, summed up, closed or dropped."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from onegrid.org.roles import LEADER, Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import PlaceStep, PlaceWork, Task
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, TOWNS, VILLAGES, County

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
# Proposed on Wednesday 2026-10-14; the work lasts from Monday the 19th to Friday, 13 November.
MONDAY = datetime(2026, 10, 18, 16, 1, tzinfo=UTC)
MEASURES = [("清理占道堆物", "city", "2026-10-30"), ("检查消防设施", "fire", "2026-11-06")]


@pytest.fixture(autouse=True)
def matters(county: County) -> None:
    told.make_matters(county)


def form(county: County, **given: Any) -> dict[str, Any]:
    return {
        "title": "东门市场周边整治", "problem": "占道经营、乱堆乱放反复发生。", "plan": "先清理，再划线，后巡查。",
        "lead": "city", "charge": str(county.leader.posting_id), "since": "2026-10-19", "until": "2026-11-13",
        "area": VILLAGES[0], "units": ["fire"], "measures": MEASURES, **given,
    }  # fmt: skip


def propose(county: County, by: Actor | None = None, **given: Any) -> PlaceWork:
    return actions.propose_place_work(
        actor=by or county.dispatcher, wish=actions.PlaceWish(**form(county, **given))
    )  # fmt: skip


def approved(county: County, **given: Any) -> PlaceWork:
    return actions.approve_place_work(actor=county.leader, work_id=propose(county, **given).pk)


def running(county: County, hand: told.Hand, **given: Any) -> PlaceWork:
    work = approved(county, **given)
    hand.to(MONDAY)
    actions.sweep_place_works()
    return PlaceWork.objects.get(pk=work.pk)


def do_all(county: County, work: PlaceWork) -> None:
    for task in Task.objects.filter(measure__work=work, state="open"):
        actor = county.handler if task.unit.code == "city" else county.other_handler
        actions.report_task(actor=actor, task_id=task.pk, words="已完成")


def summed(county: County, hand: told.Hand, **given: Any) -> PlaceWork:
    work = running(county, hand, **given)
    do_all(county, work)
    return actions.sum_up_place_work(actor=county.handler, work_id=work.pk, words="占道清理完毕。")


def in_state(state: str, county: County, hand: told.Hand) -> PlaceWork:
    if state in ("proposed", "approved"):
        return {"proposed": propose, "approved": approved}[state](county)
    if state == "dropped":
        return actions.drop_place_work(actor=county.leader, work_id=propose(county).pk, words="并入别的整治")
    if state == "running":
        work = running(county, hand)
        do_all(county, work)
        return work
    work = summed(county, hand)
    return actions.close_place_work(actor=county.leader, work_id=work.pk) if state == "closed" else work


def take(county: County, actor: Actor, work: PlaceWork, verb: str) -> None:
    """A verb with everything that it needs."""
    given: dict[str, dict[str, Any]] = {
        "change_place_work": {"version": work.version, "wish": actions.PlaceWish(**form(county, title="改名"))},
        "approve_place_work": {}, "close_place_work": {},
        "add_measure": {"words": "补画标线", "owner": "city", "due": "2026-11-10"},
        "extend_place_work": {"until": "2026-12-11", "words": "雨天误工"},
    }  # fmt: skip
    getattr(actions, verb)(actor=actor, work_id=work.pk, **given.get(verb, {"words": "说明情况"}))


def test_a_work_goes_its_whole_way(county: County) -> None:
    with told.at() as hand:
        work = summed(county, hand)
        assert {one.state for one in Task.objects.filter(measure__work=work)} == {"reported"}
        work = actions.close_place_work(actor=county.leader, work_id=work.pk)
    verbs = ["propose_place", "approve_place", "begin_place", "sum_up_place", "close_place"]
    assert [step.verb for step in work.steps.all()] == verbs
    assert (work.state, work.summary, work.act_at, work.answer_by) == ("closed", "占道清理完毕。", None, None)
    assert work.figures == {"term": {"now": 0, "before": 0, "now_sealed": 0, "before_sealed": 0}}


def test_each_measure_is_a_task_once_the_work_is_approved(county: County) -> None:
    with told.at():
        work = propose(county)
        assert not Task.objects.exists()
        actions.approve_place_work(actor=county.leader, work_id=work.pk)
    tasks = [(one.unit.code, one.told(), one.source) for one in Task.objects.order_by("pk")]
    assert tasks == [("city", "清理占道堆物", "place"), ("fire", "检查消防设施", "place")]
    assert Task.objects.order_by("pk")[0].due_at == datetime(2026, 10, 30, 9, 30, tzinfo=UTC)


def test_a_measure_is_ticked_on_the_page_with_what_was_done_and_every_unit_reads_it(
    county: County, browser_of: Browser
) -> None:
    with told.at() as hand:
        work = running(county, hand)
        first, second = work.measures.all()
        said = {"deed": "tick_measure", "measure": first.pk, "done": "清理二十处"}
        address = f"/supervise/places/{work.pk}/"
        assert browser_of(county.handler).post(address, said | {"idempotency_key": "K1"}).status_code == 302
        assert "清理二十处" in browser_of(county.other_handler).get(address).content.decode()
        other = said | {"measure": second.pk, "idempotency_key": "K2"}
        assert browser_of(county.handler).post(address, other).status_code == 404
        again = browser_of(county.handler).post(address, said | {"idempotency_key": "K3"})
        assert again.status_code == 409


@pytest.mark.parametrize("name", ["receiver", "checker", "handler", "unit_leader", "auditor"])
def test_wrong_role_proposes_none(county: County, name: str) -> None:
    with told.at(), pytest.raises(actions.NotAllowed):
        propose(county, by=county.people[name])
    assert not PlaceWork.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"), ({"title": "长" * 61}, "title"), ({"problem": ""}, "problem"),
        ({"plan": ""}, "plan"),
        ({"area": ""}, "area"), ({"area": COUNTY}, "area"), ({"area": "320104001"}, "area"),
        ({"point": "somewhere", "radius": "300"}, "point"), ({"point": "104.605 28.705", "radius": "2000"}, "radius"),
        ({"point": "12 12", "radius": "300"}, "point"), ({"point": "nan nan", "radius": "300"}, "point"),
        ({"point": "a b", "radius": "300"}, "point"), ({"lead": ""}, "lead"), ({"lead": "nobody"}, "lead"),
        ({"charge": "0"}, "charge"), ({"units": ["nobody"]}, "unit"), ({"since": "soon"}, "since"),
        ({"since": "2026-08-01"}, "since"), ({"until": "2026-10-19"}, "until"), ({"until": "2028-01-01"}, "until"),
        ({"leaves": ["999999"]}, "leaves"), ({"measures": []}, "measures"),
        ({"measures": [("清理", "housing", "2026-10-30")]}, "measures"),
        ({"measures": [("清理", "city", "2026-12-30")]}, "measures"),
        ({"measures": [("清理", "city", "")]}, "measures"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(county: County, given: dict[str, Any], field: str) -> None:
    with told.at(), pytest.raises(actions.NotGiven) as missing:
        propose(county, **given)
    assert list(missing.value.fields) == [field]


@pytest.mark.parametrize("field", ["title", "problem", "plan", "measures"])
@pytest.mark.parametrize("words", ["重点人员管控", "吸毒人员集中的楼栋"])
def test_a_group_of_persons_is_refused_in_every_text(county: County, field: str, words: str) -> None:
    given: Any = [(words, "city", "2026-10-30")] if field == "measures" else words
    with told.at(), pytest.raises(actions.NotGiven) as missing:
        propose(county, **{field: given})
    assert list(missing.value.fields) == [field]


@pytest.mark.parametrize("verb", ["add_measure", "extend_place_work", "sum_up_place_work", "drop_place_work"])
def test_nor_is_it_taken_later(county: County, verb: str) -> None:
    more = {"add_measure": {"owner": "city", "due": "2026-11-10"}, "extend_place_work": {"until": "2026-12-11"}}
    with told.at() as hand:
        work = in_state("running", county, hand)
        with pytest.raises(actions.NotGiven) as missing:
            getattr(actions, verb)(
                actor=county.leader, work_id=work.pk, words="重点人员已清退", **more.get(verb, {})
            )  # fmt: skip
    assert list(missing.value.fields) == ["words"]


def test_a_point_is_that_of_a_matter_or_two_numbers_and_never_of_a_sealed_one(county: County) -> None:
    with told.at():
        event = told.reported(lon=104.605, lat=28.705).event
        by_number = propose(county, area="", point=event.number, radius="300")
        by_hand = propose(county, area="", point="104.605，28.705", radius="500")
        sealed = told.reported("楼下麻将馆天天赌博").event
        with pytest.raises(actions.NotGiven):
            propose(county, area="", point=sealed.number, radius="300")
    assert (by_number.area, by_number.lon, by_number.radius) == (cast.GRIDS[0], 104.605, 300)
    assert (by_hand.lat, by_hand.radius) == (28.705, 500)


def test_who_proposed_it_does_not_approve_it(county: County) -> None:
    with told.at():
        work = propose(county, by=county.leader)
        with pytest.raises(actions.NotAllowed):
            actions.approve_place_work(actor=county.leader, work_id=work.pk)
        other = cast.post(county, "second", "centre", COUNTY, (LEADER,))
        assert actions.approve_place_work(actor=other, work_id=work.pk).state == "approved"


def test_what_nobody_has_approved_is_for_the_centre_alone(county: County) -> None:
    with told.at():
        work = propose(county)
        for name in ("handler", "other_handler", "unit_leader"):
            assert queries.place_works(county.people[name]) == [], name
        assert [row.work for row in queries.place_works(county.receiver)] == [work]
        actions.approve_place_work(actor=county.leader, work_id=work.pk)
        for name in ("handler", "other_handler", "unit_leader"):
            assert [row.work for row in queries.place_works(county.people[name])] == [work], name
        for name in ("officer", "neighbour", "worker"):
            assert queries.place_works(county.people[name]) == [], name


def test_the_neighbour_has_places_of_its_own(county: County) -> None:
    with told.at():
        theirs = cast.post(county, "town_leader", "centre-002", TOWNS[1], (LEADER,))
        given = {"charge": str(theirs.posting_id), "lead": "station-002", "units": [],
                 "measures": [("夜间巡查", "station-002", "2026-10-30")]}  # fmt: skip
        with pytest.raises(actions.NotGiven) as missing:
            propose(county, by=county.neighbour, **given)
        assert list(missing.value.fields) == ["area"]
        work = propose(county, by=county.neighbour, area=VILLAGES[2], **given)
        with pytest.raises(actions.NotAllowed):
            actions.approve_place_work(actor=county.neighbour, work_id=work.pk)
        actions.approve_place_work(actor=theirs, work_id=work.pk)
        assert [row.work for row in queries.place_works(county.leader)] == [work], "the county stands over the town"
        assert queries.place_works(county.handler) == []
        with pytest.raises(actions.NotAllowed):
            actions.drop_place_work(actor=county.leader, work_id=work.pk, words="不做了")


STATES = ("proposed", "approved", "running", "summed", "closed", "dropped")
GOES = {
    "change_place_work": ("proposed",), "approve_place_work": ("proposed",), "add_measure": ("approved", "running"),
    "extend_place_work": ("running",), "sum_up_place_work": ("running",), "send_place_work_back": ("summed",),
    "close_place_work": ("summed",), "drop_place_work": ("proposed", "approved", "running"),
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", list(GOES))
def test_wrong_state(county: County, verb: str, state: str) -> None:
    with told.at() as hand:
        work = in_state(state, county, hand)
        if state in GOES[verb]:
            take(county, county.leader, work, verb)
            return
        with pytest.raises(actions.NotAllowed):
            take(county, county.leader, work, verb)


@pytest.mark.parametrize("name", ["other_handler", "unit_leader", "receiver", "checker", "dispatcher", "auditor"])
@pytest.mark.parametrize("verb", list(GOES))
def test_wrong_role(county: County, verb: str, name: str) -> None:
    may = {
        "dispatcher": ("change_place_work", "add_measure", "sum_up_place_work", "drop_place_work"),
        "unit_leader": ("sum_up_place_work",),
    }  # fmt: skip
    with told.at() as hand:
        work = in_state(GOES[verb][0], county, hand)
        if verb in may.get(name, ()):
            take(county, county.people[name], work, verb)
            return
        with pytest.raises((actions.NotAllowed, PlaceWork.DoesNotExist)):
            take(county, county.people[name], work, verb)
    work.refresh_from_db()
    assert work.state == GOES[verb][0]


@pytest.mark.parametrize("name", ["neighbour", "officer", "worker", "other_worker"])
@pytest.mark.parametrize("verb", list(GOES))
def test_who_has_no_part_in_it_does_not_find_it(county: County, verb: str, name: str) -> None:
    with told.at() as hand:
        work = in_state(GOES[verb][-1], county, hand)
        with pytest.raises(PlaceWork.DoesNotExist):
            take(county, county.people[name], work, verb)


def test_after_approval_the_leader_of_the_work_drops_and_closes_it_from_the_level_above(county: County) -> None:
    with told.at() as hand:
        theirs = cast.post(county, "town_leader", "centre-002", TOWNS[1], (LEADER,))
        work = propose(
            county, by=county.neighbour, area=VILLAGES[2], charge=str(county.leader.posting_id), lead="station-002",
            units=[], measures=[("夜间巡查", "station-002", "2026-10-30")],
        )  # fmt: skip
        actions.approve_place_work(actor=theirs, work_id=work.pk)
        hand.to(MONDAY)
        actions.sweep_place_works()
        second = cast.post(county, "second", "centre", COUNTY, (LEADER,))
        for actor, why in ((second, "another leader up there"), (county.dispatcher, "no leader")):
            with pytest.raises(actions.NotAllowed):
                actions.drop_place_work(actor=actor, work_id=work.pk, words=why)
        actions.drop_place_work(actor=county.leader, work_id=work.pk, words="并入县级整治")
    assert Task.objects.get(measure__work=work).state == "cancelled"


def test_nothing_is_summed_up_while_a_measure_is_open(county: County) -> None:
    with told.at() as hand:
        work = running(county, hand)
        with pytest.raises(actions.NotAllowed):
            actions.sum_up_place_work(actor=county.handler, work_id=work.pk, words="差不多了")


def test_a_proposal_is_changed_by_whoever_read_it_last(county: County) -> None:
    with told.at():
        work = propose(county)
        wish = actions.PlaceWish(**form(county, title="改名", measures=MEASURES[:1]))
        changed = actions.change_place_work(actor=county.leader, work_id=work.pk, version=1, wish=wish)
        with pytest.raises(actions.NotAllowed):
            actions.change_place_work(actor=county.dispatcher, work_id=work.pk, version=1, wish=wish)
    assert (changed.title, changed.measures.count(), changed.version) == ("改名", 1, 2)


@pytest.mark.parametrize(
    "change", [{"state": "closed"}, {"state": "approved"}, {"radius": 300}, {"state": "dropped"}, {"unit_ids": []}]
)
def test_the_database_refuses_what_cannot_be(county: County, change: dict[str, Any]) -> None:
    with told.at():
        work = propose(county)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaceWork.objects.filter(pk=work.pk).update(**change)


def test_its_history_is_only_added_to(county: County) -> None:
    with told.at():
        propose(county)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaceStep.objects.update(words="改")
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaceStep.objects.all().delete()
