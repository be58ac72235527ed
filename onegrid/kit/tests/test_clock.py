"""Time and chance each have one source, and a test can hold both."""

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.test import override_settings

from onegrid.kit import chance, clock

NOON_IN_YIBIN = datetime(2026, 2, 14, 12, 0, tzinfo=timezone(timedelta(hours=8)))


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().tzinfo is UTC


def test_a_source_holds_for_the_block_only() -> None:
    with clock.use(lambda: NOON_IN_YIBIN):
        assert clock.now() == datetime(2026, 2, 14, 4, 0, tzinfo=UTC)
        assert clock.now().tzinfo is UTC
    assert clock.now() != NOON_IN_YIBIN


def test_the_former_source_returns_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), clock.use(lambda: NOON_IN_YIBIN):
        _ = 1 / 0
    assert clock.now() != NOON_IN_YIBIN


def test_a_naive_time_is_refused() -> None:
    naive = NOON_IN_YIBIN.replace(tzinfo=None)
    with clock.use(lambda: naive), pytest.raises(ValueError, match="aware"):
        clock.now()
    with pytest.raises(ValueError, match="aware"):
        clock.local(naive, "Asia/Shanghai")


def test_local_shows_the_clock_on_the_wall() -> None:
    assert clock.local(datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "Asia/Shanghai").date().year == 2027


def test_a_seed_repeats_chance_and_ends_with_its_block() -> None:
    with chance.seeded(7):
        first = (chance.token_bytes(16), chance.base32(8), chance.whole(1, 6), chance.fraction())
    with chance.seeded(7):
        assert first == (chance.token_bytes(16), chance.base32(8), chance.whole(1, 6), chance.fraction())
    assert chance.token_bytes(16) != chance.token_bytes(16)


def test_seed_none_returns_to_secrets() -> None:
    chance.seed(1)
    chance.seed(None)
    drawn = chance.token_bytes(16)
    with chance.seeded(1):
        assert chance.token_bytes(16) != drawn


def test_production_refuses_a_seed() -> None:
    with override_settings(PRODUCTION=True), pytest.raises(RuntimeError, match="guessable"):
        chance.seed(1)


def test_base32_uses_every_letter_and_no_other() -> None:
    with chance.seeded(3):
        drawn = Counter(chance.base32(32_000))
    assert set(drawn) == set(chance.BASE32)
    assert max(drawn.values()) < 1_200


def test_shuffle_sample_and_choice_stay_inside_the_options() -> None:
    options = list(range(20))
    chance.shuffle(options)
    assert sorted(options) == list(range(20))
    assert len(set(chance.sample(options, 5))) == 5
    assert chance.choice(options) in options
