"""The desk's tools by hand: a template put in and previewed, rows ticked by key, a long list narrowed by typing."""

import pytest

from onegrid.events import actions, queries
from onegrid.events.models import Event, Step
from onegrid.testing import matters as told
from tests.e2e.conftest import House, Open, sign_in

pytestmark = pytest.mark.browser
TEMPLATE = {
    "name_zh": "在路上", "name_en": "On the way", "words_zh": "{unit}的人【几点】到现场。", "verbs": ["tell"],
    "words_en": "{unit} is there at [time].",
}  # fmt: skip


def test_a_template_is_put_in_hinted_and_previewed_without_sending(house: House, open_page: Open) -> None:
    actions.keep_template(actor=house.county.dispatcher, given=TEMPLATE)
    queries.forget_reference()
    event = told.event_in("handling", house.county)
    page = open_page(size="desktop")
    sign_in(page, house, "handler")
    page.goto(f"{house.url}/desk/events/{event.number}/")
    page.locator("summary[data-verb=tell]").click()
    page.fill("#tell-words", "您好。")
    page.locator("#say details.offers summary").click()
    page.locator("#say [data-fill]").click()
    assert page.input_value("#tell-words") == "您好。\n综合行政执法局的人【几点】到现场。"
    assert page.evaluate("() => getSelection().toString()") == "【几点】"
    page.locator("#hints-tell .not-yet").first.wait_for()
    with page.context.expect_page() as opened:
        page.locator("#say [formaction]").click()
    preview = opened.value
    preview.wait_for_load_state()
    assert "综合行政执法局的人" in preview.content()
    assert preview.locator("main fieldset[disabled]").count() == 1
    assert not Step.objects.filter(verb="tell").exists()
    assert page.input_value("#tell-words").startswith("您好。")


@pytest.mark.parametrize("scripts", [True, False])
def test_rows_are_ticked_looked_at_and_told(house: House, open_page: Open, scripts: bool) -> None:
    for _one in range(2):
        told.event_in("handling", house.county)
    page = open_page(size="desktop", scripts=scripts)
    sign_in(page, house, "dispatcher")
    page.goto(f"{house.url}/desk/open/")
    assert not page.locator("#bulk").is_visible()
    for _one in range(2):
        if scripts:
            page.keyboard.press("j")
            page.keyboard.press("x")
    if not scripts:
        for box in page.locator(".pick input").all():
            box.check()
    page.select_option("#bulk-verb", "tell")
    page.locator("#bulk button.primary").click()
    page.fill("main textarea[name=words]", "明天停水检修")
    page.locator("main form button.primary").click()
    page.wait_for_selector("main [role=status]")
    assert Step.objects.filter(verb="tell").count() == 2
    page.goto(f"{house.url}/desk/bulk/do/")
    assert page.inner_text("h1") == "本页只在提交表单后出现"
    assert Step.objects.filter(verb="tell").count() == 2


def test_a_long_list_is_narrowed_by_typing(house: House, open_page: Open) -> None:
    event = told.event_in("reported", house.county)
    page = open_page(size="desktop")
    sign_in(page, house, "receiver")
    page.goto(f"{house.url}/desk/events/{event.number}/")
    page.keyboard.press("a")
    filter_ = page.locator("form[action$='/accept/'] .picker").first
    filter_.fill("燃气")
    chosen = page.locator("form[action$='/accept/'] select[name=other_category]")
    assert [one.strip() for one in chosen.locator("option").all_inner_texts() if one.strip()][-1] == "燃气隐患、泄漏"
    filter_.press("Enter")
    assert chosen.input_value() == told.GAS
    assert Event.objects.get().state == "reported"
    assert chosen.locator("option").count() > 4
    filter_.fill("路灯")
    filter_.fill("")
    assert chosen.input_value() == told.GAS


def test_without_scripts_the_list_is_a_plain_select(house: House, open_page: Open) -> None:
    page = open_page(size="desktop", scripts=False)
    sign_in(page, house, "receiver")
    page.goto(f"{house.url}/desk/new/")
    assert page.locator(".picker").count() == 0
    page.select_option("select[name=category]", told.GAS)
    assert page.input_value("select[name=category]") == told.GAS
