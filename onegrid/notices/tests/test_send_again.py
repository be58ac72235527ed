"""Nobody knows whether it arrived: a person of the centre decides, with a reason, and it stands on the trail."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from onegrid.kit.workflow import NotAllowed
from onegrid.notices import actions, queries
from onegrid.notices.models import Message
from onegrid.org.models import TrailEntry
from onegrid.org.roles import Actor
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
NUMBER = "2026-511502-K7M4PX-3"


@pytest.fixture
def unknown(county: County) -> Message:
    actions.send(kind="accept", dedupe="one", number=NUMBER, args={}, to_report=1, channel="sms", address="138",
                 unit=county.units["centre"].pk)  # fmt: skip
    Message.objects.update(state="unknown", detail="no answer", attempts=1)
    return Message.objects.get()


def test_works_and_goes_under_the_same_reference(county: County, unknown: Message) -> None:
    before = unknown.reference
    again = actions.send_again(actor=county.dispatcher, message_id=unknown.pk, reason="居民说没收到")
    assert (again.state, again.reference, again.address) == ("queued", before, "138")
    entry = TrailEntry.objects.get(verb="send_again")
    assert (entry.purpose, entry.subject_id) == ("居民说没收到", unknown.pk)
    assert queries.troubles(county.dispatcher, "en") == []


def test_left_it_keeps_its_state_and_leaves_the_list(county: County, unknown: Message) -> None:
    actions.leave(actor=county.leader, message_id=unknown.pk, reason="已电话告知")
    assert Message.objects.get().state == "unknown"
    assert queries.troubles(county.leader, "en") == []


def test_a_decision_needs_its_reason(county: County, unknown: Message) -> None:
    with pytest.raises(actions.NoReason):
        actions.send_again(actor=county.dispatcher, message_id=unknown.pk, reason="  ")
    assert Message.objects.get().state == "unknown"


def test_wrong_role(county: County, unknown: Message) -> None:
    with pytest.raises(NotAllowed):
        actions.send_again(actor=county.receiver, message_id=unknown.pk, reason="居民说没收到")


def test_neighbour_gets_404(county: County, unknown: Message) -> None:
    with pytest.raises(Message.DoesNotExist):
        actions.send_again(actor=county.neighbour, message_id=unknown.pk, reason="居民说没收到")


@pytest.mark.parametrize("state", ["queued", "sending", "sent", "delivered"])
def test_wrong_state(county: County, unknown: Message, state: str) -> None:
    Message.objects.update(state=state)
    with pytest.raises(NotAllowed):
        actions.send_again(actor=county.dispatcher, message_id=unknown.pk, reason="居民说没收到")


def test_without_its_address_it_cannot_go_again(county: County, unknown: Message) -> None:
    Message.objects.update(address_sealed=None)
    with pytest.raises(NotAllowed):
        actions.send_again(actor=county.dispatcher, message_id=unknown.pk, reason="居民说没收到")
    assert not queries.troubles(county.dispatcher, "en")[0].can_go_again


def test_a_late_outcome_of_the_first_try_does_not_disturb_the_second(county: County, unknown: Message) -> None:
    """The worker that was thought dead wakes up after a person has decided: its word no longer counts."""
    from onegrid.notices.actions.carrying import finish

    actions.send_again(actor=county.dispatcher, message_id=unknown.pk, reason="居民说没收到")
    assert finish(unknown, "sent", "late") == "skipped"
    assert Message.objects.get().state == "queued"


def test_after_an_outage_only_what_surely_did_not_go_out_goes_again(county: County, unknown: Message) -> None:
    for n in range(3):
        actions.send(kind="accept", dedupe=f"failed {n}", number=NUMBER, args={}, to_report=1, channel="sms",
                     address="138", unit=county.units["centre"].pk)  # fmt: skip
    Message.objects.filter(dedupe__startswith="failed").update(state="failed")
    assert actions.send_all_again(actor=county.neighbour, reason="网关已恢复") == 0
    with pytest.raises(actions.NoReason):
        actions.send_all_again(actor=county.dispatcher, reason="x")
    assert actions.send_all_again(actor=county.dispatcher, reason="网关已恢复") == 3
    unknown.refresh_from_db()
    assert unknown.state == "unknown"
    assert TrailEntry.objects.filter(verb="send_again").count() == 3


def test_the_page_shows_it_and_takes_the_decision(county: County, unknown: Message, browser_of: Browser) -> None:
    client = browser_of(county.dispatcher)
    page = client.get("/desk/outgoing/")
    assert NUMBER in page.content.decode()
    given: dict[str, Any] = {"deed": "again", "reason": "x", "idempotency_key": "k1"}
    path = f"/desk/outgoing/{unknown.pk}/"
    assert client.post(path, given).status_code == 422
    given |= {"reason": "居民说没收到", "idempotency_key": "k2"}
    assert client.post(path, given).status_code == 302
    assert client.post(path, given).headers["Idempotent-Replayed"] == "true"
    assert client.post(path, given | {"idempotency_key": "k3"}).status_code == 409
    assert TrailEntry.objects.filter(verb="send_again").count() == 1
