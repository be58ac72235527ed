"""The windows through which the desk looks into this room."""

from typing import Any

import pytest

from onegrid.notices import actions as notices
from onegrid.testing import matters as told
from onegrid.testing.cast import County, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def matters(county: County) -> None:
    told.make_matters(county)


def test_the_desk_leads_to_what_one_owes(county: County) -> None:
    page = client_of(county.dispatcher).get("/desk/")
    assert 'hx-get="/supervise/owed/"' in page.content.decode()


def test_nobody_owes_anything_at_first(county: County) -> None:
    client = client_of(county.handler)
    assert client.get("/supervise/").context["owed"] == []
    assert client.get("/supervise/owed/").context["count"] == 0


def test_a_matter_of_another_town_has_no_panel(county: County) -> None:
    number = told.event_in("handling", county).number
    assert client_of(county.dispatcher).get(f"/supervise/events/{number}/").status_code == 200
    assert client_of(county.neighbour).get(f"/supervise/events/{number}/").status_code == 404


def test_the_panel_is_a_part_of_the_open_page(county: County) -> None:
    number = told.event_in("handling", county).number
    part = client_of(county.dispatcher).get(f"/supervise/events/{number}/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()


@pytest.mark.parametrize(("name", "owed", "beside"), [("leader", 14, 20), ("handler", 8, 14), ("worker", 4, 9)])
def test_the_windows_stay_cheap(
    county: County, name: str, owed: int, beside: int, django_assert_max_num_queries: Any
) -> None:
    number, client = told.event_in("handling", county).number, client_of(county.people[name])
    client.get("/supervise/owed/")
    with django_assert_max_num_queries(owed):
        client.get("/supervise/owed/")
    with django_assert_max_num_queries(beside):
        client.get(f"/supervise/events/{number}/", headers={"HX-Request": "true"})


@pytest.mark.parametrize(
    ("kind", "args", "page"),
    [
        ("rostered", {"due": "10-14 12:00"}, "/supervise/roster/"),
        ("swap_asked", {"due": "10-14 12:00"}, "/supervise/roster/"),
        ("gap_now", {"due": "10-14 12:00"}, "/supervise/roster/"),
        ("task_to_do", {"due": "10-14 12:00"}, "/supervise/tasks/"),
        ("meeting_called", {"due": "10-14 12:00"}, "/supervise/meetings/"),
        ("circular", {"what": "1"}, "/supervise/circulars/"),
        ("place_called", {"what": "整治", "due": "2026-11-13", "work": 7}, "/supervise/places/7/"),
        ("address_kept", {}, "/desk/messages/"),
    ],
)
def test_a_message_about_no_matter_leads_to_the_page_it_speaks_of(
    county: County, kind: str, args: dict[str, Any], page: str
) -> None:
    notices.send(kind=kind, dedupe="one", number="", args=args, to_posting=county.leader.posting_id)
    client = client_of(county.leader)
    (one,) = client.get("/desk/messages/").context["told"]
    answer = client.post(f"/desk/messages/{one.id}/", {"idempotency_key": "K1", "number": ""})
    assert answer.headers["Location"] == page
    read = client.get("/desk/messages/").content.decode()
    assert (f'<a href="{page}">{one.text}</a>' in read) == (kind != "address_kept")
