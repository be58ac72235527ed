"""Take the pictures of README and guide: `python -m scripts.pictures http://127.0.0.1:8000 [PART …]`.

Parts: README, GUIDE, LAND, SUPERVISION. Needs a running demo whose day is over, Chromium, and the demo's password
(DEMO_PASSWORD, else read from the state folder, ONEGRID_VAR or var/). What is shown is told and moved on first; look at
every picture before it is kept.
"""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from scripts import picture_land, picture_supervision
from scripts.picture_matters import (
    GAS,
    LAMPS,
    MANHOLE,
    PHONE,
    POWER,
    TREE,
    WORDS,
    Person,
    Told,
    drawn_photo,
    in_days,
    receipt_of,
    signed_in,
)

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "pictures"
GUIDE = TARGET / "guide"
FLAGS = (
    "--no-sandbox", "--disable-background-networking", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
)  # fmt: skip
WIDEST, HEAVIEST = 1200, 120_000  # pixels, bytes
RECEIVER, LEADER, HANDLER = "wu.hao", "tang.lin", "lamps.1"
VILLAGE = "511502001002"


def main(base: str, *wanted: str) -> None:
    GUIDE.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        for language in WORDS:
            browser = play.chromium.launch(
                executable_path="/usr/bin/chromium",
                args=[*FLAGS, f"--lang={language}"],
            )
            for part in (readme, guide, land, supervision):
                if not wanted or part.__name__.upper() in wanted:
                    part(browser, base, language)
            browser.close()


def readme(browser: Browser, base: str, language: str) -> None:
    shots = Shots(TARGET, language)
    page = opened(browser, base, language)
    page.goto(base + "/")
    shots.keep(page, "portal")
    report(page, base, language, before_sending=lambda: shots.keep(page, "report"))
    page.goto(f"{base}/track/#{receipt_of(page)}")
    page.wait_for_selector("#clock")
    shots.keep(page, "track")
    page.context.close()
    with signed_in(browser, base, language, RECEIVER, password()) as receiver:
        page = receiver.page("/desk/to_accept/")
        page.locator("a.ev", has_text=WORDS[language]["lamp"][:12]).first.click()
        page.wait_for_selector("form[action$='/accept/']", state="attached")
        page.wait_for_timeout(800)
        shots.keep(page, "desk")


def guide(browser: Browser, base: str, language: str) -> None:
    shots = Shots(GUIDE, language)
    strangers(browser, base, language, shots)
    page = opened(browser, base, language)
    report(page, base, language)
    lamp = page.locator("section.receipt dd.code").first.inner_text().strip()
    receipt = receipt_of(page)
    with signed_in(browser, base, language, RECEIVER, password()) as receiver:
        again = Told(browser, base, language, "again", LAMPS)
        entry(receiver, shots)
        cover(receiver, shots, lamp)
        merge(receiver, shots, lamp, again.number)
        bulk(receiver, shots, browser)
        code = link(receiver, shots, browser)
        joint(browser, receiver, shots, lamp)
        leader(browser, receiver, shots)
    shots.keep(at(page, f"{base}/answer/#{code}", "#due"), "answer")
    page.goto(f"{base}/track/#{receipt}")
    page.locator("#solved").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#solved').closest('section').scrollIntoView({block: 'start'})")
    page.evaluate("window.scrollBy(0, -150)")
    shots.keep(page, "rate")
    page.context.close()


def land(browser: Browser, base: str, language: str) -> None:
    picture_land.land(browser, base, language, Shots(GUIDE, language).keep, password())


def supervision(browser: Browser, base: str, language: str) -> None:
    picture_supervision.supervision(browser, base, language, Shots(GUIDE, language).keep, password())


def opened(browser: Browser, base: str, language: str) -> Page:
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]})
    context.add_cookies([{"name": "language", "value": language, "url": base}])
    return context.new_page()


def at(page: Page, address: str, sign: str) -> Page:
    page.goto(address)
    page.wait_for_selector(sign)
    return page


def report(page: Page, base: str, language: str, before_sending: Callable[[], None] = lambda: None) -> None:
    """Three steps, and those between them where they come; a drawn photo goes with it."""
    page.goto(base + "/report/")
    page.fill("#words", WORDS[language]["lamp"])
    page.click("button.primary")
    page.fill("#address", WORDS[language]["place"])
    page.select_option("#area", VILLAGE)
    before_sending()
    # Which place, and whether it is the same matter, is asked where something like it is known.
    while not page.locator("#photos, input[name='answers.what']").count():
        asked = page.inner_text("h1")
        page.click("button.primary")
        page.wait_for_function("asked => document.querySelector('h1')?.innerText !== asked", arg=asked)
    if page.locator("input[name='answers.what']").count():
        page.locator("label:has(input[name='answers.what'][value=lamp])").click()
        page.click("button.primary")
    page.wait_for_selector("#photos")
    photo = {"name": "lane.jpg", "mimeType": "image/jpeg", "buffer": drawn_photo()}
    page.set_input_files("#photos", files=[photo])  # type: ignore[list-item]
    page.click("button.primary")
    page.wait_for_selector("[data-receipt]")


def strangers(browser: Browser, base: str, language: str, shots: "Shots") -> None:
    page = opened(browser, base, language)
    page.goto(base + "/open/")
    page.locator("details.narrow-by summary").click()
    shots.keep(page, "open")
    page.goto(base + "/")
    page.locator("header button.size").click()
    page.wait_for_selector("html[data-size=elder]")
    shots.keep(page, "elder")
    page.context.close()


def entry(receiver: Person, shots: "Shots") -> None:
    page = receiver.page("/desk/new/", (WIDEST, 960))
    page.locator("#words").press_sequentially(WORDS[receiver.language]["typed"], delay=10)
    page.select_option("#category", LAMPS)
    page.wait_for_selector("#further .question")
    page.wait_for_selector("#alike section")
    page.wait_for_timeout(1200)
    shots.keep(page, "entry")


def cover(receiver: Person, shots: "Shots", number: str) -> None:
    page = receiver.page(f"/desk/events/{number}/")
    page.locator("a[href$='/cover/']").first.click()
    page.wait_for_selector(".cover-stage img")
    box = page.locator(".cover-stage img").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.22 * box["width"], box["y"] + 0.79 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.35 * box["width"], box["y"] + 0.86 * box["height"], steps=6)
    page.mouse.up()
    page.wait_for_timeout(400)
    shots.keep(page, "cover")


def merge(receiver: Person, shots: "Shots", lamp: str, again: str) -> None:
    """Both are accepted, and one has not joined the other yet."""
    for number in (lamp, again):
        receiver.take(number, "accept", category=LAMPS, title=WORDS[receiver.language]["title"])
    page = receiver.page(f"/desk/events/{again}/")
    settled(page)
    page.locator("summary[data-verb=merge]").click()
    twins = page.locator("label:has(input[name=into])")
    named = page.locator(f"label:has(input[name=into][value='{lamp}'])")
    (named if named.count() else twins).first.click()
    shots.keep(page, "merge", page.locator("#event"), page.locator("form[action$='/merge/']"))
    receiver.take(again, "merge", into=lamp)


def bulk(receiver: Person, shots: "Shots", browser: Browser) -> None:
    """Three that can be sent on by the rules, and one that is not accepted yet."""
    told = [Told(browser, receiver.base, receiver.language, words, leaf, n) for n, (words, leaf) in enumerate(
        (("stall", "050102"), ("dirty", "050101"), ("tree", TREE), ("again", LAMPS)), start=3
    )]  # fmt: skip
    for one, leaf in zip(told, ("050102", "050101", TREE), strict=False):
        receiver.take(one.number, "accept", category=leaf)
    page = receiver.page("/desk/open/", (WIDEST, 620))
    page.evaluate(
        """numbers => { const form = document.querySelector('#bulk');
             form.querySelector('select').value = 'dispatch';
             for (const number of numbers) { const box = document.createElement('input');
               box.type = 'hidden'; box.name = 'number'; box.value = number; form.append(box); }
             form.submit(); }""",
        [one.number for one in told],
    )
    page.wait_for_selector("ul.bulk.out")
    shots.keep(page, "bulk")


def link(receiver: Person, shots: "Shots", browser: Browser) -> str:
    """A gardening firm without an account gets the broken branch; its code."""
    told = Told(browser, receiver.base, receiver.language, "tree", TREE, 8)
    receiver.take(told.number, "accept", category=TREE, title=WORDS[receiver.language]["branch"])
    receiver.take(told.number, "dispatch", unit="green-hands", words=WORDS[receiver.language]["cut"])
    page = receiver.page(f"/desk/events/{told.number}/", (WIDEST, 800))
    page.locator(".linkbox summary").click()
    page.locator(".linkbox button[value=make]").click()
    page.wait_for_selector("#receipt")
    shots.keep(page, "link")
    return receipt_of(page)


def joint(browser: Browser, receiver: Person, shots: "Shots", lamp: str) -> None:
    """The lamp office leads and the power company assists; then the reply, the check, and it is told."""
    words, language = WORDS[receiver.language], receiver.language
    receiver.take(lamp, "dispatch", unit="lamps", assisting=[POWER], words=words["ask_power"])
    with signed_in(browser, receiver.base, language, "power.1", password()) as helper:
        helper.take(lamp, "claim_part", part=POWER)
        with signed_in(browser, receiver.base, language, HANDLER, password()) as handler:
            handler.take(lamp, "claim")
            page = handler.page(f"/desk/events/{lamp}/")
            settled(page)
            shots.keep(page, "joint", page.locator("#event"), page.locator(".hands"))
            helper.take(lamp, "resolve_part", part=POWER, result=words["part"])
            reply(handler, shots, lamp)
            settings(handler, shots)
            handler.take(lamp, "resolve", result=words["done"])
    with signed_in(browser, receiver.base, language, "xiao.zhou", password()) as checker:
        checker.take(lamp, "pass_check")


def reply(handler: Person, shots: "Shots", lamp: str) -> None:
    page = handler.page(f"/desk/events/{lamp}/")
    page.locator("summary[data-verb=resolve]").click()
    page.locator("#resolve-result").press_sequentially(WORDS[handler.language]["done"], delay=5)
    page.locator("form[action$='/resolve/'] details.offers summary").click()
    page.wait_for_selector("#hints-resolve li")
    shots.keep(page, "reply", page.locator("#event"), page.locator("form[action$='/resolve/']"))


def settings(handler: Person, shots: "Shots") -> None:
    """Filled in, not kept."""
    page = handler.page("/me/notices/", (820, 1210))
    page.fill("#sms-address", "13800000001")
    for name in ("urgent_sms", "work_sms", "remind_mail"):
        page.check(f"input[name={name}]")
    page.fill("#mail-address", "lamps@example.org")
    page.fill("input[name=quiet_from]", "22:00")
    page.fill("input[name=quiet_until]", "07:00")
    shots.keep(page, "settings")


def leader(browser: Browser, receiver: Person, shots: "Shots") -> None:
    """A gas leak calls; a missing cover waits for the leader's yes to a suspension."""
    language, base = receiver.language, receiver.base
    manhole = Told(browser, base, language, "manhole", MANHOLE, 1)
    receiver.take(manhole.number, "accept", category=MANHOLE)
    receiver.take(manhole.number, "dispatch", unit="municipal")
    with signed_in(browser, base, language, "municipal.1", password()) as handler:
        handler.take(manhole.number, "claim")
        handler.take(
            manhole.number, "request", kind="suspend", reason="parts", review_on=in_days(9),
            words=WORDS[language]["wait"],
        )  # fmt: skip
    for name in ("liuxi.zhao", "shiqiao.du", LEADER):
        with signed_in(browser, base, language, name, password()) as called:
            acknowledge_all(called)
    with signed_in(browser, base, language, LEADER, password()) as boss:
        page = boss.page("/lead/", PHONE)
        button = page.locator("#calling article.call button")
        Told(browser, base, language, "gas", GAS, 2)
        while not button.count():
            page.wait_for_timeout(1000)
            page.reload()
        shots.keep(page, "lead")
        card = page.locator("#deciding article", has=page.locator(f"a[href*='{manhole.number}']"))
        card.locator("summary.primary").click()
        card.evaluate("one => one.scrollIntoView({block: 'start'})")
        page.evaluate("window.scrollBy(0, -90)")
        shots.keep(page, "decide")


def acknowledge_all(called: Person) -> None:
    """What the day left is in hand, so that one call is to be seen."""
    page = called.page("/lead/", PHONE)
    button = page.locator("#calling article.call button")
    while button.count():
        button.first.click()
        page.wait_for_load_state()


def settled(page: Page) -> None:
    """Without the bar that takes a step back within ten seconds."""
    if page.locator("#undo").count():
        page.wait_for_timeout(10_500)
        page.reload()


def password() -> str:
    folder = Path(os.environ.get("ONEGRID_VAR") or ROOT / "var")
    found = re.search(r"DEMO_PASSWORD=(\S+)", (folder / "secrets.env").read_text())
    return os.environ.get("DEMO_PASSWORD") or (found[1] if found else "")


class Shots:
    """Where the pictures of one language lie."""

    def __init__(self, folder: Path, language: str) -> None:
        self.folder, self.language = folder, language[:2]

    def keep(self, page: Page, name: str, frame: Locator | None = None, seen: Locator | None = None) -> None:
        """The window, or a part of it with something scrolled into sight."""
        if seen is not None:
            seen.evaluate("one => one.scrollIntoView({block: 'center'})")
        page.wait_for_timeout(500)
        path = self.folder / f"{name}.{self.language}.png"
        box = frame.bounding_box() if frame is not None else None
        page.screenshot(path=path, **({"clip": box} if box else {}))  # type: ignore[arg-type]
        shrink(path)


def shrink(path: Path) -> None:
    """At most so wide, and of as many colours as its weight allows."""
    with Image.open(path) as taken:
        picture = taken.convert("RGB")
    if picture.width > WIDEST:
        height = round(picture.height * WIDEST / picture.width)
        picture = picture.resize((WIDEST, height), Image.Resampling.LANCZOS)
    for colours in (128, 64, 48, 32, 24):
        picture.quantize(colours).save(path, optimize=True)
        if path.stat().st_size <= HEAVIEST:
            return


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000", *sys.argv[2:])
