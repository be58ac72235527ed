"""Words for reporters: templates by leaf and step, hints that never block, and a preview that writes nothing."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onegrid.events import actions, queries
from onegrid.events.models import Event, ReplyTemplate
from onegrid.events.rules import filling, hints
from onegrid.kit import clock
from onegrid.org.models import TrailEntry
from onegrid.org.roles import Actor
from onegrid.testing.cast import TOWNS, County
from onegrid.testing.matters import LAMP, WAYS, event_in, make_matters, reported

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
GIVEN = {
    "name_zh": "在路上", "name_en": "On the way", "words_zh": "{unit}已派人，{promised}前办完", "verbs": ["tell"],
    "words_en": "{unit} is on its way; done by {promised}",
}  # fmt: skip


@pytest.fixture
def matters(county: County) -> County:
    make_matters(county)
    return county


def test_a_template_is_kept_and_offered_filled_in(matters: County) -> None:
    actions.keep_template(actor=matters.dispatcher, given=GIVEN)
    event = event_in("handling", matters)
    (offer,) = queries.offers(matters.handler, event, "tell", "zh-hans")
    assert offer.text.startswith("综合行政执法局已派人，")
    assert "{" not in offer.text
    assert queries.offers(matters.handler, event, "tell", "en")[0].text.startswith("City Management Office is on")
    assert queries.offers(matters.handler, event, "resolve", "zh-hans") == []
    assert TrailEntry.objects.filter(verb="template_kept").count() == 1


def test_the_finest_leaf_and_place_come_first(matters: County) -> None:
    for code, leaf, area in (("all", "", ""), ("town", "", TOWNS[0]), ("lamp", LAMP, ""), ("fire", "03", "")):
        row = {**GIVEN, "words_zh": code, "words_en": code, "category": leaf, "code": code, "area": area}
        ReplyTemplate.objects.create(**row)
    queries.forget_reference()
    found = queries.offers(matters.handler, event_in("handling", matters), "tell", "zh-hans")
    assert [one.text for one in found] == ["lamp", "town", "all"]


def test_what_has_no_value_is_marked_for_its_writer(matters: County) -> None:
    assert "[" in filling.filled("{promised}", {}) or "【" in filling.filled("{promised}", {})
    assert filling.filled("{number.__class__} {number}", {"number": "N"}) == "{number.__class__} N"


def test_unknown_variables_and_empty_words_are_refused_by_name(matters: County) -> None:
    with pytest.raises(actions.NotGiven) as wrong:
        actions.keep_template(actor=matters.leader, given={**GIVEN, "words_zh": "{phone}", "words_en": "", "verbs": []})
    assert set(wrong.value.fields) == {"words_zh", "words_en", "verbs"}
    for words in ("{number!r}", "请写明您的政治面貌"):
        with pytest.raises(actions.NotGiven):
            actions.keep_template(actor=matters.leader, given={**GIVEN, "words_zh": words})


def test_a_town_keeps_its_own_words_and_not_the_countys(matters: County) -> None:
    county = actions.keep_template(actor=matters.dispatcher, given=GIVEN)
    own = actions.keep_template(actor=matters.neighbour, given=GIVEN)
    assert (county.area, own.area) == ("", TOWNS[1])
    for actor in (matters.neighbour, matters.unit_leader, matters.receiver):
        with pytest.raises(actions.NotAllowed):
            actions.keep_template(actor=actor, given=GIVEN, template_id=county.pk, version=1)


def test_a_stale_change_is_refused(matters: County) -> None:
    row = actions.keep_template(actor=matters.dispatcher, given=GIVEN)
    actions.keep_template(actor=matters.leader, given={**GIVEN, "active": False}, template_id=row.pk, version=1)
    with pytest.raises(actions.NotAllowed):
        actions.keep_template(actor=matters.dispatcher, given=GIVEN, template_id=row.pk, version=1)
    assert queries.offers(matters.handler, event_in("handling", matters), "tell", "zh-hans") == []


def test_the_templates_of_the_demo_load_twice_and_hold_only_known_variables(matters: County) -> None:
    rows = json.loads((Path(settings.BASE_DIR) / "demo" / "categories" / "templates.json").read_text())
    ReplyTemplate.objects.all().delete()
    for row in rows:
        row["category"] = ""  # the leaves of the tests are few
    assert actions.load_templates(templates=rows) == actions.load_templates(templates=rows) == len(rows)
    assert ReplyTemplate.objects.count() == len(rows)
    assert {verb for row in ReplyTemplate.objects.all() for verb in row.verbs} == set(actions.REPLY_VERBS)


def test_the_page_keeps_what_was_typed_when_it_is_wrong(matters: County, browser_of: Browser) -> None:
    client = browser_of(matters.dispatcher)
    given = {**GIVEN, "words_zh": "{nobody} 写的", "idempotency_key": "T1", "active": "yes"}
    answer = client.post("/desk/templates/", given)
    assert answer.status_code == 422
    assert "写的" in answer.text
    assert client.post("/desk/templates/", {**GIVEN, "idempotency_key": "T2"}).status_code == 303
    assert "在路上" in client.get("/desk/templates/").text
    assert browser_of(matters.handler).get("/desk/templates/").status_code == 403


def test_the_event_offers_them_where_the_reporter_will_read(matters: County, browser_of: Browser) -> None:
    actions.keep_template(actor=matters.dispatcher, given={**GIVEN, "verbs": ["resolve"]})
    event = event_in("handling", matters)
    page = browser_of(matters.handler).get(f"/desk/events/{event.number}/").text
    assert 'data-fill="resolve-result"' in page
    assert 'data-fill="tell-words"' not in page
    assert 'data-fill="note-words"' not in page


def codes(reply: str, verb: str = "tell", reported: str = "") -> dict[str, bool]:
    return {one.code: one.there for one in hints.hints(reply, verb=verb, reported=reported)}


def test_hints_ask_who_what_and_when() -> None:
    assert codes("收到") == {"who": False, "what": False, "when": False}
    assert codes("我们明天上午派人修复。") == {"who": True, "what": True, "when": True}
    assert codes("Our team will repair it on Monday.") == {"who": True, "what": True, "when": True}
    assert codes("") == {}


def test_hints_name_the_point_that_is_left_out() -> None:
    said = "东门巷三盏路灯不亮。另外井盖也破了！"
    found = hints.hints("路灯已由我局于10月16日换好。", verb="resolve", reported=said)
    (left,) = [one for one in found if one.code == "points"]
    assert not left.there
    assert "井盖也破了" in left.words
    whole = hints.hints("路灯和井盖都已由我局于10月16日换好。", verb="resolve", reported=said)
    assert [one.there for one in whole if one.code == "points"] == [True]


def test_hints_warn_of_numbers_of_people_and_of_blanks() -> None:
    assert codes("请打13800001234")["private"] is False
    assert codes("身份证11010519491231002X")["private"] is False
    assert codes("预计【时间】到")["blank"] is False
    assert "private" not in codes("编号 5115-0226-1013-8000 请打12345")
    assert "private" not in codes("事项2026-511502-13800000001-7")


def test_hints_never_block(matters: County, browser_of: Browser) -> None:
    event = event_in("handling", matters)
    given = {"idempotency_key": "H1", "version": event.version, "words": "好"}
    assert browser_of(matters.handler).post(f"/desk/events/{event.number}/tell/", given).status_code == 303


def test_hints_are_only_for_who_sees_the_event(matters: County, browser_of: Browser) -> None:
    event = event_in("handling", matters)
    address = f"/desk/events/{event.number}/hints/tell/"
    assert "not-yet" in browser_of(matters.handler).post(address, {"words": "收到"}).text
    assert browser_of(matters.neighbour).post(address, {"words": "收到"}).status_code == 404


def before(verb: str) -> str:
    return {"ask": "reported", "refuse": "reported", "finish_on_the_spot": "reported"}.get(verb, "handling")


DRAFTS: dict[str, dict[str, str]] = {
    "ask": {"words": "请问是哪一根？"}, "refuse": {"words": "请向法院起诉。", "reason": "court"},
    "tell": {"words": "明天上午修。"}, "resolve": {"result": "换了三个灯泡。"},
    "finish_on_the_spot": {"result": "电话里答复了。"},
    "extend": {"words": "下雨了。", "days": "2", "reason": "weather"},
    "suspend": {"words": "等电缆到货。", "reason": "parts"}, "void": {"words": "与另一件重复。", "reason": "mistake"},
}  # fmt: skip


@pytest.mark.parametrize("verb", list(DRAFTS))
def test_a_preview_shows_the_draft_and_writes_nothing(matters: County, browser_of: Browser, verb: str) -> None:
    event = event_in(before(verb), matters)
    client = browser_of(matters.dispatcher)
    client.get(f"/desk/events/{event.number}/")
    with CaptureQueriesContext(connection) as seen:
        page = client.post(f"/preview/{event.number}/{verb}/", DRAFTS[verb])
    assert page.status_code == 200
    assert next(iter(DRAFTS[verb].values())) in page.text
    assert [
        one["sql"] for one in seen.captured_queries if one["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")
    ] == []
    after = Event.objects.get(pk=event.pk)
    assert (after.version, after.state) == (event.version, event.state)


@pytest.mark.parametrize("verb", ["ask", "refuse", "tell"])
def test_a_preview_is_what_the_reporter_then_sees(matters: County, verb: str) -> None:
    said = reported()
    for step, actor, more in WAYS[before(verb)](matters, Actor.reporter(said.report.pk)):
        actions.take(actor=actor, number=said.number, verb=step, given=more)
    actor = matters.handler if verb == "tell" else matters.receiver
    seen = actions.preview(actor=actor, number=said.number, verb=verb, given=DRAFTS[verb])
    actions.take(actor=actor, number=said.number, verb=verb, given=dict(DRAFTS[verb]))
    real = queries.track(said.receipt)
    assert real is not None
    for name in ("state", "question", "result", "leaf", "can", "about"):
        assert getattr(seen, name) == getattr(real, name), name
    assert [(one.n, one.verb, one.words) for one in seen.steps] == [(one.n, one.verb, one.words) for one in real.steps]
    assert bool(seen.promised_by) == bool(real.promised_by)


@pytest.mark.parametrize("verb", ["extend", "suspend", "void"])
def test_the_words_of_who_asks_are_read_once_it_is_granted(matters: County, verb: str) -> None:
    """As the form says and the preview shows; who decides may say it in their own words instead."""
    said = reported()
    for step, actor, more in WAYS["handling"](matters, Actor.reporter(said.report.pk)):
        actions.take(actor=actor, number=said.number, verb=step, given=more)
    given: dict[str, Any] = dict(DRAFTS[verb])
    if verb == "suspend":
        given["review_on"] = (clock.local(clock.now()).date() + timedelta(days=7)).isoformat()
    asker = matters.receiver if verb == "void" else matters.handler
    seen = actions.preview(actor=asker, number=said.number, verb=verb, given=given)
    actions.ask_for(actor=asker, number=said.number, kind=verb, given=given)
    actions.decide(actor=matters.leader, number=said.number, kind=verb, grant=True)
    real = queries.track(said.receipt)
    assert real is not None
    assert real.steps[-1].words == seen.steps[-1].words == DRAFTS[verb]["words"]
    assert (seen.state, bool(seen.promised_by)) == (real.state, bool(real.promised_by))


def test_a_preview_is_hidden_from_the_neighbour_and_refused_in_the_wrong_state(
    matters: County, browser_of: Browser
) -> None:
    event = event_in("handling", matters)
    draft: Any = {"words": "请问？"}
    assert browser_of(matters.neighbour).post(f"/preview/{event.number}/tell/", draft).status_code == 404
    assert browser_of(matters.dispatcher).post(f"/preview/{event.number}/ask/", draft).status_code == 409
    assert browser_of(matters.dispatcher).post(f"/preview/{event.number}/note/", draft).status_code == 404
