import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onegrid.kit import paging

pytestmark = pytest.mark.django_db
BY = ("expire_date", "session_key")
START = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def keys() -> list[str]:
    # Three rows share each moment, so that a page must break inside a tie.
    rows = [(START + timedelta(microseconds=place // 3), f"key{place:02}") for place in range(23)]
    Session.objects.bulk_create(Session(expire_date=moment, session_key=key) for moment, key in rows)
    return [key for _, key in rows]


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("size", [1, 4, 22, 23, 24])
def test_the_pages_together_are_all_rows_once_and_in_order(keys: list[str], size: int, newest_first: bool) -> None:
    seen: list[str] = []
    after: str | None = None
    while True:
        page = paging.page(Session.objects.all(), BY, after=after, size=size, newest_first=newest_first)
        seen += [row.session_key for row in page.rows]
        if page.following is None:
            break
        after = page.following
    assert seen == (keys[::-1] if newest_first else keys)


def test_a_page_is_one_statement_with_a_row_comparison(keys: list[str]) -> None:
    first = paging.page(Session.objects.all(), BY, size=4)
    with CaptureQueriesContext(connection) as captured:
        paging.page(Session.objects.all(), BY, after=first.following, size=4)
    assert len(captured) == 1
    assert '("django_session"."expire_date", "django_session"."session_key") >' in captured[0]["sql"]


def test_an_empty_list_has_one_empty_page() -> None:
    assert paging.page(Session.objects.all(), BY) == paging.Page([], None)


def made(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "wrong",
    [
        "x",
        "not a cursor",
        "李",
        "A" * 2000,
        made(7),
        made([list(BY)]),
        made([list(BY), "ab"]),
        made([list(BY), ["2026-11-21T00:00:00Z"]]),
        made([["id", "session_key"], ["2026-11-21T00:00:00Z", "a"]]),
        made([list(BY), ["2026-11-21T00:00:00", "a"]]),
        made([list(BY), ["tomorrow", "a"]]),
        made([list(BY), [7, "a"]]),
        made([list(BY), [True, "a"]]),
        made([list(BY), [None, "a"]]),
        made([list(BY), [["2026-11-21T00:00:00Z"], "a"]]),
        made([list(BY), ["2026-11-21T00:00:00Z", "a\x00b"]]),
        made([list(BY), ["2026-11-21T00:00:00Z", "a" * 99]]),
    ],
)
def test_a_wrong_cursor_is_refused_before_the_database_is_asked(wrong: str) -> None:
    with pytest.raises(paging.BadCursor):
        paging.page(Session.objects.all(), BY, after=wrong)


def test_a_row_with_an_empty_column_has_no_cursor() -> None:
    with pytest.raises(ValueError):
        paging.cursor(Session(session_key="a"), BY)
