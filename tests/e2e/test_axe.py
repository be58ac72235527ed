"""Every page of the list, in both languages, at a desk's and a phone's size: readable by everybody, and light."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Response
from playwright.sync_api import Page as Tab

from onegrid.testing.cast import client_of
from tests.e2e.conftest import AXE, SIZES, House, Open
from tests.e2e.page import Page
from tests.e2e.pages import PAGES, RESIDENTS
from tests.e2e.stage import Stage

pytestmark = pytest.mark.browser
NARROW = {"width": 360, "height": 740}
BUILT = Path(settings.BASE_DIR) / "onegrid" / "static" / "built"
REPORT_BYTES, ISLAND_BYTES = 150_000, 15_000
# A page with a map carries the library that draws it; with its worker it stays below 650 kB.
MAP_BYTES = 325_000
RUN_AXE = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const found = await axe.run(document, {runOnly: tags, resultTypes: ["violations"]});
  return found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.target} ${node.html.slice(0, 160)}`));
}"""
# Chinese words that are not the house's own: what people wrote, and the name of the other language, may stand in it.
FOREIGN = """() => {
  const chinese = /[\\u3400-\\u9fff]/, theirs = "[data-user], [lang^=zh], textarea, script, style";
  const users = [...document.querySelectorAll("[data-user]")].map(one => one.textContent.trim());
  const title = users.filter(Boolean).reduce((rest, words) => rest.replace(words, ""), document.title);
  const found = chinese.test(title) ? [`title: ${document.title}`] : [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    if (chinese.test(node.data) && !node.parentElement.closest(theirs)) {
      found.push(`${node.parentElement.outerHTML.slice(0, 120)}: ${node.data.trim()}`);
    }
  }
  for (const one of document.querySelectorAll("[aria-label], [title], [alt], [placeholder], [label]")) {
    for (const name of ["aria-label", "title", "alt", "placeholder", "label"]) {
      if (chinese.test(one.getAttribute(name) || "") && !one.closest(theirs)) found.push(`${name}: ${one.outerHTML}`);
    }
  }
  return found;
}"""
# What is folded away is looked at too; of the verbs' forms only one is open at a time for a reader.
UNFOLD = """() => document.querySelectorAll("details").forEach(one => { one.name = ""; one.open = true; })"""
# What a page asks for after it came is looked at when it is there: the card of the map, and what is near in it.
CAME = """() => {
  const found = [...document.querySelectorAll("[data-found]")];
  const asked = document.getElementById("card") && new URLSearchParams(location.search).has("event");
  return found.every(one => one.childElementCount) && (found.length > 0 || !asked);
}"""
PLANT = """() => document.querySelector("main").insertAdjacentHTML("beforeend",
  '<input id="planted"><h1>\u4e2d\u6587</h1><p><img alt="" width="10"><svg width="900" height="9"></svg></p>')"""
SEND = """([path, fields]) => {
  const form = Object.assign(document.createElement("form"), {method: "post", action: path});
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  for (const [name, value] of Object.entries({...fields, csrfmiddlewaretoken: token})) {
    form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
  }
  document.body.append(form);
  form.submit();
}"""


class Reader:
    """One browser that becomes one person after the other."""

    def __init__(self, context: BrowserContext, house: House, stage: Stage) -> None:
        self.context, self.house, self.stage, self.tab = context, house, stage, context.new_page()
        self.sessions: dict[str, str] = {}
        self.tab.set_default_timeout(15_000)

    def become(self, page: Page) -> None:
        self.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        if page.who == "stranger":
            return
        if page.who not in self.sessions:
            client = client_of(self.stage.person(page))
            self.sessions[page.who] = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": self.sessions[page.who], "url": self.house.url}
        self.context.add_cookies([cookie])  # type: ignore[list-item]

    def open(self, page: Page) -> int:
        """The page on the screen; the status it came with."""
        self.become(page)
        path, form = self.house.url + self.stage.path(page), self.stage.form(page)
        if not form:
            answer = self.tab.goto(path)
        else:
            self.tab.goto(f"{self.house.url}/track/")
            with self.tab.expect_navigation() as waited:
                self.tab.evaluate(SEND, [path, form])
            answer = waited.value
        return answer.status if answer else 0


@pytest.fixture
def stage(house: House, settings: Any, tmp_path: Path) -> Stage:
    backend = "django.core.files.storage.FileSystemStorage"
    kept = {"BACKEND": backend, "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": kept}
    settings.NOTICES_CHANNELS = [*settings.NOTICES_CHANNELS, "mail"]
    return Stage(house.county)


@pytest.fixture
def reader(browser: Browser, house: House, stage: Stage, language: str) -> Iterator[Reader]:
    # Scripts of the test enter past the policy of the page; test_headers.py proves the policy.
    context = browser.new_context(bypass_csp=True, reduced_motion="reduce")
    context.add_cookies([{"name": "language", "value": language, "url": house.url}])
    yield Reader(context, house, stage)
    context.close()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_for_everybody(reader: Reader, language: str) -> None:
    wrong = [f"{language} {page}: {fault}" for page in PAGES for fault in faults(reader, page, language)]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_residents_reads_well_in_large_letters(reader: Reader, house: House, language: str) -> None:
    reader.context.add_cookies([{"name": settings.SIZE_COOKIE_NAME, "value": "elder", "url": house.url}])
    wrong = [f"{language} {page}: {fault}" for page in RESIDENTS for fault in faults(reader, page, language)]
    assert not wrong, "\n" + "\n".join(wrong)


def faults(reader: Reader, page: Page, language: str) -> list[str]:
    reader.tab.set_viewport_size(SIZES["desktop"])  # type: ignore[arg-type]
    status = reader.open(page)
    found = [] if status == page.status else [f"status {status}"]
    reader.tab.wait_for_function(CAME)
    reader.tab.evaluate(UNFOLD)
    return found + seen(reader.tab, language)


def seen(tab: Tab, language: str) -> list[str]:
    """What is wrong with the page that is on the screen, at each size."""
    found = shape(tab, language)
    tab.add_script_tag(path=str(AXE))
    for size, view in SIZES.items():
        tab.set_viewport_size(view)  # type: ignore[arg-type]
        found += [f"{size} {one}" for one in tab.evaluate(RUN_AXE)]
    tab.set_viewport_size(NARROW)  # type: ignore[arg-type]
    wide = tab.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return found + ([f"scrolls sideways at 360 px: {wide[0]} px wide"] if wide[0] > wide[1] else [])


def shape(tab: Tab, language: str) -> list[str]:
    """One heading that is seen, a title, the language said; in English no Chinese of the house's own."""
    tongue = tab.evaluate("document.documentElement.lang")
    headings = tab.evaluate("[...document.querySelectorAll('h1')].filter(one => one.checkVisibility()).length")
    found = [] if tongue == language else [f"lang is {tongue}"]
    found += [] if headings == 1 else [f"{headings} h1"]
    found += [] if len(re.sub(r"[\s·]|OneGrid|一张网", "", tab.title())) > 1 else [f"title {tab.title()!r}"]
    return found + (tab.evaluate(FOREIGN) if language == "en" else [])


@pytest.mark.parametrize("language", ["en"])
def test_what_is_wrong_is_caught(reader: Reader, language: str) -> None:
    """The list of keys is right; then planted faults: an input without a name, Chinese, a second heading, too wide."""
    reader.open(Page("events:desk", "receiver", "/desk/"))
    reader.tab.evaluate("document.getElementById('help').showModal()")
    assert seen(reader.tab, language) == []
    reader.tab.set_viewport_size(SIZES["desktop"])  # type: ignore[arg-type]
    reader.open(PAGES[0])
    reader.tab.evaluate(PLANT)
    found = " ".join(seen(reader.tab, language))
    assert all(fault in found for fault in ("label: #planted", "中文", "2 h1", "scrolls sideways"))


def test_the_first_page_of_a_report_is_light(house: House, open_page: Open) -> None:
    tab, loaded = open_page(), list[Response]()
    tab.on("response", lambda answer: loaded.append(answer))
    tab.goto(f"{house.url}/report/", wait_until="networkidle")
    sizes = {answer.url: packed(answer.body()) for answer in loaded}
    assert any(url.endswith(".css") for url in sizes)
    assert any(url.endswith(".js") for url in sizes)
    assert sum(sizes.values()) <= REPORT_BYTES, sizes


@pytest.mark.parametrize("island", sorted(BUILT.glob("*/*.js")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_island_is_light(island: Path) -> None:
    assert packed(island.read_bytes()) <= (MAP_BYTES if island.parent.name == "map" else ISLAND_BYTES)


def packed(body: bytes) -> int:
    return len(gzip.compress(body, 6))
