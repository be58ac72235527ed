"""Sealing of fields with AES-256-GCM, blind indexes, short-lived signed tickets. Keys are always handed in.

A sealed value is version (1 byte) ‖ key id (1) ‖ nonce (12) ‖ ciphertext and tag. The version byte is where
another suite (SM4) finds its place; the key id is what lets keys be changed without a stop.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from onegrid.kit import clock

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = 1
NONCE = 12
BLIND = "blind"


class Tampered(Exception):
    """The value was changed, belongs to another place, or was sealed with a key that is not here."""


class Expired(Tampered):
    """The ticket was good once; its time is over."""


class Box:
    """Seals and opens short texts; `keys` is {id 1..255: base64 of 32 bytes}, the first one named seals.

    All of them open. The entry "blind", if there is one, is the key of the blind indexes; without it they$
    on the key with the lowest id, which then must be kept when keys are changed.
    """

    def __init__(self, keys: Mapping[str, str]) -> None:
        raw = {name: _thirty_two_bytes(text) for name, text in keys.items()}
        blind_key = raw.pop(BLIND, None)
        self._keys = {_key_id(name): key for name, key in raw.items()}
        if not self._keys:
            raise ValueError("a box needs at least one key")
        self._current = next(iter(self._keys))
        self._blind_key = _derived(blind_key or self._keys[min(self._keys)], "blind index")

    def seal(self, plain: str, *, context: str) -> bytes:
        """Return `plain` sealed for one place, such as "org.contact.phone:17"; it opens nowhere else."""
        # Never from a source with a seed: a nonce that comes twice under one key opens both texts.
        nonce = secrets.token_bytes(NONCE)
        sealed = self._cipher(self._current).encrypt(nonce, plain.encode(), context.encode())
        return bytes((VERSION, self._current)) + nonce + sealed

    def open(self, blob: bytes | memoryview, *, context: str) -> str:
        """Return the text sealed under `context`; raises Tampered."""
        blob = bytes(blob)
        if len(blob) < 2 + NONCE + 16 or blob[0] != VERSION or blob[1] not in self._keys:
            raise Tampered("not sealed here")
        from cryptography.exceptions import InvalidTag

        try:
            body = blob[2 + NONCE :]
            return self._cipher(blob[1]).decrypt(blob[2 : 2 + NONCE], body, context.encode()).decode()
        except InvalidTag as error:
            raise Tampered("changed, or taken from another place") from error

    def is_stale(self, blob: bytes | memoryview) -> bool:
        """Say whether the value was sealed with an older key and should be sealed again."""
        return bytes(blob[:2]) != bytes((VERSION, self._current))

    def blind(self, value: str, column: str) -> bytes:
        """Return 16 bytes by which equal values of one column are found without being read."""
        column_key = _derived(self._blind_key, column)
        return hmac.new(column_key, value.encode(), hashlib.sha256).digest()[:16]

    def _cipher(self, key_id: int) -> "AESGCM":
        # Imported here because the live process needs sign and unsign only.
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(_derived(self._keys[key_id], "field"))


def sign(payload: Mapping[str, Any], seconds: int, *, key: bytes, purpose: str = "ticket") -> str:
    """Return a text that carries `payload` readably and unchangeably for so many seconds."""
    body = {"until": int(clock.now().timestamp()) + seconds, "payload": dict(payload)}
    text = _encoded(json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode())
    return f"{text}.{_signature(text, key, purpose)}"


def unsign(text: str, *, key: bytes, purpose: str = "ticket") -> dict[str, Any]:
    """Return the payload of a signed text; raises Tampered, or Expired when its time is over."""
    body, _, signature = text.partition(".")
    if not hmac.compare_digest(signature.encode(), _signature(body, key, purpose).encode()):
        raise Tampered("the signature does not fit")
    carried = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    if carried["until"] <= clock.now().timestamp():
        raise Expired("the ticket is over")
    payload: dict[str, Any] = carried["payload"]
    return payload


def _signature(text: str, key: bytes, purpose: str) -> str:
    return _encoded(hmac.new(_derived(key, f"sign {purpose}"), text.encode(), hashlib.sha256).digest())


def _derived(key: bytes, purpose: str) -> bytes:
    # One key per purpose, so that nothing made for one can be played back for another.
    return hmac.new(key, b"onegrid " + purpose.encode(), hashlib.sha256).digest()


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _thirty_two_bytes(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("a field key must be base64") from error
    if len(raw) != 32:
        raise ValueError("a field key must have 32 bytes")
    return raw


def _key_id(name: str) -> int:
    if not name.isascii() or not name.isdigit() or not 1 <= int(name) <= 255:
        raise ValueError("the id of a field key must be a number from 1 to 255")
    return int(name)
