"""Pictures of what a centre drives: an order and its reply, minutes, a circular."""

from collections.abc import Callable

from playwright.sync_api import Browser, Page

from scripts.picture_matters import MANHOLE, Person, Told, signed_in

Keep = Callable[[Page, str], None]
WIDE = (1200, 800)
RECEIVER, DISPATCHER, LEADER, HANDLER, UNIT = "wu.hao", "zhou.min", "tang.lin", "municipal.1", "municipal"
ASKED = {
    "zh-hans": "井盖缺失已两天，请先围挡，并说明何时换好。",
    "en": "The cover has been missing for two days: fence it off first, and say when it will be replaced.",
}
REPLY = {
    "zh-hans": "已设围挡和警示灯，每天巡看两次。新井盖周四到货，当天安装。",
    "en": "Fenced off with a warning lamp, looked at twice a day. The new cover is fitted on Thursday.",
}


def supervision(browser: Browser, base: str, language: str, keep: Keep, password: str) -> None:
    number = Told(browser, base, language, "manhole", MANHOLE, 12).number
    with signed_in(browser, base, language, RECEIVER, password) as receiver:
        receiver.take(number, "accept", category=MANHOLE)
        receiver.take(number, "dispatch", unit=UNIT)
    with signed_in(browser, base, language, DISPATCHER, password) as dispatcher:
        order(dispatcher, number, ASKED[language])
    with signed_in(browser, base, language, HANDLER, password) as handler:
        handler.take(number, "claim")
        reply(handler, number, keep)
    with signed_in(browser, base, language, LEADER, password) as leader:
        meeting = leader.page("/supervise/meetings/", WIDE)
        meeting.locator(".sheet a[href*='/meetings/']").last.click()
        meeting.wait_for_load_state()
        keep(meeting, "meeting")
        circular = leader.page("/supervise/circulars/", WIDE)
        circular.locator(".sheet a[href$='/circulars/1/']").first.click()
        circular.wait_for_load_state()
        keep(circular, "circular")


def order(dispatcher: Person, number: str, words: str) -> None:
    """Issued beside the matter, as the dispatcher's desk offers it."""
    page = dispatcher.page(f"/desk/events/{number}/")
    form = page.locator("form[action$='/order/']")
    page.locator("details.verbform", has=form).locator("summary").click()
    form.locator("input[name=step]:enabled").last.check()
    form.locator("textarea").fill(words)
    form.locator("button.primary").click()
    page.wait_for_load_state()


def reply(handler: Person, number: str, keep: Keep) -> None:
    """Filled in by the unit, not sent."""
    page = handler.page("/supervise/orders/", WIDE)
    page.locator(f".sheet a:has-text('{number}')").first.click()
    page.wait_for_load_state()
    page.locator("details.verbform[open] textarea").fill(REPLY[handler.language])
    keep(page, "order")
