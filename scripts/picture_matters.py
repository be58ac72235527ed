"""What the pictures of the guide show: matters told and moved on through the same API and pages that people use."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

from PIL import Image, ImageDraw
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page

PHONE, DESKTOP = (390, 844), (1440, 900)
LAMPS, POWER, MANHOLE, TREE, GAS = "050202", "power", "050201", "050204", "030202"
# A lane of the made-up county, and how far the next voice stands from it.
EAST_GATE, STEP = (104.5990, 28.7955), 0.0004
# What people say, by language: the first two are one matter.
WORDS = {
    "zh-hans": {
        "lamp": "东门巷口三盏路灯不亮，晚上老人不敢出门",
        "again": "东门巷的路灯坏了，三盏都不亮，走路看不见",
        "manhole": "东门菜市场门口的井盖缺了一块，有人差点踩空",
        "gas": "东门巷小饭馆后面闻到很重的煤气味，像是漏气",
        "tree": "东门街的行道树枝断了，搭在人行道上",
        "stall": "东门街有流动摊贩占道摆摊，人行道走不通",
        "dirty": "东门巷垃圾桶满了没人清运，味道很臭",
        "place": "东门巷 12 号对面",
        "ask_power": "请停电半小时，配合更换线路",
        "part": "已停电并检查线路，三号杆接头老化，已更换。",
        "cut": "请把断枝锯下运走，不要压到路灯线",
        "wait": "新井盖需订制，已加围挡和警示灯",
        "done": "路灯所已更换三盏路灯，11 月 27 日晚 7 点试亮正常。",
        "title": "东门巷路灯不亮",
        "branch": "东门街行道树枝断落",
        "typed": "东门巷路灯还是不亮，第三天了",
    },
    "en": {
        "lamp": "Three street lamps in East Gate Lane are dark, old people are afraid to go out",
        "again": "The street lamps in East Gate Lane are broken, all three are dark",
        "manhole": "The manhole cover in front of East Gate Market is broken, somebody almost fell in",
        "gas": "A strong smell of gas behind the small restaurant in East Gate Lane, like a gas leak",
        "tree": "A branch of a tree in East Gate Street is broken and hangs over the pavement",
        "stall": "A street stall blocks the pavement of East Gate Street",
        "dirty": "The rubbish bins in East Gate Lane are full and nobody empties them",
        "place": "opposite 12 East Gate Lane",
        "ask_power": "Please switch the line off for half an hour while the lamps are changed",
        "part": "Switched off and checked; a joint at pole 3 was worn out and is changed.",
        "cut": "Please saw the branch off and take it away, clear of the lamp's cable",
        "wait": "The new cover is made to measure; fenced off, with a warning lamp",
        "done": "The lamp office replaced all three street lamps; tried at 19:00 on 27 November, they work.",
        "title": "Street lamps in East Gate Lane",
        "branch": "Broken branch in East Gate Street",
        "typed": "The street lamps in East Gate Lane are still dark, the third day",
    },
}


@dataclass
class Person:
    """Somebody of the staff, signed in: reads pages, and takes steps through the API with the same session."""

    context: BrowserContext
    base: str
    language: str
    csrf: str

    def page(self, path: str, size: tuple[int, int] = DESKTOP) -> Page:
        page = self.context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(self.base + path)
        return page

    def take(self, number: str, verb: str, part: str = "", **given: Any) -> None:
        """One step; `kind` and `grant` belong to what is asked for and decided."""
        beside = {name: given.pop(name) for name in ("kind", "grant") if name in given}
        door = f"/events/{number}/parts/{part}/steps" if part else f"/events/{number}/steps"
        self.send(door, {"verb": verb, "given": given, **beside})

    def send(self, door: str, body: dict[str, Any]) -> dict[str, Any]:
        head = {
            "X-CSRFToken": self.csrf,
            "Referer": self.base,
            "Idempotency-Key": uuid4().hex,
            "Accept-Language": self.language,
        }
        return read(self.context.request.post(f"{self.base}/api/v1{door}", data=body, headers=head))


def read(answer: APIResponse) -> dict[str, Any]:
    if not answer.ok:
        raise SystemExit(f"{answer.url}: {answer.status} {answer.text()[:400]}")
    found: dict[str, Any] = json.loads(answer.text())
    return found


@contextmanager
def signed_in(browser: Browser, base: str, language: str, name: str, password: str) -> Iterator[Person]:
    context = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
    context.add_cookies([{"name": "language", "value": language, "url": base}])
    page = context.new_page()
    page.goto(base + "/login/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", password)
    page.click("main form[action='/login/'] button")
    page.goto(base + "/me/")
    csrf = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    page.close()
    yield Person(context, base, language, csrf)
    context.close()


class Told:
    """A resident's report, by the API: its number and its receipt."""

    def __init__(self, browser: Browser, base: str, language: str, words: str, leaf: str, n: int = 0) -> None:
        context = browser.new_context()
        body = {
            "words": WORDS[language][words], "category": leaf, "address": WORDS[language]["place"],
            "longitude": EAST_GATE[0] + n * STEP, "latitude": EAST_GATE[1],
            "contact": {"name": "刘桂芳" if language != "en" else "Liu Guifang", "phone": "13800000000"},
        }  # fmt: skip
        head = {"Idempotency-Key": uuid4().hex, "Accept-Language": language}
        made = read(context.request.post(f"{base}/api/v1/public/reports", data=body, headers=head))
        self.number, self.receipt = made["number"], made["receipt"]
        context.close()


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def receipt_of(page: Page) -> str:
    """The code that a page shows once, in groups of four."""
    found = re.search(r"(?:[0-9A-Z]{4}[- ]){6}[0-9A-Z]{4}", page.inner_text("main"))
    if found is None:
        raise SystemExit("no code stands on the page")
    return found[0]


def drawn_photo() -> bytes:
    """A lane at dusk with a dark lamp and a parked car, drawn: no photo of a real place or plate."""
    picture = Image.new("RGB", (1200, 800))
    pen = ImageDraw.Draw(picture)
    for y in range(520):
        pen.line((0, y, 1200, y), fill=(38 + y // 9, 48 + y // 8, 84 + y // 10))
    pen.rectangle((0, 520, 1200, 800), fill=(66, 68, 74))
    pen.polygon([(0, 640), (1200, 580), (1200, 620), (0, 690)], fill=(92, 92, 94))
    for left, width, top in ((0, 240, 210), (260, 300, 270), (900, 300, 180)):
        pen.rectangle((left, top, left + width, 560), fill=(84, 80, 82))
        for x in range(left + 30, left + width - 50, 90):
            for y in range(top + 40, 500, 110):
                pen.rectangle((x, y, x + 44, y + 58), fill=(214, 186, 118) if (x + y) % 4 else (58, 60, 70))
    pen.rectangle((650, 130, 664, 650), fill=(40, 42, 46))
    pen.arc((650, 90, 790, 200), 180, 290, fill=(40, 42, 46), width=12)
    pen.ellipse((716, 84, 790, 116), fill=(58, 60, 62))
    pen.rounded_rectangle((120, 560, 560, 700), 40, fill=(150, 44, 40))
    pen.polygon([(200, 570), (260, 490), (440, 490), (500, 570)], fill=(120, 36, 34))
    pen.polygon([(222, 566), (268, 504), (344, 504), (344, 566)], fill=(150, 176, 196))
    pen.polygon([(360, 566), (360, 504), (432, 504), (478, 566)], fill=(150, 176, 196))
    for x in (190, 490):
        pen.ellipse((x - 46, 660, x + 46, 752), fill=(26, 26, 28))
        pen.ellipse((x - 20, 686, x + 20, 726), fill=(150, 150, 154))
    pen.rectangle((274, 640, 408, 680), fill=(30, 80, 170), outline=(240, 240, 240), width=3)
    pen.text((290, 645), "DEMO 0", fill=(250, 250, 250), font_size=30)
    raw = BytesIO()
    picture.save(raw, "JPEG", quality=88)
    return raw.getvalue()
