"""When its time is over a thing is gone: contacts first, words later; held matters wait, and a tombstone stays."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from onegrid.events import actions, queries
from onegrid.events.actions import erasing
from onegrid.events.models import Contact, Event, Hold, RetentionRule, Step, Suggestion, Tombstone
from onegrid.kit.workflow import NotAllowed
from onegrid.notices.models import Message
from onegrid.org.models import TrailEntry
from onegrid.org.roles import Actor
from onegrid.testing.cast import County, client_of
from onegrid.testing.matters import GAS, LAMP, Hand, at, carry, make_matters, reported

pytestmark = pytest.mark.django_db
CONTACT = {"name": "王某某", "phone": "13800001234"}


@pytest.fixture
def matters(county: County) -> County:
    make_matters(county)
    rule("contact", 100)
    rule("event", 1000)
    return county


def rule(kind: str, days: int, category: str = "") -> RetentionRule:
    return RetentionRule.objects.create(kind=kind, category=category, days=days, name_zh="期限", name_en="Time")


def ended(matters: County, state: str = "closed", **given: Any) -> Event:
    return carry(reported(contact=CONTACT, **given), state, matters)


def test_contacts_go_first_and_the_words_stay(matters: County) -> None:
    with at() as hand:
        event = ended(matters)
        hand.on(days=99)
        assert actions.retain() == actions.Retained(0, 0)
        hand.on(days=2)
        assert actions.retain() == actions.Retained(1, 0)
        assert actions.retain() == actions.Retained(0, 0)
    contact = Contact.objects.get()
    assert (bytes(contact.sealed), contact.phone_index, contact.masked) == (b"", None, "")
    assert contact.erased_at is not None
    event.refresh_from_db()
    assert event.words
    assert list(Tombstone.objects.values_list("number", "kind", "rule")) == [(event.number, "contact", "contact:all")]
    with pytest.raises(Contact.DoesNotExist):
        actions.reveal(actor=matters.receiver, number=event.number, voice=event.number, purpose="再问一次")


def test_the_words_go_later_everywhere(matters: County) -> None:
    with at() as hand:
        said = reported(contact=CONTACT)
        actions.reveal(actor=matters.receiver, number=said.number, voice=said.number, purpose="约王某某上门")
        event = carry(said, "closed", matters)
        for step in event.steps.all():
            actions.tell_people(event_id=event.pk, n=step.n)
        hand.on(days=1001)
        assert actions.retain() == actions.Retained(1, 1)
    event.refresh_from_db()
    assert event.erased_at is not None
    assert (event.told(), event.title, event.address, event.result, event.lon, event.c8) == ("", "", "", "", None, None)
    assert (event.state, event.category, event.level) == ("closed", LAMP, 4)
    voice = event.reports.get()
    assert (voice.told(), voice.lon, voice.note) == ("", None, "")
    assert {step.told() for step in event.steps.all()} == {""}
    assert Suggestion.objects.count() == 0
    assert [row.args for row in Message.objects.all()] == [{}] * Message.objects.count()
    assert TrailEntry.objects.get(verb="reveal").purpose == ""
    assert queries.search(matters.receiver, "路灯").rows == []
    kinds = {(one.kind, one.rule) for one in Tombstone.objects.all()}
    assert kinds == {("contact", "contact:all"), ("event", "event:all")}


def test_the_clocks_of_an_erased_matter_can_still_be_counted(matters: County) -> None:
    with at() as hand:
        event = ended(matters)
        before = queries.explanation(matters.dispatcher, event.number).clocks
        hand.on(days=1001)
        actions.retain()
        assert queries.explanation(matters.dispatcher, event.number).clocks == before


def test_the_finest_rule_has_the_say(matters: County) -> None:
    rule("event", 2000, LAMP[:2])
    with at() as hand:
        event = ended(matters)
        hand.on(days=1500)
        assert actions.retain().events == 0
        hand.on(days=501)
        assert actions.retain().events == 1
    assert Tombstone.objects.get(kind="event").rule == f"event:{LAMP[:2]}"
    assert Event.objects.get(pk=event.pk).erased_at is not None


def test_nothing_is_erased_while_it_is_open_or_without_a_rule(matters: County) -> None:
    with at() as hand:
        carry(reported(contact=CONTACT), "handling", matters)
        hand.on(days=4000)
        assert actions.retain() == actions.Retained(0, 0)
        ended(matters)
        RetentionRule.objects.update(active=False)
        hand.on(days=4000)
        assert actions.retain() == actions.Retained(0, 0)


@pytest.mark.parametrize("state", ["refused", "void", "archived"])
def test_every_end_counts(matters: County, state: str) -> None:
    with at() as hand:
        event = ended(matters, state)
        hand.on(days=1001)
        assert actions.retain().events == 1
    event.refresh_from_db()
    assert event.reason == {"refused": "court"}.get(state, "")
    assert list(queries.archived()) == []


def test_the_dry_run_names_what_the_run_takes(matters: County, capsys: pytest.CaptureFixture[str]) -> None:
    with at() as hand:
        event = ended(matters)
        hand.on(days=1001)
        call_command("retain", "--dry-run")
        assert Event.objects.get(pk=event.pk).erased_at is None
        told = capsys.readouterr().out
        assert f"event    {event.number} ended 2026-10-14 rule event:all" in told
        assert "1 contacts and 1 matters would be erased" in told
        call_command("retain")
        assert "1 contacts and 1 matters erased" in capsys.readouterr().out


def test_the_dry_run_keeps_to_what_its_reader_sees(matters: County) -> None:
    with at() as hand:
        ended(matters)
        carry(reported("楼下麻将馆天天赌博"), "void", matters)
        hand.on(days=1001)
        assert queries.foresight(matters.auditor).events == 1
        assert queries.foresight(matters.leader).events == 2
        assert queries.foresight(matters.neighbour).events == 0


def hold_for(matters: County, number: str, until: str = "2029-10-13") -> Hold:
    return actions.hold(actor=matters.leader, number=number, reason="诉讼需要", until=until)


def test_a_held_matter_waits_until_it_is_lifted(matters: County) -> None:
    with at() as hand:
        event = ended(matters)
        hold_for(matters, event.number)
        hand.on(days=1050)
        assert actions.retain() == actions.Retained(0, 0)
        actions.lift_hold(actor=matters.leader, number=event.number)
        assert actions.retain() == actions.Retained(1, 1)
    assert Hold.objects.get().reason == ""


def test_a_hold_ends_with_its_day(matters: County) -> None:
    with at() as hand:
        event = ended(matters)
        hold_for(matters, event.number, "2026-12-31")
        hand.on(days=101)
        assert actions.retain() == actions.Retained(1, 0)
        assert Event.objects.get(pk=event.pk).words


def test_the_database_refuses_to_erase_what_is_held(matters: County) -> None:
    with at():
        event = ended(matters)
        hold_for(matters, event.number)
        with pytest.raises(DatabaseError, match="is held"), transaction.atomic():
            erasing.mark(event)


@pytest.mark.parametrize("name", ["receiver", "dispatcher", "duty_leader", "auditor", "unit_leader"])
def test_another_role_holds_nothing(matters: County, name: str) -> None:
    event = ended(matters)
    with pytest.raises((NotAllowed, Event.DoesNotExist)):
        actions.hold(actor=matters.people[name], number=event.number, reason="诉讼", until="2030-01-01")


def test_the_neighbour_holds_nothing(matters: County) -> None:
    event = ended(matters)
    with pytest.raises(Event.DoesNotExist):
        actions.hold(actor=matters.neighbour, number=event.number, reason="诉讼", until="2030-01-01")


def test_a_hold_needs_a_reason_and_a_day_and_stands_once(matters: County) -> None:
    with at():
        event = ended(matters)
        for reason, until in (
            ("", "2027-01-01"),
            ("诉讼", "now"),
            ("诉讼", "2026-10-14"),
            ("诉讼", "2040-01-01"),
        ):
            with pytest.raises(actions.NotGiven):
                actions.hold(actor=matters.leader, number=event.number, reason=reason, until=until)
        with pytest.raises(NotAllowed):
            actions.lift_hold(actor=matters.leader, number=event.number)
        hold_for(matters, event.number)
        with pytest.raises(NotAllowed):
            hold_for(matters, event.number)


def erased(matters: County, hand: Hand) -> Event:
    event = ended(matters)
    hand.on(days=1001)
    actions.retain()
    return Event.objects.get(pk=event.pk)


def test_nothing_happens_any_more_to_what_is_erased(matters: County) -> None:
    with at() as hand:
        event = erased(matters, hand)
        for verb, actor in (("reopen", matters.leader), ("tell", matters.receiver), ("note", matters.receiver)):
            with pytest.raises(NotAllowed):
                actions.take(actor=actor, number=event.number, verb=verb, given={"words": "再看看"})
        with pytest.raises(NotAllowed):
            hold_for(matters, event.number, "2030-01-01")
        reporter = Actor.reporter(event.reports.get().pk)
        with pytest.raises(NotAllowed):
            actions.take(actor=reporter, number=event.number, verb="reopen", given={"words": "再看看"})


BEFORE = (
    "UPDATE events_step SET words = '' WHERE event_id = {id}",
    "UPDATE events_step SET words = '', words_sealed = NULL, facts = events_facts_kept(facts) WHERE event_id = {id}",
    "UPDATE events_step SET words = 'x' WHERE event_id = {id}",
    "UPDATE events_step SET facts = facts WHERE event_id = {id}",
    "DELETE FROM events_step WHERE event_id = {id}",
    "SELECT events_erase_history({id})",
    "SELECT set_config('onegrid.erasing', '{id}', true); "
    "UPDATE events_step SET words = '', words_sealed = NULL, facts = events_facts_kept(facts) WHERE event_id = {id}",
)
AFTER = (
    "UPDATE events_step SET words = 'x' WHERE event_id = {id}",
    "UPDATE events_step SET words = '' WHERE event_id = {id}",
    "DELETE FROM events_step WHERE event_id = {id}",
    "SELECT set_config('onegrid.erasing', '{id}', true); UPDATE events_step SET words = 'x' WHERE event_id = {id}",
    "SELECT set_config('onegrid.erasing', '{id}', true); UPDATE events_step SET at = now() WHERE event_id = {id}",
    "SELECT set_config('onegrid.erasing', '{id}', true); UPDATE events_step SET facts = '{{}}' WHERE event_id = {id}",
    "SELECT set_config('onegrid.erasing', '{id}', true); DELETE FROM events_step WHERE event_id = {id}",
    "UPDATE events_event SET erased_at = NULL WHERE id = {id}",
    "UPDATE events_event SET words = 'x' WHERE id = {id}",
    "UPDATE events_tombstone SET number = 'x'",
    "DELETE FROM events_tombstone",
    "UPDATE org_trailentry SET purpose = ''",
    "SELECT set_config('onegrid.forgetting', 'report', true); UPDATE org_trailentry SET who = 'x'",
)


def refused(statement: str, event: Event) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(id=event.pk))


@pytest.mark.parametrize("statement", BEFORE)
def test_the_history_of_a_living_matter_cannot_be_erased(matters: County, statement: str) -> None:
    event = ended(matters)
    refused(statement, event)
    assert Step.objects.filter(event=event, words="换了三个灯泡，都亮了。").exists()


@pytest.mark.parametrize("statement", AFTER)
def test_what_is_erased_cannot_be_written_anew(matters: County, statement: str) -> None:
    with at() as hand:
        said = reported(contact=CONTACT)
        actions.reveal(actor=matters.receiver, number=said.number, voice=said.number, purpose="约时间上门")
        event = carry(said, "closed", matters)
        hand.on(days=1001)
        actions.retain()
    refused(statement, event)


def test_another_event_keeps_its_history_while_one_is_erased(matters: County) -> None:
    with at() as hand:
        old = ended(matters)
        hand.on(days=900)
        young = ended(matters)
        hand.on(days=150)
        assert actions.retain().events == 1
    assert {step.told() for step in old.steps.all()} == {""}
    assert any(step.told() for step in young.steps.all())


def test_a_level_two_matter_is_kept_by_its_own_branch(matters: County) -> None:
    rule("contact", 31, GAS[:4])
    with at() as hand:
        event = ended(matters, "refused", words="楼道里有煤气味")
        hand.on(days=32)
        assert actions.retain().contacts == 1
    assert Tombstone.objects.get().number == event.number


def test_the_reporter_and_the_desk_are_told_that_it_is_gone(matters: County) -> None:
    with at() as hand:
        said = reported(contact=CONTACT)
        event = carry(said, "closed", matters)
        hand.on(days=1001)
        actions.retain()
        track = Client().post("/track/", {"receipt": said.receipt})
        assert track.status_code == 200
        assert "2029-07-11" in track.text
        desk = client_of(matters.leader)
        for page in ("", "keeping/", "explain/", "print/"):
            assert desk.get(f"/desk/events/{event.number}/{page}").status_code == 200, page
        assert "event:all" in desk.get(f"/desk/events/{event.number}/keeping/").text
        assert event.number in desk.get("/desk/keeping/").text


def test_the_leader_holds_and_lifts_on_the_page(matters: County) -> None:
    with at():
        event = ended(matters)
        desk, address = client_of(matters.leader), f"/desk/events/{event.number}/hold/"
        wrong = desk.post(address, {"idempotency_key": "H1", "reason": "诉讼需要", "until": "soon"})
        assert (wrong.status_code, "诉讼需要" in wrong.text) == (422, True)
        given = {"idempotency_key": "H2", "reason": "诉讼需要", "until": "2027-01-31"}
        assert desk.post(address, given).status_code == 303
        assert "2027-01-31" in desk.get("/desk/keeping/").text
        assert desk.post(address, given | {"idempotency_key": "H3"}).status_code == 409
        assert desk.post(f"{address}lift/", {"idempotency_key": "H4"}).status_code == 303
        assert desk.post(f"{address}lift/", {"idempotency_key": "H5"}).status_code == 409
