"""The one source of chance: the operating system's secrets, unless a simulation or a test gives a seed."""

import random
from collections.abc import Iterator, MutableSequence, Sequence
from contextlib import contextmanager
from typing import TypeVar

from django.conf import settings

T = TypeVar("T")

# Crockford's letters: no I, L, O, U, which are misread or misheard.
BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

_secret: random.Random = random.SystemRandom()
_source: random.Random = _secret


def token_bytes(count: int) -> bytes:
    """`count` bytes fit for keys and receipts."""
    return _source.randbytes(count)


def base32(count: int, alphabet: str = BASE32) -> str:
    """`count` letters of `alphabet`, each equally likely."""
    return "".join(_source.choices(alphabet, k=count))


def choice(options: Sequence[T]) -> T:
    """One of the options; IndexError if there is none."""
    return _source.choice(options)


def sample(options: Sequence[T], count: int) -> list[T]:
    """`count` different places of the sequence, in random order; ValueError if it is shorter."""
    return _source.sample(options, count)


def shuffle(items: MutableSequence[T]) -> None:
    """Put the items in random order, in place."""
    _source.shuffle(items)


def whole(lowest: int, highest: int) -> int:
    """A whole number, both ends included."""
    return _source.randint(lowest, highest)


def fraction() -> float:
    """A number from 0 up to, not including, 1."""
    return _source.random()


def seed(value: int | None) -> None:
    """Make chance repeatable from here on; None returns to secrets. RuntimeError in production."""
    global _source
    if value is not None and settings.PRODUCTION:
        raise RuntimeError("a seed would make every receipt and token of this house guessable")
    _source = _secret if value is None else random.Random(value)  # nosec B311


@contextmanager
def seeded(value: int) -> Iterator[None]:
    """Repeatable chance within the block, whatever was before it afterwards."""
    global _source
    former = _source
    seed(value)
    try:
        yield
    finally:
        _source = former
