"""The description of the API is committed, served, and true."""

import json

from django.test import Client
from ninja import Schema

from onegrid.api import described
from onegrid.launch.places import PROJECT

COMMITTED = PROJECT / "openapi.json"


def test_the_committed_description_is_that_of_the_code() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == described(), "run: onegrid openapi --write"


def test_the_served_description_is_the_committed_one(client: Client) -> None:
    assert client.get("/api/v1/openapi.json").json() == json.loads(COMMITTED.read_text(encoding="utf-8"))


def test_no_two_schemas_bear_one_name() -> None:
    """The later one would stand for both in the description."""
    names = [one.__name__ for one in descendants(Schema) if one.__module__.startswith("onegrid.")]
    assert sorted(names) == sorted(set(names))


def descendants(parent: type) -> list[type]:
    own = parent.__subclasses__()
    return own + [one for child in own for one in descendants(child)]
