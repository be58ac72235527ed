"""Reading and tidying of what people write: search tokens, masking, word lists.

Search tokens are 32-bit signed numbers, as PostgreSQL's int4. A bigram is (first << 16 | second) - 2^31 over
UTF-16 units, so it is exact and needs no hash. Area tokens have their first half in the private use area
(U+E000..), which no bigram can have because such characters are taken out of every text before it is cut.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

SMALLEST = 2**31
COUNTY_TOKENS = 0xE000 << 16  # and 2^20 numbers upwards
TOWN_TOKENS = 0xE400 << 16  # and 2^26 numbers upwards

PRIVATE = "\ue000-\uf8ff"
# Invisible and direction-changing characters: they make a text look like what it is not.
UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff"
    r"\ud800-\udfff]"
)
# No text column takes them.
UNKEPT = re.compile("[\x00\ud800-\udfff]")
MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
SPACES = re.compile(r"[^\S\n]+")
# Where a text is cut before search: white space, marks, private use. Dashes stay, for house numbers.
BREAKS = re.compile(
    rf"[\s{PRIVATE},.!?;:'\"()\[\]<>…\u2018-\u201f\u3001-\u3003\u3008-\u3011\u3014-\u301b\uff00-\uff0f"
    r"\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+"
)
FULL_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}


class TooShort(ValueError):
    """A search needs two characters that stand together."""


def tidy(text: str) -> str:
    """Return the text as its writer meant it: composed, full-width letters narrowed, unseen characters and
    doubled spaces gone, lines and Chinese marks kept."""
    composed = unicodedata.normalize("NFC", text).translate(FULL_WIDTH)
    seen = UNSEEN.sub("", composed.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    lines = (SPACES.sub(" ", line).strip() for line in seen.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def pieces(text: str) -> list[str]:
    """Return the runs of characters between spaces and marks, in small letters, as search compares them."""
    return [piece for piece in BREAKS.split(tidy(text).lower()) if piece]


def bigrams(text: str) -> list[int]:
    """Return the search tokens of a text, each once, in order of size."""
    return sorted({token for piece in pieces(text) for token in in_order(piece)})


def in_order(piece: str) -> list[int]:
    """Return the tokens of one piece as they follow each other, one per UTF-16 unit but the last."""
    units = memoryview(piece.encode("utf-16-le")).cast("H")
    return [(first << 16 | second) - SMALLEST for first, second in pairwise(units)]


def query_tokens(text: str) -> list[int]:
    """Return the tokens that a found text must hold, all of them; raises TooShort below two characters.

    The tokens find candidates: compare `pieces(text)` with the words themselves (icontains) afterwards.
    """
    tokens = bigrams(text)
    if not tokens:
        raise TooShort("a search needs two characters")
    return tokens


def area_tokens(area: str) -> list[int]:
    """Return the tokens of the county and, if the code goes down to it, of the town; no bigram is one.

    Ask for both together: a town's token is distinct within its county only.
    """
    if len(area) < 6:
        return []
    county = int(area[:6])
    tokens = [COUNTY_TOKENS + county - SMALLEST]
    if len(area) >= 9:
        # 46656 = 36^3: zones outside the code tree may have letters in their local code.
        tokens.append(TOWN_TOKENS + (county * 46656 + int(area[6:9], 36)) % 2**26 - SMALLEST)
    return tokens


def mask_phone(phone: str) -> str:
    """Return a phone number of which only enough is left to recognise one's own: 138****5678."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) < 7:
        return "*" * len(digits)
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else f"****{digits[-3:]}"


def is_mail(address: str) -> bool:
    """Whether it can be a mail address: one @, a host with a dot, ASCII only, nothing that a header could misread."""
    return len(address) <= 120 and MAIL.fullmatch(address) is not None


def mask_mail(address: str) -> str:
    """Return a mail address of which only enough is left to recognise one's own: z***@example.com."""
    name, _, host = address.partition("@")
    return f"{name[:1]}***@{host}" if host else "***"


def hide_numbers(text: str) -> str:
    """Return the text with every number of seven figures or more masked: a phone, a card, an account."""
    return re.sub(r"\d[\d -]{5,}\d", lambda found: mask_phone(found[0]), text)


def reads_like(text: str, words: Iterable[str]) -> list[str]:
    """Return those of the words that stand in the text, whatever their case, width and inner spaces."""
    plain = _without_spaces(text)
    return [word for word in words if _without_spaces(word) and _without_spaces(word) in plain]


def _without_spaces(text: str) -> str:
    return re.sub(r"\s+", "", tidy(text).lower())


# What begins like a formula is no text in a table program.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(text: str) -> str:
    """Text for a cell of a table that is downloaded: never taken for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
