"""A generic HTTP gateway: JSON out, an id back. A time-out after sending is unknown, for it may have been taken."""

import http.client
import json
from urllib.parse import urlsplit

from django.conf import settings

from onegrid.notices.adapters import Refused, Unknown
from onegrid.notices.rules.words import Envelope

SECONDS = 5


def deliver(envelope: Envelope) -> str:
    """Return the gateway's id; raises Refused before anything was taken, Unknown when nobody can tell."""
    parts = urlsplit(settings.NOTICES_GATEWAY_URL)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
    body = json.dumps({"id": envelope.dedupe, "to": envelope.receiver, "text": envelope.text}).encode()
    try:
        connection.connect()
    except OSError as error:
        raise Refused(f"no connection: {type(error).__name__}") from error
    try:
        connection.request("POST", parts.path or "/", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        said = answer.read(4096).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        raise Unknown(f"no answer: {type(error).__name__}") from error
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise Refused(f"answer {answer.status}")
    return said[:200]
