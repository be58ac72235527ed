"""Joint work on a place as pages show it: its form, its list, the window beside a matter, what is owed."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onegrid.org.models import Posting
from onegrid.org.roles import LEADER, Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.tests.test_place_work import MONDAY, approved, do_all, form, propose, running
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, County

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]


@pytest.fixture(autouse=True)
def matters(county: County) -> None:
    told.make_matters(county)


def test_the_form_keeps_what_was_typed(county: County, browser_of: Browser) -> None:
    client = browser_of(county.dispatcher)
    typed = {**form(county), "unit": ["fire"], "title": "", "leaf": [told.LANE], "idempotency_key": "K1",
             "measure_words": ["清理占道堆物"], "measure_unit": ["city"], "measure_due": ["2026-10-30"]}  # fmt: skip
    del typed["units"], typed["measures"]
    with told.at():
        answer = client.post("/supervise/places/new/", typed)
        page = answer.content.decode()
        assert answer.status_code == 422
        for kept in ("反复发生", 'value="fire" checked', f'value="{told.LANE}" checked', "清理占道堆物"):
            assert kept in page
        work = propose(county)
        shown = client.get(f"/supervise/places/{work.pk}/edit/").content.decode()
        assert "检查消防设施" in shown
        answer = client.post(f"/supervise/places/{work.pk}/edit/", typed | {"title": "新名", "version": "1"})
        assert answer.status_code == 302
    work.refresh_from_db()
    assert (work.title, work.leaves) == ("新名", [told.LANE])


def test_the_list_and_the_page_need_as_many_statements_for_many_as_for_one(
    county: County, browser_of: Browser
) -> None:  # fmt: skip
    client, counts = browser_of(county.handler), []
    many = [(f"第{n}项", "city", "2026-10-30") for n in range(12)]
    with told.at():
        pages = [approved(county).pk, approved(county, measures=many).pk]
        for more in (0, 5):
            for _one in range(more):
                approved(county)
            counts.append(statements(client, "/supervise/places/"))
        on_page = [statements(client, f"/supervise/places/{pk}/") for pk in pages]
    assert counts[0] == counts[1] <= 4
    assert on_page[0] == on_page[1] <= 10


def statements(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len([one for one in seen.captured_queries if "SAVEPOINT" not in one["sql"]])


def test_beside_a_matter_stands_the_work_of_its_place(county: County, browser_of: Browser) -> None:
    with told.at() as hand:
        inside, outside = told.reported(lon=104.605, lat=28.705).event, told.reported(lon=104.625, lat=28.705).event
        area, around = running(county, hand), approved(county, area="", point="104.6055 28.705", radius="100")
        hand.on(days=1)
        propose(county, title="未批准的", since="2026-10-20")
        assert {row.work for row in queries.place_works_at(county.leader, inside)} == {area, around}
        assert queries.place_works_at(county.leader, outside) == []
        beside = browser_of(county.dispatcher).get(f"/supervise/events/{inside.number}/").content.decode()
        assert "东门市场周边整治" in beside
        assert f"/supervise/places/new/?event={inside.number}" in beside
        actions.drop_place_work(actor=county.leader, work_id=around.pk, words="不做了")
        assert {row.work for row in queries.place_works_at(county.leader, inside)} == {area}


def test_what_is_owed_to_a_work(county: County) -> None:
    def owed(name: str) -> list[str]:
        return [one.what for one in queries.owed(county.people[name])]

    with told.at() as hand:
        work = propose(county)
        assert [owed(one) for one in ("leader", "dispatcher", "handler")] == [["重点整治待批准"], [], []]
        actions.approve_place_work(actor=county.leader, work_id=work.pk)
        hand.to(MONDAY)
        actions.sweep_place_works()
        assert [owed(one) for one in ("leader", "handler", "other_handler")] == [[], ["任务待办"], ["任务待办"]]
        do_all(county, work)
        hand.to(datetime(2026, 11, 9, 2, tzinfo=UTC))
        assert owed("handler") == ["重点整治待总结"]
        actions.sum_up_place_work(actor=county.unit_leader, work_id=work.pk, words="清理完毕")
        assert (owed("handler"), owed("leader")[-1:]) == ([], ["重点整治待办结"])
        second = cast.post(county, "second", "centre", COUNTY, (LEADER,))
        assert "重点整治待办结" not in [one.what for one in queries.owed(second)]
        Posting.objects.filter(pk=county.leader.posting_id or 0).update(until=hand.moment)
        hand.on(minutes=1)
        assert "重点整治待办结" in [one.what for one in queries.owed(second)]
