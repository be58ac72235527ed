"""One message to many reporters: frozen words and audience, a second person above 500, nobody told twice."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from onegrid.events import actions, queries
from onegrid.events.models import Event, MassNotice, MassRow, Step
from onegrid.events.queries import Filters
from onegrid.events.rules.mass_life import LARGE, MASS
from onegrid.org.roles import Actor
from onegrid.reactions import REACTIONS
from onegrid.testing import cast
from onegrid.testing.cast import County
from onegrid.testing.matters import GAS, LAMP, event_in, make_matters, reported

pytestmark = pytest.mark.django_db
WORDS = "{place}：明天上午停水检修"
LEAF = "{leaf}：明天上午停水检修"


@pytest.fixture
def matters(county: County) -> County:
    make_matters(county)
    return county


def frozen(county: County, words: str = WORDS, **narrow: Any) -> MassNotice:
    return actions.freeze(actor=county.dispatcher, words=words, filters=Filters(**narrow))


def numbers(notice: MassNotice) -> set[str]:
    return set(notice.rows.values_list("number", flat=True))


def release(county: County, notice: MassNotice, by: str = "dispatcher") -> None:
    actions.move_mass(actor=county.people[by], notice_id=notice.pk, verb="release")


def test_words_and_audience_stand_fast_before_anybody_is_told(matters: County) -> None:
    first, second = event_in("handling", matters), reported().event
    notice = frozen(matters)
    later = reported("新来的一盏灯")
    assert numbers(notice) == {first.number, second.number}
    assert (notice.events, notice.receivers, notice.state) == (2, 2, "frozen")
    assert not Step.objects.filter(verb="tell").exists()
    release(matters, notice)
    assert not actions.send_some(notice_id=notice.pk)
    assert set(Step.objects.filter(verb="tell").values_list("event__number", flat=True)) == numbers(notice)
    assert later.number not in numbers(notice)
    notice.refresh_from_db()
    assert notice.state == "sent"


def test_each_reporter_reads_the_words_of_their_own_event(matters: County) -> None:
    said = event_in("handling", matters)
    notice = frozen(matters, words=LEAF)
    release(matters, notice)
    actions.send_some(notice_id=notice.pk)
    assert Step.objects.get(event=said, verb="tell").words == "路灯、电杆、线缆：明天上午停水检修"


def test_it_is_narrowed_by_place_leaf_and_state(matters: County) -> None:
    lamp, gas = event_in("handling", matters), reported("煤气漏气").event
    assert numbers(frozen(matters, category=LAMP)) == {lamp.number}
    assert numbers(frozen(matters, category=GAS)) == {gas.number}
    assert numbers(frozen(matters, state="handling")) == {lamp.number}
    assert numbers(frozen(matters, area=cast.TOWNS[0])) == {lamp.number, gas.number}
    with pytest.raises(actions.NotGiven) as nobody:
        frozen(matters, area=cast.TOWNS[2])
    assert set(nobody.value.fields) == {"audience"}


def test_a_sealed_matter_is_never_among_them_also_when_it_is_sealed_later(matters: County) -> None:
    plain, sealed = reported().event, reported("楼下麻将馆天天赌博").event
    assert sealed.restricted
    notice = frozen(matters)
    assert numbers(notice) == {plain.number}
    Event.objects.filter(pk=plain.pk).update(restricted=True, words="", title="")
    release(matters, notice)
    actions.send_some(notice_id=notice.pk)
    assert notice.rows.get().why == "sealed"
    assert not Step.objects.filter(verb="tell").exists()


def test_above_500_receivers_a_second_person_releases_it(matters: County) -> None:
    reported()
    notice = frozen(matters)
    MassNotice.objects.update(receivers=LARGE + 1)
    with pytest.raises(actions.NotAllowed):
        release(matters, notice)
    release(matters, notice, by="leader")
    notice.refresh_from_db()
    assert (notice.state, notice.released_by_id) == ("sending", matters.leader.posting_id)


def test_500_receivers_are_released_by_their_writer(matters: County) -> None:
    reported()
    notice = frozen(matters)
    MassNotice.objects.update(receivers=LARGE)
    release(matters, notice)


def test_who_is_of_another_role_or_centre_does_not_write_or_release_it(matters: County) -> None:
    reported()
    notice = frozen(matters)
    for name in ("receiver", "leader", "handler"):
        with pytest.raises(actions.NotAllowed):
            actions.freeze(actor=matters.people[name], words=WORDS, filters=Filters())
    with pytest.raises(actions.NotAllowed):
        actions.move_mass(actor=matters.checker, notice_id=notice.pk, verb="release")
    for name in ("neighbour", "unit_leader"):
        with pytest.raises(MassNotice.DoesNotExist):
            actions.move_mass(actor=matters.people[name], notice_id=notice.pk, verb="release")


def test_it_is_released_once_and_not_after_it_was_withdrawn(matters: County) -> None:
    reported()
    notice = frozen(matters)
    release(matters, notice)
    with pytest.raises(actions.NotAllowed):
        release(matters, notice)
    other = frozen(matters)
    actions.move_mass(actor=matters.leader, notice_id=other.pk, verb="withdraw")
    with pytest.raises(actions.NotAllowed):
        release(matters, other)


def test_a_worker_that_comes_twice_tells_nobody_twice(matters: County, monkeypatch: pytest.MonkeyPatch) -> None:
    for _one in range(3):
        reported()
    notice = frozen(matters)
    release(matters, notice)
    monkeypatch.setattr("onegrid.events.actions.mass.AT_ONCE", 2)
    assert actions.send_some(notice_id=notice.pk)
    assert not actions.send_some(notice_id=notice.pk)
    assert not actions.send_some(notice_id=notice.pk)
    assert Step.objects.filter(verb="tell").count() == 3


def test_a_stop_tells_no_more_of_them(matters: County, monkeypatch: pytest.MonkeyPatch) -> None:
    for _one in range(3):
        reported()
    notice = frozen(matters)
    release(matters, notice)
    monkeypatch.setattr("onegrid.events.actions.mass.AT_ONCE", 1)
    actions.send_some(notice_id=notice.pk)
    actions.move_mass(actor=matters.leader, notice_id=notice.pk, verb="withdraw")
    assert not actions.send_some(notice_id=notice.pk)
    assert Step.objects.filter(verb="tell").count() == 1
    notice.refresh_from_db()
    assert notice.state == "withdrawn"


def test_what_ended_meanwhile_is_left_out_with_its_reason(matters: County) -> None:
    said = reported()
    notice = frozen(matters)
    actions.take(actor=Actor.reporter(said.report.pk), number=said.number, verb="withdraw")
    release(matters, notice)
    actions.send_some(notice_id=notice.pk)
    row = MassRow.objects.get()
    assert (row.state, row.why) == ("skipped", "not_now")


def test_bad_words_are_refused_by_name(matters: County) -> None:
    reported()
    for words in (" ", "{phone}", "请写明您的政治面貌"):
        with pytest.raises(actions.NotGiven) as wrong:
            frozen(matters, words=words)
        assert "words" in wrong.value.fields


def test_nothing_goes_out_with_a_hole_in_it(matters: County) -> None:
    """A variable without a value, or brackets left from a template, would be read by everybody."""
    said = reported()
    for words in ("{leaf}：明天停水", "明天【几点】停水"):
        with pytest.raises(actions.NotGiven) as wrong:
            frozen(matters, words=words)
        assert set(wrong.value.fields) == {"words"}
    actions.take(actor=matters.receiver, number=said.number, verb="accept", given={"category": LAMP})
    notice = frozen(matters, words=LEAF)
    actions.undo(actor=matters.receiver, number=said.number)
    release(matters, notice)
    actions.send_some(notice_id=notice.pk)
    assert MassRow.objects.get().why == "blank"
    assert not Step.objects.filter(verb="tell").exists()


def test_a_release_enqueues_its_sending(matters: County) -> None:
    assert REACTIONS["events.mass_released"] == ("events.tasks.send_mass",)
    reported()
    release(matters, frozen(matters))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'events.tasks.send_mass'")
        assert cursor.fetchone()[0] == 1


def test_every_state_of_its_life_has_a_name_and_a_way_on() -> None:
    assert set(MASS.states()) == set(MASS.labels)
    assert {state for step in MASS.steps for state in step.sources} | set(MASS.final) == set(MASS.states())


def test_the_pages_freeze_show_and_release(matters: County, browser_of: Any) -> None:
    event_in("handling", matters)
    client: Client = browser_of(matters.dispatcher)
    answer = client.post("/desk/mass/new/", {"words": LEAF, "idempotency_key": "M1"})
    address = answer.headers["Location"]
    again = client.post("/desk/mass/new/", {"words": LEAF, "idempotency_key": "M1"})
    assert again.headers["Location"] == address
    assert MassNotice.objects.count() == 1
    page = client.get(address)
    assert "路灯、电杆、线缆：明天上午停水检修" in page.text
    assert page.context["may_release"]
    MassNotice.objects.update(receivers=LARGE + 1)
    assert not client.get(address).context["may_release"]
    assert client.post(f"{address}release/", {"idempotency_key": "M2"}).status_code == 409
    assert browser_of(matters.leader).post(f"{address}release/", {"idempotency_key": "M3"}).status_code == 303
    assert browser_of(matters.neighbour).get(address).status_code == 404
    assert queries.mass_notices(matters.neighbour) == []
