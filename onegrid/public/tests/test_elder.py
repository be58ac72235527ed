"""Large letters and fewer choices: a cookie, on every page of residents, and nothing typed is lost by switching."""

from typing import Any

import pytest
from django.test import Client

from onegrid.org.models import Unit
from onegrid.org.queries import forget_reference
from onegrid.testing import matters as told
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
LARGE = 'data-size="elder"'


@pytest.fixture
def matters(county: County) -> County:
    told.make_matters(county)
    return county


@pytest.fixture
def page() -> Client:
    client = Client()
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def elder(page: Client) -> Client:
    page.cookies["size"] = "elder"
    return page


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_switch_keeps_its_choice_and_leads_back(matters: County, page: Client) -> None:
    assert LARGE not in text(page.get("/"))
    answer = page.post("/size/", {"size": "elder", "next": "/open/?state=done"})
    assert answer.headers["Location"] == "/open/?state=done"
    assert LARGE in text(page.get("/"))
    page.post("/size/", {"size": "", "next": "/"})
    assert LARGE not in text(page.get("/"))


def test_the_switch_stays_on_this_site(page: Client) -> None:
    assert page.post("/size/", {"size": "elder", "next": "//elsewhere.example/"}).headers["Location"] == "/"


def test_an_unknown_size_is_the_usual_one(matters: County, page: Client) -> None:
    page.cookies["size"] = "huge"
    assert LARGE not in text(page.get("/"))


@pytest.mark.parametrize(
    "path", ["/", "/report/", "/track/", "/open/", "/open/follow/", "/open/mine/", "/promises/", "/promises/tasks/"]
)
def test_every_page_of_residents_has_it(matters: County, elder: Client, path: str) -> None:
    shown = text(elder.get(path))
    assert LARGE in shown
    assert "Usual letters" in shown


def test_the_desk_is_not_enlarged(matters: County, elder: Client) -> None:
    assert LARGE not in text(elder.get("/login/"))


def test_the_first_page_offers_few_things(matters: County, elder: Client) -> None:
    shown = text(elder.get("/"))
    assert shown.count('<a class="door') == 2
    assert "What happens then" not in shown
    assert 'href="tel:119"' in shown


def test_the_centre_is_called_where_its_phone_is_known(matters: County, elder: Client) -> None:
    assert "Say it by phone" not in text(elder.get("/"))
    Unit.objects.filter(code="centre").update(phone="0831-0000110")
    forget_reference()
    for path in ("/", "/report/", "/track/"):
        assert 'href="tel:08310000110"' in text(elder.get(path))


def test_switching_on_the_way_loses_nothing(matters: County, page: Client) -> None:
    given = {"page": "where", "words": told.WORDS, "address": "东门巷口", "size": "elder"}
    answer = page.post("/report/", given)
    assert answer.status_code == 200
    assert LARGE in text(answer)
    assert "Where is it?" in text(answer)
    assert 'value="东门巷口"' in text(answer)
    assert told.WORDS in text(answer)
    assert answer.cookies["size"].value == "elder"


def test_switching_before_anything_is_written_is_no_fault(matters: County, page: Client) -> None:
    answer = page.post("/report/", {"page": "what", "words": "", "size": "elder"})
    assert answer.status_code == 200
    assert 'role="alert"' not in text(answer)


def test_switching_on_the_track_page_shows_it_again(matters: County, page: Client) -> None:
    said = told.reported()
    answer = page.post("/track/", {"receipt": said.receipt, "size": "elder"})
    assert said.number in text(answer)
    assert LARGE in text(answer)


def test_switching_on_the_receipt_shows_it_again(matters: County, elder: Client) -> None:
    said = told.reported()
    answer = elder.post("/track/receipt/", {"receipt": said.receipt, "size": ""})
    assert said.receipt in text(answer)
    assert LARGE not in text(answer)


def test_the_kind_is_proposed_not_asked(matters: County, elder: Client) -> None:
    shown = text(elder.post("/report/", {"page": "what", "words": told.WORDS}))
    assert "<select" in shown
    assert 'id="category"' not in shown
    assert f'name="category" value="{told.LAMP}"' in shown
