"""A sealed matter is shown to one posting for a while: asked by number, granted by a leader, and nothing else opens."""

import re
from datetime import timedelta
from typing import Any

import pytest

from onegrid.events import actions, queries
from onegrid.events.models import Event, Viewing
from onegrid.kit import codes, reference
from onegrid.kit.workflow import NotAllowed
from onegrid.notices.models import Message
from onegrid.org.models import Posting, TrailEntry
from onegrid.org.roles import ANALYST, HANDLER, LEADER, Actor
from onegrid.testing.cast import COUNTY, County, client_of, post
from onegrid.testing.matters import VICE, at, make_matters, reported

pytestmark = pytest.mark.django_db
SECRET = "楼下麻将馆天天赌博，老板姓皮"
HOME, PHONE, WHY = "月亮湾八号", "13800007788", "会商需要核对时间"


@pytest.fixture
def matters(county: County) -> County:
    make_matters(county)
    reference.clear_all()
    return county


def sealed(county: County, **given: Any) -> Event:
    """A tip on vice, with a contact and an address, in the hands of the city management office."""
    said = reported(SECRET, contact={"name": "皮某", "phone": PHONE}, address=HOME, **given)
    receiver = county.neighbour_receiver if "lon" in given else county.receiver
    actions.take(actor=receiver, number=said.number, verb="accept", given={"category": VICE})
    return Event.objects.get(number=said.number)


def ask(actor: Actor, number: str, hours: int = 4) -> Viewing:
    return actions.ask_viewing(actor=actor, number=number, purpose=WHY, hours=hours)


def granted(county: County, actor: Actor, event: Event, hours: int = 4) -> Viewing:
    return actions.decide_viewing(actor=county.leader, viewing_id=ask(actor, event.number, hours).pk, grant=True)


def page_of(actor: Actor, number: str) -> Any:
    return client_of(actor).get(f"/desk/views/{number}/")


@pytest.mark.parametrize("who", ["analyst", "auditor"])
def test_somebody_at_the_centre_reads_it_while_it_is_granted(matters: County, who: str) -> None:
    actor, event = getattr(matters, who), sealed(matters)
    assert page_of(actor, event.number).status_code == 404
    granted(matters, actor, event)
    page = page_of(actor, event.number)
    assert page.status_code == 200
    assert SECRET in page.content.decode()


def test_each_look_is_counted_on_the_trail_and_on_the_matter(matters: County) -> None:
    event = sealed(matters)
    granted(matters, matters.analyst, event)
    for _look in range(3):
        page_of(matters.analyst, event.number)
    assert Viewing.objects.get().looks == 3
    looks = TrailEntry.objects.filter(verb="look", subject="event", subject_id=event.pk)
    assert set(looks.values_list("who", "purpose")) == {("analyst", WHY)}
    assert looks.count() == 3
    shown = client_of(matters.leader)
    shown.cookies["language"] = "en"
    page = shown.get(f"/desk/events/{event.number}/").content.decode()
    assert "3 looks" in page
    assert WHY in page


def pages_of(event: Event, other: Event) -> list[str]:
    """Every page of the matter at the desk, its row in a list, and the view of another one."""
    parts = ("", "explain/", "print/", "paper.pdf", "keeping/", f"photos/{'0' * 64}/")
    own = [f"/desk/events/{event.number}/{part}" for part in parts]
    beside = [f"/supervise/events/{event.number}/", f"/desk/open/rows/{event.number}/"]
    return [*own, *beside, f"/desk/views/{other.number}/"]


def test_the_grant_opens_nothing_but_the_one_page(matters: County) -> None:
    event, other = sealed(matters), sealed(matters)
    actor = matters.analyst
    granted(matters, actor, event)
    client = client_of(actor)
    assert {client.get(path).status_code for path in pages_of(event, other)} <= {204, 404}
    for path in ("/desk/", "/desk/open/", f"/desk/search/?q={SECRET[:4]}", "/lead/", "/supervise/", "/desk/messages/"):
        assert SECRET not in client.get(path).content.decode()
    assert event.number not in client.get("/desk/open/").content.decode()
    assert not queries.sees(actor, event)
    assert event not in queries.inbox(actor, "open").rows
    for deed in (
        lambda: actions.take(actor=actor, number=event.number, verb="note", given={"words": "看过"}),
        lambda: actions.ask_unsealing(actor=actor, number=event.number, voice=event.number, purpose=WHY),
        lambda: actions.reveal(actor=actor, number=event.number, voice=event.number, purpose=WHY),
    ):
        with pytest.raises(Event.DoesNotExist):
            deed()


def test_the_view_never_shows_who_reported(matters: County) -> None:
    """By contact, address, way or name, also where a worker of the grid reported it."""
    said = actions.report(
        actor=matters.worker, words=SECRET, lon=104.605, lat=28.705, channel="worker", address=HOME,
        contact={"name": "皮某某", "phone": PHONE},
    )  # fmt: skip
    actions.take(actor=matters.receiver, number=said.number, verb="accept", given={"category": VICE})
    granted(matters, matters.analyst, Event.objects.get(number=said.number))
    page = page_of(matters.analyst, said.number).content.decode()
    marks = (HOME, PHONE, PHONE[-4:], "皮某某", matters.worker.name)
    assert SECRET in page
    assert [mark for mark in marks if mark in page] == []


def test_the_office_it_is_about_is_never_let_in(matters: County) -> None:
    """Nor a person who has a posting there beside another one, nor after a grant when it turns out to be about it."""
    event = sealed(matters, about_office=True, about_unit="city")
    both = post(matters, "both", "centre", COUNTY, (ANALYST,))
    assert both.user_id is not None
    Posting.objects.create(user_id=both.user_id, unit=matters.units["city"], area=COUNTY, roles=[HANDLER])
    for actor in (matters.unit_leader, matters.handler, both):
        assert ask(actor, event.number).event is None
        assert page_of(actor, event.number).status_code == 404
    assert queries.waiting_viewings(matters.leader) == []
    later = sealed(matters)
    granted(matters, matters.analyst, later)
    Event.objects.filter(pk=later.pk).update(about_unit_ids=[matters.units["centre"].pk])
    assert page_of(matters.analyst, later.number).status_code == 404


def test_a_leader_of_the_unit_that_holds_it_may_ask_and_another_units_may_not(matters: County) -> None:
    event = sealed(matters)
    actions.take(actor=matters.dispatcher, number=event.number, verb="dispatch", given={"unit": "city"})
    foreign = post(matters, "fire_leader", "fire", COUNTY, (LEADER,))
    assert ask(matters.unit_leader, event.number).event_id == event.pk
    assert ask(foreign, event.number).event is None


def answers(actor: Actor, numbers: list[str]) -> set[tuple[int, str]]:
    """What whoever asks reads, with number, keys and tokens left out."""
    found = set()
    for number in numbers:
        client = client_of(actor)
        form = {"idempotency_key": f"K{number}", "number": number, "purpose": WHY, "hours": "4"}
        sent = client.post("/desk/views/ask/", form)
        page = client.get("/desk/views/").content.decode().replace(number, "N")
        page = re.sub(r'(nonce|value|content)="[^"]*"|/views/\d+/|ticket[^"]*"', "", page)
        found.add((sent.status_code, page))
        Viewing.objects.filter(asked_by_id=actor.posting_id).delete()
    return found


def unused() -> str:
    """A well-formed number under which there is nothing."""
    taken = set(Event.objects.values_list("number", flat=True))
    return next(one for one in (codes.number(2026, COUNTY) for _try in range(50)) if one not in taken)


def test_the_answer_tells_nothing_of_what_stands_under_the_number(matters: County) -> None:
    """Sealed, not sealed but out of sight, about the own office, in another town, none at all: one answer."""
    with at():
        tip, about = sealed(matters), sealed(matters, about_office=True, about_unit="city")
        plain, far = reported().event, sealed(matters, lon=104.635, lat=28.705)
        numbers = [tip.number, about.number, plain.number, far.number, unused()]
        assert len(answers(matters.other_handler, numbers)) == 1
        assert len(answers(matters.neighbour_checker, [tip.number, about.number, plain.number, unused()])) == 1


def test_denied_unanswered_and_nothing_there_read_alike_at_every_moment(matters: County) -> None:
    with at() as hand:
        event, silent = sealed(matters), sealed(matters)
        one, _two, _three = (ask(matters.analyst, number) for number in (event.number, silent.number, unused()))
        actions.decide_viewing(actor=matters.leader, viewing_id=one.pk, grant=False, words="与会商无关")
        assert {row.standing for row in queries.own_viewings(matters.analyst)} == {"waits"}
        assert "与会商无关" not in client_of(matters.analyst).get("/desk/views/").content.decode()
        hand.on(days=3)
        assert {row.standing for row in queries.own_viewings(matters.analyst)} == {"closed"}
        for row in Viewing.objects.all():
            assert actions.tell_of_viewing(viewing_id=row.pk) == (0 if row.event_id in (event.pk, None) else 2)
    assert not Message.objects.filter(to_posting_id=matters.analyst.posting_id).exists()


def test_it_ends_by_the_clock_without_a_sweep(matters: County) -> None:
    with at() as hand:
        event = sealed(matters)
        granted(matters, matters.analyst, event, hours=4)
        hand.on(hours=3, minutes=59)
        assert page_of(matters.analyst, event.number).status_code == 200
        hand.on(minutes=2)
        assert page_of(matters.analyst, event.number).status_code == 404
        assert [one.standing for one in queries.own_viewings(matters.analyst)] == ["over"]


@pytest.mark.parametrize("who", ["analyst", "leader"])
def test_it_is_ended_early_by_whoever_asked_or_a_leader(matters: County, who: str) -> None:
    event = sealed(matters)
    viewing = granted(matters, matters.analyst, event)
    with pytest.raises(Viewing.DoesNotExist):
        actions.end_viewing(actor=matters.auditor, viewing_id=viewing.pk)
    actions.end_viewing(actor=getattr(matters, who), viewing_id=viewing.pk)
    assert page_of(matters.analyst, event.number).status_code == 404


def test_the_leader_decides_in_two_taps_and_a_no_needs_its_reason(matters: County) -> None:
    event = sealed(matters)
    viewing = ask(matters.analyst, event.number, hours=24)
    client = client_of(matters.leader)
    page = client.get("/lead/").content.decode()
    assert f"/lead/views/{viewing.pk}/" in page
    assert WHY in page
    assert SECRET not in page
    where = f"/lead/views/{viewing.pk}/"
    assert client.post(where, {"idempotency_key": "K1", "grant": "no"}).status_code == 422
    assert client.post(where, {"idempotency_key": "K2", "grant": "yes"}).headers["Location"] == "/lead/"
    viewing.refresh_from_db()
    assert viewing.until is not None
    assert viewing.decided_at is not None
    assert viewing.until - viewing.decided_at == timedelta(hours=24)
    actions.tell_of_viewing(viewing_id=viewing.pk)
    assert Message.objects.filter(kind="view_granted", to_posting_id=matters.analyst.posting_id).count() == 1


@pytest.mark.parametrize("who", ["receiver", "dispatcher", "checker", "unit_leader", "neighbour"])
def test_nobody_else_decides(matters: County, who: str) -> None:
    viewing = ask(matters.analyst, sealed(matters).number)
    with pytest.raises((NotAllowed, Viewing.DoesNotExist)):
        actions.decide_viewing(actor=getattr(matters, who), viewing_id=viewing.pk, grant=True)


def test_whoever_asked_does_not_decide_nor_is_it_decided_twice_or_late(matters: County) -> None:
    with at() as hand:
        event = sealed(matters)
        viewing = granted(matters, matters.analyst, event)
        with pytest.raises(NotAllowed):
            actions.decide_viewing(actor=matters.duty_leader, viewing_id=viewing.pk, grant=False, words="不同意")
        late = ask(matters.auditor, event.number)
        Viewing.objects.filter(pk=late.pk).update(asked_by_id=matters.leader.posting_id)
        with pytest.raises(NotAllowed):
            actions.decide_viewing(actor=matters.leader, viewing_id=late.pk, grant=True)
        Viewing.objects.filter(pk=late.pk).update(asked_by_id=matters.auditor.posting_id)
        hand.on(days=3)
        with pytest.raises(NotAllowed):
            actions.decide_viewing(actor=matters.leader, viewing_id=late.pk, grant=True)


def test_who_sees_it_anyway_is_told_so_and_numbers_are_not_tried_by_the_dozen(matters: County) -> None:
    event = sealed(matters)
    with pytest.raises(NotAllowed):
        ask(matters.receiver, event.number)
    ask(matters.analyst, event.number)
    with pytest.raises(NotAllowed):
        ask(matters.analyst, event.number)
    for _one in range(4):
        ask(matters.analyst, unused())
    with pytest.raises(NotAllowed):
        ask(matters.analyst, unused())
    with pytest.raises(NotAllowed):
        ask(matters.worker, event.number)


@pytest.mark.parametrize(("purpose", "hours", "field"), [("看", 4, "purpose"), (WHY, 5, "hours"), (WHY, 169, "hours")])
def test_purpose_and_span_are_needed(matters: County, purpose: str, hours: int, field: str) -> None:
    with pytest.raises(actions.NotGiven) as wrong:
        actions.ask_viewing(actor=matters.analyst, number=unused(), purpose=purpose, hours=hours)
    assert list(wrong.value.fields) == [field]


def test_a_posting_that_has_ended_or_a_matter_that_is_open_now_has_no_restricted_view(matters: County) -> None:
    event = sealed(matters)
    granted(matters, matters.analyst, event)
    Event.objects.filter(pk=event.pk).update(restricted=False)
    assert page_of(matters.analyst, event.number).status_code == 404
