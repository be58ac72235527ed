"""A word that decides a plan stands in the statement; what could break out of it never does."""

import pytest

from onegrid.kit.literal import Literal, literal
from onegrid.org.models import Area

pytestmark = pytest.mark.django_db


def test_a_code_is_written_into_the_statement_and_finds_the_same_rows() -> None:
    Area.objects.create(code="519901", kind=Area.COUNTY, name_zh="县")
    rows = Area.objects.filter(code__gte=literal("519901"), code__lt=literal("519901:"))
    sql, params = rows.query.sql_with_params()
    assert "'519901'" in sql
    assert params == ()
    assert list(rows) == list(Area.objects.filter(code__gte="519901", code__lt="519901:"))


@pytest.mark.parametrize("word", ["", "5'; DROP TABLE x; --", "5%s", "五", "\\", "a" * 41, "5\n"])
def test_anything_else_is_sent_beside_the_statement(word: str) -> None:
    assert literal(word) == word
    assert not isinstance(literal(word), Literal)
    assert list(Area.objects.filter(code=literal(word))) == []
