"""The public list by the stranger rule: what stands on it, what never does, and how it is asked for."""

import base64
import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from onegrid.events import actions, queries
from onegrid.events.models import Attachment, Category, Event
from onegrid.kit import clock
from onegrid.org.actions import MOST
from onegrid.org.roles import Actor
from onegrid.testing import matters as told
from onegrid.testing.cast import TOWNS, County

pytestmark = pytest.mark.django_db
NEXT = re.compile(r'href="(/open/\?[^"]*after=[^"]+)"')


@pytest.fixture
def matters(county: County) -> County:
    told.make_matters(county)
    return county


@pytest.fixture
def page() -> Client:
    """A phone that reads English."""
    client = Client()
    client.cookies["language"] = "en"
    return client


def listed(client: Client, query: str = "") -> str:
    answer = client.get("/open/" + query)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(text: str) -> list[str]:
    """The rows as a reader reads them, without marks."""
    found = re.search(r'<ul class="matters card">(.*?)\n    </ul>', text, re.S)
    items = re.findall(r"<li>(.*?)</li>", found[1], re.S) if found else []
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", item)).split()) for item in items]


def test_a_matter_is_a_leaf_a_village_a_week_and_a_state(matters: County, page: Client) -> None:
    with told.at():
        told.event_in("handling", matters)
        assert rows(listed(page)) == [
            "Street lamps, poles, cables Under way Chengguan · Dongmen · week of 12 October 2026"
        ]


@pytest.mark.parametrize(
    ("state", "said"),
    [("accepted", "Under way"), ("assigned", "Under way"), ("suspended", "Has to wait"), ("checking", "Under way"),
     ("rating", "Done"), ("closed", "Done")],
)  # fmt: skip
def test_states_are_told_in_three_words(matters: County, page: Client, state: str, said: str) -> None:
    told.event_in(state, matters)
    assert said in rows(listed(page))[0]


@pytest.mark.parametrize("state", ["reported", "waiting_reporter", "refused", "void"])
def test_what_nobody_decided_or_what_was_refused_is_not_listed(matters: County, page: Client, state: str) -> None:
    told.event_in(state, matters)
    assert rows(listed(page)) == []


def test_a_leaf_that_only_the_word_list_proposed_is_not_listed(matters: County, page: Client) -> None:
    event = told.event_in("handling", matters)
    Event.objects.filter(pk=event.pk).update(category_decided=False)
    assert rows(listed(page)) == []


def accepted(county: County, category: str, **given: Any) -> Event:
    said = told.reported(**given)
    return actions.take(actor=county.receiver, number=said.number, verb="accept", given={"category": category})


@pytest.mark.parametrize(
    "make",
    [lambda county: accepted(county, told.NEIGHBOURS), lambda county: accepted(county, told.GAS)],
    ids=["neighbours", "gas in a home"],
)
def test_a_matter_of_a_home_is_never_listed(matters: County, page: Client, make: Callable[[County], Event]) -> None:
    make(matters)
    assert rows(listed(page)) == []


def test_a_leaf_of_which_nobody_said_so_is_not_listed(matters: County, page: Client) -> None:
    told.event_in("handling", matters)
    Category.objects.filter(code=told.LAMP).update(listed=False)
    queries.forget_reference()
    assert rows(listed(page)) == []


def test_a_restricted_leaf_cannot_be_listed(matters: County) -> None:
    from django.db import IntegrityError

    with pytest.raises(IntegrityError, match="category_restricted_unlisted"):
        Category.objects.filter(code=told.VICE).update(listed=True)


def test_a_restricted_matter_is_never_listed(matters: County, page: Client) -> None:
    accepted(matters, told.VICE)
    event = told.event_in("handling", matters)
    Event.objects.filter(pk=event.pk).update(restricted=True, words="")
    assert rows(listed(page)) == []


def test_a_complaint_about_an_office_is_never_listed(matters: County, page: Client) -> None:
    accepted(matters, told.LAMP, about_office=True, about_unit="fire")
    assert rows(listed(page)) == []


def test_a_complaint_about_an_office_that_was_not_named_is_never_listed(matters: County, page: Client) -> None:
    accepted(matters, told.LAMP, about_office=True)
    assert rows(listed(page)) == []


def test_a_title_stands_there_only_while_a_person_stands_for_it(matters: County, page: Client) -> None:
    event = told.event_in("handling", matters)
    Event.objects.filter(pk=event.pk).update(title="东门巷路灯")
    assert "东门巷路灯" not in listed(page)
    actions.release_title(actor=matters.receiver, number=event.number, release=True)
    assert rows(listed(page))[0].startswith("东门巷路灯 Under way Street lamps, poles, cables ·")
    actions.release_title(actor=matters.receiver, number=event.number, release=False)
    assert "东门巷路灯" not in listed(page)


def test_a_photo_stands_there_only_after_its_release(matters: County, page: Client) -> None:
    from tests.e2e.stage import photo

    said = told.reported(pictures=[photo()])
    told.carry(said, "handling", matters)
    assert "/track/photos/" not in listed(page)
    kept = Attachment.objects.get()
    actions.release_photo(actor=matters.receiver, number=said.number, sha256=kept.sha256, release=True)
    found = re.search(r'src="(/track/photos/[^"]+)"', listed(page))
    assert found
    assert page.get(found[1]).status_code == 200


def test_town_kind_and_state_narrow_the_list(matters: County, page: Client) -> None:
    told.event_in("handling", matters)
    told.event_in("closed", matters)
    said = told.reported(lon=104.635, lat=28.705)
    actions.take(actor=matters.neighbour_receiver, number=said.number, verb="accept", given={"category": told.LANE})
    assert len(rows(listed(page))) == 3
    assert len(rows(listed(page, f"?area={TOWNS[1]}"))) == 1
    assert len(rows(listed(page, "?category=03"))) == 1
    assert len(rows(listed(page, f"?category={told.LAMP}&state=done"))) == 1
    assert len(rows(listed(page, f"?area={TOWNS[1]}&state=done"))) == 0


def test_what_is_in_no_list_of_the_form_narrows_nothing(matters: County, page: Client) -> None:
    told.event_in("handling", matters)
    for query in ("?area=511502001001001", "?category=010102", "?state=reported", "?area='--"):
        assert len(rows(listed(page, query))) == 1


def test_pages_follow_each_other_and_nothing_comes_twice(matters: County, page: Client) -> None:
    with told.at() as hand:
        for _number in range(queries.public.PAGE + 3):
            hand.on(days=1)
            accepted(matters, told.LAMP)
        first = listed(page)
        second = page.get(html.unescape(NEXT.search(first)[1])).content.decode()  # type: ignore[index]
    assert len(rows(first)) == queries.public.PAGE
    assert len(rows(second)) == 3
    assert not NEXT.search(second)


def test_a_cursor_cannot_be_read_nor_made(matters: County, page: Client) -> None:
    for _number in range(queries.public.PAGE + 1):
        accepted(matters, told.LAMP)
    after = unquote(html.unescape(NEXT.search(listed(page))[1]).split("after=")[1])  # type: ignore[index]
    plain = base64.urlsafe_b64decode(after + "=" * (-len(after) % 4))
    assert b"reported_at" not in plain
    assert str(clock.now().year).encode() not in plain
    made = base64.urlsafe_b64encode(b'[["reported_at","id"],["2026-01-01T00:00:00Z",1]]').decode()
    for wrong in (made, "x", after[:-4] + "AAAA"):
        assert page.get("/open/", {"after": wrong}).status_code == 404


def test_within_a_week_the_order_tells_nothing(matters: County, page: Client) -> None:
    with told.at() as hand:
        accepted(matters, told.LAMP)
        hand.on(hours=1)
        accepted(matters, told.LANE)
        hand.on(hours=1)
        accepted(matters, told.LAMP)
        leaves = [row.split(" Under way")[0] for row in rows(listed(page))]
    assert leaves == sorted(leaves)


def test_few_looks_per_address_and_hour(matters: County, page: Client) -> None:
    with told.at():
        for _look in range(MOST["open"]):
            assert page.get("/open/").status_code == 200
        refused = page.get("/open/")
        assert refused.status_code == 429
        assert 0 < int(refused.headers["Retry-After"]) <= 3600
        assert page.get("/open/", REMOTE_ADDR="10.9.8.7").status_code == 200


def test_the_list_is_not_kept_by_anybody(matters: County, page: Client) -> None:
    assert page.get("/open/").headers["Cache-Control"] == "no-store"
    assert b"/open/" in page.get("/robots.txt").content


def test_similar_matters_are_shown_by_the_same_rule(matters: County) -> None:
    def twins(category: str) -> list[Any]:
        return queries.similar_for_strangers(words=told.WORDS, category=category, lon=104.605, lat=28.705)

    told.reported(lon=104.605, lat=28.705)
    assert len(twins(told.LAMP)) == 1
    Event.objects.update(about_office=True)
    assert twins(told.LAMP) == []
    Event.objects.update(about_office=False)
    Category.objects.filter(code=told.LAMP).update(listed=False)
    queries.forget_reference()
    assert twins(told.LAMP) == []


def test_the_actor_of_strangers_has_no_rows_of_its_own() -> None:
    assert Actor.stranger().roles == frozenset()
