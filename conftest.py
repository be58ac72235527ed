"""Fixtures of every test: the county, each person of the cast by name, a browser per person."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from onegrid.kit import reference
from onegrid.org.roles import Actor
from onegrid.testing import cast

# Triggers that refuse TRUNCATE bear this ending; emptying the tables between tests needs them off.
NO_TRUNCATE = (
    "SELECT format('ALTER TABLE %I DISABLE TRIGGER %I', c.relname, t.tgname) FROM pg_trigger t "
    "JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname LIKE '%no_truncate'"
)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(NO_TRUNCATE)
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


@pytest.fixture(autouse=True, scope="session")
def no_call_leaves_this_machine() -> Iterator[None]:
    """A connection to anywhere but this machine fails the test that tries it."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(("127.", "localhost", "::1")):
            raise AssertionError(f"a test called out to {address[0]}")
        real(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def fresh_reference() -> Iterator[None]:
    """No test sees another one's reference data."""
    reference.clear_all()
    yield
    reference.clear_all()


@pytest.fixture
def county(db: None) -> cast.County:
    return cast.make_county()


@pytest.fixture
def browser_of() -> Callable[[Actor], Client]:
    return cast.client_of


@pytest.fixture
def stranger() -> Actor:
    return Actor.stranger()


@pytest.fixture
def resident() -> Actor:
    """Whoever holds the receipt of report 1; tests with a report of their own use Actor.reporter(its id)."""
    return Actor.reporter(1)


def person(name: str) -> Callable[[cast.County], Actor]:
    def found(county: cast.County) -> Actor:
        return county.people[name]

    return pytest.fixture(name=name)(found)


for name, *_rest in cast.PEOPLE:
    globals()[name] = person(name)
