"""Numbers dictated on the phone, and receipts that open a report: both catch a slip of the tongue or pen."""

import hashlib
import hmac
import re
import unicodedata

from onegrid.kit import chance

# Left out of what is drawn by chance: 0 O, 1 I L, U (like V) and S (like 5). With 0 and 1, which occur in
# years and county codes, there are 31 characters: a prime, so a weighted sum modulo 31 with weights 1..16
# misses no single substitution and no swap of two places whatever.
ALPHABET = "23456789ABCDEFGHJKMNPQRTVWXYZ"
VALUES = {character: value for value, character in enumerate("01" + ALPHABET)}
CHARACTERS = "01" + ALPHABET
RECEIPT_LENGTH = 28


def number(year: int, county: str) -> str:
    """Return a new number such as 2026-511502-K7M4PX-3; it is unique only by the database's constraint."""
    if not re.fullmatch(r"\d{6}", county, re.ASCII) or not 1000 <= year <= 9999:
        raise ValueError("a number needs a year of four digits and a county code of six")
    while True:
        drawn = chance.base32(6, ALPHABET)
        check = _check(f"{year}{county}{drawn}")
        # A check character 0 or 1 would be read as O or I: draw again, 2 times in 31.
        if check in ALPHABET:
            return f"{year}-{county}-{drawn}-{check}"


def tidy_number(text: str) -> str | None:
    """Return the number in its one form, or None if it is none; spaces, case, width and dashes are free."""
    plain = _plain(text)
    head, tail = _digits(plain[:10]), _letters(plain[10:])
    if not re.fullmatch(rf"\d{{10}}[{ALPHABET}]{{7}}", head + tail, re.ASCII):
        return None
    if _check(head + tail[:6]) != tail[6]:
        return None
    return f"{head[:4]}-{head[4:]}-{tail[:6]}-{tail[6]}"


def receipt(report: int | str, counter: int, *, key: bytes) -> str:
    """Return a report's receipt, 128 bits and a check character in fours; a new counter revokes it."""
    own_key = hmac.new(key, b"onegrid receipt", hashlib.sha256).digest()
    digest = hmac.new(own_key, f"{report}:{counter}".encode(), hashlib.sha256).digest()
    body = _in_base_29(int.from_bytes(digest[:16]), RECEIPT_LENGTH - 1)
    return _grouped(body + _receipt_check(body))


def drawn() -> str:
    """Return a code of 128 bits by chance in the form of a receipt: it can be typed from paper, a slip is caught."""
    body = _in_base_29(int.from_bytes(chance.token_bytes(16)), RECEIPT_LENGTH - 1)
    return _grouped(body + _receipt_check(body))


def tidy_receipt(text: str) -> str | None:
    """Return the receipt in groups of four, or None if it was mistyped; spaces, case and dashes are free."""
    plain = _letters(_plain(text))
    if len(plain) != RECEIPT_LENGTH or not set(plain) <= set(ALPHABET):
        return None
    return _grouped(plain) if _receipt_check(plain[:-1]) == plain[-1] else None


def receipt_hash(text: str) -> bytes:
    """Return the 32 bytes under which a receipt is kept; raises ValueError if `text` is no receipt."""
    tidied = tidy_receipt(text)
    if tidied is None:
        raise ValueError("not a receipt")
    return hashlib.sha256(tidied.encode()).digest()


def _check(body: str) -> str:
    return CHARACTERS[sum(weight * VALUES[one] for weight, one in enumerate(body, start=1)) % 31]


def _receipt_check(body: str) -> str:
    return ALPHABET[sum(weight * ALPHABET.index(one) for weight, one in enumerate(body, start=1)) % 29]


def _plain(text: str) -> str:
    normal = unicodedata.normalize("NFKC", text[:200]).upper()
    return "".join(one for one in normal if unicodedata.category(one)[0] not in "PZCS")


def _digits(text: str) -> str:
    return text.translate(str.maketrans("OILS", "0115"))


def _letters(text: str) -> str:
    return text.translate(str.maketrans("SU", "5V"))


def _grouped(text: str) -> str:
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _in_base_29(value: int, length: int) -> str:
    digits = ""
    for _ in range(length):
        value, rest = divmod(value, len(ALPHABET))
        digits = ALPHABET[rest] + digits
    return digits
