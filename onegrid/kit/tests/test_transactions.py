"""A deed is one transaction alone, and a part of the open one within it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onegrid.kit.transactions import joined
from onegrid.org.models import Area


def write() -> None:
    Area.objects.create(code="519902", kind=Area.COUNTY, name_zh="县")


def write_and_fail() -> None:
    write()
    raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_alone_it_takes_everything_back() -> None:
    with pytest.raises(ZeroDivisionError):
        joined()(write_and_fail)()
    assert not Area.objects.filter(code="519902").exists()


@pytest.mark.django_db
def test_within_another_it_says_nothing_of_its_own() -> None:
    with CaptureQueriesContext(connection) as said:
        joined()(write)()
    assert [query["sql"][:6] for query in said] == ["INSERT"]
