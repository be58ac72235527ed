"""Every unit that a circular was sent to says once that it was read; who does not is asked once more."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from onegrid.notices.models import Message
from onegrid.org.roles import Actor
from onegrid.supervision import actions, queries, tasks
from onegrid.supervision.models import Circular, CircularReceipt
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, County

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
# Two working days after Wednesday: at the close of Friday, 17:30 in the county.
FRIDAY = datetime(2026, 10, 16, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def hand(county: County) -> Iterator[told.Hand]:
    told.make_matters(county)
    actions.set_prefix(actor=county.leader, prefix="云综治通")
    with told.at() as hand:
        yield hand


@pytest.fixture
def circular(county: County, hand: told.Hand) -> Circular:
    made = actions.draft_circular(actor=county.dispatcher, place=COUNTY, span="week")
    for verb, actor in (("submit", county.dispatcher), ("approve", county.leader), ("publish", county.dispatcher)):
        made = actions.move_circular(actor=actor, circular_id=made.pk, verb=verb, version=made.version)
    return made


def unread(circular: Circular) -> set[str]:
    return set(circular.receipts.filter(read_at__isnull=True).values_list("unit__code", flat=True))


def owed(actor: Actor) -> list[str]:
    return [one.about for one in queries.owed(actor)]


def test_a_unit_confirms_once(county: County, circular: Circular) -> None:
    assert owed(county.handler) == [f"{circular.number} {circular.title}"]
    receipt = actions.confirm_read(actor=county.handler, circular_id=circular.pk)
    assert (receipt.read_at, receipt.read_by_id) == (told.MORNING, county.handler.posting_id)
    assert unread(circular) == {"centre-002", "fire", "housing", "station-001", "station-002"}
    assert owed(county.handler) == owed(county.unit_leader) == []
    assert len(owed(county.other_handler)) == 1
    with pytest.raises(actions.NotAllowed) as refused:
        actions.confirm_read(actor=county.unit_leader, circular_id=circular.pk)
    assert refused.value.refusal.code == "state"


def test_the_centre_itself_has_nothing_to_confirm(county: County, circular: Circular) -> None:
    assert owed(county.dispatcher) == []
    with pytest.raises(actions.NotAllowed):
        actions.confirm_read(actor=county.dispatcher, circular_id=circular.pk)


@pytest.mark.parametrize("name", ["neighbour_checker", "auditor", "checker"])
def test_wrong_role(county: County, circular: Circular, name: str) -> None:
    with pytest.raises(actions.NotAllowed):
        actions.confirm_read(actor=county.people[name], circular_id=circular.pk)
    assert owed(county.people[name]) == []


def test_to_whom_it_was_not_sent_it_does_not_exist(county: County) -> None:
    made = actions.draft_circular(actor=county.dispatcher, place=COUNTY, span="week")
    with pytest.raises(Circular.DoesNotExist):
        actions.confirm_read(actor=county.handler, circular_id=made.pk)


def test_withdrawn_it_is_owed_no_more(county: County, circular: Circular, hand: told.Hand) -> None:
    actions.move_circular(
        actor=county.leader, circular_id=circular.pk, verb="withdraw", version=circular.version, words="数据有误"
    )
    assert owed(county.handler) == []
    with pytest.raises(actions.NotAllowed):
        actions.confirm_read(actor=county.handler, circular_id=circular.pk)
    hand.to(FRIDAY + timedelta(days=9))
    assert actions.remind_unread() == 0


def test_who_has_not_read_it_is_asked_once_more_after_two_working_days(
    county: County, circular: Circular, hand: told.Hand
) -> None:
    actions.confirm_read(actor=county.handler, circular_id=circular.pk)
    hand.to(FRIDAY - timedelta(seconds=1))
    assert actions.remind_unread() == 0
    hand.to(FRIDAY)
    tasks.sweep()
    asked = CircularReceipt.objects.filter(reminded_at=FRIDAY)
    assert asked.count() == 5
    # A standstill of a week, and a second sweep: nobody is asked twice.
    hand.on(days=7)
    assert actions.remind_unread() == 0
    for receipt in asked:
        actions.tell_of_unread(receipt_id=receipt.pk)
        actions.tell_of_unread(receipt_id=receipt.pk)
    reminded = Message.objects.filter(kind="circular_unread").values_list("to_posting__user__username", flat=True)
    assert sorted(reminded) == ["neighbour", "neighbour_receiver", "officer", "other_handler", "other_officer"]


def test_who_confirmed_meanwhile_is_not_reminded(county: County, circular: Circular, hand: told.Hand) -> None:
    hand.to(FRIDAY)
    actions.remind_unread()
    actions.confirm_read(actor=county.other_handler, circular_id=circular.pk)
    receipt = circular.receipts.get(unit__code="fire")
    assert actions.tell_of_unread(receipt_id=receipt.pk) == 0


def test_the_page_shows_who_has_not_and_lets_the_unit_confirm(
    county: County, circular: Circular, browser_of: Browser
) -> None:
    client, address = browser_of(county.handler), f"/supervise/circulars/{circular.pk}/"
    page = client.get(address)
    assert (page.context["to_confirm"], page.context["unread"]) == (True, 6)
    assert client.post(f"{address}read/", {"idempotency_key": "K1"}).status_code == 303
    page = client.get(address)
    assert (page.context["to_confirm"], page.context["unread"]) == (False, 5)
    assert client.post(f"{address}read/", {"idempotency_key": "K2"}).status_code == 409
    assert browser_of(county.dispatcher).get(address).context["to_confirm"] is False
