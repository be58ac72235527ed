import base64
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from onegrid.kit import clock, crypto

OLD = base64.b64encode(b"o" * 32).decode()
NEW = base64.b64encode(b"n" * 32).decode()
PLACE = "org.contact.phone:17"


def test_what_was_sealed_opens_in_its_own_place_only() -> None:
    box = crypto.Box({"1": OLD})
    blob = box.seal("13800001234", context=PLACE)
    assert box.open(memoryview(blob), context=PLACE) == "13800001234"
    with pytest.raises(crypto.Tampered):
        box.open(blob, context="org.contact.phone:18")


def test_the_same_text_is_never_sealed_twice_alike() -> None:
    box = crypto.Box({"1": OLD})
    assert len({box.seal("x", context=PLACE) for _ in range(100)}) == 100


def test_any_changed_or_missing_byte_is_found() -> None:
    box = crypto.Box({"1": OLD, "2": NEW})
    blob = box.seal("13800001234", context=PLACE)
    for place in range(len(blob)):
        changed = bytearray(blob)
        changed[place] ^= random.Random(place).randrange(1, 256)
        for wrong in (bytes(changed), blob[:place]):
            with pytest.raises(crypto.Tampered):
                box.open(wrong, context=PLACE)


def test_keys_change_without_a_stop() -> None:
    blob = crypto.Box({"1": OLD}).seal("name", context=PLACE)
    changed = crypto.Box({"2": NEW, "1": OLD})
    assert changed.open(blob, context=PLACE) == "name"
    assert changed.is_stale(blob)
    assert not changed.is_stale(changed.seal("name", context=PLACE))
    with pytest.raises(crypto.Tampered):
        crypto.Box({"2": NEW}).open(blob, context=PLACE)


def test_blind_index_is_equal_within_a_column_and_survives_a_change_of_keys() -> None:
    box = crypto.Box({"1": OLD})
    assert box.blind("13800001234", "phone") == box.blind("13800001234", "phone")
    assert box.blind("13800001234", "phone") != box.blind("13800001234", "name")
    assert box.blind("1", "phone") == crypto.Box({"2": NEW, "1": OLD}).blind("1", "phone")
    assert len(box.blind("1", "phone")) == 16


def test_blind_index_may_have_a_key_of_its_own() -> None:
    with_own = crypto.Box({"1": OLD, "blind": NEW})
    assert with_own.blind("1", "phone") != crypto.Box({"1": OLD}).blind("1", "phone")
    assert with_own.blind("1", "phone") == crypto.Box({"9": NEW, "blind": NEW}).blind("1", "phone")


@pytest.mark.parametrize("keys", [{}, {"1": "short"}, {"0": OLD}, {"x": OLD}, {"256": OLD}, {"blind": OLD}])
def test_wrong_keys_stop_the_start(keys: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        crypto.Box(keys)


def test_a_ticket_carries_its_payload_until_its_time_is_over() -> None:
    start = datetime(2026, 11, 21, tzinfo=UTC)
    with clock.use(lambda: start):
        ticket = crypto.sign({"posting": 7, "name": "李"}, 60, key=b"secret")
        assert crypto.unsign(ticket, key=b"secret") == {"posting": 7, "name": "李"}
    with clock.use(lambda: start + timedelta(seconds=60)), pytest.raises(crypto.Expired):
        crypto.unsign(ticket, key=b"secret")


def test_a_changed_ticket_a_wrong_key_and_another_purpose_are_found() -> None:
    ticket = crypto.sign({"posting": 7}, 60, key=b"secret")
    body, signature = ticket.split(".")
    forged = crypto.sign({"posting": 8}, 60, key=b"guess").split(".")[0]
    for wrong in ("", ".", body, f"{forged}.{signature}", f"{body}.{signature[:-1]}", ticket + "0", "李.李"):
        with pytest.raises(crypto.Tampered):
            crypto.unsign(wrong, key=b"secret")
    with pytest.raises(crypto.Tampered):
        crypto.unsign(ticket, key=b"other")
    with pytest.raises(crypto.Tampered):
        crypto.unsign(ticket, key=b"secret", purpose="link")


def test_tickets_need_neither_django_nor_a_cipher() -> None:
    program = (
        "import sys; from onegrid.kit import crypto; crypto.unsign(crypto.sign({}, 9, key=b'k'), key=b'k');"
        "sys.exit('django' in sys.modules or 'cryptography' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
