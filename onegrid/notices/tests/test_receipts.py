"""Delivery receipts: signed, said once, in any order; what arrived stays arrived, and its address is gone."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from onegrid.kit import clock
from onegrid.notices import actions
from onegrid.notices.actions import carrying
from onegrid.notices.models import Message, Nonce
from onegrid.notices.rules.signature import sign
from onegrid.testing.cast import County
from onegrid.testing.matters import at

pytestmark = pytest.mark.django_db
SECRET = "shared-with-the-gateway"
PATH = "/api/v1/notices/receipts"
Tell = Callable[..., HttpResponse]


@pytest.fixture
def tell(settings: Any) -> Tell:
    settings.NOTICES_SMS_SECRET = SECRET

    def told(receipts: object, *, nonce: str = "n1", ago: int = 0, secret: str = SECRET, **more: str) -> HttpResponse:
        body = json.dumps({"receipts": receipts}).encode()
        timestamp = str(int(clock.now().timestamp()) - ago)
        signature = sign(secret, more.get("purpose", "receipt"), timestamp, nonce, body)
        headers = {"X-Timestamp": timestamp, "X-Nonce": nonce, "X-Signature": signature}
        return Client().post(PATH, body + more.get("tail", "").encode(), "application/json", headers=headers)  # type: ignore[return-value]

    return told


@pytest.fixture
def message(county: County) -> Message:
    actions.send(kind="accept", dedupe="one", number="2026-511502-K7M4PX-3", args={}, to_report=1, channel="sms",
                 address="13800001234")  # fmt: skip
    row = Message.objects.get()
    return in_state(row, "sent")


def in_state(row: Message, state: str) -> Message:
    Message.objects.filter(pk=row.pk).update(state=state)
    row.refresh_from_db()
    return row


def one(row: Message, state: str = "delivered") -> list[dict[str, str]]:
    return [{"id": row.reference, "state": state, "code": "DELIVRD"}]


@pytest.mark.parametrize("before", ["queued", "sending", "sent", "unknown", "undelivered", "failed"])
def test_what_arrived_is_settled_and_its_address_wiped(tell: Tell, message: Message, before: str) -> None:
    in_state(message, before)
    assert tell(one(message)).json() == {"changed": 1}  # type: ignore[attr-defined]
    message.refresh_from_db()
    assert (message.state, message.address) == ("delivered", "")
    assert message.settled_at is not None


@pytest.mark.parametrize(("before", "after"), [("sent", "undelivered"), ("unknown", "undelivered"),
                                               ("delivered", "delivered"), ("queued", "queued")])  # fmt: skip
def test_a_no_counts_only_for_what_may_have_gone_out(tell: Tell, message: Message, before: str, after: str) -> None:
    in_state(message, before)
    assert tell(one(message, "undelivered")).status_code == 200
    message.refresh_from_db()
    assert message.state == after


def test_a_callback_about_many_settles_each_as_it_says(tell: Tell, county: County, message: Message) -> None:
    for n in range(30):
        actions.send(kind="accept", dedupe=f"more {n}", number="", args={}, to_report=1, channel="sms", address="138")
    Message.objects.update(state="unknown")
    rows = list(Message.objects.order_by("id"))
    said = [one(row, "delivered" if n % 3 else "undelivered")[0] | {"code": f"C{n % 2}"} for n, row in enumerate(rows)]
    assert tell(said).json() == {"changed": 31}  # type: ignore[attr-defined]
    for n, row in enumerate(Message.objects.order_by("id")):
        assert row.state == ("delivered" if n % 3 else "undelivered")
        assert row.detail == ("" if n % 3 else f"C{n % 2}")


def test_told_twice_it_changes_once(tell: Tell, message: Message) -> None:
    assert tell(one(message)).json() == {"changed": 1}  # type: ignore[attr-defined]
    assert tell(one(message), nonce="n2").json() == {"changed": 0}  # type: ignore[attr-defined]


def test_a_callback_that_is_played_back_is_refused(tell: Tell, message: Message) -> None:
    assert tell(one(message)).status_code == 200
    in_state(message, "unknown")
    assert tell(one(message)).status_code == 409
    message.refresh_from_db()
    assert message.state == "unknown"


@pytest.mark.parametrize(
    "wrong",
    [{"secret": "guessed"}, {"ago": 301}, {"ago": -310}, {"tail": " "}, {"purpose": "send"}, {"nonce": "n" * 81},
     {"nonce": ""}],
)  # fmt: skip
def test_a_wrong_signature_changes_nothing(tell: Tell, message: Message, wrong: dict[str, Any]) -> None:
    """Another secret, too old, from the future, changed after signing, our own signature played back, odd nonces."""
    assert tell(one(message), **wrong).status_code == 401
    message.refresh_from_db()
    assert message.state == "sent"
    assert not Nonce.objects.exists()


def test_without_a_secret_nobody_is_believed(tell: Tell, message: Message, settings: Any) -> None:
    settings.NOTICES_SMS_SECRET = ""
    assert tell(one(message), secret="").status_code == 401


def test_what_is_malformed_is_refused_whole(tell: Tell, message: Message) -> None:
    assert tell([*one(message), {"id": "x", "state": "perhaps"}]).status_code == 422
    message.refresh_from_db()
    assert message.state == "sent"


def test_a_receipt_that_overtakes_the_gateways_answer_wins(
    tell: Tell, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network was faster than the answer: what is known to have arrived does not fall back to sent."""
    with at():
        Message.objects.update(state="queued", due_at=clock.now())

        def deliver(envelope: object) -> str:
            actions.settle(nonce="early", receipts=[actions.Receipt(message.reference, "delivered")])
            return "id 7"

        monkeypatch.setattr(carrying, "adapter", lambda channel: deliver)
        assert actions.deliver(message_id=message.pk) == "skipped"
    message.refresh_from_db()
    assert message.state == "delivered"


def test_after_a_week_no_address_is_left(message: Message, tell: Tell) -> None:
    in_state(message, "unknown")
    tell([{"id": "nobody", "state": "delivered"}])
    assert actions.forget() == 0
    with at(clock.now()) as hand:
        hand.on(days=7, hours=1)
        assert actions.forget() == 1
    assert Message.objects.get().address == ""
    assert not Nonce.objects.exists()
