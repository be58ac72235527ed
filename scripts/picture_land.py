"""Pictures of the pages about land: my grid, the map, the wall, areas, what supervision shows. Needs WebGL."""

from collections.abc import Callable

from playwright.sync_api import Browser, Page

from scripts.picture_matters import PHONE, in_days, signed_in

Keep = Callable[[Page, str], None]
WIDE = (1200, 800)
DISPATCHER, LEADER, AREAS = "zhou.min", "tang.lin", "sys.luo"
TOWN = {"zh-hans": "城关街道", "en": "Chengguan"}
PLACE = {"zh-hans": "文峰小学", "en": "Wenfeng Primary School"}
HALL = {"zh-hans": "一楼大厅", "en": "Hall, ground floor"}
DIVIDE = {"zh-hans": ("文峰社区网格拆分", "住户过多"), "en": ("Split of a grid in Wenfeng", "Too many households")}
DRAWN = 12_000  # milliseconds a map without a graphics card takes


def land(browser: Browser, base: str, language: str, keep: Keep, password: str) -> None:
    my_grid(browser, base, language, keep)
    with signed_in(browser, base, language, DISPATCHER, password) as dispatcher:
        page = dispatcher.page("/map/", WIDE)
        page.wait_for_selector("#map[data-matters]", timeout=60_000)
        page.locator("#rows a.ev", has_text=TOWN[language]).first.click()
        page.wait_for_selector("#card article")
        page.wait_for_timeout(DRAWN)
        keep(page, "map")
    with signed_in(browser, base, language, LEADER, password) as leader:
        keep(leader.page("/supervise/roster/", WIDE), "roster")
        wall(browser, leader.page("/wall/links/", WIDE), language, keep)
    with signed_in(browser, base, language, AREAS, password) as areas:
        divide(areas.page("/settings/areas/new/", WIDE), language, keep)


def my_grid(browser: Browser, base: str, language: str, keep: Keep) -> None:
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]})
    context.add_cookies([{"name": "language", "value": language, "url": base}])
    page = context.new_page()
    page.goto(base + "/my-grid/")
    page.fill("#address", PLACE[language])
    page.press("#address", "Enter")
    page.wait_for_load_state()
    if not page.locator(".mygrid").count():
        page.locator("#look button[name=place]").first.click()
    page.wait_for_selector(".mygrid")
    keep(page, "my_grid")
    context.close()


def wall(browser: Browser, page: Page, language: str, keep: Keep) -> None:
    page.fill("input[name=name]", HALL[language])
    page.locator("form.card button.primary").click()
    link = page.locator("textarea.code").input_value()
    screen = browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]}, locale=language)
    screen.goto(link)
    screen.wait_for_timeout(4000)
    keep(screen, "wall")
    screen.close()


def divide(page: Page, language: str, keep: Keep) -> None:
    title, reason = DIVIDE[language]
    page.fill("input[name=title]", title)
    page.locator("form.card textarea").first.fill(reason)
    page.fill("input[type=date]", in_days(9))
    page.locator("form.card button.primary").click()
    page.wait_for_timeout(DRAWN)
    page.locator("a[href*='key=']").first.click()
    page.wait_for_timeout(DRAWN)
    keep(page, "areas")
