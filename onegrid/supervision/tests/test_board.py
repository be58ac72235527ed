"""The notice board: put up by a centre, read by everybody who works in its area, taken down again."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onegrid.org.roles import Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import BoardNotice
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, County

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
DAYS = {"since": "2026-10-14", "until": "2026-10-16"}


@pytest.fixture(autouse=True)
def hand(county: County) -> Iterator[told.Hand]:
    told.make_matters(county)
    with told.at() as hand:
        yield hand


def put_up(actor: Actor, title: str = "系统周五升级", **given: Any) -> BoardNotice:
    return actions.put_up(actor=actor, title=title, words="晚十点至十一点暂停使用。", **{**DAYS, **given})


def read_by(actor: Actor) -> list[str]:
    return [one.title for one in queries.board(actor)]


def test_everybody_in_the_area_reads_it(county: County) -> None:
    put_up(county.dispatcher)
    readers = ("receiver", "worker", "other_worker", "handler", "officer", "other_officer", "neighbour", "analyst")
    assert {name: read_by(county.people[name]) for name in readers} == {name: ["系统周五升级"] for name in readers}


def test_a_towns_notice_is_read_in_the_town_only(county: County) -> None:
    put_up(county.neighbour, "镇里的事")
    seen = {name for name, actor in county.people.items() if read_by(actor)}
    assert seen == {"other_worker", "other_officer", "neighbour", "neighbour_receiver", "neighbour_checker"}


def test_it_hangs_from_its_first_to_its_last_day_in_the_county(county: County, hand: told.Hand) -> None:
    put_up(county.leader, since="2026-10-15")
    assert read_by(county.handler) == []
    assert [one.title for one in queries.put_up_besides(county.dispatcher)] == ["系统周五升级"]
    hand.to(datetime(2026, 10, 14, 16, 0, tzinfo=UTC))  # midnight in the county
    assert read_by(county.handler) == ["系统周五升级"]
    hand.to(datetime(2026, 10, 16, 15, 59, tzinfo=UTC))
    assert read_by(county.handler) == ["系统周五升级"]
    hand.on(minutes=1)
    assert read_by(county.handler) == []


def test_what_is_pinned_stands_first_then_the_newest(county: County) -> None:
    for title, pinned in (("一", False), ("二", True), ("三", False)):
        put_up(county.dispatcher, title, pinned=pinned)
    assert read_by(county.handler) == ["二", "三", "一"]


def test_taken_down_it_is_read_no_more(county: County) -> None:
    notice = put_up(county.dispatcher)
    actions.take_down(actor=county.leader, board_id=notice.pk)
    assert read_by(county.handler) == []
    with pytest.raises(actions.NotAllowed):
        actions.take_down(actor=county.leader, board_id=notice.pk)


@pytest.mark.parametrize("name", ["receiver", "checker", "duty_leader", "analyst", "handler", "unit_leader", "worker"])
def test_wrong_role(county: County, name: str) -> None:
    notice = put_up(county.dispatcher)
    with pytest.raises(actions.NotAllowed):
        put_up(county.people[name])
    with pytest.raises(actions.NotAllowed):
        actions.take_down(actor=county.people[name], board_id=notice.pk)
    assert BoardNotice.objects.filter(taken_down_at__isnull=True).count() == 1


def test_the_neighbour_takes_down_only_its_own(county: County) -> None:
    countys, towns = put_up(county.dispatcher), put_up(county.neighbour)
    with pytest.raises(actions.NotAllowed) as refused:
        actions.take_down(actor=county.neighbour, board_id=countys.pk)
    assert refused.value.refusal.code == "unit"
    with pytest.raises(actions.NotAllowed):
        actions.take_down(actor=county.leader, board_id=towns.pk)
    assert put_up(county.neighbour).unit_id == county.units["centre-002"].pk


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "长" * 81}, "title"),
        ({"since": "2026-10-16", "until": "2026-10-15"}, "until"),
        ({"since": "2026-10-01", "until": "2026-10-13"}, "until"),
        ({"until": ""}, "until"),
        ({"until": "2028-01-01"}, "until"),
        ({"circular_id": 999}, "circular"),
    ],
)
def test_what_is_wrong_is_named(county: County, given: dict[str, Any], field: str) -> None:
    with pytest.raises(actions.NotGiven) as missing:
        put_up(county.dispatcher, **given)
    assert list(missing.value.fields) == [field]


def test_a_circular_hangs_on_it_and_opens_for_whoever_may_read_it(county: County, browser_of: Browser) -> None:
    actions.set_prefix(actor=county.leader, prefix="云综治通")
    made = actions.draft_circular(actor=county.dispatcher, place=COUNTY, span="week")
    with pytest.raises(actions.NotGiven):
        put_up(county.dispatcher, circular_id=made.pk)
    for verb, actor in (("submit", county.dispatcher), ("approve", county.leader), ("publish", county.dispatcher)):
        made = actions.move_circular(actor=actor, circular_id=made.pk, verb=verb, version=made.version)
    put_up(county.dispatcher, circular_id=made.pk)
    assert made.number in browser_of(county.handler).get("/supervise/board/").content.decode()
    assert made.number not in browser_of(county.worker).get("/supervise/board/").content.decode()


def test_the_forms_put_up_and_take_down(county: County, browser_of: Browser) -> None:
    client = browser_of(county.dispatcher)
    given = {"title": "升级", "words": "暂停使用", **DAYS, "pinned": "yes", "circular": ""}
    assert client.post("/supervise/board/new/", {"idempotency_key": "A", **given}).status_code == 302
    notice = BoardNotice.objects.get()
    assert notice.pinned
    wrong = client.post("/supervise/board/new/", {"idempotency_key": "B", **given, "words": ""})
    assert (wrong.status_code, 'value="升级"' in wrong.content.decode()) == (422, True)
    assert client.post(f"/supervise/board/{notice.pk}/down/", {"idempotency_key": "C"}).status_code == 302
    assert client.post("/supervise/board/999/down/", {"idempotency_key": "D"}).status_code == 404


def test_a_full_board_needs_few_statements(county: County, browser_of: Browser) -> None:
    for _each in range(5):
        put_up(county.dispatcher)
    client = browser_of(county.handler)
    client.get("/supervise/board/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/supervise/board/")
    assert len(asked) <= 4, [one["sql"][:120] for one in asked.captured_queries]
