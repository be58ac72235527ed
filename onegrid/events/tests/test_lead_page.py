"""The leader's page: calls first, then what waits for a decision, then what is late and why."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onegrid.events import actions, queries
from onegrid.events.models import Alert, Event, Request
from onegrid.events.tests.test_restricted_view import ask as ask_to_see
from onegrid.events.tests.test_restricted_view import sealed
from onegrid.kit import reference
from onegrid.org.roles import Actor
from onegrid.testing.cast import County
from onegrid.testing.matters import at, event_in, make_matters, reported

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
GRAVE = "楼道里有燃气味，怕是漏气"


@pytest.fixture
def matters(county: County) -> County:
    make_matters(county)
    return county


def call(words: str = GRAVE, **place: float) -> Event:
    event = reported(words, **place).event
    actions.raise_alert(event_id=event.pk, cause="report")
    return event


def ask(county: County, kind: str, event: Event | None = None) -> Event:
    """Something asked for by those who may: void by the receiver, the rest by the handler."""
    state = {"void": "accepted", "object": "assigned"}.get(kind, "handling")
    event = event or event_in(state, county)
    given: dict[str, dict[str, Any]] = {
        "void": {"reason": "mistake"},
        "object": {"reason": "not_ours"},
        "extend": {"reason": "weather", "days": 2},
    }
    asker = county.receiver if kind == "void" else county.handler
    actions.ask_for(actor=asker, number=event.number, kind=kind, given=given[kind])
    event.refresh_from_db()
    return event


def shown(browser_of: Browser, actor: Actor) -> str:
    answer = browser_of(actor).get("/lead/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def decide(client: Client, event: Event, kind: str, **given: Any) -> Any:
    form = {"idempotency_key": f"K{event.pk}", "version": event.version, "grant": "yes", **given}
    return client.post(f"/lead/decide/{event.number}/{kind}/", form)


def test_an_empty_page_says_that_nothing_waits(matters: County, browser_of: Browser) -> None:
    browser = browser_of(matters.leader)
    browser.cookies["language"] = "en"
    page = browser.get("/lead/").content.decode()
    assert "Nothing waits for you" in page
    assert "Nothing is open." in page
    reported()
    assert "What is open is within its time." in browser.get("/lead/").content.decode()


def test_a_call_is_acknowledged_in_one_tap(matters: County, browser_of: Browser) -> None:
    event = call()
    client = browser_of(matters.leader)
    assert f"/lead/acknowledge/{event.number}/" in client.get("/lead/").content.decode()
    answer = client.post(f"/lead/acknowledge/{event.number}/", {"idempotency_key": "K1"})
    assert answer.headers["Location"] == "/lead/"
    assert Alert.objects.get().acknowledged_by_id == matters.leader.posting_id
    assert f"/lead/acknowledge/{event.number}/" not in client.get("/lead/").content.decode()
    assert client.post(f"/lead/acknowledge/{event.number}/", {"idempotency_key": "K2"}).status_code == 409


def test_a_call_of_a_town_is_seen_by_the_county_and_answered_by_the_town(matters: County, browser_of: Browser) -> None:
    event = call(lon=104.635, lat=28.705)
    page = shown(browser_of, matters.leader)
    assert event.number in page
    assert f"/lead/acknowledge/{event.number}/" not in page


def test_only_what_no_dispatcher_may_decide_waits_for_the_leader(matters: County) -> None:
    with at() as hand:
        void, extend = ask(matters, "void"), ask(matters, "extend")
        asked = queries.asked(matters.leader)
        assert [one.event.number for one in asked.mine] == [void.number]
        assert asked.others == 1
        hand.on(days=2)
        actions.sweep()
        asked = queries.asked(matters.leader)
        assert {one.event.number for one in asked.mine} == {void.number, extend.number}
        assert asked.others == 0


def test_the_card_of_an_extension_says_what_would_be_promised(matters: County) -> None:
    with at() as hand:
        event = ask(matters, "extend")
        hand.on(days=2)
        actions.sweep()
        (waiting,) = queries.asked(matters.leader).mine
        assert waiting.promise is not None
        assert event.promised_by is not None
        assert waiting.promise > event.promised_by
        granted = actions.decide(actor=matters.leader, number=event.number, kind="extend", grant=True)
    assert granted.promised_by == waiting.promise


def test_nobody_decides_what_he_asked_for_himself(matters: County) -> None:
    event = ask(matters, "void")
    Request.objects.filter(event=event).update(asked_by=matters.leader.posting_id)
    assert queries.asked(matters.leader).mine == []


def test_the_duty_leader_sees_what_has_climbed_but_decides_nothing(matters: County, browser_of: Browser) -> None:
    with at() as hand:
        event = ask(matters, "void")
        hand.on(days=2)
        actions.sweep()
        asked = queries.asked(matters.duty_leader)
        assert (asked.mine, [one.event.number for one in asked.climbed]) == ([], [event.number])
        assert f"/lead/decide/{event.number}/" not in shown(browser_of, matters.duty_leader)


def test_it_is_granted_with_the_second_tap(matters: County, browser_of: Browser) -> None:
    event = ask(matters, "void")
    answer = decide(browser_of(matters.leader), event, "void")
    assert answer.headers["Location"] == "/lead/"
    assert Event.objects.get(pk=event.pk).state == "void"


def test_a_denial_asks_for_words_and_keeps_what_was_typed(matters: County, browser_of: Browser) -> None:
    event, client = ask(matters, "void"), browser_of(matters.leader)
    answer = decide(client, event, "void", grant="no", words=" ")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    stale = client.post(
        f"/lead/decide/{event.number}/void/",
        {"idempotency_key": "K9", "version": event.version - 1, "grant": "no", "words": "不是重复的"},
    )
    assert stale.status_code == 409
    assert "不是重复的" in stale.content.decode()
    decide(client, event, "void", grant="no", words="不是重复的")
    asked = Request.objects.get(event=event)
    assert (asked.decision, asked.decision_words) == ("denied", "不是重复的")


def test_late_matters_stand_by_unit_with_their_clock(matters: County, browser_of: Browser) -> None:
    with at() as hand:
        for _more in range(5):
            event_in("handling", matters)
        event_in("assigned", matters, words="东门巷路灯又不亮")
        waiting = reported("消防通道堵了")
        hand.on(days=30)
        late = queries.late(matters.leader)
        assert [(one.unit_id, one.count, len(one.rows)) for one in late] == [
            (matters.units["city"].pk, 6, 3),
            (matters.units["centre"].pk, 1, 1),
        ]
        assert late[1].rows[0].number == waiting.number
        moments = [row.due_at for row in late[0].rows]
        assert moments == sorted(moments, key=lambda one: one or hand.moment)
        page = shown(browser_of, matters.leader)
    assert "综合行政执法局" in page


def test_the_leader_of_a_department_sees_its_own(matters: County) -> None:
    with at() as hand:
        mine = event_in("handling", matters)
        reported("消防通道堵了")
        hand.on(days=30)
        assert [row.number for one in queries.late(matters.unit_leader) for row in one.rows] == [mine.number]


def test_a_sealed_matter_stands_there_without_its_words(matters: County, browser_of: Browser) -> None:
    event = call("楼下麻将馆天天赌博，还有燃气味")
    Event.objects.filter(pk=event.pk).update(level=2)
    actions.raise_alert(event_id=event.pk, cause="accept")
    event.refresh_from_db()
    assert event.restricted
    page = shown(browser_of, matters.leader)
    assert event.number in page
    assert "赌博" not in page
    assert event.number not in shown(browser_of, matters.unit_leader)


def test_the_page_needs_few_statements(matters: County, browser_of: Browser) -> None:
    """Two of them are the door's: the same number with one matter of each kind and with many."""
    client = browser_of(matters.leader)
    counts = []
    with at() as hand:
        for round_ in range(2):
            for _more in range(4):
                call()
                ask(matters, "void")
                ask(matters, "extend")
                event_in("handling", matters)
            hand.on(days=2)
            actions.sweep()
            for who in (matters.analyst, matters.auditor)[: round_ + 1]:
                ask_to_see(who, sealed(matters).number)
            reference.clear_all()
            assert len(client.get("/lead/").context["views"]) == (1, 3)[round_]
            with CaptureQueriesContext(connection) as seen:
                assert client.get("/lead/").status_code == 200
            counts.append(len([one for one in seen.captured_queries if "SAVEPOINT" not in one["sql"]]))
    assert counts[0] == counts[1] <= 2 + 6, [one["sql"][:150] for one in seen.captured_queries]


@pytest.mark.parametrize("name", ["receiver", "dispatcher", "checker", "handler", "auditor", "admin_system"])
def test_wrong_role(matters: County, browser_of: Browser, name: str) -> None:
    assert browser_of(matters.people[name]).get("/lead/").status_code == 403


def test_a_stranger_is_sent_to_sign_in() -> None:
    assert Client().get("/lead/").headers["Location"].startswith("/login/")
