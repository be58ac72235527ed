"""A kept connection is found dead before a request is lost on it, without a statement while it lives."""

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onegrid.kit.postgresql.base import spoke

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_living_connection_is_usable_and_nothing_is_asked() -> None:
    connection.ensure_connection()
    with CaptureQueriesContext(connection) as said:
        assert connection.is_usable()
    assert len(said) == 0
    assert connection.connection is not None
    assert not spoke(connection.connection.fileno())


def test_one_that_the_server_ended_is_replaced() -> None:
    connection.ensure_connection()
    assert connection.connection is not None
    number = connection.connection.info.backend_pid
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        other.execute("SELECT pg_terminate_backend(%s, 2000)", [number])
    assert not connection.is_usable()
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
