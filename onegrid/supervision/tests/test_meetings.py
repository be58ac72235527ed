"""Meetings: called, held with minutes, signed by the chair; who sees what of them; what was concluded."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onegrid.events.models import Event
from onegrid.notices.models import Message
from onegrid.org.models import Posting
from onegrid.org.roles import DISPATCHER, LEADER, Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import Meeting, Task
from onegrid.supervision.rules.series import next_start
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, County

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
MINUTES = "一致同意由执法局牵头排查线路，消防配合。"
# Wednesday 10:00 in the county is the morning of the tests; the meeting is on Friday at 09:00.
FRIDAY = datetime(2026, 10, 16, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def matters(county: County) -> None:
    told.make_matters(county)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is to be told is told at once, and a second time, as after a crash."""

    def react(happening: str, **given: Any) -> None:
        if happening == "supervision.meeting":
            actions.tell_of_meeting(**given)
            actions.tell_of_meeting(**given)

    monkeypatch.setattr("onegrid.kit.later.react", react)


def form(county: County, **given: Any) -> dict[str, Any]:
    return {
        "title": "东门巷线路会商", "kind": "analysis", "room": "三楼会议室", "starts": "2026-10-16T09:00",
        "series": "none", "chair": str(county.leader.posting_id), "units": ["city", "fire"], "numbers": "",
        "agenda": "通报情况\n分工", **given,
    }  # fmt: skip


def call(county: County, by: Actor | None = None, **given: Any) -> Meeting:
    return actions.call_meeting(actor=by or county.dispatcher, called=actions.Called(**form(county, **given)))


def held(county: County, hand: told.Hand, **given: Any) -> Meeting:
    meeting = call(county, **given)
    hand.to(FRIDAY)
    return actions.hold_meeting(actor=county.dispatcher, meeting_id=meeting.pk, words=MINUTES)


def conclude(county: County, meeting: Meeting, by: Actor | None = None, **given: Any) -> Task:
    said = {"words": "排查全部线路", "owner": "unit:city", "due": "2026-10-23", **given}
    return actions.conclude(actor=by or county.dispatcher, meeting_id=meeting.pk, **said)


def test_a_meeting_goes_its_whole_way(county: County) -> None:
    with told.at() as hand:
        event = told.event_in("handling", county)
        meeting = held(county, hand, numbers=event.number)
        task = conclude(county, meeting, number=event.number)
        meeting = actions.sign_minutes(actor=county.leader, meeting_id=meeting.pk)
    assert (meeting.state, meeting.told(), meeting.agenda) == ("signed", MINUTES, ["通报情况", "分工"])
    assert (task.source, task.event, task.unit.code) == ("meeting", event, "city")
    assert task.due_at == datetime(2026, 10, 23, 9, 30, tzinfo=UTC)


def test_each_invited_unit_is_told_once_by_its_handlers_and_its_leader(county: County) -> None:
    with told.at():
        call(county)
    rows = Message.objects.filter(kind="meeting_called", channel="in_app")
    named = ("handler", "unit_leader", "other_handler", "leader")
    assert sorted(rows.values_list("to_posting_id", flat=True)) == sorted(
        county.people[name].posting_id or 0 for name in named
    )
    assert {message.number for message in rows} == {""}
    assert "10-16 09:00" in str(rows[0].args)


@pytest.mark.parametrize("name", ["receiver", "checker", "handler", "unit_leader", "auditor"])
def test_wrong_role_calls_none(county: County, name: str) -> None:
    with told.at(), pytest.raises(actions.NotAllowed):
        call(county, by=county.people[name])
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"), ({"kind": "secret"}, "kind"), ({"room": ""}, "room"), ({"starts": "soon"}, "starts"),
        ({"starts": "2026-10-01T09:00"}, "starts"), ({"starts": "2028-10-01T09:00"}, "starts"),
        ({"series": "daily"}, "series"), ({"chair": "0"}, "chair"), ({"units": ["nobody"]}, "unit"),
        ({"numbers": "20261014-00001-7"}, "numbers"), ({"agenda": "一\n" * 31}, "agenda"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(county: County, given: dict[str, Any], field: str) -> None:
    with told.at(), pytest.raises(actions.NotGiven) as missing:
        call(county, **given)
    assert list(missing.value.fields) == [field]


def test_every_fault_is_named_at_once(county: County) -> None:
    with told.at(), pytest.raises(actions.NotGiven) as missing:
        call(county, title="", room="", chair="")
    assert set(missing.value.fields) == {"title", "room", "chair"}


def test_the_neighbour_has_a_table_of_its_own(county: County) -> None:
    with told.at():
        event = told.event_in("handling", county)
        theirs = cast.post(county, "town_leader", "centre-002", cast.TOWNS[1], (LEADER,))
        with pytest.raises(actions.NotGiven):
            call(county, by=county.neighbour, chair=str(theirs.posting_id), units=[], numbers=event.number)
        with pytest.raises(actions.NotGiven):
            call(county, by=county.neighbour, chair=str(theirs.posting_id), units=["station-001"])
        meeting = call(county, by=county.neighbour, chair=str(theirs.posting_id), units=["station-002", "fire"])
        assert [row.meeting for row in queries.meetings(county.neighbour)] == [meeting]
        assert [row.meeting for row in queries.meetings(county.other_officer)] == [meeting]
        for name in ("dispatcher", "leader", "handler", "officer", "auditor", "analyst", "worker"):
            assert queries.meetings(county.people[name]) == [], name


STATES = ("called", "held", "signed", "cancelled")
GOES = {
    "hold_meeting": ("called",), "write_minutes": ("held",), "conclude": ("held",), "sign_minutes": ("held",),
    "cancel_meeting": ("called",),
}  # fmt: skip


def in_state(state: str, county: County, hand: told.Hand) -> Meeting:
    meeting = call(county)
    hand.to(FRIDAY)
    if state in ("held", "signed"):
        meeting = actions.hold_meeting(actor=county.dispatcher, meeting_id=meeting.pk, words=MINUTES)
    if state == "signed":
        meeting = actions.sign_minutes(actor=county.leader, meeting_id=meeting.pk)
    if state == "cancelled":
        meeting = actions.cancel_meeting(actor=county.leader, meeting_id=meeting.pk, words="改期")
    return meeting


def take(county: County, actor: Actor, meeting: Meeting, verb: str) -> None:
    if verb == "conclude":
        conclude(county, meeting, by=actor)
    elif verb == "sign_minutes":
        actions.sign_minutes(actor=actor, meeting_id=meeting.pk)
    else:
        getattr(actions, verb)(actor=actor, meeting_id=meeting.pk, words="改期")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", list(GOES))
def test_wrong_state(county: County, verb: str, state: str) -> None:
    with told.at() as hand:
        meeting = in_state(state, county, hand)
        if state in GOES[verb]:
            take(county, county.leader, meeting, verb)
            return
        with pytest.raises(actions.NotAllowed):
            take(county, county.leader, meeting, verb)


@pytest.mark.parametrize("name", ["handler", "unit_leader", "receiver", "checker"])
@pytest.mark.parametrize("verb", list(GOES))
def test_who_sits_at_the_table_does_not_keep_the_minutes(county: County, verb: str, name: str) -> None:
    with told.at() as hand:
        meeting = in_state(GOES[verb][0], county, hand)
        with pytest.raises(actions.NotAllowed):
            take(county, county.people[name], meeting, verb)


@pytest.mark.parametrize("name", ["neighbour", "officer", "auditor", "worker"])
@pytest.mark.parametrize("verb", list(GOES))
def test_who_is_not_invited_does_not_find_it(county: County, verb: str, name: str) -> None:
    with told.at() as hand:
        meeting = in_state(GOES[verb][0], county, hand)
        with pytest.raises(Meeting.DoesNotExist):
            take(county, county.people[name], meeting, verb)


def test_only_the_chair_signs_or_a_leader_where_the_chair_has_left(county: County) -> None:
    with told.at() as hand:
        meeting = held(county, hand, chair=str(county.duty_leader.posting_id))
        for name in ("leader", "dispatcher"):
            with pytest.raises(actions.NotAllowed):
                actions.sign_minutes(actor=county.people[name], meeting_id=meeting.pk)
        Posting.objects.filter(pk=county.duty_leader.posting_id or 0).update(until=hand.moment)
        hand.on(minutes=1)
        assert actions.sign_minutes(actor=county.leader, meeting_id=meeting.pk).state == "signed"


def test_minutes_wait_until_it_has_begun(county: County) -> None:
    with told.at() as hand:
        meeting = call(county)
        hand.to(FRIDAY - timedelta(seconds=1))
        with pytest.raises(actions.NotAllowed):
            actions.hold_meeting(actor=county.dispatcher, meeting_id=meeting.pk, words=MINUTES)


def test_a_series_goes_on_when_one_is_held_and_never_twice(county: County) -> None:
    with told.at() as hand:
        meeting = held(county, hand, series="weekly", kind="regular")
        after = Meeting.objects.get(follows=meeting)
        assert (after.starts_at, after.state, after.unit_ids) == (
            FRIDAY + timedelta(days=7),
            "called",
            meeting.unit_ids,
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            actions.meetings.follow(meeting, county.dispatcher)
    assert Meeting.objects.count() == 2


def test_one_of_a_series_is_cancelled_and_the_next_called_or_the_whole_ends(county: County) -> None:
    with told.at():
        one, whole = call(county, series="weekly"), call(county, series="monthly")
        actions.cancel_meeting(actor=county.leader, meeting_id=one.pk, words="撞期")
        actions.cancel_meeting(actor=county.leader, meeting_id=whole.pk, words="不再需要", whole=True)
    assert Meeting.objects.filter(follows=one).count() == 1
    assert not Meeting.objects.filter(follows=whole).exists()
    assert Message.objects.filter(kind="meeting_cancelled", to_posting_id=county.handler.posting_id).count() == 2


@pytest.mark.parametrize(
    ("start", "series", "now", "expected"),
    [
        ("2026-10-16T09:00", "none", "2026-10-16T10:00", None),
        ("2026-10-16T09:00", "weekly", "2026-10-16T10:00", "2026-10-23T09:00"),
        ("2026-10-16T09:00", "weekly", "2026-11-10T10:00", "2026-11-13T09:00"),
        ("2026-12-31T09:00", "monthly", "2026-12-31T10:00", "2027-01-31T09:00"),
        ("2027-01-31T09:00", "monthly", "2027-01-31T10:00", "2027-02-28T09:00"),
        ("2027-01-31T09:00", "monthly", "2027-03-01T10:00", "2027-03-31T09:00"),
    ],
)
def test_when_the_next_of_a_series_begins(start: str, series: str, now: str, expected: str | None) -> None:
    def moment(text: str) -> datetime:
        return datetime.fromisoformat(text + "+08:00")

    found = next_start(moment(start), series, "Asia/Shanghai", moment(now))
    assert found == (moment(expected) if expected else None)


def page(browser_of: Browser, actor: Actor, meeting: Meeting) -> str:
    return browser_of(actor).get(f"/supervise/meetings/{meeting.pk}/").content.decode()


def test_an_invited_unit_sees_only_those_matters_that_it_sees_anyway(county: County, browser_of: Browser) -> None:
    with told.at() as hand:
        event = told.event_in("handling", county)
        meeting = held(county, hand, numbers=event.number)
    assert event.number in page(browser_of, county.handler, meeting)
    assert event.number not in page(browser_of, county.other_handler, meeting)
    assert MINUTES in page(browser_of, county.other_handler, meeting)


def test_minutes_that_speak_of_a_sealed_matter_are_for_those_who_see_it(county: County, browser_of: Browser) -> None:
    with told.at() as hand:
        event = told.reported("楼下麻将馆天天赌博").event
        meeting = held(county, hand, numbers=event.number)
    for name in ("handler", "other_handler", "unit_leader"):
        seen = page(browser_of, county.people[name], meeting)
        assert event.number not in seen, name
        assert MINUTES not in seen, name
    seen = page(browser_of, county.leader, meeting)
    assert event.number in seen
    assert MINUTES in seen
    assert "麻将" not in seen


def test_a_conclusion_where_a_sealed_matter_is_on_the_table_names_its_matter(county: County) -> None:
    with told.at() as hand:
        event = told.reported("楼下麻将馆天天赌博").event
        meeting = held(county, hand, numbers=event.number)
        with pytest.raises(actions.NotGiven):
            conclude(county, meeting, owner="unit:centre")
        with pytest.raises(actions.NotGiven):
            conclude(county, meeting, owner="unit:city", number=event.number)
        assert conclude(county, meeting, owner="unit:centre", number=event.number).event == event


def test_who_is_complained_about_does_not_sit_at_the_table(county: County) -> None:
    with told.at() as hand:
        about = told.reported(about_office=True, about_unit="city").event
        with pytest.raises(actions.NotGiven) as missing:
            call(county, numbers=about.number)
        assert list(missing.value.fields) == ["unit"]
        later = told.event_in("handling", county)
        meeting = held(county, hand, numbers=later.number)
        Event.objects.filter(pk=later.pk).update(about_unit_ids=[county.handler.unit_id])
    assert queries.meetings(county.handler) == []
    assert queries.meetings(county.other_handler) != []
    with pytest.raises(Meeting.DoesNotExist):
        queries.meeting(county.handler, meeting.pk)


@pytest.mark.parametrize("owner", ["unit:housing", "unit:", "person:0", "city", ""])
def test_a_conclusion_goes_to_who_sits_at_the_table(county: County, owner: str) -> None:
    with told.at() as hand:
        meeting = held(county, hand)
        with pytest.raises(actions.NotGiven) as missing:
            conclude(county, meeting, owner=owner)
    assert list(missing.value.fields) == ["owner"]


def test_a_conclusion_may_go_to_a_person_of_the_own_centre(county: County) -> None:
    with told.at() as hand:
        meeting = held(county, hand)
        task = conclude(county, meeting, owner=f"person:{county.receiver.posting_id}")
        assert (task.unit.code, task.posting_id) == ("centre", county.receiver.posting_id)
        with pytest.raises(actions.NotAllowed):
            actions.report_task(actor=county.duty_leader, task_id=task.pk, words="已办")
        assert [one.address for one in queries.owed(county.receiver)] == [f"/supervise/tasks/{task.pk}/"]
        assert actions.report_task(actor=county.receiver, task_id=task.pk, words="已办").state == "reported"
        with pytest.raises(actions.NotGiven):
            conclude(county, meeting, owner=f"person:{county.handler.posting_id}")


def test_what_somebody_owes_to_a_meeting(county: County) -> None:
    with told.at() as hand:
        meeting = call(county)

        def owed(name: str) -> list[str]:
            return [one.what for one in queries.owed(county.people[name])]

        assert [owed(name) for name in ("handler", "leader", "neighbour")] == [["会议待参加"], ["会议待参加"], []]
        hand.to(FRIDAY)
        assert [owed(name) for name in ("handler", "dispatcher", "leader")] == [[], ["纪要待撰写"], ["纪要待撰写"]]
        actions.hold_meeting(actor=county.dispatcher, meeting_id=meeting.pk, words=MINUTES)
        assert [owed(name) for name in ("handler", "dispatcher", "leader")] == [[], [], ["纪要待签发"]]
        actions.sign_minutes(actor=county.leader, meeting_id=meeting.pk)
        assert owed("leader") == []


def test_the_minutes_lie_sealed_in_the_database(county: County) -> None:
    with told.at() as hand:
        held(county, hand)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM supervision_meeting t")
        assert MINUTES not in cursor.fetchone()[0]


@pytest.mark.parametrize("change", [{"state": "held"}, {"state": "signed"}, {"kind": "x"}, {"state": "cancelled"}])
def test_the_database_refuses_what_cannot_be(county: County, change: dict[str, Any]) -> None:
    with told.at():
        meeting = call(county)
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(**change)


def test_the_form_keeps_what_was_typed(county: County, browser_of: Browser) -> None:
    client = browser_of(county.dispatcher)
    typed = {**form(county), "unit": ["fire"], "starts": "", "idempotency_key": "K1"}
    typed.pop("units")
    answer = client.post("/supervise/meetings/new/", typed)
    assert answer.status_code == 422
    seen = answer.content.decode()
    assert "东门巷线路会商" in seen
    assert 'value="fire" checked' in seen
    event = told.event_in("handling", county)
    assert event.number in client.get(f"/supervise/meetings/new/?event={event.number}").content.decode()
    beside = client.get(f"/supervise/events/{event.number}/").content.decode()
    assert f"/supervise/meetings/new/?event={event.number}" in beside


def test_the_list_needs_as_many_statements_for_many_as_for_one(county: County, browser_of: Browser) -> None:
    client, counts = browser_of(county.dispatcher), []
    with told.at():
        call(county)
        client.get("/supervise/meetings/")
        for more in (0, 5):
            for _one in range(more):
                call(county)
            with CaptureQueriesContext(connection) as seen:
                client.get("/supervise/meetings/")
            counts.append(len([one for one in seen.captured_queries if "SAVEPOINT" not in one["sql"]]))
    assert counts[0] == counts[1] <= 4


def test_a_dispatcher_of_a_county_office_is_no_caller(county: County) -> None:
    office = cast.post(county, "office", "fire", COUNTY, (DISPATCHER,))
    with told.at(), pytest.raises(actions.NotAllowed):
        call(county, by=office)
