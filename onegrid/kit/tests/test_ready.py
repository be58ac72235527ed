"""A question composed once answers as its queryset does."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onegrid.kit.ready import Ready
from onegrid.org.models import Posting, Token, Unit
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
THEN = datetime(2026, 1, 1, tzinfo=UTC)


def test_it_gives_the_rows_of_the_queryset_with_their_relations(county: County) -> None:
    def held(unit: int, name: str) -> Any:
        return Posting.objects.filter(unit=unit, user__username__gt=name).select_related("user", "unit").order_by("pk")

    ready = Ready(held, int, str)
    for unit in county.units.values():
        with CaptureQueriesContext(connection) as asked:
            rows = ready(unit.pk, "h")
            names = [(row.user.username, row.unit.code) for row in rows]
        assert len(asked) == 1
        assert rows == list(held(unit.pk, "h"))
        assert names == [(row.user.username, row.unit.code) for row in held(unit.pk, "h")]


def test_bytes_and_moments_are_values_too(county: County) -> None:
    posting = county.people["handler"].posting_id or 0
    token = Token.objects.create(posting_id=posting, hash=b"\x00\xff" * 16, name="one", expires_at=THEN)
    ready = Ready(lambda hash, at: Token.objects.filter(hash=hash, expires_at__gte=at), bytes, datetime)
    assert ready.first(b"\x00\xff" * 16, THEN) == token
    assert ready.first(b"\x00\xff" * 16, datetime(2026, 1, 2, tzinfo=UTC)) is None
    assert ready.first(b"\xff" * 32, THEN) is None


def test_a_queryset_without_rows_asks_nothing(county: County) -> None:
    ready = Ready(lambda code: Unit.objects.none().filter(code=code), str)
    with CaptureQueriesContext(connection) as asked:
        assert ready("city") == []
    assert len(asked) == 0


def test_a_value_that_does_not_come_out_as_it_went_in_is_refused(county: County) -> None:
    with pytest.raises(TypeError):
        Ready(lambda code: Unit.objects.filter(code__contains=code), str)("city")
