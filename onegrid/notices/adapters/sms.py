"""A generic gateway for text messages: signed JSON out, an id back. A time-out after sending is unknown.

Signed as `rules/signature.py` says; `id` is the same at every attempt, for a gateway that can tell a message twice.
"""

import http.client
import json
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from onegrid.kit import chance, clock
from onegrid.notices.adapters import Final, Refused, Unknown
from onegrid.notices.rules.signature import sign
from onegrid.notices.rules.words import Envelope, given

# A proxy in front of the gateway says these; behind it the message may have been taken.
UNCLEAR = (502, 504)
# A bad moment, or the house's own matter (key, address of the gateway), which may be mended: worth another try.
# Every other 4xx says that this message is refused.
LATER = (401, 403, 404, 405, 408, 409, 425, 429)
ANY = "*"


def deliver(envelope: Envelope) -> str:
    """Return the gateway's id; raises Refused or Final before anything was taken, Unknown when nobody can tell."""
    address, body = allowed(settings.NOTICES_SMS_URL), body_of(envelope)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=settings.NOTICES_SECONDS)
    try:
        connection.connect()
    except OSError as error:
        raise Refused(f"no connection: {type(error).__name__}") from error
    try:
        connection.request("POST", path_of(address), body, headers(body))
        answer = connection.getresponse()
        said = answer.read(4096)
    except (OSError, http.client.HTTPException) as error:
        raise Unknown(f"no answer: {type(error).__name__}") from error
    finally:
        connection.close()
    return outcome(answer.status, said)


def allowed(url: str) -> SplitResult:
    """The gateway's address, if this house may speak to its host (R27)."""
    address = urlsplit(url)
    if address.hostname not in settings.NOTICES_HOSTS:
        raise Refused("this host is not allowed")
    return address


def body_of(envelope: Envelope) -> bytes:
    body: dict[str, Any] = {
        "id": envelope.reference, "to": envelope.address, "sign": settings.NOTICES_SMS_SIGN, "text": envelope.text,
    }  # fmt: skip
    if settings.NOTICES_SMS_TEMPLATES:
        body |= {"template": template_of(envelope.kind), "params": given(envelope.number, envelope.args)}
    return json.dumps(body, ensure_ascii=False).encode()


def template_of(kind: str) -> str:
    """The provider's id of the approved text of this kind; without one nothing can go out."""
    known = templates(settings.NOTICES_SMS_TEMPLATES)
    found = known.get(kind) or known.get(ANY)
    if not found:
        raise Final(f"no template for {kind}")
    return found


@lru_cache(maxsize=1)
def templates(path: str) -> dict[str, str]:
    """Kind -> template id; "*" stands for every other kind."""
    return {str(kind): str(id) for kind, id in json.loads(Path(path).read_text(encoding="utf-8")).items()}


def headers(body: bytes) -> dict[str, str]:
    timestamp, nonce = str(int(clock.now().timestamp())), chance.base32(26)
    return {
        "Content-Type": "application/json; charset=utf-8",
        "X-Key": settings.NOTICES_SMS_KEY,
        "X-Timestamp": timestamp,
        "X-Nonce": nonce,
        "X-Signature": sign(settings.NOTICES_SMS_SECRET, "send", timestamp, nonce, body),
    }


def path_of(address: SplitResult) -> str:
    return (address.path or "/") + (f"?{address.query}" if address.query else "")


def outcome(status: int, said: bytes) -> str:
    """What the gateway's answer means; a redirect is never followed."""
    if 200 <= status < 300:
        return id_in(said)
    if status in UNCLEAR:
        raise Unknown(f"answer {status}")
    if 400 <= status < 500 and status not in LATER:
        raise Final(f"answer {status}")
    raise Refused(f"answer {status}")


def id_in(said: bytes) -> str:
    text = said.decode(errors="replace")
    try:
        answered = json.loads(text)
    except ValueError:
        return text[:200]
    return str(answered.get("id", ""))[:200] if isinstance(answered, dict) else text[:200]
