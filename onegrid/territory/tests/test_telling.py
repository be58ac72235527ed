"""Who is told of a re-division, and who is not; each once, also when the job is done again after a crash."""

from collections.abc import Iterator
from typing import Any

import pytest

from onegrid.notices import queries as notices
from onegrid.notices.models import Message
from onegrid.org import actions as org
from onegrid.org.models import Posting, Unit, User
from onegrid.org.roles import ADMIN_SYSTEM, LEADER, WORKER, Actor
from onegrid.territory import actions
from onegrid.territory.models import Redivision
from onegrid.territory.tests.made import TOMORROW, add, applied, approved, begin, split_first, step
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, GRIDS, County, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hand(county: County, monkeypatch: pytest.MonkeyPatch) -> Iterator[told.Hand]:
    """Whoever is to be told is told at once, and a second time, as after a crash."""

    def react(happening: str, **given: Any) -> None:
        if happening == "territory.redivision":
            actions.tell_of_redivision(**given)
            assert actions.tell_of_redivision(**given) == 0

    monkeypatch.setattr("onegrid.kit.later.react", react)
    told.make_matters(county)
    with told.at() as hand:
        yield hand


def said(kind: str) -> list[int | None]:
    rows = Message.objects.filter(kind=kind, channel="in_app").order_by("to_posting_id")
    return list(rows.values_list("to_posting_id", flat=True))


def another(county: County, *held: str, area: str = COUNTY, name: str = "周强") -> Actor:
    """One more person of the centre."""
    user = User.objects.create(username=f"p{User.objects.count()}", name_zh=name)
    made = Posting.objects.create(
        user=user, unit=county.units["centre"], area=area, roles=list(held), since=told.MORNING
    )  # fmt: skip
    return Actor.of(made)


def test_the_leaders_of_the_centre_are_asked_and_nobody_else(county: County) -> None:
    second = another(county, LEADER)
    step(split_first(county, begin(county)), "submit", county.admin_system)
    assert said("redivision_to_approve") == [county.leader.posting_id, second.posting_id]
    assert Message.objects.count() == 2, "neither the drafter nor the leader of another unit"


def test_a_leader_who_drafted_it_is_not_asked_to_approve_it(county: County) -> None:
    Posting.objects.create(user_id=county.admin_system.user_id or 0, unit=county.units["centre"], area=COUNTY,
                           roles=[LEADER], since=told.MORNING)  # fmt: skip
    step(split_first(county, begin(county)), "submit", county.admin_system)
    assert said("redivision_to_approve") == [county.leader.posting_id]


def test_what_was_decided_meanwhile_waits_for_nobody(county: County) -> None:
    one = step(split_first(county, begin(county)), "submit", county.admin_system)
    n = one.steps.count()
    step(one, "send_back", county.leader, "请再核对")
    Message.objects.all().delete()
    assert actions.tell_of_redivision(redivision_id=one.pk, n=n) == 0


def test_the_drafter_hears_what_became_of_it(county: County) -> None:
    one = step(split_first(county, begin(county)), "submit", county.admin_system)
    step(one, "send_back", county.leader, "请再核对")
    approved(county, one)
    drafter = county.admin_system.posting_id
    assert (said("redivision_back"), said("redivision_approved")) == ([drafter], [drafter])
    assert len(said("redivision_to_approve")) == 2, "submitted again, it waits again"


def test_nobody_hears_of_the_own_deed(county: County) -> None:
    step(begin(county), "withdraw", county.admin_system)
    one = approved(county, split_first(county, begin(county)))
    step(one, "undo", county.leader, "先不调整")
    assert said("redivision_withdrawn") == []
    assert said("redivision_undone") == [county.admin_system.posting_id]


def test_withdrawn_by_another_administrator_the_drafter_is_told(county: County) -> None:
    step(begin(county), "withdraw", another(county, ADMIN_SYSTEM))
    assert said("redivision_withdrawn") == [county.admin_system.posting_id]


def test_in_effect_drafter_leader_and_the_workers_of_the_changed_grids_are_told(
    county: County, hand: told.Hand
) -> None:
    applied(county, split_first(county, begin(county)), hand)
    assert said("redivision_effective") == [county.leader.posting_id, county.admin_system.posting_id]
    (message,) = Message.objects.filter(kind="grid_now")
    assert message.to_posting is not None
    assert message.to_posting.user_id == county.worker.user_id, "once, though there are two grids now"
    assert message.to_posting.area == "511502001001003"
    (read,) = notices.inbox(Actor.of(message.to_posting), "zh-hans")
    assert read.text == "网格已重新划分，您现在负责的网格：第1网格(1)、第1网格(2)。"
    assert read.page == "/me/"


def test_a_message_leads_to_the_redivision(county: County) -> None:
    one = step(split_first(county, begin(county)), "submit", county.admin_system)
    (read,) = notices.inbox(county.leader, "zh-hans")
    assert read.text == f"网格调整“{one.title}”待您审批，拟于{TOMORROW}生效。"
    assert read.page == f"/settings/areas/{one.pk}/"


def renamed(county: County, one: Redivision, workers: list[int | None], name: str = "第1网格") -> Redivision:
    return add(county, one, "change", key=GRIDS[0], name_zh=name, name_en="Grid 1", workers=workers)


def test_a_colleague_who_comes_changes_nothing_for_who_was_there(county: County, hand: told.Hand) -> None:
    newcomer = another(county, WORKER, area=GRIDS[1])
    applied(county, renamed(county, begin(county), [county.worker.user_id, newcomer.user_id]), hand)
    (message,) = Message.objects.filter(kind="grid_now").select_related("to_posting")
    assert message.to_posting is not None
    assert (message.to_posting.user_id, message.to_posting.area) == (newcomer.user_id, GRIDS[0])


def test_a_new_name_is_told_to_who_works_there(county: County, hand: told.Hand) -> None:
    applied(county, renamed(county, begin(county), [county.worker.user_id], "东门花园网格"), hand)
    (message,) = Message.objects.filter(kind="grid_now")
    assert message.args == {"what": "东门花园网格"}


def test_what_lapsed_is_told_to_drafter_and_leader_and_to_no_worker(county: County, hand: told.Hand) -> None:
    one = approved(county, split_first(county, begin(county)))
    org.place_area(Actor.system(), code=GRIDS[0], name_zh="另一个名字")
    applied_at_midnight(hand)
    one.refresh_from_db()
    assert one.state == "undone"
    assert said("redivision_lapsed") == [county.leader.posting_id, county.admin_system.posting_id]
    assert said("grid_now") == []


def applied_at_midnight(hand: told.Hand) -> None:
    hand.to(hand.moment.replace(day=14, hour=16, minute=1))
    actions.sweep_redivisions()


def reposted(county: County, one: Redivision, workers: list[int | None]) -> Redivision:
    """The first grid is split, and these work in both pieces."""
    one = split_first(county, one)
    for key, name in (("n1", "西片"), ("n2", "东片")):
        one = add(county, one, "change", key=key, name_zh=name, workers=workers)
    return one


def test_who_gets_no_grid_hears_of_it_and_the_centre_too(county: County, hand: told.Hand) -> None:
    newcomer = another(county, WORKER, area=GRIDS[1])
    one = applied(county, reposted(county, begin(county), [newcomer.user_id]), hand)
    (message,) = Message.objects.filter(kind="grid_lost").select_related("to_posting")
    assert message.to_posting is not None
    assert (message.to_posting.user_id, message.args) == (county.worker.user_id, {"what": "第1网格"})
    assert said("redivision_idle") == [county.leader.posting_id, county.admin_system.posting_id]
    (read,) = [row for row in notices.inbox(county.leader, "zh-hans") if "不再负责" in row.text]
    assert read.page == f"/settings/areas/{one.pk}/"
    name = county.worker.name
    assert name in client_of(county.leader).get(f"/settings/areas/{one.pk}/").content.decode()


def test_who_has_another_grid_hears_of_the_lost_one_there_and_nobody_else_does(county: County, hand: told.Hand) -> None:
    newcomer = another(county, WORKER, area=GRIDS[1])
    kept = Posting.objects.create(user_id=county.worker.user_id or 0, unit=county.units["centre"], area=GRIDS[4],
                                  roles=[WORKER], since=told.MORNING)  # fmt: skip
    applied(county, reposted(county, begin(county), [newcomer.user_id]), hand)
    assert said("grid_lost") == [kept.pk]
    assert said("redivision_idle") == []


def test_taken_off_a_grid_that_stays_is_told_too(county: County, hand: told.Hand) -> None:
    newcomer = another(county, WORKER, area=GRIDS[1])
    applied(county, renamed(county, begin(county), [newcomer.user_id]), hand)
    assert Message.objects.get(kind="grid_lost").args == {"what": "第1网格"}


def test_who_goes_on_in_a_piece_has_lost_nothing(county: County, hand: told.Hand) -> None:
    applied(county, split_first(county, begin(county)), hand)
    assert said("grid_lost") == said("redivision_idle") == said("redivision_left") == []


def test_what_still_names_an_ended_grid_is_told_to_the_centre(county: County, hand: told.Hand) -> None:
    Unit.objects.create(code="post", name_zh="便民点", kind="station", area=GRIDS[0])
    applied(county, split_first(county, begin(county)), hand)
    assert said("redivision_left") == [county.leader.posting_id, county.admin_system.posting_id]
