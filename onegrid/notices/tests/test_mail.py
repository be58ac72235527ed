"""Mail: what the server says decides between sent, tried again, failed and unknown; an identity for all attempts."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from email.header import decode_header, make_header
from typing import Any

import pytest

from onegrid.notices.adapters import Final, Refused, Unknown, mail
from onegrid.notices.rules.words import Envelope
from tests.faults.mail_server import MailServer

LETTER = Envelope("accept", "2026-511502-K7M4PX-3", "report:1", "您反映的事已受理。", "REF1", "zhang@example.com")
Serving = Callable[..., AbstractContextManager[MailServer]]


@pytest.fixture
def serving(settings: Any) -> Serving:
    settings.MAIL_HOST, settings.MAIL_SECURITY, settings.MAIL_USER = "127.0.0.1", "none", ""
    settings.MAIL_FROM, settings.NOTICES_HOSTS, settings.NOTICES_SECONDS = "OneGrid <x@c.example>", ["127.0.0.1"], 0.5

    class Served(MailServer):
        def __enter__(self) -> "Served":
            super().__enter__()
            settings.MAIL_PORT = self.port
            return self

    return Served


def test_a_mail_says_its_sentence_and_who_sent_it(serving: Serving) -> None:
    with serving() as server:
        assert mail.deliver(LETTER) == "answer 250"
    (letter,) = server.mails
    assert letter["To"] == "zhang@example.com"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert LETTER.number in str(make_header(decode_header(letter["Subject"])))
    text = letter.get_payload(decode=True)
    assert isinstance(text, bytes)
    assert LETTER.text in text.decode()


def test_every_attempt_has_the_same_identity(serving: Serving) -> None:
    with serving() as server:
        mail.deliver(LETTER)
        mail.deliver(LETTER)
    assert list(server.taken.values()) == [2]


@pytest.mark.parametrize(
    ("how", "raised"),
    [("refuse", Final), ("later", Refused), ("silent", Unknown), ("cut", Unknown), ("cut_before", Unknown)],
)
def test_each_fault_is_told_apart(serving: Serving, how: str, raised: type[Exception]) -> None:
    """From the word DATA on only an answer tells whether it was taken; before it nothing can have gone out."""
    with serving(always=how) as server, pytest.raises(raised) as error:
        mail.deliver(LETTER)
    assert type(error.value) is raised
    assert sum(server.taken.values()) == (1 if how in ("silent", "cut") else 0)


def test_a_server_that_is_away_refused(serving: Serving, settings: Any) -> None:
    with serving():
        pass
    with pytest.raises(Refused, match="no connection"):
        mail.deliver(LETTER)


def test_a_host_that_is_not_allowed_is_never_called(serving: Serving, settings: Any) -> None:
    with serving() as server:
        settings.NOTICES_HOSTS = ["mail.example"]
        with pytest.raises(Refused, match="not allowed"):
            mail.deliver(LETTER)
    assert server.behaved == []


def test_starttls_is_not_skipped_when_the_server_has_none(serving: Serving, settings: Any) -> None:
    """A server, or somebody between, that offers no TLS gets nothing."""
    settings.MAIL_SECURITY = "starttls"
    with serving() as server, pytest.raises(Refused):
        mail.deliver(LETTER)
    assert not server.taken
