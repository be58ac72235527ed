"""Messages: one per name, words in the reader's language, every outcome of an adapter written down."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from onegrid.events.actions import telling
from onegrid.notices import actions, queries
from onegrid.notices.actions import carrying
from onegrid.notices.adapters import Refused, Unknown
from onegrid.notices.models import Message
from onegrid.notices.rules.words import WORDS, Envelope, text_of
from onegrid.org.roles import Actor
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
NUMBER = "2026-511502-K7M4PX-3"
DAY, CIRCULAR = "10-14 12:00", "YZ-2026-3"
# What is not about a matter bears another sign by which its reader knows it: a day, the name of a circular, or none.
SIGNS = {
    **dict.fromkeys(("address_kept", "follow_confirm", "follow_news"), ""),
    **dict.fromkeys(
        ("circular", "circular_unread", "circular_withdrawn", "place_ahead", "place_back", "place_called",
         "place_climbed", "place_ended", "place_expired", "place_extended", "place_to_approve", "place_to_close",
         "place_undecided", "redivision_to_approve", "redivision_approved", "redivision_back", "redivision_withdrawn",
         "redivision_undone", "redivision_effective", "redivision_lapsed", "redivision_idle", "redivision_left",
         "grid_now", "grid_lost"), CIRCULAR,
    ),
    **dict.fromkeys(
        ("gap_ahead", "gap_now", "meeting_called", "meeting_cancelled", "rostered", "shift_ahead", "shift_uncovered",
         "shift_withdrawn", "swap_agreed", "swap_asked", "swap_declined"), DAY,
    ),
}  # fmt: skip


def send(actor: Actor, dedupe: str = "one", **more: Any) -> bool:
    given = {"kind": "to_claim", "number": NUMBER, "args": {"due": "10-14 12:00"}, **more}
    return actions.send(dedupe=dedupe, to_posting=actor.posting_id, **given)


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'notices.tasks.deliver'")
        return int(cursor.fetchone()[0])


def test_a_name_is_written_once_with_one_job(handler: Actor) -> None:
    assert send(handler)
    assert not send(handler)
    assert Message.objects.count() == jobs() == 1


def test_a_message_that_was_delivered_is_not_written_again(handler: Actor) -> None:
    send(handler)
    assert actions.deliver(message_id=Message.objects.get().pk) == "sent"
    assert not send(handler)
    assert actions.deliver(message_id=Message.objects.get().pk) == "skipped"
    assert jobs() == 1


def outcome(raised: Exception | None) -> Callable[[str], Callable[[Envelope], str]]:
    def deliver(envelope: Envelope) -> str:
        if raised is not None:
            raise raised
        return "id 7"

    return lambda channel: deliver


@pytest.mark.parametrize(
    ("raised", "state", "detail"),
    [
        (None, "sent", "id 7"),
        (Refused("answer 503"), "queued", "answer 503"),
        (Unknown("no answer"), "unknown", "no answer"),
    ],
)
def test_every_outcome_is_written_down(
    handler: Actor, monkeypatch: pytest.MonkeyPatch, raised: Exception | None, state: str, detail: str
) -> None:
    send(handler)
    monkeypatch.setattr(carrying, "adapter", outcome(raised))
    assert actions.deliver(message_id=Message.objects.get().pk) == state
    message = Message.objects.get()
    assert (message.state, message.detail, message.attempts) == (state, detail, 1)
    assert (message.sent_at is not None) == (state == "sent")
    assert jobs() == (2 if state == "queued" else 1)


def test_an_adapter_that_breaks_leaves_unknown_and_speaks_up(handler: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can say how far it came: not sent again, and the job fails where it is seen."""
    send(handler)
    monkeypatch.setattr(carrying, "adapter", outcome(ZeroDivisionError("broken")))
    with pytest.raises(ZeroDivisionError):
        actions.deliver(message_id=Message.objects.get().pk)
    assert Message.objects.get().state == "unknown"
    assert Message.objects.get().detail == "ZeroDivisionError"
    assert actions.deliver(message_id=Message.objects.get().pk) == "skipped"


def test_the_inbox_is_the_postings_own_and_read_once(county: County) -> None:
    send(county.handler)
    send(county.receiver, "two")
    (mine,) = queries.inbox(county.handler, "zh-hans")
    assert NUMBER in mine.text
    assert queries.unread(county.handler) == 1
    actions.read(posting_id=county.receiver.posting_id or 0, message_id=mine.id)
    assert queries.unread(county.handler) == 1, "another posting cannot mark it"
    actions.read(posting_id=county.handler.posting_id or 0, message_id=mine.id)
    assert queries.unread(county.handler) == 0


@pytest.mark.parametrize("kind", sorted(WORDS))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_kind_has_words_with_the_number_or_its_own_sign(kind: str, language: str) -> None:
    text = text_of(kind, NUMBER, {"promised": DAY, "due": DAY, "level": 2, "what": CIRCULAR}, language)
    assert SIGNS.get(kind, NUMBER) in text
    assert "%" not in text


def test_whatever_happens_has_words() -> None:
    """No verb of the heart names a kind that this room does not know."""
    named = {*telling.REPORTERS.values(), *(kind for kind, _role, _unit in telling.STAFF.values())}
    assert named <= set(WORDS)
