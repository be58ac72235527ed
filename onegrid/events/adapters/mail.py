"""One letter by e-mail, read as what somebody says: words, pictures, sender; and whether a machine wrote it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from html.parser import HTMLParser
from typing import Any

LARGEST = 25_000_000
MOST_PICTURES = 4
BULK = ("bulk", "junk", "list", "auto_reply", "auto-reply")
MACHINES = ("mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "bounce")
BLOCKS = ("p", "br", "div", "tr", "li", "h1", "h2", "h3")


class NoLetter(ValueError):
    """The bytes are no message, or one that is too large."""


@dataclass(frozen=True)
class Letter:
    """What is kept of a message; `automatic` says why no person wrote it."""

    key: str
    sender: str
    name: str
    words: str
    pictures: list[bytes] = field(default_factory=list)
    automatic: str = ""


def read(raw: bytes, *, own: tuple[str, ...] = ()) -> Letter:
    """Read an RFC 822 message; `own` are the house's addresses, whose letters would come back for ever."""
    if not raw.strip() or len(raw) > LARGEST:
        raise NoLetter("no message, or one of more than 25 MB")
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    name, sender = parseaddr(header(message, "From"))
    if not sender:
        raise NoLetter("the message has no sender")
    return Letter(
        key=key_of(message, raw), sender=sender.lower(), name=name, words=words_of(message),
        pictures=list(pictures_of(message)), automatic=automatic(message, sender.lower(), own),
    )  # fmt: skip


def header(message: EmailMessage, name: str) -> str:
    """A header as text; one that is broken counts as absent."""
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError, AttributeError):
        return ""


def key_of(message: EmailMessage, raw: bytes) -> str:
    """By its Message-ID, so that a letter delivered twice is one; without any, by all of it."""
    named = header(message, "Message-ID").strip().encode()
    return hashlib.sha256(named or raw).hexdigest()


def automatic(message: EmailMessage, sender: str, own: tuple[str, ...]) -> str:
    """Why it is not a person's letter (RFC 3834, RFC 2369, RFC 3464), or an empty text."""
    if sender in own:
        return "own"
    if header(message, "Auto-Submitted").strip().lower() not in ("", "no"):
        return "auto-submitted"
    if header(message, "Precedence").strip().lower() in BULK:
        return "bulk"
    if any(message.get(name) for name in ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond")):
        return "list"
    if header(message, "Return-Path").strip() == "<>" or message.get_content_type() == "multipart/report":
        return "bounce"
    return "machine" if sender.partition("@")[0].startswith(MACHINES) else ""


def words_of(message: EmailMessage) -> str:
    """Subject and body, without what was quoted and without the signature."""
    body = message.get_body(preferencelist=("plain", "html"))
    text = content(body) if body is not None else ""
    if body is not None and body.get_content_type() == "text/html":
        text = plain(text)
    subject = header(message, "Subject").strip()
    kept = without_quotes(text).strip()
    return kept if kept.startswith(subject) else f"{subject}\n{kept}".strip()


def content(part: Any) -> str:
    """The text of a part; letters that its character set does not know are marked, never fatal."""
    try:
        return str(part.get_content(errors="replace"))
    except (LookupError, ValueError, KeyError):
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def without_quotes(text: str) -> str:
    lines = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.rstrip() == "--" or line == "-- ":
            break
        if not line.lstrip().startswith(">"):
            lines.append(line)
    return "\n".join(lines)


def plain(markup: str) -> str:
    reader = Reader()
    reader.feed(markup)
    return "\n".join(line.strip() for line in "".join(reader.said).split("\n") if line.strip())


class Reader(HTMLParser):
    """The words of a page, without scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style")
        if tag in BLOCKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style") and self.silent > 0

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)


def pictures_of(message: EmailMessage) -> Iterator[bytes]:
    """The first pictures that hang on it, as raw bytes; they are rebuilt from their pixels before they are kept."""
    found = 0
    for part in message.walk():
        payload = part.get_payload(decode=True) if part.get_content_maintype() == "image" else None
        if isinstance(payload, bytes) and found < MOST_PICTURES:
            found += 1
            yield payload
