"""How the house and its provider know each other: HMAC-SHA256 over purpose, time, nonce and body; pure."""

import hashlib
import hmac
from datetime import datetime, timedelta

# A call that is older, or from further ahead, is not looked at.
SPAN = timedelta(minutes=5)


def sign(secret: str, purpose: str, timestamp: str, nonce: str, body: bytes) -> str:
    """The signature in hexadecimal: of purpose, timestamp, nonce and the SHA-256 of the body, each on a line.

    `send` is said by the house, `receipt` by the provider: neither can be played back as the other.
    """
    said = "\n".join((purpose, timestamp, nonce, hashlib.sha256(body).hexdigest()))
    return hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()


def holds(secret: str, purpose: str, timestamp: str, nonce: str, body: bytes, signature: str, now: datetime) -> bool:
    """Whether it was signed with this secret within the last five minutes."""
    if not secret or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        return False
    if abs(now.timestamp() - int(timestamp)) > SPAN.total_seconds():
        return False
    return hmac.compare_digest(sign(secret, purpose, timestamp, nonce, body).encode(), signature.encode())
