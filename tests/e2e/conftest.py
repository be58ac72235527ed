"""A real browser against a real server: the county of the cast, the live process, two languages, two sizes.

No request may leave this machine and no page may write an error to the console.
"""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from onegrid.insight import actions as insight
from onegrid.testing import cast, matters
from onegrid.testing.cast import County

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in the thread of the tests
CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
]  # fmt: skip
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
AXE = Path(settings.BASE_DIR) / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@pytest.fixture
def house(transactional_db: None, live_server: Any, settings: Any) -> Iterator[Any]:
    """The server with the cast, and the live process beside it."""
    county = cast.make_county()
    matters.make_matters(county)
    insight.draw_outlines()
    port = free_port()
    settings.STREAM_URL = f"http://127.0.0.1:{port}/stream"
    settings.PUBLIC_URL = live_server.url
    process = start_live(port, live_server.url)
    made = House(live_server.url, county, port, process)
    yield made
    made.live.kill()
    made.live.wait()


class House:
    def __init__(self, url: str, county: County, port: int, live: "subprocess.Popen[bytes]") -> None:
        self.url, self.county, self.port, self.live = url, county, port, live

    def restart_live(self) -> None:
        self.live.kill()
        self.live.wait()
        self.live = start_live(self.port, self.url)


def start_live(port: int, public_url: str) -> "subprocess.Popen[bytes]":
    row = connections["default"].settings_dict
    url = f"postgresql://{row['USER']}:{row['PASSWORD']}@{row['HOST']}:{row['PORT']}/{row['NAME']}"
    environment = os.environ | {
        "DATABASE_URL": url, "ONEGRID_MODE": "test", "SECRET_KEY": settings.SECRET_KEY, "PUBLIC_URL": public_url,
        "STREAM_URL": f"http://127.0.0.1:{port}/stream",
    }  # fmt: skip
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "onegrid.live:application",
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment)
    for _try in range(100):
        with socket.socket() as door:
            if door.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.1)
    raise RuntimeError("the live process did not start")


@pytest.fixture
def open_page(browser: Browser, house: House) -> Iterator[Open]:
    """Open a page as one reader: language, size, with or without JavaScript; errors and outside calls fail the test."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def opened(*, language: str = "zh-hans", size: str = "phone", scripts: bool = True, width: int = 0) -> Page:
        view = dict(SIZES[size], **({"width": width} if width else {}))
        context = browser.new_context(viewport=view, java_script_enabled=scripts)  # type: ignore[arg-type]
        contexts.append(context)
        context.add_cookies([{"name": "language", "value": language, "url": house.url}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("request", lambda request: wrong.append(request.url) if outside(request.url) else None)
        page.on(
            "console", lambda said: wrong.append(said.text) if said.type == "error" and serious(said.text) else None
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def outside(url: str) -> bool:
    return not re.match(r"(http://(127\.0\.0\.1|localhost)[:/]|data:|blob:|about:)", url)


def serious(said: str) -> bool:
    """A status that a test asked for, or a stream that a test cut, is no fault of the page."""
    return not re.search(
        r"status of (4\d\d|503)|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_INCOMPLETE|net::ERR", said
    )


def sign_in(page: Page, house: House, name: str) -> None:
    page.goto(f"{house.url}/login/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", cast.PASSWORD)
    page.click("main button")
    page.wait_for_url("**/desk/**")


def fetch(url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> bytes:
    request = urllib.request.Request(url, data=body, headers=headers or {})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return bytes(answer.read())
