"""Take the pictures of the README from a running demo: `.venv/bin/python -m scripts.pictures http://127.0.0.1:8000`.

Needs Chromium and the demo's password (DEMO_PASSWORD, else read from var/secrets.env).
"""

import os
import re
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "pictures"
PHONE, DESKTOP = (390, 844), (1440, 900)
WORDS = {"zh-hans": "东门巷口三盏路灯不亮，晚上老人不敢出门", "en": "Three street lamps in Dongmen Lane are dark"}


def main(base: str) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        for language in WORDS:
            resident(browser, base, language)
            operator(browser, base, language)
        browser.close()


def opened(browser: Browser, base: str, language: str, size: tuple[int, int]) -> Page:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    context.add_cookies([{"name": "language", "value": language, "url": base}])
    return context.new_page()


def resident(browser: Browser, base: str, language: str) -> None:
    page = opened(browser, base, language, PHONE)
    page.goto(base + "/")
    keep(page, f"portal.{language[:2]}")
    page.goto(base + "/report/")
    page.fill("#words", WORDS[language])
    page.click("button.primary")
    page.fill("#address", "东门巷")
    page.select_option("#area", index=3)
    keep(page, f"report.{language[:2]}")
    page.click("button.primary")
    page.wait_for_load_state()
    if page.locator("input[name=ref]").count():
        page.click("button.primary")
    page.wait_for_selector("#photos")
    page.click("button.primary")
    receipt = page.inner_text("[data-receipt]")
    page.goto(f"{base}/track/#{receipt}")
    page.wait_for_selector("#clock")
    keep(page, f"track.{language[:2]}")


def operator(browser: Browser, base: str, language: str) -> None:
    page = opened(browser, base, language, DESKTOP)
    page.goto(base + "/login/")
    page.fill("input[name=username]", "wu.hao")
    page.fill("input[name=password]", password())
    page.click("main button")
    page.goto(base + "/desk/to_accept/")
    page.locator("a[href*='/desk/events/']").nth(4).click()
    page.wait_for_selector("form[action$='/accept/']", state="attached")
    page.wait_for_timeout(800)
    keep(page, f"desk.{language[:2]}")


def password() -> str:
    found = re.search(r"DEMO_PASSWORD=(\S+)", (ROOT / "var" / "secrets.env").read_text())
    return os.environ.get("DEMO_PASSWORD") or (found[1] if found else "")


def keep(page: Page, name: str) -> None:
    """A small PNG of 64 colours."""
    path = TARGET / f"{name}.png"
    page.screenshot(path=path)
    with Image.open(path) as taken:
        taken.convert("RGB").quantize(64).save(path, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
