"""The list of orders: who reads which, in which order, with how many statements."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onegrid.kit import clock
from onegrid.org import actions as org
from onegrid.org.models import Posting
from onegrid.org.roles import Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import Order
from onegrid.supervision.queries import orders as questions
from onegrid.supervision.views import orders as pages
from onegrid.testing import matters as told
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
DOOR = 2


def issued(county: County, kind: str = "urge") -> Order:
    event = told.event_in("handling", county)
    return actions.issue_order(actor=county.leader, number=event.number, unit="city", kind=kind, words="请说明")


def statements(ask: Callable[[], Any]) -> list[str]:
    ask()
    with CaptureQueriesContext(connection) as seen:
        ask()
    return [one["sql"][:160] for one in seen.captured_queries if "SAVEPOINT" not in one["sql"]]


def test_the_earliest_reply_stands_first_and_what_ended_last(county: County) -> None:
    with told.at():
        told.make_matters(county)
        late, soon, ended = issued(county, "listed"), issued(county, "urge"), issued(county, "red")
        actions.cancel_order(actor=county.leader, order_id=ended.pk, words="发错了")
        rows = queries.listed_orders(county.handler).rows
        assert [one.pk for one in rows] == [soon.pk, late.pk, ended.pk]
        assert [one.pk for one in queries.listed_orders(county.leader, kind="red").rows] == [ended.pk]
        assert [one.pk for one in queries.listed_orders(county.leader, state="open").rows] == [soon.pk, late.pk]


def test_more_than_a_page_is_counted(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    told.make_matters(county)
    for _three in range(3):
        issued(county)
    monkeypatch.setattr(questions, "LIST_MOST", 2)
    found = queries.listed_orders(county.leader)
    assert (len(found.rows), found.count, found.more) == (2, 3, 1)


@pytest.mark.parametrize("name", ["neighbour", "other_handler", "other_officer"])
def test_the_neighbour_finds_nothing(county: County, browser_of: Browser, name: str) -> None:
    told.make_matters(county)
    order, client = issued(county), browser_of(county.people[name])
    assert order.event.number not in client.get("/supervise/orders/").content.decode()
    assert client.get(f"/supervise/orders/{order.pk}/").status_code == 404


def test_the_list_and_the_page_need_few_statements(county: County, browser_of: Browser) -> None:
    told.make_matters(county)
    for _three in range(3):
        order = issued(county)
    for name in ("leader", "handler"):
        client = browser_of(county.people[name])
        few = statements(lambda client=client: client.get("/supervise/orders/"))  # type: ignore[misc]
        assert len(few) <= DOOR + 2, few
    for _three in range(3):
        issued(county)
    assert len(statements(lambda: client.get("/supervise/orders/"))) == len(few)
    page = statements(lambda: client.get(f"/supervise/orders/{order.pk}/"))
    assert len(page) <= DOOR + 3, page
    beside = statements(lambda: pages.beside(county.leader, order.event))
    assert len(beside) <= 6, beside


def test_a_late_order_is_marked_in_words(county: County, browser_of: Browser) -> None:
    told.make_matters(county)
    order = issued(county)
    Order.objects.filter(pk=order.pk).update(reply_by=clock.now() - timedelta(hours=1))
    page = browser_of(county.handler).get("/supervise/orders/").content.decode()
    assert "已逾期：" in page


def test_what_a_deputy_issued_bears_both_names(county: County, browser_of: Browser) -> None:
    told.make_matters(county)
    now, deputy = clock.now(), county.checker.posting_id
    assert deputy is not None
    lent = org.delegate(county.leader, deputy_id=deputy, since=now, until=now + timedelta(days=3))
    acting = Actor.of(Posting.objects.select_related("user", "unit").get(pk=lent.pk))
    number = told.event_in("handling", county).number
    made = actions.issue_order(actor=acting, number=number, unit="city", kind="red", words="请说明")
    page = browser_of(county.handler).get(f"/supervise/orders/{made.pk}/").content.decode()
    assert f"{county.checker.name}（代{county.leader.name}）" in page
