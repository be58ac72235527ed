"""The straight life of one report and its honest ends, told step by step over real actions and PostgreSQL."""

from datetime import UTC, date, datetime, timedelta

import pytest

from onegrid.events import actions, queries
from onegrid.events.models import Assignment, Contact, Event
from onegrid.kit import reference
from onegrid.kit.workflow import NotAllowed
from onegrid.org import actions as org_actions
from onegrid.org.models import CalendarDay
from onegrid.org.roles import Actor
from onegrid.testing.cast import County
from onegrid.testing.matters import LAMP, VICE, at, carry, event_in, make_matters, reported

pytestmark = pytest.mark.django_db


@pytest.fixture
def matters(county: County) -> County:
    make_matters(county)
    return county


def who(said: actions.Reported) -> Actor:
    """Whoever holds the receipt."""
    return Actor.reporter(said.report.pk)


def states(event: Event) -> list[str]:
    return list(event.steps.order_by("n").values_list("to_state", flat=True))


def test_a_report_goes_its_whole_way_to_a_rated_end(matters: County) -> None:
    with at() as hand:
        said = reported(contact={"name": "王某", "phone": "13800001234"})
        assert said.event.state == "reported"
        assert said.event.area == "511502001001001"
        assert said.event.category == LAMP
        assert said.promised_by == hand.moment + timedelta(hours=2)  # two working hours, until noon
        event = carry(said, "rating", matters)
        assert event.promised_by is not None
        actions.take(
            actor=Actor.reporter(said.report.pk), number=said.number, verb="rate",
            given={"solved": True, "satisfied": "fair"},
        )  # fmt: skip
        event.refresh_from_db()
        assert event.state == "closed"
        assert event.solved is True
        assert event.holder_id is None
        assert states(event) == [
            "reported", "accepted", "assigned", "handling", "checking", "rating", "closed",
        ]  # fmt: skip
        assert [step.n for step in event.steps.all()] == list(range(1, 8))


def test_a_question_stops_the_accept_clock_and_the_answer_starts_it_again(matters: County) -> None:
    with at() as hand:
        said = reported()
        first = said.event.promised_by
        hand.on(minutes=30)
        carry(said, "waiting_reporter", matters)
        hand.on(hours=1)
        event = actions.take(
            actor=Actor.reporter(said.report.pk), number=said.number, verb="answer", given={"words": "第二根"}
        )
        assert event.state == "reported"
        assert first is not None
        assert event.promised_by == first + timedelta(hours=2, minutes=30)  # an hour later, and over noon


def test_a_refusal_is_reviewed_once_and_by_another_person(matters: County) -> None:
    said = reported()
    carry(said, "refused", matters)
    reporter = Actor.reporter(said.report.pk)
    event = actions.take(actor=reporter, number=said.number, verb="review", given={"words": "这是公家的灯"})
    assert event.state == "reported"
    with pytest.raises(NotAllowed, match=r"another person|另一位"):
        actions.take(actor=matters.receiver, number=said.number, verb="accept", given={"category": LAMP})
    actions.take(actor=matters.dispatcher, number=said.number, verb="accept", given={"category": LAMP})


def test_an_upheld_objection_makes_the_centre_accountable_at_that_instant(matters: County) -> None:
    event = event_in("assigned", matters)
    actions.ask_for(
        actor=matters.handler,
        number=event.number,
        kind="object",
        given={"reason": "not_ours", "words": "归供电所"},
    )
    event.refresh_from_db()
    assert event.state == "assigned"
    event = actions.decide(actor=matters.dispatcher, number=event.number, kind="object", grant=True)
    assert event.state == "accepted"
    assert event.accountable_id == matters.units["centre"].pk
    assert not Assignment.objects.filter(event=event, open=True).exists()


def test_an_extension_moves_the_promise_and_keeps_both(matters: County) -> None:
    event = event_in("handling", matters)
    before = event.promised_by
    actions.ask_for(actor=matters.handler, number=event.number, kind="extend", given={"reason": "weather", "days": "2"})
    event = actions.decide(actor=matters.dispatcher, number=event.number, kind="extend", grant=True)
    assert before is not None
    assert event.promised_by is not None
    assert event.promised_by > before
    with pytest.raises(NotAllowed):
        actions.ask_for(
            actor=matters.handler,
            number=event.number,
            kind="extend",
            given={"reason": "weather", "days": "2"},
        )


def test_a_suspension_stops_the_handle_clock_and_time_resumes_it(matters: County) -> None:
    with at() as hand:
        event = event_in("suspended", matters)
        assert event.promised_by is None
        hand.on(days=8)
        swept = actions.sweep()
        event.refresh_from_db()
        assert swept.resume == 1
        assert event.state == "handling"
        assert event.promised_by is not None


def test_the_check_sends_back_and_the_checker_is_another_person(matters: County) -> None:
    event = event_in("checking", matters)
    event = actions.take(actor=matters.checker, number=event.number, verb="redo", given={"reason": "第三盏还是黑的"})
    assert event.state == "handling"
    assert event.reworks == 1
    assert Assignment.objects.get(event=event, open=True).unit_id == matters.units["city"].pk


def test_not_solved_goes_back_once_with_seven_days(matters: County) -> None:
    said = reported()
    carry(said, "rating", matters)
    reporter = Actor.reporter(said.report.pk)
    event = actions.take(actor=reporter, number=said.number, verb="reopen", given={"words": "还是不亮"})
    assert event.state == "handling"
    assert event.promised_by is not None
    actions.take(actor=matters.handler, number=said.number, verb="resolve", given={"result": "换了线"})
    actions.take(actor=matters.checker, number=said.number, verb="pass_check")
    with pytest.raises(NotAllowed):
        actions.take(actor=reporter, number=said.number, verb="reopen", given={"words": "还是不亮"})


def test_silence_of_seven_days_closes_as_not_rated(matters: County) -> None:
    with at() as hand:
        event = event_in("rating", matters)
        hand.on(days=12)
        assert actions.sweep().close == 1
        event.refresh_from_db()
        assert event.state == "closed"
        assert event.solved is None
        assert event.satisfied == ""


def test_who_cannot_be_reached_is_not_waited_for(matters: County) -> None:
    said = reported(channel="import")
    event = carry(said, "rating", matters)
    assert event.state == "closed"
    assert event.solved is None


def test_a_void_is_asked_for_and_decided_by_the_leader(matters: County) -> None:
    event = event_in("accepted", matters)
    actions.ask_for(actor=matters.dispatcher, number=event.number, kind="void", given={"reason": "mistake"})
    with pytest.raises(NotAllowed):
        actions.decide(actor=matters.dispatcher, number=event.number, kind="void", grant=True)
    event = actions.decide(actor=matters.leader, number=event.number, kind="void", grant=True)
    assert event.state == "void"
    assert event.closed_at is not None


def test_a_voice_joins_and_is_taken_apart_again(matters: County) -> None:
    first = reported()
    second = actions.join(actor=Actor.stranger(), number=first.number, words="我们这边路灯也不亮")
    event = Event.objects.get(number=first.number)
    assert event.voices == 2
    assert second.number != first.number
    own = actions.part(actor=matters.receiver, number=first.number, voice=second.number)
    event.refresh_from_db()
    assert event.voices == 1
    assert own.number == second.number
    tracked = queries.track(second.receipt)
    assert tracked is not None
    assert tracked.event.pk == own.pk


def test_ten_seconds_to_take_a_step_back(matters: County) -> None:
    with at() as hand:
        event = event_in("accepted", matters)
        before = event.due_at
        actions.take(actor=matters.dispatcher, number=event.number, verb="dispatch", given={"unit": "city"})
        hand.on(seconds=9)
        event = actions.undo(actor=matters.dispatcher, number=event.number)
        assert event.state == "accepted"
        assert event.handler_id is None
        assert event.due_at == before
        assert not Assignment.objects.filter(event=event, open=True).exists()
        actions.take(actor=matters.dispatcher, number=event.number, verb="dispatch", given={"unit": "fire"})
        hand.on(seconds=11)
        with pytest.raises(NotAllowed):
            actions.undo(actor=matters.dispatcher, number=event.number)


def test_a_restricted_matter_lies_sealed_and_opens_when_a_person_decides(matters: County) -> None:
    said = reported("楼下麻将馆天天赌博")
    event = Event.objects.get(number=said.number)
    assert event.restricted
    assert event.category == VICE
    assert event.words == ""
    assert event.told() == "楼下麻将馆天天赌博"
    event = actions.take(actor=matters.receiver, number=said.number, verb="accept", given={"category": LAMP})
    assert not event.restricted
    assert event.words == "楼下麻将馆天天赌博"


def test_a_revealed_contact_is_shown_to_the_reporter(matters: County) -> None:
    said = reported(contact={"name": "王某", "phone": "13800001234"})
    sealed = bytes(Contact.objects.get(report=said.report).sealed)
    assert b"1380000" not in sealed
    shown = actions.reveal(actor=matters.receiver, number=said.number, voice=said.number, purpose="约时间上门看灯")
    assert shown.phone == "13800001234"
    tracked = queries.track(said.receipt)
    assert tracked is not None
    assert [look.purpose for look in tracked.looks] == ["约时间上门看灯"]
    carry(said, "handling", matters)
    with pytest.raises(NotAllowed):
        actions.reveal(actor=matters.handler, number=said.number, voice=said.number, purpose="想打电话")


def test_the_office_complained_about_never_sees_it(matters: County) -> None:
    said = reported("行政执法局的人态度恶劣", about_office=True, about_unit="city")
    carry(said, "accepted", matters)
    with pytest.raises(actions.NotGiven):
        actions.take(actor=matters.dispatcher, number=said.number, verb="dispatch", given={"unit": "city"})
    event = Event.objects.get(number=said.number)
    hit = queries.routing(event)
    assert hit is None or hit.unit_id != matters.units["city"].pk


def test_the_watchdog_finds_nothing(matters: County) -> None:
    for state in ("reported", "assigned", "handling", "suspended", "checking", "rating"):
        event_in(state, matters)
    assert queries.watchdog(Actor.system()) == []


def test_an_extension_adds_at_most_the_limit_itself(matters: County) -> None:
    event = event_in("handling", matters)
    with pytest.raises(actions.NotGiven):
        actions.ask_for(
            actor=matters.handler, number=event.number, kind="extend", given={"reason": "weather", "days": "4"}
        )


def test_a_published_calendar_moves_the_clock_and_never_the_promise_later(matters: County) -> None:
    with at(datetime(2027, 1, 13, 2, 0, tzinfo=UTC)):
        event = event_in("handling", matters)
        due, promised = event.due_at, event.promised_by
        rest = CalendarDay(date=date(2027, 1, 14), kind="rest", source="hand", name="停办公", provisional=False)
        org_actions.place_days(Actor.system(), days=[rest])
        reference.clear_all()
        assert actions.recompute_clocks() == 1
        event.refresh_from_db()
        assert due is not None
        assert event.due_at is not None
        assert event.due_at > due
        assert event.promised_by == promised


def test_a_number_that_exists_is_drawn_again(matters: County, monkeypatch: pytest.MonkeyPatch) -> None:
    first = reported()
    drawn = iter([first.number, "2026-511502-K7M4PX-3"])
    monkeypatch.setattr("onegrid.kit.codes.number", lambda year, county: next(drawn))
    assert reported().number == "2026-511502-K7M4PX-3"


def test_after_thirty_days_only_the_leader_reopens(matters: County) -> None:
    with at() as hand:
        said = reported()
        carry(said, "closed", matters)
        hand.on(days=31)
        with pytest.raises(NotAllowed):
            actions.take(actor=who(said), number=said.number, verb="reopen", given={"words": "坏了"})
        event = actions.take(actor=matters.leader, number=said.number, verb="reopen", given={"words": "又坏了"})
        assert event.state == "handling"


def test_a_review_comes_within_fifteen_days(matters: County) -> None:
    with at() as hand:
        said = reported()
        carry(said, "refused", matters)
        hand.on(days=16)
        with pytest.raises(NotAllowed):
            actions.take(actor=who(said), number=said.number, verb="review", given={"words": "不服"})


def test_an_objection_comes_within_one_working_day(matters: County) -> None:
    with at() as hand:
        event = event_in("assigned", matters)
        hand.on(days=2)
        with pytest.raises(NotAllowed):
            actions.ask_for(actor=matters.handler, number=event.number, kind="object", given={"reason": "not_ours"})


def test_the_search_follows_the_seal(matters: County) -> None:
    sealed = reported("楼下麻将馆天天赌博")
    assert queries.search(matters.receiver, "麻将馆").rows == []
    actions.take(actor=matters.receiver, number=sealed.number, verb="accept", given={"category": LAMP})
    assert [row.number for row in queries.search(matters.receiver, "麻将馆").rows] == [sealed.number]
    plain = reported("巷子里路灯不亮，有人聚在一起")
    assert [row.number for row in queries.search(matters.receiver, "聚在一起").rows] == [plain.number]
    actions.take(actor=matters.receiver, number=plain.number, verb="accept", given={"category": VICE})
    assert queries.search(matters.receiver, "聚在一起").rows == []
