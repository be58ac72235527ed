"""How many statements a page of the desk may need, with warm reference data; two of them are the door's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onegrid.org.roles import Actor
from onegrid.testing.cast import County
from onegrid.testing.matters import LAMP, event_in, make_matters, reported

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
DOOR = 2


@pytest.fixture
def matters(county: County) -> County:
    make_matters(county)
    for _more in range(5):
        reported()
    return county


def statements(ask: Callable[[], Any]) -> list[str]:
    """The statements of the question, asked once more; savepoints move nothing and are not counted."""
    with CaptureQueriesContext(
        connection,
    ) as seen:
        ask()
    return [one["sql"][:160] for one in seen.captured_queries if "SAVEPOINT" not in one["sql"]]


def test_a_list_needs_few_statements(matters: County, browser_of: Browser) -> None:
    client = browser_of(matters.receiver)
    client.get("/desk/")
    found = statements(lambda: client.get("/desk/"))
    assert len(found) <= 8, found
    found = statements(lambda: client.get("/desk/open/?category=05", headers=PART))
    assert len(found) <= DOOR + 1, found


def test_an_event_needs_few_statements(matters: County, browser_of: Browser) -> None:
    event, client = event_in("handling", matters), browser_of(matters.dispatcher)
    address = f"/desk/events/{event.number}/"
    client.get(address)
    found = statements(lambda: client.get(address, headers=PART))
    assert len(found) <= 10, found
    found = statements(lambda: client.get(address))
    assert len(found) <= DOOR + 10, found


def test_a_step_needs_few_statements(matters: County, browser_of: Browser) -> None:
    event, client = event_in("reported", matters), browser_of(matters.receiver)
    client.get(f"/desk/events/{event.number}/")
    given = {"idempotency_key": "K1", "version": event.version, "category": LAMP}
    found = statements(lambda: client.post(f"/desk/events/{event.number}/accept/", given))
    assert len(found) <= 12, found
