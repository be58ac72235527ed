"""What every page sends beside its words: the policy, no caching of what is personal, nothing written in attributes."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, get_resolver

from onegrid.kit import codes
from onegrid.org.roles import Actor
from onegrid.testing import cast, matters
from onegrid.testing.cast import County, client_of
from tests.e2e.page import Page
from tests.e2e.pages import NO_PAGE, PAGES, PARTS
from tests.e2e.stage import Stage

pytestmark = pytest.mark.django_db
# What holds nothing of anybody: the first page, figures and fields, and the words for "not here" and "not for you".
NOT_PERSONAL, REFUSED = {"public:portal", "public:promises", "public:tasks"}, (403, 404)
IN_A_TAG = re.compile(r"<[a-z][^<>]*?\s(style|on[a-z]+)\s*=", re.IGNORECASE)
SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*\bnonce=)[^>]*>|<style(?![^>]*\bnonce=)[^>]*>|javascript:")


@pytest.fixture
def stage(county: County, settings: Any, tmp_path: Any) -> Stage:
    backend = "django.core.files.storage.FileSystemStorage"
    kept = {"BACKEND": backend, "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": kept}
    matters.make_matters(county)
    return Stage(county)


ROOMS = ("public", "org", "notices", "gazetteer", "events", "lead", "supervision", "territory", "insight", "wall")


def view_names() -> set[str]:
    """Every named address of the rooms that have pages; the API stands in a document of its own."""
    found = set()
    for part in get_resolver().url_patterns:
        for one in getattr(part, "url_patterns", []):
            if isinstance(one, URLPattern) and getattr(part, "app_name", "") in ROOMS:
                found.add(f"{part.app_name}:{one.name}")
    return found


def test_every_address_is_a_page_of_the_list_or_an_exception() -> None:
    listed = {page.name for page in (*PAGES, *PARTS)} - {""}
    assert listed & set(NO_PAGE) == set()
    assert view_names() == listed | set(NO_PAGE)


def answers(stage: Stage) -> list[tuple[Page, Any]]:
    return [(page, stage.answer(page, client_of(stage.person(page)))) for page in (*PAGES, *PARTS)]


def test_every_page_carries_the_policy_and_nothing_in_attributes(stage: Stage) -> None:
    wrong = [f"{page}: {fault}" for page, answer in answers(stage) for fault in faults(page, answer)]
    assert wrong == []


def faults(page: Page, answer: Any) -> list[str]:
    html, headers = answer.content.decode(), answer.headers
    nonce = re.search(r"script-src 'self' 'nonce-([\w-]{20,})'", headers["Content-Security-Policy"])
    public = page.name in NOT_PERSONAL or page.status in REFUSED
    said = {
        f"status {answer.status_code}": answer.status_code == page.status,
        "nonce": nonce is not None,
        "object-src, base-uri, frame-ancestors": all(
            f"{name} 'none'" in headers["Content-Security-Policy"]
            for name in ("object-src", "base-uri", "frame-ancestors")
        ),
        "workers from here only": "worker-src 'self';" in headers["Content-Security-Policy"],
        "no unsafe source": "unsafe" not in headers["Content-Security-Policy"],
        "nosniff": headers["X-Content-Type-Options"] == "nosniff",
        "Referrer-Policy": headers.get("Referrer-Policy") == "same-origin",
        "no-store": public or "no-store" in headers.get("Cache-Control", ""),
        f"attribute {IN_A_TAG.findall(html)}": not IN_A_TAG.search(html),
        "script or style without nonce": not SCRIPT.search(html),
        "Chinese as its language": headers["Content-Language"] == "zh-hans",
    }
    return [fault for fault, right in said.items() if not right]


def test_the_policy_names_the_host_of_the_base_map_and_no_other(client: Client, settings: Any) -> None:
    settings.MAP_HOSTS = ["https://tiles.example"]
    policy = dict(part.split(" ", 1) for part in client.get("/").headers["Content-Security-Policy"].split("; "))
    with_tiles = {name for name, sources in policy.items() if "https://tiles.example" in sources.split()}
    assert with_tiles == {"img-src", "connect-src"}


def test_each_answer_has_a_nonce_of_its_own(client: Client) -> None:
    assert len({client.get("/").headers["Content-Security-Policy"] for _ in range(5)}) == 5


def test_the_sign_in_page_is_never_stored(client: Client, db: None) -> None:
    assert client.get("/login/").headers["Cache-Control"] == "no-store"


def test_signing_out_clears_the_browser_and_kills_the_session(county: County) -> None:
    client = client_of(county.receiver)
    old = client.cookies[settings.SESSION_COOKIE_NAME].value
    answer = client.post("/logout/")
    assert '"storage"' in answer.headers["Clear-Site-Data"]
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = old
    assert stolen.get("/me/").headers["Location"].startswith("/login/")
    assert stolen.post("/desk/ticket/").status_code == 302


def test_signing_in_takes_a_fresh_session(county: County) -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "planted-by-somebody"
    answer = client.post("/login/", {"username": "receiver", "password": cast.PASSWORD})
    assert answer.status_code == 302
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != "planted-by-somebody"


def test_guessing_numbers_tells_an_outsider_nothing(stage: Stage) -> None:
    """200 numbers that do not exist and ten that do: one and the same answer."""
    client = client_of(stage.county.other_handler)
    real = [stage.places[state] for state in matters.WAYS]
    bodies = {told(client.get(f"/desk/events/{number}/")) for number in (*guesses(200), *real)}
    assert len(bodies) == 1
    assert next(iter(bodies))[0] == 404


def guesses(count: int) -> list[str]:
    return [codes.number(2026, cast.COUNTY) for _ in range(count)]


def told(answer: Any) -> tuple[int, str]:
    """The body without what differs for every answer and names no event: tokens, nonces, the address asked for."""
    tokens = r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|name="next" value="[^"]*"'
    return answer.status_code, re.sub(tokens, "", answer.content.decode())


@pytest.mark.parametrize("path", ["/track/", "/track/act/", "/track/receipt/", "/report/send/", "/open/mine/"])
def test_who_knocks_too_often_is_told_to_wait(
    path: str, stage: Stage, monkeypatch: pytest.MonkeyPatch, browser_of: Callable[[Actor], Client]
) -> None:
    monkeypatch.setattr("onegrid.org.actions.throttle.MOST", {"report": 0, "step": 0, "track": 0, "follow": 0})
    answer = Client().post(path, {"receipt": "x", "words": "路灯不亮", "idempotency_key": "k"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
