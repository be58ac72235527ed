"""What time does with joint work on a place: it begins, reminds, climbs; each moment once, each person once."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from onegrid.notices.models import Message
from onegrid.org.models import Posting
from onegrid.org.roles import LEADER
from onegrid.supervision import actions
from onegrid.supervision.models import PlaceWork, Task
from onegrid.supervision.tests.test_place_work import MONDAY, approved, do_all, form, propose, running, summed
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, County

pytestmark = pytest.mark.django_db
# The last day is Friday, 13 November: until 17:30 in the county; a working day later it climbs.
OVER = datetime(2026, 11, 13, 9, 30, tzinfo=UTC)
SOON = OVER - timedelta(days=7)
CLIMBS = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def matters(county: County) -> None:
    told.make_matters(county)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is to be told is told at once, and a second time, as after a crash."""
    jobs: dict[str, Callable[..., int]] = {
        "supervision.place": actions.tell_of_place,
        "supervision.place_moment": actions.tell_of_place_moment,
        "supervision.task_reminder": actions.tell_of_task_reminder,
    }

    def react(happening: str, **given: Any) -> None:
        if happening in jobs:
            jobs[happening](**given)
            jobs[happening](**given)

    monkeypatch.setattr("onegrid.kit.later.react", react)


def said(kind: str) -> list[int | None]:
    rows = Message.objects.filter(kind=kind, channel="in_app").order_by("pk")
    return list(rows.values_list("to_posting_id", flat=True))


def ids(county: County, *names: str) -> list[int]:
    return sorted(county.people[name].posting_id or 0 for name in names)


def test_it_begins_on_its_first_day_and_not_before(county: County) -> None:
    with told.at() as hand:
        work = approved(county)
        hand.to(MONDAY - timedelta(minutes=2))
        assert actions.sweep_place_works() == 0
        hand.to(MONDAY)
        assert [actions.sweep_place_works(), actions.sweep_place_works()] == [1, 0]
    work.refresh_from_db()
    assert (work.state, work.act_at) == ("running", SOON)


def test_approved_on_its_first_day_it_begins_at_once(county: County) -> None:
    with told.at():
        work = approved(county, since="2026-10-14", until="2026-10-16", measures=[("清理", "city", "2026-10-16")])
    assert (work.state, work.told) == ("running", 1), "with less than a week, nobody hears that it ends soon"
    assert work.act_at == datetime(2026, 10, 16, 9, 30, tzinfo=UTC)


def test_whoever_decides_and_whoever_takes_part_is_told_once(county: County) -> None:
    with told.at() as hand:
        work = summed(county, hand)
        actions.send_place_work_back(actor=county.leader, work_id=work.pk, words="东侧未清理")
        actions.sum_up_place_work(actor=county.handler, work_id=work.pk, words="东侧已清理")
        actions.close_place_work(actor=county.leader, work_id=work.pk)
    units = ids(county, "handler", "other_handler", "unit_leader")
    assert said("place_to_approve") == ids(county, "leader")
    assert sorted(one or 0 for one in said("place_called")) == units
    assert said("place_to_close") == ids(county, "leader") * 2
    assert sorted(one or 0 for one in said("place_back")) == ids(county, "handler", "unit_leader")
    assert sorted(one or 0 for one in said("place_ended")) == units
    assert Message.objects.filter(kind="place_called").exclude(args__what="东门市场周边整治").count() == 0


def test_nobody_is_asked_for_what_was_decided_meanwhile(county: County) -> None:
    with told.at() as hand:
        work = summed(county, hand)
        actions.close_place_work(actor=county.leader, work_id=work.pk)
        Message.objects.filter(kind__in=("place_to_approve", "place_to_close")).delete()
        before = Message.objects.count()
        for n in (1, 4):
            assert actions.tell_of_place(work_id=work.pk, n=n) == 0
    assert Message.objects.count() == before


def test_over_the_whole_term_every_moment_is_told_once(county: County) -> None:
    """A clock of half an hour goes from the proposal to a week after the term; workers sweep twice at each stroke."""
    with told.at() as hand:
        work = propose(county)
        hand.on(hours=1)
        actions.approve_place_work(actor=county.leader, work_id=work.pk)
        heard: dict[str, datetime] = {}
        while hand.moment < CLIMBS + timedelta(days=7):
            before = Counter(Message.objects.values_list("kind", flat=True))
            for sweep in (actions.sweep_place_works, actions.remind_of_tasks) * 2:
                sweep()
            for kind in Counter(Message.objects.values_list("kind", flat=True)) - before:
                assert kind not in heard or kind.startswith("task_"), kind
                heard.setdefault(kind, hand.moment)
            hand.on(minutes=30)
    assert {kind: at for kind, at in heard.items() if kind.startswith("place_")} == {
        "place_ahead": SOON, "place_expired": OVER, "place_climbed": CLIMBS,
    }  # fmt: skip
    assert sorted(one or 0 for one in said("place_climbed")) == ids(county, "leader", "unit_leader")
    overdue = Counter(said("task_expired")) + Counter(said("task_climbed"))
    assert overdue == Counter(ids(county, "handler", "other_handler", "unit_leader", "leader", "leader"))


def test_after_a_standstill_nobody_hears_soon_of_what_is_over(county: County) -> None:
    with told.at() as hand:
        work = approved(county)
        hand.to(CLIMBS + timedelta(days=3))
        assert [actions.sweep_place_works() for _turn in range(3)] == [1, 2, 0]
    assert (said("place_ahead"), len(said("place_expired")), len(said("place_climbed"))) == ([], 2, 2)
    work.refresh_from_db()
    assert (work.state, work.act_at) == ("running", None)


def test_an_extended_term_has_moments_of_its_own(county: County) -> None:
    with told.at() as hand:
        work = running(county, hand)
        hand.to(OVER)
        actions.sweep_place_works()
        extended = actions.extend_place_work(actor=county.leader, work_id=work.pk, until="2026-12-11", words="雨天")
        assert extended.act_at == datetime(2026, 12, 4, 9, 30, tzinfo=UTC)
        hand.to(CLIMBS + timedelta(days=1))
        assert actions.sweep_place_works() == 0
        hand.to(datetime(2026, 12, 11, 9, 30, tzinfo=UTC))
        actions.sweep_place_works()
    assert (len(said("place_expired")), said("place_climbed")) == (4, [])
    assert [str(step.until) for step in work.steps.order_by("n")] == ["2026-11-13"] * 3 + ["2026-12-11"]


def test_what_waits_too_long_for_a_leader_is_said_once(county: County) -> None:
    with told.at() as hand:
        work = propose(county)
        hand.on(days=9)
        assert [actions.sweep_place_works(), actions.sweep_place_works()] == [1, 0]
        assert said("place_undecided") == ids(county, "leader")
        hand.to(told.MORNING)
        other = summed(county, hand)
        hand.on(days=9)
        assert actions.sweep_place_works() == 1
    assert len(said("place_undecided")) == 2
    assert other.answer_by is not None
    work.refresh_from_db()
    assert work.state == "proposed"


def test_where_the_leader_of_the_work_has_left_the_leaders_of_the_centre_hear(county: County) -> None:
    with told.at() as hand:
        work = running(county, hand, charge=str(county.leader.posting_id))
        do_all(county, work)
        second = cast.post(county, "second", "centre", COUNTY, (LEADER,))
        Posting.objects.filter(pk=county.leader.posting_id or 0).update(until=hand.moment)
        hand.on(minutes=1)
        actions.sum_up_place_work(actor=county.handler, work_id=work.pk, words="清理完毕")
        assert said("place_to_close") == [second.posting_id]
        closed = actions.close_place_work(actor=second, work_id=work.pk)
    assert closed.state == "closed"


def test_what_is_dropped_tells_the_units_and_leaves_nothing_to_remind_of(county: County) -> None:
    with told.at() as hand:
        never = actions.drop_place_work(actor=county.dispatcher, work_id=propose(county).pk, words="重复")
        assert said("place_ended") == []
        work = running(county, hand)
        actions.drop_place_work(actor=county.leader, work_id=work.pk, words="市场搬迁")
        assert not Task.objects.filter(measure__work=work, ended_at__isnull=True).exists()
        hand.on(days=60)
        assert (actions.sweep_place_works(), actions.remind_of_tasks()) == (0, 0)
    assert len(said("place_ended")) == 3
    assert set(PlaceWork.objects.filter(pk__in=(work.pk, never.pk)).values_list("act_at", flat=True)) == {None}


def test_a_changed_term_is_what_it_begins_by(county: County) -> None:
    with told.at() as hand:
        work = propose(county)
        wish = actions.PlaceWish(**form(county, since="2026-10-21"))
        actions.change_place_work(actor=county.dispatcher, work_id=work.pk, version=1, wish=wish)
        actions.approve_place_work(actor=county.leader, work_id=work.pk)
        hand.to(MONDAY)
        assert actions.sweep_place_works() == 0
        hand.on(days=2)
        assert actions.sweep_place_works() == 1
