"""Everybody's desk says how much one owes, and goes on saying so while live rows come in."""

import pytest

from onegrid.events import actions as events
from onegrid.supervision import actions
from onegrid.testing import matters as told
from tests.e2e.conftest import House, Open, sign_in

pytestmark = pytest.mark.browser


def test_the_count_stays_when_the_counters_are_drawn_anew(house: House, open_page: Open) -> None:
    number = told.event_in("handling", house.county).number
    actions.issue_order(actor=house.county.leader, number=number, unit="city", kind="urge", words="请回复进展")
    page = open_page(size="desktop")
    sign_in(page, house, "handler")
    page.wait_for_selector("#live.is-live")
    owed = page.locator("#queues .window .count")
    owed.filter(has_text="1").wait_for()
    with page.expect_response("**/desk/counters/**"):
        actions_done(house, number)
    page.wait_for_timeout(500)
    assert owed.inner_text() == "1"
    page.click("#queues .window a")
    page.wait_for_selector(f".owed a:has-text('{number}')")


def actions_done(house: House, number: str) -> None:
    """Something happens in sight of the handler, so that the counters are asked for again."""
    events.take(actor=house.county.handler, number=number, verb="note", given={"words": "已联系"})
